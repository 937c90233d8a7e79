import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Packet times")
struct CaptureTimeTests {
    private func time(_ units: UInt64, resolution: UInt8?, offset: Int64? = nil) -> UInt64? {
        var file = CaptureBytes(bigEndian: true)
        file.addSection()
        file.addInterface(resolution: resolution, offset: offset)
        file.addEnhanced(units: units, [])
        return ReadCapture(file).times.first ?? nil
    }

    @Test("every resolution, as a power of 10 and of 2")
    func resolutions() {
        var numbers = SplitMix64(seed: 99)
        for exponent in UInt8(0)...127 {
            if exponent <= 9 {
                #expect(time(3, resolution: exponent) == 3 * power(9 - exponent))
                #expect(time(.max, resolution: exponent) == .max)
            } else {
                #expect(time(3, resolution: exponent) == 0)
                let divided = exponent < 29 ? UInt64.max / power(exponent - 9) : 0
                #expect(time(.max, resolution: exponent) == divided, "10^-\(exponent)")
            }
            for units: UInt64 in [0, 1, 1 << 30, .max, UInt64.random(in: 0 ... .max, using: &numbers)] {
                #expect(
                    time(units, resolution: exponent | 0x80) == naive(units, exponent), "\(units) of 2^-\(exponent)")
            }
        }
        #expect(time(1_700_000_000_123_456, resolution: nil) == 1_700_000_000_123_456_000)
        #expect(time(1_700_000_000 << 32 | 1 << 31, resolution: 0xA0) == 1_700_000_000_500_000_000)
    }

    @Test("offsets, to before 1970 and out of range")
    func offsets() {
        #expect(time(5_000_000, resolution: nil, offset: 2) == 7_000_000_000)
        #expect(time(5_000_000, resolution: nil, offset: -2) == 3_000_000_000)
        #expect(time(5_000_000, resolution: nil, offset: -5) == 0)
        #expect(time(5_000_000, resolution: nil, offset: -6) == 0)
        #expect(time(.max, resolution: 127, offset: .min) == 0)
        #expect(time(.max, resolution: 0, offset: .max) == .max)
        #expect(time(1, resolution: 9, offset: .max) == .max)
        #expect(time(1, resolution: 9, offset: 18_446_744_073) == 18_446_744_073_000_000_001)
    }

    /// units · 10⁹ / 2^exponent, in limbs of 16 bits, halved repeatedly.
    private func naive(_ units: UInt64, _ exponent: UInt8) -> UInt64 {
        var limbs = [UInt64](repeating: 0, count: 8)
        for (index, shift) in [0, 16, 32, 48].enumerated() { limbs[index] = (units >> shift & 0xFFFF) * 1_000_000_000 }
        for index in 0..<7 {
            limbs[index + 1] += limbs[index] >> 16
            limbs[index] &= 0xFFFF
        }
        for _ in 0..<exponent {
            for index in 0..<8 {
                limbs[index] = limbs[index] >> 1 | (index < 7 ? (limbs[index + 1] & 1) << 15 : 0)
            }
        }
        guard limbs[4...].allSatisfy({ $0 == 0 }) else { return .max }
        return limbs[0] | limbs[1] << 16 | limbs[2] << 32 | limbs[3] << 48
    }

    private func power(_ exponent: UInt8) -> UInt64 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    @Test("as text")
    func text() {
        let cases: [(UInt64, String)] = [
            (0, "1970-01-01T00:00:00.000000Z"),
            (1_795_417_435_123_456_000, "2026-11-23T07:03:55.123456Z"),
            (1_795_417_435_123_456_789, "2026-11-23T07:03:55.123456789Z"),
            (951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z"),
            (.max, "2554-07-21T23:34:33.709551615Z"),
        ]
        for (nanoseconds, text) in cases { #expect(CaptureTime(nanoseconds: nanoseconds).description == text) }
    }

    @Test("the first and the last day of every possible month")
    func dates() {
        var day: UInt64 = 0
        for year in 1970...2553 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (index, count) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                let month = (index < 9 ? "0" : "") + "\(index + 1)"
                #expect(text(day) == "\(year)-\(month)-01")
                day += UInt64(count)
                #expect(text(day - 1) == "\(year)-\(month)-\(count)")
            }
        }
    }

    private func text(_ day: UInt64) -> String {
        String(CaptureTime(nanoseconds: day * 86_400_000_000_000).description.prefix(10))
    }
}
