import SeededRandom
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

    /// Runs the loop from the first symbol of a block.
    ///
    /// - Parameter continuing: whether to continue at the end of the ring, and after matches around it.
    /// - Returns: how many bytes it inflates, and what is left for the careful steps.
    private func run(
        _ block: [UInt8], _ words: [UInt32] = InflateEngine.freshWords, _ literals: DecodingTable = .fixedLiterals,
        _ distances: DecodingTable = .fixedDistances, continuing: Bool = false
    ) -> (count: Int, cursor: InflateCursor) {
        var window = Window(size: 32_768)
        var bytes = [UInt8](repeating: 0, count: window.byteCount)
        var cursor = InflateCursor()
        _ = cursor.need(3, block.span)
        cursor.drop(3)
        cursor.phase = .symbol
        var target = bytes.mutableSpan
        var count = 0
        while true {
            window.noteHanded(&target)
            window.runFast(&cursor, block.span, left: .max, literals, distances, &target, words.span)
            if continuing, cursor.phase == .match {
                // A match whose bytes lie around the end of the ring, which the loop does not handle.
                window.copy(cursor.count, from: cursor.distance, in: &target)
                cursor.phase = .symbol
            } else if !continuing || window.room > 0 && window.pending < window.ring - Window.slack {
                // Neither the ring nor what may be written at once was full.
                return (count + window.pending, cursor)
            }
            count += window.pending
        }
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

    /// The longest codes: of sixteen literals and lengths, and of sixteen distances, with up to 15 bits each. They take second
    /// tables, and a length with its distance up to 48 bits. However symbols follow each other, the loop takes all of them.
    @Test func ownCodesOfAllLengths() {
        var (literalLengths, distanceLengths) = ([Int](repeating: 0, count: 286), [Int](repeating: 0, count: 30))
        // Literals and lengths in turn, the longer codes of lengths with the more extra bits; then the end of the block.
        let symbols = [284, 0x61, 285, 0x62, 257, 0x63, 0x64, 0x65, 264, 0x66, 276, 0x67, 280, 0x68, 283, 256]
        for (index, symbol) in symbols.enumerated() { literalLengths[symbol] = min(index + 1, 15) }
        for index in 0..<16 { distanceLengths[14 + index] = min(index + 1, 15) }
        distanceLengths[0...3] = [0, 0, 0, 0]
        let (literalCode, distanceCode) = (SlowCode(literalLengths), SlowCode(distanceLengths))
        var block = BitWriter()
        block.number(0b100, 3)
        var count = 0
        var random = SplitMix64(seed: 8)
        // A distance may reach 32,768 bytes back as soon as there are as many.
        for _ in 0..<40_000 { block.code(literalCode.bits(of: 0x61)) }
        count += 40_000
        for _ in 0..<3_000 {
            let symbol = symbols[random.below(15)]
            block.code(literalCode.bits(of: symbol))
            guard symbol > 256 else {
                count += 1
                continue
            }
            let length = SlowCode.lengths[symbol - 257]
            let extra = random.below(1 << length.extra)
            block.number(extra, length.extra)
            count += length.least + extra
            let distance = 14 + random.below(16)
            block.code(distanceCode.bits(of: distance))
            block.number(random.below(1 << SlowCode.distances[distance].extra), SlowCode.distances[distance].extra)
        }
        block.code(literalCode.bits(of: 256))
        var words = [UInt32](repeating: 0, count: InflateEngine.wordCount)
        var (literals, distances) = (DecodingTable.literals, DecodingTable.distances)
        var target = words.mutableSpan
        var lengths = CodeLengths()
        lengths.literalCount = literalLengths.count
        lengths.distanceCount = distanceLengths.count
        lengths.begin(&target)
        for length in literalLengths + distanceLengths {
            let reason = lengths.append(UInt8(length), times: 1, &target)
            #expect(reason == nil)
        }
        lengths.build(literals: &literals, distances: &distances, &target)
        let (found, cursor) = run(block.bytes, words, literals, distances, continuing: true)
        #expect(found == count)
        #expect(cursor.phase == .symbol)
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
