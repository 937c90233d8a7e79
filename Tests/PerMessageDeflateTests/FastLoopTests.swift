import Testing

@testable import PerMessageDeflate

/// What the fast loop takes, so that the careful steps have nothing to do: without it every message would still inflate, and
/// slowly.
@Suite struct FastLoopTests {
    /// RFC 7692 §7.2.3.1: "Hello" in fixed codes, one match of it, and the end of the block.
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    /// Runs the loop from the first symbol of a fixed block on.
    ///
    /// - Returns: how many bytes it inflates, and what is left for the careful steps.
    private func run(_ block: [UInt8], windowSize: Int = 32_768) -> (count: Int, cursor: InflateCursor) {
        var window = Window(size: windowSize)
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
        // Cut anywhere, it takes the symbols that are whole.
        let counts = (1...Self.hello.count).map { run(Array(Self.hello.prefix($0))).count }
        #expect(counts == [0, 1, 2, 3, 4, 5, 5])
    }

    /// A long message: 400 literals of eight bits, 00 behind its code's complement.
    @Test func allLiterals() {
        // 0x30 is the code of a zero byte, its first bit highest (RFC 1951 §3.2.6); three bits of the block come first.
        var bits: [UInt8] = [0, 1, 0]
        for _ in 0..<400 { bits += [0, 0, 1, 1, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0]
        let block = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].enumerated().reduce(UInt8(0)) {
                $0 | $1.element << UInt8($1.offset)
            }
        }
        let (count, cursor) = run(block)
        #expect(count == 400 && cursor.phase == .symbol)
    }

    /// What it leaves to the careful steps is a match as it stands: they judge its distance.
    @Test func aDistanceThatIsTooFar() {
        // A literal, then a match of three bytes from five bytes ago: only one is there.
        var bits: [UInt8] = [0, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
        bits += [0, 0, 0, 0, 0, 0, 1] + [0, 0, 1, 0, 0] + [0]
        while bits.count % 8 != 0 { bits.append(0) }
        let block = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<(start + 8)].enumerated().reduce(UInt8(0)) { $0 | $1.element << UInt8($1.offset) }
        }
        let (count, cursor) = run(block)
        #expect(count == 1)
        #expect(cursor.phase == .match && cursor.count == 3 && cursor.distance == 5)
    }
}
