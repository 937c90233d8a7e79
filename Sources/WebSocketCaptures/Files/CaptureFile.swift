/// The result of reading one unit of a capture file.
enum CaptureStep: Sendable {
    /// The unit that begins there has this many bytes, and is followed by this many that are of no interest.
    case done(Int, passing: UInt64 = 0)
    /// This many bytes from the unit's start are needed together, and have not all arrived.
    case needs(Int)
}

/// A capture file of either format, read unit by unit.
///
/// The caller has the bytes, and knows their position in the file.
struct CaptureFile: Sendable {
    private enum Format {
        case unknown, pcap, pcapng
    }

    private var format = Format.unknown
    private var pcap = PcapFile()
    private var pcapng = PcapngFile()

    /// Whether the file contains secrets that decrypt its traffic.
    var holdsDecryptionSecrets: Bool { pcapng.holdsDecryptionSecrets }

    /// Reads the unit at the start of `bytes`, if it is whole.
    ///
    /// - Parameter offset: the offset of `bytes` in the file.
    @inline(__always)
    mutating func step(
        _ bytes: Span<UInt8>, at offset: UInt64, secrets: (Span<UInt8>) -> Void,
        _ visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) -> CaptureStep {
        if format == .unknown {
            guard bytes.count >= 4 else { return .needs(4) }
            format = try Self.format(magic: bytes.uint32(at: 0))
        }
        return format == .pcap
            ? try pcap.step(bytes, at: offset, visit)
            : try pcapng.step(bytes, at: offset, secrets: secrets, visit)
    }

    /// Returns what is wrong with a file that ends here.
    ///
    /// - Parameters:
    ///   - bytes: the bytes of the unit that is not whole.
    ///   - offset: their offset in the file.
    ///   - unseen: how many more bytes should have been skipped before them.
    func end(_ bytes: Span<UInt8>, at offset: UInt64, unseen: UInt64) -> CaptureError? {
        switch format {
        case .pcap: pcap.end(bytes, at: offset)
        case .pcapng: pcapng.end(bytes, at: offset, unseen: unseen)
        case .unknown:
            CaptureError(
                at: UInt64(bytes.count),
                bytes.isEmpty
                    ? "no packet capture: the file is empty" : "no packet capture: it ends at byte \(bytes.count)"
            )
        }
    }

    private static func format(magic: UInt32) throws(CaptureError) -> Format {
        if magic == PcapngFile.sectionHeader { return .pcapng }
        if PcapFile.isMagic(magic) { return .pcap }
        let shown = hex(magic)
        if PcapFile.isMagicOfVariant(magic) {
            throw CaptureError(
                at: 0,
                "a variant of pcap with the magic number \(shown) at byte 0, which is not read: convert it to pcapng, "
                    + "as with editcap")
        }
        throw CaptureError(at: 0, "no packet capture: \(shown) at byte 0 is the magic number of none")
    }

    /// Returns a 32-bit number as `0xA1B2C3D4`.
    static func hex(_ number: UInt32) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
