/// One frame of a complete stream; what the stream does not contain of it is nil.
struct NaiveFrame {
    let start: Int
    let byte0: UInt8
    let byte1: UInt8?
    /// 0, 2 or 8 bytes; nil if incomplete.
    let extended: [UInt8]?
    /// nil if incomplete; empty if the frame is not masked.
    let key: [UInt8]?
    /// Unmasked, as far as the stream has it.
    let payload: [UInt8]

    init(_ stream: [UInt8], at start: Int) {
        func bytes(_ count: Int, at index: Int) -> [UInt8]? {
            index + count <= stream.count ? Array(stream[index..<(index + count)]) : nil
        }
        self.start = start
        byte0 = stream[start]
        byte1 = bytes(1, at: start + 1)?.first
        let extendedSize = [126: 2, 127: 8][Int(byte1 ?? 0) % 128] ?? 0
        let extended = byte1 == nil ? nil : bytes(extendedSize, at: start + 2)
        self.extended = extended
        let hasKey = (byte1 ?? 0) >= 128
        let key = extended == nil ? nil : bytes(hasKey ? 4 : 0, at: start + 2 + extendedSize)
        self.key = key
        guard let key, let extended, let byte1 else {
            payload = []
            return
        }
        let from = start + 2 + extended.count + key.count
        let declared = Self.number(extended) ?? UInt64(byte1 % 128)
        let count = declared > UInt64(stream.count - from) ? stream.count - from : Int(declared)
        let masked = stream[from..<(from + count)]
        payload = key.isEmpty ? Array(masked) : zip(0..., masked).map { $1 ^ key[$0 % 4] }
    }

    /// Big-endian; nil for no bytes.
    private static func number(_ bytes: [UInt8]) -> UInt64? {
        bytes.isEmpty ? nil : bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    var isFinal: Bool { byte0 >= 0x80 }
    var rsv: UInt8 { byte0 & 0x70 }
    var opcode: UInt8 { byte0 & 0x0F }
    var isData: Bool { opcode < 8 }
    var isMasked: Bool? { byte1.map { $0 >= 0x80 } }
    var shortLength: UInt8? { byte1.map { $0 % 0x80 } }

    /// The declared length; nil if its bytes are incomplete.
    var declared: UInt64? {
        guard let extended, let shortLength else { return nil }
        return Self.number(extended) ?? UInt64(shortLength)
    }

    /// The value of the extended length; nil if absent or incomplete.
    var extendedValue: UInt64? { extended.flatMap(Self.number) }

    /// Where the length field ends.
    var lengthEnd: Int { start + 2 + (extended?.count ?? 0) }

    /// Where the payload begins; nil if the header is incomplete.
    var payloadStart: Int? { key.map { lengthEnd + $0.count } }

    /// Where the frame ends; nil if that is beyond the stream.
    var end: Int? {
        guard let payloadStart, let declared, UInt64(payload.count) == declared else { return nil }
        return payloadStart + payload.count
    }
}
