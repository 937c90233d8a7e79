/// Converts an interface's time stamps to nanoseconds since 1970.
///
/// Every resolution and every offset is supported; a time before 1970 is set to 1970, one beyond what ``CaptureTime``
/// can represent (the year 2554) to the latest.
struct CaptureClock: Sendable {
    private enum Unit {
        /// The number of nanoseconds in a unit.
        case nanoseconds(UInt64)
        /// The number of units in a nanosecond; nil if that is more than any time stamp can count.
        case perNanosecond(UInt64?)
        /// A second has 2 to the power of this many units, 0…127.
        case binary(UInt8)
    }

    private let unit: Unit
    /// The number of seconds to add.
    private let offset: Int64

    /// Creates a clock from the options of an interface.
    ///
    /// - Parameters:
    ///   - resolution: `if_tsresol`: a second has 10 (or 2, if the top bit is set) to the power of the lower 7 bits
    ///     units.
    ///   - offset: `if_tsoffset`, in seconds.
    init(resolution: UInt8, offset: Int64) {
        self.offset = offset
        let exponent = resolution & 0x7F
        if resolution & 0x80 != 0 {
            unit = .binary(exponent)
        } else if exponent <= 9 {
            unit = .nanoseconds(Self.powerOfTen(9 &- exponent))
        } else {
            unit = .perNanosecond(exponent &- 9 < 20 ? Self.powerOfTen(exponent &- 9) : nil)
        }
    }

    /// Returns the time for a time stamp.
    @inline(__always)
    func time(_ units: UInt64) -> CaptureTime {
        let nanoseconds =
            switch unit {
            case .nanoseconds(let count): Self.product(units, count)
            case .perNanosecond(let count): count.map { units / $0 } ?? 0
            case .binary(let exponent): Self.scaled(units, by: exponent)
            }
        return CaptureTime(nanoseconds: offset == 0 ? nanoseconds : moved(nanoseconds))
    }

    private func moved(_ nanoseconds: UInt64) -> UInt64 {
        let distance = Self.product(offset.magnitude, 1_000_000_000)
        if offset < 0 { return nanoseconds > distance ? nanoseconds &- distance : 0 }
        let (sum, overflow) = nanoseconds.addingReportingOverflow(distance)
        return overflow ? .max : sum
    }

    @inline(__always)
    private static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }

    /// Returns `units` · 10⁹ / 2^`exponent`, exactly: the product has up to 94 bits.
    private static func scaled(_ units: UInt64, by exponent: UInt8) -> UInt64 {
        let product = units.multipliedFullWidth(by: 1_000_000_000)
        switch exponent {
        case 0: return product.high == 0 ? product.low : .max
        case 64...: return product.high >> (exponent &- 64)
        default:
            guard product.high >> exponent == 0 else { return .max }
            return product.high << (64 &- exponent) | product.low >> exponent
        }
    }

    /// Returns 10 to the power of 0…19.
    private static func powerOfTen(_ exponent: UInt8) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power &*= 10 }
        return power
    }
}
