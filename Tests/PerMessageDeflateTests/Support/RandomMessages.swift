import PerMessageDeflate
import SeededRandom

@testable import SlowInflating

/// Writes random messages: blocks of all types, codes of all shapes, distances of all lengths, and now and then a
/// fault.
struct RandomMessages {
    var random: SplitMix64
    let context: DeflateContext
    /// How far back a distance may reach.
    private var reach = 0
    private var writer = BitWriter()

    init(seed: UInt64, _ context: DeflateContext) {
        random = SplitMix64(seed: seed)
        self.context = context
    }

    mutating func next() -> [UInt8] {
        writer = BitWriter()
        if !context.takesOver { reach = 0 }
        for _ in 0..<below(4) { block() }
        // The empty block whose four bytes are removed.
        writer.number(chance(20) ? 1 : 0, 1)
        writer.number(0, 2)
        writer.fillByte()
        var bytes = writer.bytes
        if chance(6) { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        switch below(4) {
        case 0: bytes.removeLast(below(bytes.count + 1))
        case 1: bytes.append(UInt8(below(256)))
        default: bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
        }
    }

    private mutating func block() {
        let isFinal = chance(8)
        writer.bit(isFinal ? 1 : 0)
        switch below(chance(50) ? 4 : 3) {
        case 0: stored()
        case 1:
            writer.number(1, 2)
            symbols(SlowCode.fixedLiterals, SlowCode.fixedDistances)
        case 2: dynamic()
        default: writer.number(3, 2)
        }
        if isFinal { writer.fillByte() }
    }

    private mutating func stored() {
        writer.number(0, 2)
        let count = chance(30) ? below(3000) : below(40)
        writer.fillByte()
        writer.number(count, 16)
        writer.number(0xFFFF - count ^ (chance(60) ? 1 << below(16) : 0), 16)
        writer.append((0..<count).map { _ in UInt8(below(256)) })
        reach += count
    }

    private mutating func dynamic() {
        writer.number(2, 2)
        var literals = [Int](repeating: 0, count: chance(40) ? 288 : 257 + below(30))
        var used = [256] + (0..<below(chance(4) ? 280 : 20)).map { _ in below(literals.count) }
        if chance(60) { used.removeFirst() }
        give(lengthsTo: used, &literals)
        var distances = [Int](repeating: 0, count: chance(40) ? 32 : 1 + below(30))
        give(lengthsTo: (0..<below(16)).map { _ in below(distances.count) }, &distances)

        // Every length takes five bits in the code-length code, except for four that share the space of two.
        writer.number(literals.count - 257, 5)
        writer.number(distances.count - 1, 5)
        writer.number(15, 4)
        var codeLengths = [Int](repeating: 4, count: 13) + [5, 5, 5, 5, 5, 5]
        codeLengths.shuffle(using: &random)
        if chance(50) { codeLengths[below(19)] = below(8) }
        for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] {
            writer.number(codeLengths[symbol], 3)
        }
        write(literals + distances, SlowCode(codeLengths))
        symbols(SlowCode(literals), SlowCode(distances))
    }

    /// A complete code for these symbols, of a random shape.
    private mutating func give(lengthsTo symbols: [Int], _ lengths: inout [Int]) {
        let symbols = Array(Set(symbols)).sorted()
        guard !symbols.isEmpty else { return }
        var depths = symbols.count == 1 ? [1] : [0]
        while depths.count < symbols.count {
            let place = chance(3) ? depths.count - 1 : below(depths.count)
            guard depths[place] < 15 else { continue }
            depths[place] += 1
            depths.append(depths[place])
        }
        depths.shuffle(using: &random)
        if chance(80) { depths[below(depths.count)] = below(16) }
        for (symbol, depth) in zip(symbols, depths) { lengths[symbol] = depth }
    }

    private mutating func write(_ lengths: [Int], _ code: SlowCode) {
        var index = 0
        while index < lengths.count {
            let same = lengths[index...].prefix { $0 == lengths[index] }.count
            var symbol = lengths[index]
            var times = 1
            if symbol == 0, same >= 11, !chance(4) {
                (symbol, times) = (18, min(same, 138))
            } else if symbol == 0, same >= 3 {
                (symbol, times) = (17, min(same, 10))
            } else if index > 0, lengths[index - 1] == symbol, same >= 3 {
                (symbol, times) = (16, min(same, 6))
            }
            writer.code(code.bits(of: symbol))
            if symbol == 18 { writer.number(times - 11 + (chance(300) ? 1 : 0), 7) }
            if symbol == 17 { writer.number(times - 3, 3) }
            if symbol == 16 { writer.number(times - 3, 2) }
            index += times
        }
    }

    private mutating func symbols(_ literals: SlowCode, _ distances: SlowCode) {
        let used = literals.bits.keys.sorted()
        guard !used.isEmpty else { return }
        for _ in 0..<below(chance(10) ? 2000 : 60) {
            let symbol = used[below(used.count)]
            if symbol == 256 || symbol > 285 && !chance(20) { continue }
            if symbol > 256, symbol <= 285, distances.bits.isEmpty, !chance(20) { continue }
            writer.code(literals.bits(of: symbol))
            if symbol < 256 { reach += 1 }
            guard symbol > 256, symbol <= 285 else { continue }
            let extra = SlowCode.lengths[symbol - 257].extra
            let more = below(1 << extra)
            writer.number(more, extra)
            distance(distances)
            reach += SlowCode.lengths[symbol - 257].least + more
        }
        writer.code(literals.bits[256] ?? 2)
    }

    private mutating func distance(_ code: SlowCode) {
        let longest = min(reach, context.windowSize)
        // A distance that fits, or any if none does, which is a fault; the longest one is tried often.
        let fitting = code.bits.keys.filter { $0 < 30 && SlowCode.distances[$0].least <= longest }.sorted()
        guard let symbol = chance(200) ? code.bits.keys.min() : chance(3) ? fitting.last : pick(fitting) else {
            writer.code(code.bits[code.bits.keys.min() ?? 0] ?? 3)
            return
        }
        writer.code(code.bits(of: symbol))
        guard symbol < 30 else { return }
        let (least, extra) = SlowCode.distances[symbol]
        let most = max(0, min(1 << extra - 1, longest - least))
        writer.number(chance(4) ? most + (chance(30) ? 1 : 0) : below(most + 1), extra)
    }

    private mutating func pick(_ list: [Int]) -> Int? { list.isEmpty ? nil : list[below(list.count)] }
    private mutating func below(_ bound: Int) -> Int { bound < 2 ? 0 : random.below(bound) }
    private mutating func chance(_ one: Int) -> Bool { below(one) == 0 }
}
