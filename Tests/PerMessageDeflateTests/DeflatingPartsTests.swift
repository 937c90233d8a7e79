import SeededRandom
import Testing

@testable import PerMessageDeflate

@Suite("The parts of the compressor")
struct DeflatingPartsTests {
    @Test("Bits are written in sequence, even if they fill the memory")
    func bits() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<500 {
            var expected: [Bool] = []
            var values: [(UInt64, Int)] = []
            for _ in 0..<(1 + random.below(12)) {
                let width = random.below(49)
                let value = random.next() & (1 << UInt64(width) - 1)
                values.append((value, width))
                for bit in 0..<width { expected.append(value >> UInt64(bit) & 1 == 1) }
            }
            let piece = random.bytes(random.below(4))
            var memory = [UInt8](repeating: 0xEE, count: (expected.count + 7) / 8 + piece.count)
            var bytes = memory.mutableSpan
            var output = BitOutput()
            for (value, width) in values { output.put(value, width, &bytes) }
            output.fillByte(&bytes)
            output.append(piece.span, &bytes)
            #expect(output.count == memory.count)
            let found = (0..<expected.count).map { memory[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
            #expect(found == expected)
            #expect(Array(memory.suffix(piece.count)) == piece)
        }
    }

    /// How consecutive values are written, given the number of extra bits of each symbol (RFC 1951 §3.2.5).
    private func table(from symbol: Int, _ bits: [Int]) -> [[Int]] {
        bits.enumerated().flatMap { index, bits in (0..<(1 << bits)).map { [symbol + index, $0, bits] } }
    }

    @Test("Every length and every distance has the symbol and the extra bits of the RFC's tables")
    func matches() {
        let twice = [0, 0] + (0...13).flatMap { [$0, $0] }
        var lengths = table(from: 257, [0, 0, 0, 0] + (0...5).flatMap { [$0, $0, $0, $0] })
        // The last one is the maximum length, which has a symbol of its own.
        lengths[255] = [285, 0, 0]
        let foundLengths = (3...258).map { Tokens.length(Tokens.match(length: $0, distance: 1)) }
        #expect(foundLengths.map { [$0.symbol, Int($0.extra), $0.bits] } == lengths)
        let foundDistances = (1...32_768).map { Tokens.distance(Tokens.match(length: 258, distance: $0)) }
        #expect(foundDistances.map { [$0.symbol, Int($0.extra), $0.bits] } == table(from: 0, twice))
    }

    /// The text that tokens stand for, after an earlier text.
    private func text(_ tokens: Span<UInt32>, after before: [UInt8]) -> [UInt8] {
        var text = before
        for index in tokens.indices {
            let token = tokens[index]
            guard token & Tokens.isMatch != 0 else {
                text.append(UInt8(token))
                continue
            }
            let distance = Int(token & 0x7FFF) + 1
            for _ in 0..<(Int(token >> 16 & 0xFF) + 3) { text.append(text[text.count - distance]) }
        }
        return text
    }

    @Test("After 2 GiB, positions start afresh", arguments: [256, 4096, 32768])
    func twoGibibytes(windowSize: Int) {
        var random = SplitMix64(seed: 12)
        let words = ["frame", "opcode", "payload", "mask", "the", "{\"id\":", "},"]
        var message: [UInt8] = []
        while message.count < 200_000 { message += Array(random.pick(words).utf8) }
        var counts: [Int] = []
        // Far from the boundary, across it at each of the first moves of the window, and beyond it.
        for base in [1, 1 << 31 - 60_000, 1 << 31 - 1, 1 << 31, 1 << 31 + 1] as [UInt32] {
            var finder = MatchFinder(windowSize: windowSize, base: base)
            var memory = [UInt8](repeating: 0, count: finder.byteCount)
            var table = [UInt32](repeating: 0, count: finder.placeCount)
            var list = [UInt32](repeating: 0, count: Tokens.capacity)
            var bytes = memory.mutableSpan
            var places = table.mutableSpan
            var tokens = list.mutableSpan
            var (index, count, found) = (0, 0, [UInt8]())
            while index < message.count || finder.hasPending {
                if !finder.hasPending { index += finder.fill(message.span, from: index, &bytes, &places) }
                let written = finder.find(bytes.span, &places, &tokens).tokenCount
                count += written
                found = text(tokens.span.extracting(0..<written), after: found)
            }
            #expect(found == message, "from \(base)")
            counts.append(count)
        }
        // Forgetting the window costs a few matches, and no more.
        #expect(counts.allSatisfy { $0 >= counts[0] && $0 <= counts[0] + 200 }, "\(counts)")
    }
}
