/// SHA-1 (RFC 3174), which the handshake's accept value is computed with (RFC 6455 §4.2.2).
///
/// It only proves that the server understood the request; it is not fit for anything else.
package enum SHA1 {
    private typealias State = (a: UInt32, b: UInt32, c: UInt32, d: UInt32, e: UInt32)

    /// Returns the digest of `message`: 20 bytes.
    package static func digest(of message: [UInt8]) -> [UInt8] {
        // Padding: a 1 bit, zeros, and the length in bits (§4), up to a multiple of 64 bytes.
        var padded = message
        padded.append(0x80)
        while padded.count % 64 != 56 { padded.append(0) }
        append(UInt64(message.count) &* 8, bytes: 8, to: &padded)
        var state: State = (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0)
        var words = Array(repeating: UInt32(0), count: 80)
        for start in stride(from: 0, to: padded.count, by: 64) {
            mix(padded.span.extracting(start..<(start + 64)), &words, into: &state)
        }
        var digest: [UInt8] = []
        for word in [state.a, state.b, state.c, state.d, state.e] { append(UInt64(word), bytes: 4, to: &digest) }
        return digest
    }

    /// Appends the low bytes of a number in big-endian order.
    private static func append(_ number: UInt64, bytes count: UInt64, to bytes: inout [UInt8]) {
        for index in 1...count { bytes.append(UInt8(truncatingIfNeeded: number >> ((count - index) * 8))) }
    }

    /// Processes one block (§6.1).
    private static func mix(_ block: Span<UInt8>, _ words: inout [UInt32], into state: inout State) {
        var words = words.mutableSpan
        for index in 0..<16 {
            let four = block.extracting((index &* 4)..<(index &* 4 &+ 4))
            words[index] = UInt32(four[0]) << 24 | UInt32(four[1]) << 16 | UInt32(four[2]) << 8 | UInt32(four[3])
        }
        for index in 16..<80 {
            words[index] = rotated(
                words[index &- 3] ^ words[index &- 8] ^ words[index &- 14] ^ words[index &- 16], by: 1)
        }
        var (a, b, c, d, e) = state
        func step(_ chosen: UInt32, _ constant: UInt32, _ word: UInt32) {
            let next = rotated(a, by: 5) &+ chosen &+ e &+ word &+ constant
            (a, b, c, d, e) = (next, a, rotated(b, by: 30), c, d)
        }
        for index in 0..<20 { step((b & c) | (~b & d), 0x5A82_7999, words[index]) }
        for index in 20..<40 { step(b ^ c ^ d, 0x6ED9_EBA1, words[index]) }
        for index in 40..<60 { step((b & c) | (b & d) | (c & d), 0x8F1B_BCDC, words[index]) }
        for index in 60..<80 { step(b ^ c ^ d, 0xCA62_C1D6, words[index]) }
        state = (state.a &+ a, state.b &+ b, state.c &+ c, state.d &+ d, state.e &+ e)
    }

    private static func rotated(_ word: UInt32, by bits: UInt32) -> UInt32 {
        word << bits | word >> (32 - bits)
    }
}
