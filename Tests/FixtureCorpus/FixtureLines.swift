/// The lines of a file: its bytes, and the settings after `#:` and `#=`.
struct FixtureLines {
    /// One `#:` or `#=` line.
    struct Setting {
        let key: String
        let value: String
        let line: Int
    }

    private(set) var how: [Setting] = []
    private(set) var what: [Setting] = []
    private(set) var bytes: [UInt8] = []

    init(path: String, file: [UInt8]) throws(FixtureError) {
        guard file.last == UInt8(ascii: "\n") else {
            throw FixtureError(path: path, line: 1, message: "does not end with a line feed")
        }
        var firstDigit: UInt8?
        var number = 0
        for line in file.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.starts(with: "#:".utf8) {
                how.append(try Self.setting(line.dropFirst(2), path: path, number: number))
            } else if line.starts(with: "#=".utf8) {
                what.append(try Self.setting(line.dropFirst(2), path: path, number: number))
            } else {
                for character in line.prefix(while: { $0 != UInt8(ascii: "#") }) {
                    if character == UInt8(ascii: " ") || character == UInt8(ascii: "\t") { continue }
                    guard let digit = Self.digit(character) else {
                        throw FixtureError(path: path, line: number, message: "there is no hexadecimal digit")
                    }
                    if let first = firstDigit {
                        bytes.append(first << 4 | digit)
                        firstDigit = nil
                    } else {
                        firstDigit = digit
                    }
                }
            }
        }
        guard firstDigit == nil else {
            throw FixtureError(path: path, line: number, message: "the last byte has one digit only")
        }
    }

    private static func setting(
        _ text: ArraySlice<UInt8>,
        path: String,
        number: Int
    ) throws(FixtureError) -> Setting {
        guard text.allSatisfy({ (0x20...0x7E).contains($0) }), text.first == 0x20 else {
            throw FixtureError(path: path, line: number, message: "is not a space, a key and a value in ASCII")
        }
        let words = String(decoding: text, as: UTF8.self).split(separator: " ")
        guard let key = words.first, words.count <= 2 || key == "extensions" else {
            throw FixtureError(path: path, line: number, message: "is not a key and at most one value")
        }
        return Setting(key: String(key), value: words.dropFirst().joined(separator: " "), line: number)
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// The settings of one marker, taken one by one; any that is left over is an error.
struct FixtureSettings {
    private let path: String
    private let marker: String
    private let all: [FixtureLines.Setting]
    private var taken: Set<String> = []

    init(path: String, marker: String, settings: [FixtureLines.Setting]) {
        self.path = path
        self.marker = marker
        all = settings
    }

    /// An error that names the line of `key`.
    func error(_ key: String, _ message: String) -> FixtureError {
        let line = all.first { $0.key == key }?.line ?? 1
        return FixtureError(path: path, line: line, message: "\(marker) \(key) \(message)")
    }

    /// The value of `key`, if present.
    mutating func take(_ key: String) throws(FixtureError) -> String? {
        taken.insert(key)
        let found = all.filter { $0.key == key }
        guard let setting = found.first else { return nil }
        guard found.count == 1 else {
            throw FixtureError(path: path, line: found[1].line, message: "\(marker) \(key) is there twice")
        }
        return setting.value
    }

    mutating func takeNumber(_ key: String) throws(FixtureError) -> UInt64? {
        guard let value = try take(key) else { return nil }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let number = UInt64(value), value.utf8.allSatisfy(digits.contains) else {
            throw error(key, "is not a number")
        }
        return number
    }

    mutating func demand(_ key: String) throws(FixtureError) -> String {
        guard let value = try take(key) else { throw error(key, "is missing") }
        return value
    }

    mutating func demandNumber(_ key: String) throws(FixtureError) -> UInt64 {
        guard let value = try takeNumber(key) else { throw error(key, "is missing") }
        return value
    }

    mutating func demandFlag(_ key: String) throws(FixtureError) -> Bool {
        switch try demand(key) {
        case "true": true
        case "false": false
        default: throw error(key, "is neither true nor false")
        }
    }

    /// Throws for a key that was not taken.
    func finish() throws(FixtureError) {
        for setting in all where !taken.contains(setting.key) {
            throw FixtureError(path: path, line: setting.line, message: "\(marker) \(setting.key) does not belong here")
        }
    }
}
