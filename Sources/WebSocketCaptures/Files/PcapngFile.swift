/// The pcapng format: one block after another, each with its length at both ends; a section header determines the
/// byte order of those that follow.
///
/// (draft-ietf-opsawg-pcapng) A section's length is not needed, and not trusted. Block lengths are rounded up to 4
/// bytes, since some programs forget to count the padding.
struct PcapngFile: Sendable {
    /// The block type that every file begins with; the same in either byte order.
    static let sectionHeader: UInt32 = 0x0A0D_0D0A

    /// A block that is not read, whose length at the end is still to come.
    private struct SkippedBlock {
        var type: UInt32
        /// The length, rounded up.
        var length: UInt64
    }

    /// "TLSK": the secrets are a key log in NSS format.
    private static let keyLogSecrets: UInt32 = 0x544C_534B

    /// The size of type and length.
    private static let headerLength = 8
    /// The size of the length that is repeated at the end.
    private static let trailerLength = 4

    private var order = ByteOrder.little
    private var skipped: SkippedBlock?
    /// The interfaces of the section.
    private var interfaces: [PcapngInterface] = []
    private var packets: UInt64 = 0

    /// Whether a Decryption Secrets Block was seen.
    private(set) var holdsDecryptionSecrets = false

    @inline(__always)
    mutating func step(
        _ bytes: Span<UInt8>, at offset: UInt64, secrets: (Span<UInt8>) -> Void,
        _ visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) -> CaptureStep {
        if let skipped {
            guard bytes.count >= Self.trailerLength else { return .needs(Self.trailerLength) }
            try checkTrailer(bytes, at: 0, from: offset, length: skipped.length)
            self.skipped = nil
            return .done(Self.trailerLength)
        }
        guard bytes.count >= Self.headerLength else { return .needs(Self.headerLength) }
        let block = PcapngBlock(type: bytes.uint32(at: 0, order))
        if block == .sectionHeader {
            guard bytes.count >= 12 else { return .needs(12) }
            order = try Self.order(bytes, at: offset)
        }
        let stated = bytes.uint32(at: 4, order)
        let length = Self.rounded(stated)
        guard stated >= block.minimumLength else { throw tooShort(stated, block, at: offset &+ 4) }
        // Secrets that are longer than a record may be are skipped, like any other block of that length.
        let isTooLong = block == .decryptionSecrets && length > CaptureReader.maximumRecordLength
        guard block.isRead, !isTooLong else {
            if block.isNumbered { packets &+= 1 }
            if block == .decryptionSecrets { holdsDecryptionSecrets = true }
            skipped = SkippedBlock(type: bytes.uint32(at: 0, order), length: length)
            return .done(Self.headerLength, passing: length &- UInt64(Self.headerLength &+ Self.trailerLength))
        }
        guard length <= CaptureReader.maximumRecordLength else { throw tooLong(stated, at: offset &+ 4) }
        let end = Int(truncatingIfNeeded: length)
        guard bytes.count >= end else { return .needs(end) }
        try checkTrailer(bytes, at: end &- Self.trailerLength, from: offset, length: length)

        let body = bytes.extracting(..<(end &- Self.trailerLength))
        switch block {
        case .enhancedPacket, .oldPacket: try packet(body, block, at: offset, visit)
        case .simplePacket: try simplePacket(body, at: offset, visit)
        case .interface: try describeInterface(body, at: offset)
        case .decryptionSecrets: takeSecrets(body, secrets)
        default: try beginSection(body, at: offset)
        }
        return .done(end)
    }

    /// Returns what is wrong with a file that ends after `bytes`, which are at `offset`.
    ///
    /// - Parameter unseen: how many more bytes of a skipped block should have come before them.
    func end(_ bytes: Span<UInt8>, at offset: UInt64, unseen: UInt64) -> CaptureError? {
        let there = UInt64(bytes.count)
        let end = offset &+ there
        if let skipped {
            let lacking = unseen &+ UInt64(Self.trailerLength) &- there
            return CaptureError(
                endsInside: "a block of type \(CaptureFile.hex(skipped.type))", at: end,
                there: skipped.length &- lacking,
                of: skipped.length)
        }
        guard there > 0 else { return nil }
        guard bytes.count >= Self.headerLength else {
            return CaptureError(
                endsInside: "the header of a block", at: end, there: there, of: UInt64(Self.headerLength))
        }
        let block = PcapngBlock(type: bytes.uint32(at: 0, order))
        guard block != .sectionHeader || bytes.count >= 12 else {
            return CaptureError(endsInside: "the header of a section", at: end, there: there, of: 12)
        }
        return CaptureError(
            endsInside: name(of: block), at: end, there: there, of: Self.rounded(bytes.uint32(at: 4, order)))
    }

    // MARK: Blocks

    /// Reads a Section Header Block: other interfaces from here on, and possibly another byte order (already
    /// handled).
    private mutating func beginSection(_ body: Span<UInt8>, at offset: UInt64) throws(CaptureError) {
        let major = body.uint16(at: 12, order)
        guard major == 1 else {
            throw CaptureError(
                at: offset &+ 12,
                "version \(major).\(body.uint16(at: 14, order)) of the pcapng format at byte \(offset &+ 12): only 1.x "
                    + "is known")
        }
        interfaces.removeAll(keepingCapacity: true)
    }

    /// Reads an Interface Description Block.
    private mutating func describeInterface(_ body: Span<UInt8>, at offset: UInt64) throws(CaptureError) {
        guard interfaces.count < CaptureReader.maximumInterfaceCount else {
            throw CaptureError(
                at: offset,
                "the section describes more than \(CaptureReader.maximumInterfaceCount) interfaces, at byte \(offset)")
        }
        interfaces.append(try PcapngInterface(body, order, at: offset, index: interfaces.count))
    }

    /// Reads a Decryption Secrets Block. Secrets for other protocols are skipped.
    private mutating func takeSecrets(_ body: Span<UInt8>, _ visit: (Span<UInt8>) -> Void) {
        holdsDecryptionSecrets = true
        guard body.count >= 16, body.uint32(at: 8, order) == Self.keyLogSecrets else { return }
        let count = Int(clamping: body.uint32(at: 12, order))
        visit(body.extracting(16..<16 &+ min(count, body.count &- 16)))
    }

    /// Reads an Enhanced Packet Block, or an obsolete Packet Block: they differ only in the width of the interface's
    /// index.
    @inline(__always)
    private mutating func packet(
        _ body: Span<UInt8>, _ block: PcapngBlock, at offset: UInt64, _ visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) {
        let index = block == .oldPacket ? UInt32(body.uint16(at: 8, order)) : body.uint32(at: 8, order)
        guard index < interfaces.count else { throw unknownInterface(index, at: offset &+ 8) }
        let captured = body.uint32(at: 20, order)
        guard captured <= body.count &- 28 else {
            throw overrun(captured, of: body.count &- 28, at: offset &+ 20)
        }
        let units = UInt64(body.uint32(at: 12, order)) << 32 | UInt64(body.uint32(at: 16, order))
        let interface = interfaces[Int(truncatingIfNeeded: index)]
        packets &+= 1
        visit(
            PacketRecord(
                packetPosition: PacketPosition(packet: packets, time: interface.clock.time(units)),
                link: interface.link,
                originalLength: UInt64(max(captured, body.uint32(at: 24, order)))
            ),
            body.extracting(28..<28 &+ Int(truncatingIfNeeded: captured))
        )
    }

    /// Reads a Simple Packet Block: of the section's first interface, and without a time. How much was captured has
    /// to be calculated.
    private mutating func simplePacket(
        _ body: Span<UInt8>, at offset: UInt64, _ visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) {
        guard let interface = interfaces.first else { throw unknownInterface(0, at: offset) }
        let original = body.uint32(at: 8, order)
        let captured = interface.snapLength == 0 ? original : min(original, interface.snapLength)
        guard captured <= body.count &- 12 else {
            throw overrun(captured, of: body.count &- 12, at: offset &+ 8)
        }
        packets &+= 1
        visit(
            PacketRecord(
                packetPosition: PacketPosition(packet: packets, time: nil),
                link: interface.link,
                originalLength: UInt64(original)
            ),
            body.extracting(12..<12 &+ Int(truncatingIfNeeded: captured))
        )
    }

    // MARK: Lengths

    @inline(__always)
    private static func rounded(_ length: UInt32) -> UInt64 {
        (UInt64(length) &+ 3) & ~3
    }

    private static func order(_ bytes: Span<UInt8>, at offset: UInt64) throws(CaptureError) -> ByteOrder {
        switch bytes.uint32(at: 8) {
        case 0x1A2B_3C4D: return .big
        case 0x4D3C_2B1A: return .little
        case let magic:
            throw CaptureError(
                at: offset &+ 8,
                "the section header has \(CaptureFile.hex(magic)) at byte \(offset &+ 8), which is no byte-order magic")
        }
    }

    /// - Parameters:
    ///   - index: where in `bytes` the length is repeated.
    ///   - offset: the offset of `bytes` in the file.
    @inline(__always)
    private func checkTrailer(
        _ bytes: Span<UInt8>, at index: Int, from offset: UInt64, length: UInt64
    ) throws(CaptureError) {
        let repeated = bytes.uint32(at: index, order)
        guard Self.rounded(repeated) == length else {
            throw differing(repeated, from: length, at: offset &+ UInt64(truncatingIfNeeded: index))
        }
    }
}

// MARK: Possible errors

extension PcapngFile {
    private func name(of block: PcapngBlock) -> String {
        switch block {
        case .enhancedPacket, .oldPacket, .simplePacket: "the block of packet \(packets &+ 1)"
        case .interface: "the description of interface \(interfaces.count)"
        case .sectionHeader: "the header of a section"
        case .decryptionSecrets: "a block of type 0x0000000A"
        case .journal, .custom, .unread: "a block"
        }
    }

    private func differing(_ repeated: UInt32, from length: UInt64, at offset: UInt64) -> CaptureError {
        CaptureError(
            at: offset,
            "the two lengths of a block differ: \(length) at its start, \(repeated) at its end, at byte \(offset)")
    }

    private func tooShort(_ length: UInt32, _ block: PcapngBlock, at offset: UInt64) -> CaptureError {
        CaptureError(
            at: offset,
            "\(name(of: block)) has the length \(length) at byte \(offset), and the least is \(block.minimumLength)")
    }

    private func tooLong(_ length: UInt32, at offset: UInt64) -> CaptureError {
        CaptureError(
            at: offset,
            "a block has the length \(length) at byte \(offset), and the most is \(CaptureReader.maximumRecordLength)")
    }

    private func overrun(_ captured: UInt32, of room: Int, at offset: UInt64) -> CaptureError {
        CaptureError(
            at: offset,
            "packet \(packets &+ 1) says at byte \(offset) that \(captured) of its bytes were captured, and its block "
                + "has room for \(room)")
    }

    private func unknownInterface(_ index: UInt32, at offset: UInt64) -> CaptureError {
        CaptureError(
            at: offset,
            "packet \(packets &+ 1), at byte \(offset), is of interface \(index), and the section describes "
                + "\(interfaces.count)")
    }
}
