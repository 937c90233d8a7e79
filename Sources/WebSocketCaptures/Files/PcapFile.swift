/// The pcap format: a file header, then one record after another, each with a header and a packet.
///
/// (draft-ietf-opsawg-pcap)
struct PcapFile: Sendable {
    /// What the file header says about all packets.
    private struct Header {
        var order: ByteOrder
        /// The number of nanoseconds in a unit of the second number of a time stamp.
        var unit: UInt64
        var link: LinkType
    }

    private static let headerLength = 24
    private static let recordHeaderLength = 16

    /// Nil while it is the next unit.
    private var header: Header?
    private var packets: UInt64 = 0

    /// Returns whether a file that begins like this is a pcap file. (The number as read in big-endian order.)
    static func isMagic(_ magic: UInt32) -> Bool {
        [0xA1B2_C3D4, 0xD4C3_B2A1, 0xA1B2_3C4D, 0x4D3C_B2A1].contains(magic)
    }

    /// Returns whether a file that begins like this is a pcap with other record headers: from patched systems, or
    /// from IXIA.
    static func isMagicOfVariant(_ magic: UInt32) -> Bool {
        let variants: [UInt32] = [0xA1B2_CD34, 0xA1B2_34CD, 0xA1E2_CB12, 0x1C00_01AC, 0x1C00_01AB]
        return variants.contains(magic) || variants.contains(magic.byteSwapped)
    }

    @inline(__always)
    mutating func step(
        _ bytes: Span<UInt8>, at offset: UInt64, _ visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) -> CaptureStep {
        guard let header else {
            guard bytes.count >= Self.headerLength else { return .needs(Self.headerLength) }
            header = try Self.header(bytes, at: offset)
            return .done(Self.headerLength)
        }
        guard bytes.count >= Self.recordHeaderLength else { return .needs(Self.recordHeaderLength) }
        let captured = bytes.uint32(at: 8, header.order)
        guard captured <= CaptureReader.maximumRecordLength else {
            throw tooLong(captured, at: offset &+ 8)
        }
        let end = Self.recordHeaderLength &+ Int(truncatingIfNeeded: captured)
        guard bytes.count >= end else { return .needs(end) }

        // Seconds and units fit: 2³² seconds are 4.3e18 nanoseconds, of the 1.8e19 that a UInt64 can represent.
        let seconds = UInt64(bytes.uint32(at: 0, header.order)) &* 1_000_000_000
        let time = seconds &+ UInt64(bytes.uint32(at: 4, header.order)) &* header.unit
        packets &+= 1
        visit(
            PacketRecord(
                packetPosition: PacketPosition(packet: packets, time: CaptureTime(nanoseconds: time)),
                link: header.link,
                originalLength: UInt64(max(captured, bytes.uint32(at: 12, header.order)))
            ),
            bytes.extracting(Self.recordHeaderLength..<end)
        )
        return .done(end)
    }

    /// Returns what is wrong with a file that ends after `bytes`, which are at `offset`.
    func end(_ bytes: Span<UInt8>, at offset: UInt64) -> CaptureError? {
        let there = UInt64(bytes.count)
        let end = offset &+ there
        guard let header else {
            return CaptureError(endsInside: "its file header", at: end, there: there, of: UInt64(Self.headerLength))
        }
        guard there > 0 else { return nil }
        let headerLength = UInt64(Self.recordHeaderLength)
        let packet = "packet \(packets &+ 1)"
        guard there >= headerLength else {
            return CaptureError(endsInside: "the header of " + packet, at: end, there: there, of: headerLength)
        }
        let captured = UInt64(bytes.uint32(at: 8, header.order))
        return CaptureError(endsInside: packet, at: end, there: there &- headerLength, of: captured)
    }

    private static func header(_ bytes: Span<UInt8>, at offset: UInt64) throws(CaptureError) -> Header {
        let magic = bytes.uint32(at: 0)
        let order: ByteOrder = magic == 0xA1B2_C3D4 || magic == 0xA1B2_3C4D ? .big : .little
        let major = bytes.uint16(at: 4, order)
        guard major == 2 else {
            throw CaptureError(
                at: offset &+ 4,
                "version \(major).\(bytes.uint16(at: 6, order)) of the pcap format at byte \(offset &+ 4): only 2.x is "
                    + "known")
        }
        // The upper 16 bits of the link type's field announce a frame check sequence after each packet. It is beyond
        // what the IP header counts, and so never becomes payload.
        let link = UInt16(truncatingIfNeeded: bytes.uint32(at: 20, order))
        return Header(
            order: order,
            unit: bytes.uint32(at: 0, order) == 0xA1B2_3C4D ? 1 : 1000,
            link: LinkType(rawValue: link)
        )
    }

    private func tooLong(_ captured: UInt32, at offset: UInt64) -> CaptureError {
        CaptureError(
            at: offset,
            "packet \(packets &+ 1) says at byte \(offset) that \(captured) of its bytes were captured, and the most "
                + "is \(CaptureReader.maximumRecordLength)")
    }
}
