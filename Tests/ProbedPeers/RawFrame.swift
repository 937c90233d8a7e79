/// Frames as bytes, parsed by hand, for peers that are wrong in one way and must not share the library's mistakes.
enum RawFrame {
    /// The size of the frame that begins here; nil while its header is incomplete.
    static func end(_ frame: [UInt8]) -> Int? {
        guard let start = payloadStart(frame) else { return nil }
        let short = Int(frame[1] & 0x7F)
        let length = short < 126 ? short : frame[2..<(short == 126 ? 4 : 10)].reduce(0) { $0 << 8 | Int($1) }
        return length < 0 || length > 1 << 40 ? nil : start + length
    }

    static func payloadStart(_ frame: [UInt8]) -> Int? {
        guard frame.count >= 2 else { return nil }
        let short = frame[1] & 0x7F
        let start = 2 + (short == 126 ? 2 : short == 127 ? 8 : 0) + (frame[1] >= 0x80 ? 4 : 0)
        return frame.count >= start ? start : nil
    }

    /// The payload, unmasked.
    static func payload(_ frame: [UInt8]) -> [UInt8] {
        guard let start = payloadStart(frame) else { return [] }
        let payload = Array(frame[start...])
        guard frame[1] >= 0x80 else { return payload }
        let key = frame[(start - 4)..<start]
        return payload.enumerated().map { $1 ^ key[key.startIndex + ($0 & 3)] }
    }
}
