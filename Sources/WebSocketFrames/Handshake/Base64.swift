/// Base64 with padding (RFC 4648 §4).
package enum Base64 {
    /// Returns the characters that represent `bytes`.
    package static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for index in 0..<3 { bits = bits << 8 | (index < group.count ? UInt32(group[start + index]) : 0) }
            for index in 0..<4 {
                let sextet = Int(bits >> UInt32(18 - 6 * index)) & 0x3F
                text.append(index <= group.count ? alphabet[sextet] : pad)
            }
        }
        return text
    }

    /// Returns the number of bytes that `text` represents; nil if it is not padded Base64.
    package static func decodedCount(of text: ArraySlice<UInt8>) -> Int? {
        guard text.count.isMultiple(of: 4) else { return nil }
        let padding = text.reversed().prefix(2).prefix { $0 == pad }.count
        guard text.dropLast(padding).allSatisfy(alphabet.contains) else { return nil }
        return text.count / 4 * 3 - padding
    }

    package static var pad: UInt8 { 0x3D }
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
