/// The offset that the next line of a dump must have.
///
/// `od` prints offsets in octal, decimal or hexadecimal, and all look alike at first. So all three are followed, and
/// those that do not fit are dropped.
struct DumpOffsets: Sendable {
    /// One way to read the offsets.
    private struct Reading {
        let radix: UInt64
        /// The first line's offset: not 0 if only a part was dumped.
        let base: UInt64
    }

    private var readings: [Reading] = []
    /// The number of bytes of the lines so far.
    private var count: UInt64 = 0

    /// Starts at a first line with the offset `digits`.
    init(first digits: Span<UInt8>, isXXD: Bool, at position: TextPosition) throws(TextError) {
        // Seven digits are od's octal and decimal, or hexdump's; all others are hexadecimal.
        let radixes: [UInt64] = !isXXD && digits.count == 7 ? [8, 10, 16] : [16]
        for radix in radixes {
            if let base = Self.value(of: digits, radix: radix) { readings.append(Reading(radix: radix, base: base)) }
        }
        if readings.isEmpty { throw TextError(position, "an offset of too many digits") }
    }

    /// Continues after `bytes` more bytes.
    mutating func advance(by bytes: UInt64) {
        count &+= bytes
    }

    /// Drops the readings that `digits` do not fit; if none is left, there are missing or additional lines.
    mutating func check(_ digits: Span<UInt8>, at position: TextPosition) throws(TextError) {
        let fitting = readings.filter { Self.value(of: digits, radix: $0.radix) == $0.base &+ count }
        guard fitting.isEmpty else {
            if fitting.count < readings.count { readings = fitting }
            return
        }
        let likeliest = readings[0]
        let expected = String(likeliest.base &+ count, radix: Int(likeliest.radix))
        let padding = String(repeating: "0", count: max(0, digits.count - expected.utf8.count))
        throw TextError(
            position,
            "offset \(Self.text(of: digits)) where \(padding)\(expected) must come: a line is missing or not whole"
        )
    }

    /// Returns how many bytes there are up to the offset `digits`, if lines of `width` bytes fill them.
    mutating func gap(to digits: Span<UInt8>, width: UInt64, at position: TextPosition) throws(TextError) -> UInt64 {
        var gaps: [(reading: Reading, bytes: UInt64)] = []
        for reading in readings {
            guard let offset = Self.value(of: digits, radix: reading.radix) else { continue }
            let (bytes, isNegative) = offset.subtractingReportingOverflow(reading.base &+ count)
            if !isNegative, bytes % width == 0 { gaps.append((reading, bytes)) }
        }
        guard let first = gaps.first else {
            throw TextError(position, "offset \(Self.text(of: digits)) does not follow from the '*' before it")
        }
        guard gaps.count == 1 else {
            throw TextError(
                position,
                "offset \(Self.text(of: digits)) can be read in more than one radix, so it is unknown how many bytes '*' "
                    + "stands for: dump with -v"
            )
        }
        readings = [first.reading]
        return first.bytes
    }

    private static func value(of digits: Span<UInt8>, radix: UInt64) -> UInt64? {
        var value: UInt64 = 0
        for index in digits.indices {
            let digit = UInt64(HexDigits.value(of: digits[index]))
            let (product, overflows) = value.multipliedReportingOverflow(by: radix)
            guard digit < radix, !overflows else { return nil }
            let (sum, carries) = product.addingReportingOverflow(digit)
            guard !carries else { return nil }
            value = sum
        }
        return value
    }

    private static func text(of digits: Span<UInt8>) -> String {
        var text = ""
        for index in 0..<min(digits.count, 32) { text.unicodeScalars.append(Unicode.Scalar(digits[index])) }
        return digits.count > 32 ? text + "…" : text
    }
}
