import WebSocketFrames

/// Handmade frames, legal or not.
enum MadeFrame {
    /// One frame, with its length in the shortest form; masked if a key is given.
    static func bytes(_ byte0: UInt8, _ payload: [UInt8] = [], key: [UInt8]? = nil) -> [UInt8] {
        let mask: UInt8 = key == nil ? 0 : 0x80
        var frame = [byte0]
        switch payload.count {
        case ...125: frame.append(mask | UInt8(payload.count))
        case ...65_535: frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: frame += [mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        guard let key else { return frame + payload }
        return frame + key + masked(payload, key)
    }

    /// Masks or unmasks a payload with a key of four bytes.
    static func masked(_ payload: [UInt8], _ key: [UInt8]) -> [UInt8] {
        var payload = payload
        var span = payload.mutableSpan
        MaskingKey(key[0], key[1], key[2], key[3]).apply(to: &span, 0..<span.count)
        return payload
    }

    /// The payload of a Close.
    static func closePayload(_ code: Int, _ reason: String = "") -> [UInt8] {
        [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8)
    }
}
