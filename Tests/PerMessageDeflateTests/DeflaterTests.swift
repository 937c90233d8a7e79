import PerMessageDeflate
import SeededRandom
import Testing

@testable import SlowInflating

@Suite("Compressing messages, RFC 7692 §7.2.1")
struct DeflaterTests {
    @Test("What is compressed inflates to the same, and stays within the window", arguments: 8...15, [true, false])
    func roundTrip(windowBits: Int, takesOver: Bool) {
        let context = DeflateContext(windowBits: windowBits, takesOver: takesOver)
        var random = SplitMix64(seed: UInt64(windowBits) * 2 + (takesOver ? 1 : 0))
        var deflater = MessageDeflater(context)
        #expect(deflater.context == context)
        var inflater = MessageInflater(context)
        for index in 0..<24 {
            let message = Self.message(index, &random)
            let cuts = index % 3 == 0 ? random.cuts(message.count, count: 3) : []
            let compressed = deflater.compressed(message, cuts: cuts)
            let found = inflater.verdict(of: compressed)
            let isSame = found == Verdict(bytes: message)
            #expect(isSame, "message \(index) of \(message.count) bytes: \(found.fault as Any)")
            // At most five bytes per block: one for each piece, and one for each 8,192 bytes.
            #expect(compressed.count <= message.count + 1 + 5 * (cuts.count + 1 + message.count / 4096 + 1))
            if !isSame { return }
        }
    }

    @Test("An empty message is a single byte 00, RFC 7692 §7.2.3.6")
    func emptyMessage() {
        var deflater = MessageDeflater(DeflateContext())
        #expect(deflater.compressed([]) == [0x00])
        #expect(deflater.compressed([]) == [0x00])
    }

    @Test("The second of two equal messages is a match, if the window is taken over")
    func takeover() {
        let message = Array("a message that is said twice, and twice the same".utf8)
        var deflater = MessageDeflater(DeflateContext())
        _ = deflater.compressed(message)
        #expect(deflater.compressed(message).count < 10)
        var forgetful = MessageDeflater(DeflateContext(takesOver: false))
        let first = forgetful.compressed(message)
        #expect(forgetful.compressed(message) == first)
    }

    @Test("Incompressible data is stored")
    func stored() {
        var random = SplitMix64(seed: 1)
        let message = random.bytes(100_000)
        var deflater = MessageDeflater(DeflateContext())
        #expect(deflater.compressed(message).count < message.count + 100)
    }

    @Test("Text shrinks to a third, and repetition to next to nothing")
    func ratio() {
        var random = SplitMix64(seed: 2)
        let text = Self.words(20_000, &random)
        var deflater = MessageDeflater(DeflateContext())
        #expect(deflater.compressed(text).count < text.count / 2)
        #expect(deflater.compressed([UInt8](repeating: 7, count: 100_000)).count < 500)
    }

    /// Messages of many kinds, and of sizes up to several windows.
    private static func message(_ index: Int, _ random: inout SplitMix64) -> [UInt8] {
        let count = index == 20 ? 90_000 : random.below(random.oneIn(4) ? 6000 : 300)
        switch index % 5 {
        case 0: return random.bytes(count)
        case 1: return words(count, &random)
        case 2: return [UInt8](repeating: random.byte(), count: count)
        case 3:
            // Skewed so that the codes are as deep as possible.
            return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next().trailingZeroBitCount) }
        default:
            let part = random.bytes(1 + random.below(400))
            return (0..<count).map { part[$0 % part.count] }
        }
    }

    private static func words(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        let words = ["frame", "opcode", "payload", "mask", "the", "a", "of", "{\"id\":", "},", "continuation"]
        var text: [UInt8] = []
        while text.count < count { text += Array((random.pick(words) + " ").utf8) }
        return Array(text.prefix(count))
    }
}

extension MessageDeflater {
    /// Compresses a whole message in pieces that end at `cuts`.
    fileprivate mutating func compressed(_ message: [UInt8], cuts: [Int] = []) -> [UInt8] {
        var output: [UInt8] = []
        var start = 0
        for end in cuts {
            compress(message.span.extracting(start..<end), endsMessage: false) { output.append($0) }
            start = end
        }
        compress(message.span.extracting(start...)) { output.append($0) }
        return output
    }
}
