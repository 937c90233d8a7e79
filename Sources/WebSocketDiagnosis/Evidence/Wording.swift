internal import WebSocketCaptures
internal import WebSocketFrames

// The values of a case as messages show them. Bytes of the input are kept short: only printable ASCII, letters and
// digits.

enum Wording {
    /// The most bytes of an input that are quoted.
    static let quotationCount = 48

    /// Returns `1 byte`, `65,536 bytes`.
    static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        CountedText.count(number, noun)
    }

    /// Returns a number with thousands separators: `65,536`.
    static func grouped(_ number: some BinaryInteger) -> String { CountedText.grouped(number) }

    /// Returns the first bytes between quotes; what is not plainly visible is escaped.
    ///
    /// Letters are shown as such only if all of it is text: anything else may be in any encoding.
    static func quoted(_ bytes: some Collection<UInt8>, atMost count: Int = quotationCount) -> String {
        var shown = Array(bytes.prefix(count))
        let isText = CleanText.holds(shown, isCut: bytes.count > count)
        // A character that is cut off is left out.
        while isText, shown.count < bytes.count, String(validating: shown, as: UTF8.self) == nil { shown.removeLast() }
        let text =
            isText
            ? String(decoding: shown, as: UTF8.self).unicodeScalars.map { visible($0) }.joined()
            : shown.map { visible(UnicodeScalar($0), isByte: true) }.joined()
        return "\"" + text + (bytes.count > count ? "...\"" : "\"")
    }

    private static func visible(_ scalar: UnicodeScalar, isByte: Bool = false) -> String {
        switch scalar.value {
        case 0x0A: "\\n"
        case 0x0D: "\\r"
        case 0x09: "\\t"
        case 0x22, 0x5C: "\\" + String(scalar)
        case 0x20...0x7E: String(scalar)
        case _ where isByte: "\\x" + hex(UInt8(truncatingIfNeeded: scalar.value))
        case _ where isLetterOrNumber(scalar): String(scalar)
        default: UTF8.encode(scalar)?.map { "\\x" + hex($0) }.joined() ?? ""
        }
    }

    static func isLetterOrNumber(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }

    /// Returns the first bytes in hex, separated by spaces: `C3 28`.
    static func hex(_ bytes: some Collection<UInt8>, atMost count: Int = 8) -> String {
        bytes.prefix(count).map { hex($0) }.joined(separator: " ") + (bytes.count > count ? " ..." : "")
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// Returns `the client`, `the server` or `the sender`.
    static func sender(_ context: ViolationContext) -> String {
        context.sender.map { "the \($0.name)" } ?? "the sender"
    }
}
