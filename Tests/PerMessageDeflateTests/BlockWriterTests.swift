import SeededRandom
import Testing

@testable import PerMessageDeflate
@testable import SlowInflating

/// Blocks written from given tokens: codes that no text leads to.
@Suite("Blocks of given tokens")
struct BlockWriterTests {
    /// The blocks of one message. Each token is a word as ``Tokens`` describes it.
    private func message(_ blocks: [[UInt32]]) -> [UInt8] {
        var writer = BlockWriter()
        var words = [UInt32](repeating: 0, count: DeflateTables.count)
        var memory = [UInt8](repeating: 0, count: 100_000)
        var lent = words.mutableSpan
        var target = memory.mutableSpan
        CodeMaker.makeFixed(&lent)
        for tokens in blocks {
            for (index, token) in tokens.enumerated() { lent[DeflateTables.tokens + index] = token }
            // Too many bytes for a stored block to be shorter.
            writer.write(tokens.count, [UInt8](repeating: 0, count: 32_768).span, &lent, &target)
        }
        writer.endMessage(&target)
        return (0..<writer.output.count).map { target[$0] }
    }

    private func expectSame(_ blocks: [[UInt32]], _ text: [UInt8]) {
        let message = message(blocks)
        var slow = SlowInflater(DeflateContext())
        var fast = MessageInflater(DeflateContext())
        let verdict = slow.inflate(message)
        #expect(verdict.bytes == text && verdict.fault == nil)
        #expect(fast.verdict(of: message) == verdict)
    }

    /// Frequencies that give the rarest of their symbols the longest possible codes, of 15 bits.
    private static let fibonacci = (0..<15).reduce(into: [1, 1]) { numbers, _ in
        numbers.append(numbers[numbers.count - 1] + numbers[numbers.count - 2])
    }

    @Test("Literals with codes of up to 15 bits")
    func longLiterals() {
        var random = SplitMix64(seed: 1)
        var text: [UInt8] = []
        // The end of the block is a symbol that occurs once, too.
        for (symbol, count) in Self.fibonacci.dropFirst().enumerated() {
            text += [UInt8](repeating: UInt8(0x61 + symbol), count: count)
        }
        text.shuffle(using: &random)
        expectSame([text.map(UInt32.init)], text)
    }

    @Test("Distances with codes of up to 15 bits, and after them other codes")
    func longDistances() {
        var random = SplitMix64(seed: 2)
        let literals = [UInt32](repeating: 0x61, count: 8_000)
        var matches: [UInt32] = []
        for (index, count) in Self.fibonacci.prefix(16).enumerated() {
            matches += [UInt32](
                repeating: Tokens.match(length: 3 + index, distance: SlowCode.distances[index].least), count: count)
        }
        matches.shuffle(using: &random)
        let few = (0..<600).map { index in Tokens.match(length: 4, distance: 1 + index % 3 * 4) }
        let one = (0..<200).map { _ in Tokens.match(length: 258, distance: 4_000) }
        let blocks = [literals, matches, few, one, matches, one]
        let count = blocks.joined().reduce(0) { $0 + ($1 & Tokens.isMatch == 0 ? 1 : Int($1 >> 16 & 0xFF) + 3) }
        expectSame(blocks, [UInt8](repeating: 0x61, count: count))
    }

    @Test("The most bytes that a message can become")
    func maximumWritten() {
        for blocks in 1...9 {
            // Blocks of 42 bits more than their bytes, the bits left over from before, and the end.
            let most = (blocks - 1) * Tokens.capacity + (blocks * 42 + 7) / 8 + 3
            #expect(DeflateEngine.maximumWritten((blocks - 1) * Tokens.capacity) == most)
        }
        #expect(DeflateEngine.maximumWritten(.max) == nil)
    }
}
