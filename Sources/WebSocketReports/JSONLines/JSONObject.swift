/// One line of JSON: an object whose keys stand in the order in which they were added.
struct JSONObject {
    private var members = ""

    mutating func add(_ key: String, _ value: String) {
        add(key, raw: Self.literal(value))
    }

    mutating func add(_ key: String, _ value: String?) {
        add(key, raw: value.map(Self.literal) ?? "null")
    }

    mutating func add(_ key: String, _ value: UInt64) {
        add(key, raw: String(value))
    }

    mutating func add(_ key: String, _ value: UInt64?) {
        add(key, raw: value.map(String.init) ?? "null")
    }

    mutating func add(_ key: String, _ value: Bool) {
        add(key, raw: value ? "true" : "false")
    }

    mutating func add(_ key: String, _ value: Bool?) {
        add(key, raw: value.map { $0 ? "true" : "false" } ?? "null")
    }

    mutating func add(_ key: String, _ values: [String]) {
        add(key, raw: Self.list(values))
    }

    mutating func add(_ key: String, _ values: [String]?) {
        add(key, raw: values.map(Self.list) ?? "null")
    }

    mutating func add(_ key: String, _ values: [JSONObject]) {
        add(key, raw: "[" + values.map(\.text).joined(separator: ",") + "]")
    }

    mutating func add(_ key: String, _ value: JSONObject) {
        add(key, raw: value.text)
    }

    /// The object and its newline.
    var line: String { text + "\n" }

    private var text: String { "{\(members)}" }

    private mutating func add(_ key: String, raw: String) {
        if !members.isEmpty { members += "," }
        members += Self.literal(key) + ":" + raw
    }

    private static func list(_ values: [String]) -> String {
        "[" + values.map(literal).joined(separator: ",") + "]"
    }

    /// A string between quotes. Beside what JSON demands (RFC 8259 §7), characters that could drive or mislead a
    /// terminal are escaped: a reader gets the same string.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: literal += "\\\""
            case 0x5C: literal += "\\\\"
            case 0x0A: literal += "\\n"
            case 0x0D: literal += "\\r"
            case 0x09: literal += "\\t"
            case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
                literal += "\\u" + Numbers.paddedHex(UInt64(scalar.value), digits: 4, uppercase: false)
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
