import PerMessageDeflate
import SeededRandom
import Testing

/// The exact compressed form of messages. Another form would inflate to the same, but might be longer; to change it on
/// purpose, copy the numbers from the failure.
@Suite("The compressed form")
struct CompressedFormTests {
    private struct Form: Hashable {
        var count = 0
        /// FNV-1a of all bytes.
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func append(_ bytes: Span<UInt8>) {
            count += bytes.count
            for index in bytes.indices { digest = (digest ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        }
    }

    /// Messages of one kind, to be compressed one after the other.
    private static func messages(_ kind: Int, _ random: inout SplitMix64) -> [[UInt8]] {
        let words = ["frame", "opcode", "payload", "mask", "the", "a", "of", "{\"id\":", "},", "continuation"]
        return (0..<12).map { index in
            let count = [0, 1, 3, 4, 20, 100, 300, 1200, 5000, 9000, 40_000, 70_000][index]
            switch kind {
            case 0: return random.bytes(count)
            case 1:
                var text: [UInt8] = []
                while text.count < count { text += Array((random.pick(words) + " ").utf8) }
                return Array(text.prefix(count))
            case 2: return [UInt8](repeating: random.byte(), count: count)
            case 3: return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next().trailingZeroBitCount) }
            case 4:
                let part = random.bytes(1 + random.below(400))
                return (0..<count).map { part[$0 % part.count] }
            default:
                // Noise with repetitions at all distances.
                var bytes = random.bytes(min(count, 600))
                while bytes.count < count {
                    let start = random.below(bytes.count)
                    bytes += bytes[start..<min(bytes.count, start + 3 + random.below(300))]
                    if random.oneIn(3) { bytes += random.bytes(random.below(40)) }
                }
                return Array(bytes.prefix(count))
            }
        }
    }

    private static func form(_ kind: Int, windowBits: Int, takesOver: Bool) -> Form {
        var random = SplitMix64(seed: UInt64(kind))
        var deflater = MessageDeflater(DeflateContext(windowBits: windowBits, takesOver: takesOver))
        var form = Form()
        for (index, message) in messages(kind, &random).enumerated() {
            let cut = index % 2 == 0 ? 0 : message.count / 3
            if cut > 0 { deflater.compress(message.span.extracting(0..<cut), endsMessage: false) { form.append($0) } }
            deflater.compress(message.span.extracting(cut...)) { form.append($0) }
            if index == 7 { deflater.forget() }
        }
        return form
    }

    @Test("Every kind of message, in the smallest window, a medium one and the largest", arguments: 0..<6)
    func everyKind(kind: Int) {
        var forms: [Form] = []
        for windowBits in [8, 12, 15] {
            for takesOver in [false, true] {
                forms.append(Self.form(kind, windowBits: windowBits, takesOver: takesOver))
            }
        }
        let found = forms.map { "\($0.count) \(String($0.digest, radix: 16))" }
        #expect(found == Self.expected[kind])
    }

    /// Sizes and digests: noise, words, one byte, few bytes, one repeated piece, pieces from all distances.
    private static let expected: [[String]] = [
        [
            "125755 a897038743c051c3", "125755 a897038743c051c3", "125755 a897038743c051c3",
            "125755 a897038743c051c3", "125755 a897038743c051c3", "125755 a897038743c051c3",
        ],
        [
            "25816 4c7265fdbcf670ca", "25664 5a43a807b96b2cf4", "24728 cdf0e35e8b60b056",
            "24433 2d542fe7c25fbec0", "24721 f3c6671813b55636", "24398 4a5d54b348abe6ae",
        ],
        [
            "430 e3d414b85838d607", "430 e3d414b85838d607", "429 5808d1756467aff",
            "429 5808d1756467aff", "429 5808d1756467aff", "429 5808d1756467aff",
        ],
        [
            "41122 800e3d2ccab084e0", "41113 34b603a70984b5d5", "44290 35c41962d3ab080a",
            "44206 98463be3d149f23c", "44734 4a53e6e0f892f7e8", "44675 b143a9df45d65f07",
        ],
        [
            "43085 68d1e653abf136c8", "43085 68d1e653abf136c8", "2894 2de74040c8978cfb",
            "2894 2de74040c8978cfb", "2407 5712c27e0d3ca1da", "2407 5712c27e0d3ca1da",
        ],
        [
            "92809 58721befcdf4bde8", "92809 58721befcdf4bde8", "29001 6dc6f11a734b676b",
            "29001 6dc6f11a734b676b", "17137 2f0852c09ac0dfab", "17137 2f0852c09ac0dfab",
        ],
    ]
}
