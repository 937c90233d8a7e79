import WebSocketFrames

/// The contents of a Close that was sent.
struct SentClose {
    /// The code; nil if it has none (RFC 6455 §7.1.5: 1005).
    let code: CloseCode?
    /// The reason; nil if it has none, or one that is not UTF-8.
    let reason: String?

    /// - Parameter payload: the whole payload, unmasked.
    init(_ payload: [UInt8]) {
        code = payload.count < 2 ? nil : CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        reason = payload.count > 2 ? Self.text(payload.dropFirst(2)) : nil
    }

    /// Finds the first whole Close among legal frames.
    init?(firstIn bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            var header = EncodedFrameHeader()
            for byte in bytes[start...] where !header.isComplete { header.append(byte) }
            guard header.isComplete, let length = Int(exactly: header.payloadLength) else { return nil }
            let first = start + header.count
            guard length <= bytes.count - first else { return nil }
            if header.opcode == .close {
                let key = header.maskingKey
                self.init((0..<length).map { bytes[first + $0] ^ (key?[UInt64($0)] ?? 0) })
                return
            }
            start = first + length
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        var text = ""
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): text.unicodeScalars.append(scalar)
            case .error: return nil
            case .emptyInput: return text
            }
        }
    }
}
