/// One line of JSON: an object whose keys are in the order in which they were added.
struct JSONObject {
    /// The text between the braces, in UTF-8.
    private var members: [UInt8] = []

    mutating func add(_ key: String, _ value: String) {
        begin(key)
        append(literal: value)
    }

    mutating func add(_ key: String, _ value: String?) {
        guard let value else { return addNull(key) }
        add(key, value)
    }

    mutating func add(_ key: String, _ value: UInt64) {
        begin(key)
        append(String(value))
    }

    mutating func add(_ key: String, _ value: UInt64?) {
        guard let value else { return addNull(key) }
        add(key, value)
    }

    mutating func add(_ key: String, _ value: Bool) {
        begin(key)
        append(value ? "true" : "false")
    }

    mutating func add(_ key: String, _ value: Bool?) {
        guard let value else { return addNull(key) }
        add(key, value)
    }

    mutating func add(_ key: String, _ values: [String]) {
        begin(key)
        appendList(of: values) { $0.append(literal: $1) }
    }

    mutating func add(_ key: String, _ values: [String]?) {
        guard let values else { return addNull(key) }
        add(key, values)
    }

    mutating func add(_ key: String, _ values: [JSONObject]) {
        begin(key)
        appendList(of: values) { $0.append($1) }
    }

    mutating func add(_ key: String, _ value: JSONObject) {
        begin(key)
        append(value)
    }

    /// The object and its newline.
    var line: String {
        String(decoding: [ASCII.openBrace] + members + [ASCII.closeBrace, ASCII.lineFeed], as: UTF8.self)
    }

    // MARK: Writing

    private mutating func addNull(_ key: String) {
        begin(key)
        append("null")
    }

    private mutating func begin(_ key: String) {
        if members.isEmpty { members.reserveCapacity(512) } else { members.append(ASCII.comma) }
        // Keys are our own: nothing in them needs escaping.
        members.append(ASCII.quote)
        append(key)
        members.append(ASCII.quote)
        members.append(ASCII.colon)
    }

    private mutating func append(_ text: String) {
        members.append(contentsOf: text.utf8)
    }

    private mutating func append(_ object: JSONObject) {
        members.append(ASCII.openBrace)
        members += object.members
        members.append(ASCII.closeBrace)
    }

    private mutating func appendList<Value>(of values: [Value], _ append: (inout JSONObject, Value) -> Void) {
        members.append(ASCII.openBracket)
        for (index, value) in values.enumerated() {
            if index > 0 { members.append(ASCII.comma) }
            append(&self, value)
        }
        members.append(ASCII.closeBracket)
    }

    /// Appends a string between quotes. In addition to what JSON requires (RFC 8259 §7), characters that could
    /// control or mislead a terminal are escaped: a reader gets the same string.
    private mutating func append(literal text: String) {
        members.append(ASCII.quote)
        let start = members.count
        append(text)
        // Nearly always there is nothing to escape.
        if !members[start...].allSatisfy(Self.isPlain) {
            members.removeSubrange(start...)
            for scalar in text.unicodeScalars { append(scalar) }
        }
        members.append(ASCII.quote)
    }

    /// Returns whether a byte is printable ASCII that is not escaped.
    private static func isPlain(_ byte: UInt8) -> Bool {
        0x20 <= byte && byte < 0x7F && byte != ASCII.quote && byte != ASCII.backslash
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
            append("\\u" + Numbers.paddedHex(UInt64(scalar.value), digits: 4, uppercase: false))
        default: members.append(contentsOf: String(scalar).utf8)
        }
    }
}

private enum ASCII {
    static let lineFeed: UInt8 = 0x0A
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C
    static let colon: UInt8 = 0x3A
    static let openBracket: UInt8 = 0x5B
    static let backslash: UInt8 = 0x5C
    static let closeBracket: UInt8 = 0x5D
    static let openBrace: UInt8 = 0x7B
    static let closeBrace: UInt8 = 0x7D
}
