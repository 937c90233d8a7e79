internal import WebSocketCaptures
internal import WebSocketFrames

// Values of a case as messages show them. Whatever comes from the input is short and printable ASCII.

enum Wording {
    /// No more bytes of an input than these are shown in a quotation.
    static let quotationCount = 48

    /// `1 byte`, `65,536 bytes`.
    static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        CountedText.count(number, noun)
    }

    /// With thousands separators: `65,536`.
    static func grouped(_ number: some BinaryInteger) -> String { CountedText.grouped(number) }

    /// The first bytes between quotes; what is not plainly visible is written out.
    static func quoted(_ bytes: some Collection<UInt8>) -> String {
        var text = "\""
        for byte in bytes.prefix(quotationCount) {
            switch byte {
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0x22, 0x5C: text += "\\" + String(UnicodeScalar(byte))
            case 0x20...0x7E: text += String(UnicodeScalar(byte))
            default: text += "\\x" + hex(byte)
            }
        }
        return text + (bytes.count > quotationCount ? "...\"" : "\"")
    }

    /// The first bytes in hex, set apart: `C3 28`.
    static func hex(_ bytes: some Collection<UInt8>, atMost count: Int = 8) -> String {
        bytes.prefix(count).map { hex($0) }.joined(separator: " ") + (bytes.count > count ? " ..." : "")
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// `the client`, `the server` or `the sender`.
    static func sender(_ context: ViolationContext) -> String {
        context.sender.map { "the \($0.name)" } ?? "the sender"
    }
}
