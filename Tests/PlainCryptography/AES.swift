/// AES as specified by FIPS 197, byte by byte.
struct PlainAES {
    private let roundKeys: [[UInt8]]

    init(key: [UInt8]) {
        let words = key.count / 4
        var schedule = stride(from: 0, to: key.count, by: 4).map { Array(key[$0..<($0 + 4)]) }
        var constant: UInt8 = 1
        for index in words..<(4 * (words + 7)) {
            var word = schedule[index - 1]
            if index % words == 0 {
                word = [word[1], word[2], word[3], word[0]].map { Self.substitutes[Int($0)] }
                word[0] ^= constant
                constant = Self.product(constant, 2)
            } else if words > 6, index % words == 4 {
                word = word.map { Self.substitutes[Int($0)] }
            }
            schedule.append((0..<4).map { word[$0] ^ schedule[index - words][$0] })
        }
        roundKeys = stride(from: 0, to: schedule.count, by: 4).map { Array(schedule[$0..<($0 + 4)].joined()) }
    }

    func encrypt(_ block: [UInt8]) -> [UInt8] {
        var state = xor(block, roundKeys[0])
        for round in 1..<roundKeys.count {
            state = state.map { Self.substitutes[Int($0)] }
            state = (0..<16).map { state[($0 + 4 * ($0 % 4)) % 16] }
            if round < roundKeys.count - 1 { state = mix(state, [2, 3, 1, 1]) }
            state = xor(state, roundKeys[round])
        }
        return state
    }

    func decrypt(_ block: [UInt8]) -> [UInt8] {
        var state = block
        for round in (1..<roundKeys.count).reversed() {
            state = xor(state, roundKeys[round])
            if round < roundKeys.count - 1 { state = mix(state, [14, 11, 13, 9]) }
            state = (0..<16).map { state[($0 + 12 * ($0 % 4)) % 16] }
            state = state.map { Self.inverses[Int($0)] }
        }
        return xor(state, roundKeys[0])
    }

    private func xor(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { left.indices.map { left[$0] ^ right[$0] } }

    private func mix(_ state: [UInt8], _ row: [Int]) -> [UInt8] {
        var mixed = state
        for place in 0..<16 {
            let (column, turn) = (place & ~3, 4 - place & 3)
            mixed[place] =
                Self.products[row[turn & 3]][Int(state[column])]
                ^ Self.products[row[(turn + 1) & 3]][Int(state[column + 1])]
                ^ Self.products[row[(turn + 2) & 3]][Int(state[column + 2])]
                ^ Self.products[row[(turn + 3) & 3]][Int(state[column + 3])]
        }
        return mixed
    }

    /// Every byte multiplied by each of the factors below 16.
    private static let products: [[UInt8]] = (0..<16).map { factor in (0...255).map { product(factor, $0) } }

    /// In GF(2⁸), modulo x⁸ + x⁴ + x³ + x + 1.
    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (a, b, result): (UInt8, UInt8, UInt8) = (left, right, 0)
        while b > 0 {
            if b & 1 == 1 { result ^= a }
            a = a << 1 ^ (a & 0x80 > 0 ? 0x1B : 0)
            b >>= 1
        }
        return result
    }

    /// The inverse in GF(2⁸), followed by an affine map.
    private static let substitutes: [UInt8] = (0..<256).map { value in
        let inverse = (1..<256).first { product(UInt8(value), UInt8($0)) == 1 } ?? 0
        let bits = UInt8(inverse)
        func left(_ count: UInt8) -> UInt8 { bits << count | bits >> (8 - count) }
        return bits ^ left(1) ^ left(2) ^ left(3) ^ left(4) ^ 0x63
    }

    private static let inverses: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 256)
        for (index, value) in substitutes.enumerated() { table[Int(value)] = UInt8(index) }
        return table
    }()
}
