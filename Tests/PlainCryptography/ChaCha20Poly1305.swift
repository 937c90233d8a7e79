/// ChaCha20 and Poly1305 as specified by RFC 8439.
enum PlainChaCha {
    static func block(key: [UInt8], nonce: [UInt8], counter: UInt32) -> [UInt8] {
        let start = words(Array("expand 32-byte k".utf8)) + words(key) + [counter] + words(nonce)
        var state = start
        func turn(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
            for (to, from, mixed, count) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
                state[to] &+= state[from]
                let word = state[mixed] ^ state[to]
                state[mixed] = word << UInt32(count) | word >> UInt32(32 - count)
            }
        }
        for _ in 0..<10 {
            for column in 0..<4 { turn(column, 4 + column, 8 + column, 12 + column) }
            for column in 0..<4 {
                turn(column, 4 + (column + 1) % 4, 8 + (column + 2) % 4, 12 + (column + 3) % 4)
            }
        }
        return zip(state, start).flatMap { pair in
            (0..<4).map { UInt8(truncatingIfNeeded: (pair.0 &+ pair.1) >> UInt32(8 * $0)) }
        }
    }

    /// The one-time authenticator, in limbs of 26 bits.
    static func poly1305(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        let mask: UInt64 = 0x3FF_FFFF
        func limbs(_ bytes: [UInt8]) -> [UInt64] {
            (0..<5).map { limb in
                (0..<26).reduce(0) { value, bit in
                    let place = 26 * limb + bit
                    guard place / 8 < bytes.count else { return value }
                    return value | UInt64(bytes[place / 8] >> UInt8(place % 8) & 1) << UInt64(bit)
                }
            }
        }
        var clamped = Array(key.prefix(16))
        for index in [3, 7, 11, 15] { clamped[index] &= 15 }
        for index in [4, 8, 12] { clamped[index] &= 252 }
        let r = limbs(clamped)
        var sum = [UInt64](repeating: 0, count: 5)
        for start in stride(from: 0, to: message.count, by: 16) {
            let block = limbs(Array(message[start..<min(start + 16, message.count)]) + [1])
            for index in 0..<5 { sum[index] += block[index] }
            var product = [UInt64](repeating: 0, count: 5)
            for i in 0..<5 {
                for j in 0..<5 { product[(i + j) % 5] += sum[i] * r[j] * (i + j < 5 ? 1 : 5) }
            }
            carry(&product, mask)
            sum = product
        }
        carry(&sum, mask)
        carry(&sum, mask)
        // Modulo 2¹³⁰ − 5: adding 5 carries out of the top exactly if the sum is not smaller.
        var reduced = sum
        reduced[0] += 5
        for index in 0..<4 {
            reduced[index + 1] += reduced[index] >> 26
            reduced[index] &= mask
        }
        if reduced[4] >> 26 > 0 {
            reduced[4] &= mask
            sum = reduced
        }
        var tag: [UInt8] = []
        var over: UInt64 = 0
        for index in 0..<16 {
            let byte = (0..<8).reduce(UInt64(0)) { value, bit in
                let place = 8 * index + bit
                return value | (sum[place / 26] >> UInt64(place % 26) & 1) << UInt64(bit)
            }
            over += byte + UInt64(key[16 + index])
            tag.append(UInt8(truncatingIfNeeded: over))
            over >>= 8
        }
        return tag
    }

    private static func carry(_ limbs: inout [UInt64], _ mask: UInt64) {
        for index in 0..<5 {
            let over = limbs[index] >> 26
            limbs[index] &= mask
            if index < 4 { limbs[index + 1] += over } else { limbs[0] += over * 5 }
        }
    }

    private static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        }
    }
}
