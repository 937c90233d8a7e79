internal import WebSocketFrames

/// A frame as described by its header, at its position among the bytes of a context. It may begin before them and end
/// after them.
struct LocatedFrame {
    let header: EncodedFrameHeader
    /// The index of the frame's first byte.
    let start: Int
    /// The index of the first payload byte. `start <= payloadStart <= end`
    let payloadStart: Int
    /// The index after the last payload byte that the header declares. Saturates.
    let end: Int

    /// - Parameter header: a complete header.
    init(header: EncodedFrameHeader, start: Int) {
        self.header = header
        self.start = start
        payloadStart = Self.sum(start, header.count)
        end = Self.sum(payloadStart, Int(clamping: header.payloadLength))
    }

    /// Reads the header at an index; nil if it is incomplete.
    init?(at index: Int, in bytes: [UInt8]) {
        guard index >= 0, let header = Self.header(at: index, in: bytes), header.isComplete else { return nil }
        self.init(header: header, start: index)
    }

    /// Returns as much of a header as there is at an index.
    static func header(at index: Int, in bytes: [UInt8]) -> EncodedFrameHeader? {
        guard index < bytes.count else { return nil }
        var header = EncodedFrameHeader()
        var next = max(index, 0)
        while next < bytes.count, !header.isComplete, header.count < EncodedFrameHeader.maximumCount {
            header.append(bytes[next])
            next += 1
        }
        return header
    }

    /// Returns the known bytes of the payload, as they arrived.
    func rawPayload(in bytes: [UInt8]) -> ArraySlice<UInt8> {
        let upper = min(max(end, 0), bytes.count)
        return bytes[min(max(payloadStart, 0), upper)..<upper]
    }

    /// Returns the known bytes of the payload, unmasked.
    func payload(in bytes: [UInt8]) -> [UInt8] {
        unmasked(rawPayload(in: bytes))
    }

    /// Returns the known bytes of the payload, unmasked, from the start of a character on; and the index of the first
    /// of them.
    func textPayload(in bytes: [UInt8]) -> (start: Int, bytes: [UInt8]) {
        let raw = rawPayload(in: bytes)
        let text = unmasked(raw)
        let rest = payloadStart < 0 ? text.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count : 0
        return (raw.startIndex + rest, Array(text[rest...]))
    }

    /// Returns bytes at or after the payload's start, unmasked as if they belonged to it.
    func unmasked(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        guard let key = header.maskingKey else { return Array(raw) }
        return raw.indices.map { raw[$0] ^ key[UInt64(truncatingIfNeeded: $0 &- payloadStart)] }
    }

    /// The masking key's bytes; empty if MASK is not set.
    var keyBytes: [UInt8] { header.maskingKey.map { key in (0..<4).map { key[UInt64($0)] } } ?? [] }

    /// For each byte, whether it can be a frame's first, RSV1 included.
    static let canBegin: [Bool] = (UInt8.min...UInt8.max).map { byte in
        let opcode = Opcode(rawValue: byte)
        return !opcode.isReserved && byte & 0x30 == 0 && (!opcode.isControl || byte & 0xC0 == 0x80)
    }

    static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
