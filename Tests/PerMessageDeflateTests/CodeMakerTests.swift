import SeededRandom
import Testing

@testable import PerMessageDeflate

@Suite("The Huffman codes that are written, RFC 1951 §3.2.2")
struct CodeMakerTests {
    /// The lengths of the code for these frequencies, and its bits, the first one highest.
    private func code(_ maker: CodeMaker, _ frequencies: [UInt32]) -> (lengths: [Int], bits: [UInt32], cost: Int) {
        var words = [UInt32](repeating: 0, count: DeflateTables.count)
        for symbol in frequencies.indices { words[maker.frequencies + symbol] = frequencies[symbol] }
        var span = words.mutableSpan
        maker.make(&span)
        let cost = maker.cost(span.span)
        let codes = maker.places.map { span[$0] }
        let bits = codes.map { code in
            let length = code >> 16
            return (0..<length).reduce(0) { $0 | (code >> $1 & 1) << (length - 1 - $1) }
        }
        return (codes.map { Int($0 >> 16) }, bits, cost)
    }

    /// The cost of the optimal code without a limit on lengths, by Huffman: the two lightest trees are joined until one is left.
    private func least(_ frequencies: [UInt32]) -> (cost: Int, depth: Int) {
        var trees = frequencies.filter { $0 > 0 }.map { (weight: Int($0), depth: 0) }
        var cost = 0
        while trees.count > 1 {
            trees.sort { ($0.weight, $0.depth) > ($1.weight, $1.depth) }
            let (one, other) = (trees.removeLast(), trees.removeLast())
            cost += one.weight + other.weight
            trees.append((one.weight + other.weight, max(one.depth, other.depth) + 1))
        }
        return (cost, trees.first?.depth ?? 0)
    }

    private func check(_ maker: CodeMaker, _ frequencies: [UInt32]) {
        let (lengths, bits, cost) = code(maker, frequencies)
        #expect(lengths.allSatisfy { $0 <= maker.longest })
        #expect(lengths.reduce(0) { $1 > 0 ? $0 + 1 << (15 - $1) : $0 } == 1 << 15, "complete: \(frequencies)")
        let used = frequencies.indices.filter { frequencies[$0] > 0 }
        #expect(used.allSatisfy { lengths[$0] > 0 })
        #expect(lengths.count { $0 > 0 } == max(used.count, 2))
        #expect(cost == used.reduce(0) { $0 + Int(frequencies[$1]) * lengths[$1] })
        let best = least(frequencies)
        if used.count >= 2, best.depth <= maker.longest {
            #expect(cost == best.cost, "\(frequencies)")
        } else if used.count >= 2 {
            #expect(cost >= best.cost && cost * 100 <= best.cost * 115, "\(cost), and \(best.cost) without a limit")
        }
        // The rarer a symbol, the longer its code; and codes of one length are in the order of their symbols.
        for (one, other) in zip(used, used.dropFirst()) where frequencies[one] < frequencies[other] {
            #expect(lengths[one] >= lengths[other])
        }
        var next: UInt32 = 0
        for length in 1...15 {
            next <<= 1
            for symbol in lengths.indices where lengths[symbol] == length {
                #expect(bits[symbol] == next, "\(symbol) of \(frequencies)")
                next += 1
            }
        }
    }

    private static let makers: [CodeMaker] = [.literals, .distances, .codeLengths]

    @Test("For any frequencies, the code is complete, as short as possible, and in order", arguments: makers.indices)
    func anyFrequencies(maker: Int) {
        let maker = Self.makers[maker]
        var random = SplitMix64(seed: 7)
        for round in 0..<200 {
            var frequencies = [UInt32](repeating: 0, count: maker.symbolCount)
            for _ in 0..<(1 + random.below(maker.symbolCount)) {
                let most = 1 << random.below(13)
                frequencies[random.below(maker.symbolCount)] = UInt32(1 + random.below(most))
            }
            if round == 0 { frequencies = frequencies.map { _ in 1 } }
            check(maker, frequencies)
        }
    }

    @Test("Where the optimal code would be too long, lengths are limited", arguments: makers.indices, 8...24)
    func tooLong(maker: Int, count: Int) {
        let maker = Self.makers[maker]
        guard count < maker.symbolCount else { return }
        // Fibonacci numbers give the deepest tree.
        var frequencies = [UInt32](repeating: 0, count: maker.symbolCount)
        var (one, other) = (UInt32(1), UInt32(1))
        for symbol in 0..<count {
            frequencies[symbol * 7 % maker.symbolCount] = one
            (one, other) = (other, one + other)
        }
        check(maker, frequencies)
    }

    @Test("One symbol, or none: a second one is added", arguments: makers.indices)
    func fewSymbols(maker: Int) {
        let maker = Self.makers[maker]
        let none = [UInt32](repeating: 0, count: maker.symbolCount)
        check(maker, none)
        for symbol in 0..<maker.symbolCount {
            var one = none
            one[symbol] = 9
            check(maker, one)
        }
    }
}
