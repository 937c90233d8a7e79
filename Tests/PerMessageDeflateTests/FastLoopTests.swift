import Testing

@testable import PerMessageDeflate
@testable import SlowInflating

/// What the fast loop takes and so spares the careful steps: without it every message would still inflate, only more
/// slowly.
@Suite struct FastLoopTests {
    /// RFC 7692 §7.2.3.1: "Hello" as literals in fixed codes, and the end of the block.
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    /// The fixed codes of a zero byte and of the end of the block, after the bit that marks where a code begins
    /// (RFC 1951 §3.2.6).
    private static let zero: SlowCode.Bits = 0b1_0011_0000
    private static let endOfBlock: SlowCode.Bits = 0b1_0000000

    /// Runs the loop from the first symbol of a fixed block.
    ///
    /// - Returns: how many bytes it inflates, and what is left for the careful steps.
    private func run(_ block: [UInt8]) -> (count: Int, cursor: InflateCursor) {
        var window = Window(size: 32_768)
        var bytes = [UInt8](repeating: 0, count: window.byteCount)
        let words = InflateEngine.freshWords
        var cursor = InflateCursor()
        _ = cursor.need(3, block.span)
        cursor.drop(3)
        cursor.phase = .symbol
        var target = bytes.mutableSpan
        window.runFast(&cursor, block.span, left: .max, .fixedLiterals, .fixedDistances, &target, words.span)
        return (window.pending, cursor)
    }

    @Test func theLastBytesToo() {
        #expect(run(Self.hello).count == 5)
        // Wherever the message is cut, the loop takes the complete symbols.
        let counts = (1...Self.hello.count).map { run(Array(Self.hello.prefix($0))).count }
        #expect(counts == [0, 1, 2, 3, 4, 5, 5])
    }

    /// 400 zero bytes, each a literal of eight bits.
    @Test func allLiterals() {
        var block = BitWriter()
        block.number(0b010, 3)
        for _ in 0..<400 { block.code(Self.zero) }
        block.code(Self.endOfBlock)
        let (count, cursor) = run(block.bytes)
        #expect(count == 400 && cursor.phase == .symbol)
    }

    /// A match that it cannot take is left whole to the careful steps, which judge its distance.
    @Test func aDistanceThatIsTooFar() {
        // A literal, then a match of three bytes at distance five: there is only one byte.
        var block = BitWriter()
        block.number(0b010, 3)
        block.code(Self.zero)
        block.code(0b1_0000001)
        block.code(0b1_00100)
        block.number(0, 1)
        let (count, cursor) = run(block.bytes)
        #expect(count == 1)
        #expect(cursor.phase == .match && cursor.count == 3 && cursor.distance == 5)
    }
}
