/// Numbers in the form that people read: the same in notices, diagnoses and reports.
package enum CountedText {
    /// Returns a number with thousands separators: `65,536`.
    package static func grouped(_ number: some BinaryInteger) -> String {
        let digits = String(number)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// Returns a count with its noun: `1 byte`, `65,536 bytes`.
    ///
    /// - Parameter many: the noun for any number other than 1; nil if it only takes an s.
    package static func count(_ number: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
        grouped(number) + " " + (number == 1 ? one : many ?? one + "s")
    }
}
