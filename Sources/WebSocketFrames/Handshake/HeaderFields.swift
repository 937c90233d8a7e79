/// The header fields of a request or a response, in their order (RFC 9110 §5).
///
/// It can be created from any sequence of names and values, such as NIO's `HTTPHeaders`. Names are compared without
/// regard to case.
public struct HeaderFields: Sendable, Hashable {
    /// One line of a head.
    public struct Field: Sendable, Hashable {
        /// The name as it was written.
        public let name: String
        /// The value, without surrounding white space.
        public let value: String
    }

    /// All fields.
    public private(set) var fields: [Field] = []

    /// Creates fields from names and values.
    public init(_ fields: some Sequence<(name: String, value: String)>) {
        for (name, value) in fields { append(name, value) }
    }

    /// No fields.
    public init() {}

    /// Adds a field.
    public mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: String(Token.trimmed(value.utf8)) ?? ""))
    }

    /// Returns the values of all fields with this name, in order.
    public func values(of name: String) -> [String] {
        fields.filter { Token.equal($0.name, name) }.map(\.value)
    }

    /// Returns the elements of the lists in all fields with this name (RFC 9110 §5.6.1), in order, without empty
    /// ones.
    public func elements(of name: String) -> [String] {
        values(of: name).flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ",")).compactMap { element in
                let element = Token.trimmed(element)
                return element.isEmpty ? nil : String(element)
            }
        }
    }

    /// Returns whether one of those elements is `token`, regardless of case.
    public func has(_ token: String, in name: String) -> Bool {
        elements(of: name).contains { Token.equal($0, token) }
    }
}

extension HeaderFields: ExpressibleByDictionaryLiteral, Sequence {
    /// Creates fields from a literal; a name may occur more than once.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// Returns an iterator over the names and values, in order.
    public func makeIterator() -> IndexingIterator<[(name: String, value: String)]> {
        fields.map { (name: $0.name, value: $0.value) }.makeIterator()
    }
}

/// Tokens (RFC 9110 §5.6.2), and other text in field values.
enum Token {
    /// Returns whether a token may contain this byte: letters, digits, and some punctuation.
    static func isMade(of byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    static func isToken(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isMade) }

    /// Returns whether the two are equal apart from the case of ASCII letters.
    static func equal(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count
            && one.utf8.lazy.map(lowercased).elementsEqual(other.utf8.lazy.map(lowercased))
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Returns the text without spaces and tabs at either end.
    static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text
        while let first = text.first, isSpace(first) { text.removeFirst() }
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    static func trimmed(_ text: String.UTF8View) -> Substring.UTF8View { trimmed(text[...]) }

    /// Returns the text in a form that is safe to log: no byte from a peer may control a terminal.
    static func shown(_ text: String) -> String {
        let shown = text.utf8.prefix(100).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
        return "\"" + String(decoding: shown, as: UTF8.self) + (text.utf8.count > 100 ? "…" : "") + "\""
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
