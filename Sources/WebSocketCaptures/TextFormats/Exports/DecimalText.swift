/// Decimal numbers in a text.
enum DecimalText {
    /// Returns the number that begins at `index`, and moves that after it; nil if there is none, or it is over 64
    /// bits.
    static func number(in text: Span<UInt8>, _ index: inout Int) -> UInt64? {
        var number: UInt64?
        while index < text.count, text[index].isDecimalDigit {
            let (tens, overTens) = (number ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, overSum) = tens.addingReportingOverflow(UInt64(text[index] &- ASCII.zero))
            guard !overTens, !overSum else { return nil }
            number = sum
            index += 1
        }
        return number
    }
}
