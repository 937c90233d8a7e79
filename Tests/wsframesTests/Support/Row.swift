import Foundation

/// One line of JSON Lines: an object, with its keys in order.
struct Row: Hashable, CustomStringConvertible {
    let line: String
    let keys: [String]
    /// Each value as written, strings with their quotes.
    private let raw: [String: String]

    /// - Returns: nil if the line is not a single JSON object, or repeats a key.
    init?(_ line: String) {
        guard (try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any] else { return nil }
        self.line = line
        var keys: [String] = []
        var raw: [String: String] = [:]
        // The line is valid JSON, so it is enough to keep track of quotes and brackets.
        var member = ""
        var isQuoted = false
        var isEscaped = false
        var depth = 0
        func add() -> Bool {
            guard let end = member.dropFirst().firstIndex(of: "\"") else { return false }
            let key = String(member[member.index(after: member.startIndex)..<end])
            guard raw[key] == nil else { return false }
            keys.append(key)
            raw[key] = String(member[member.index(end, offsetBy: 2)...])
            member = ""
            return true
        }
        for character in line.unicodeScalars.dropFirst().dropLast() {
            if isQuoted {
                isQuoted = isEscaped || character != "\""
                isEscaped = !isEscaped && character == "\\"
            } else {
                switch character {
                case "\"": isQuoted = true
                case "[", "{": depth += 1
                case "]", "}": depth -= 1
                case "," where depth == 0:
                    guard add() else { return nil }
                    continue
                default: break
                }
            }
            member.unicodeScalars.append(character)
        }
        guard add() else { return nil }
        self.keys = keys
        self.raw = raw
    }

    var description: String { line }

    /// A value as written: `12`, `true`, `null`, `"text"`.
    func raw(_ key: String) -> String? { raw[key] }

    /// The value of a string; nil if there is none.
    subscript(key: String) -> String? {
        guard let value = raw[key], value.hasPrefix("\"") else { return nil }
        let data = Data("[\(value)]".utf8)
        return ((try? JSONSerialization.jsonObject(with: data)) as? [String])?.first
    }

    /// The value of a number; nil if there is none.
    func number(_ key: String) -> UInt64? { raw[key].flatMap { UInt64($0) } }

    /// The whole row except for the name of its input.
    var withoutSource: [String: String] { raw.filter { $0.key != "source" } }

    var type: String { self["type"] ?? "" }
}

extension Row {
    /// The keys that the contract names, in order; more may follow.
    static let contractKeys = [
        "violation": [
            "type", "source", "connection", "sender", "frame", "frameOffset", "offset", "length", "rule", "section",
            "closeCode", "header", "message",
        ],
        "notice": ["type", "source", "connection", "sender"],
        "error": ["type", "source", "message"],
        "hops": ["type", "source", "connection", "otherSource", "otherConnection", "evidence"],
        "stream": [
            "type", "source", "connection", "sender", "state", "frames", "messages", "bytes", "closed", "closeCode",
        ],
    ]

    /// Whether the row is of a type of the contract, and begins with that type's keys.
    var fitsContract: Bool {
        // Keys may be added: `messageOffset` is among those of the contract, next to what it belongs to.
        Row.contractKeys[type].map { keys.filter { $0 != "messageOffset" }.starts(with: $0) } ?? false
    }
}

extension [Row] {
    func of(_ type: String) -> [Row] { filter { $0.type == type } }

    var streams: [Row] { of("stream") }
    var violations: [Row] { of("violation") }
    var errors: [Row] { of("error") }

    /// The broken rules, in order.
    var rules: [String] { violations.compactMap { $0["rule"] } }

    /// The names of the notices, in order.
    var notices: [String] { of("notice").compactMap { $0["notice"] } }

    /// The inputs whose streams were judged, in order.
    var sources: [String] { streams.compactMap { $0["source"] } }
}
