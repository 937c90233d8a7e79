import SeededRandom

@testable import SlowInflating

/// Writes a message with known matches.
enum MatchWriter {
    /// - Parameters:
    ///   - random: the number of random bytes at the beginning, in stored blocks.
    ///   - matches: the length and distance of each match that follows.
    ///   - literalsAfter: the number of literals at the end.
    static func message(random count: Int, matches: [(length: Int, distance: Int)], literalsAfter: Int) -> [UInt8] {
        var writer = BitWriter()
        var random = SplitMix64(seed: UInt64(count))
        var left = count
        while left > 0 {
            let now = min(left, 0xFFFF)
            writer.number(0, 3)
            writer.fillByte()
            writer.number(now, 16)
            writer.number(~now, 16)
            writer.append(random.bytes(now))
            left -= now
        }
        writer.number(0b010, 3)
        for (length, distance) in matches {
            number(length, SlowCode.lengths, first: 257, SlowCode.fixedLiterals, &writer)
            number(distance, SlowCode.distances, first: 0, SlowCode.fixedDistances, &writer)
        }
        for _ in 0..<literalsAfter { writer.code(SlowCode.fixedLiterals.bits(of: random.below(256))) }
        writer.code(SlowCode.fixedLiterals.bits(of: 256))
        writer.number(0, 3)
        return writer.bytes
    }

    private static func number(
        _ value: Int, _ table: [(least: Int, extra: Int)], first: Int, _ code: SlowCode, _ writer: inout BitWriter
    ) {
        let symbol = table.lastIndex { $0.least <= value } ?? 0
        writer.code(code.bits(of: first + symbol))
        writer.number(value - table[symbol].least, table[symbol].extra)
    }
}
