/// Incorrect usage: what is wrong, and what to do about it. Exit status 2.
struct UsageError: Error {
    let message: String
    let hint: String
}

/// The arguments of one command, parsed according to its table.
struct ParsedArguments {
    /// Everything that is not an option, in order.
    private(set) var operands: [FilePath] = []
    private var values: [String: [String]] = [:]

    /// Returns whether the option was given.
    func has(_ option: String) -> Bool { values[option] != nil }

    /// Returns the word given with an option; if it was given twice, the last one.
    func word(_ option: String) -> String? { values[option]?.last }

    /// Returns all words given with an option that may be given several times.
    func words(_ option: String) -> [String] { values[option] ?? [] }

    /// Returns the number given with an option.
    func number(_ option: String) -> UInt64? { word(option).flatMap { UInt64($0) } }

    /// Returns all numbers given with an option that may be given several times.
    func numbers(_ option: String) -> [UInt64] { (values[option] ?? []).compactMap { UInt64($0) } }

    /// Parses `arguments`: options anywhere, `--name value` or `--name=value`, only operands after `--`.
    init(_ given: [FilePath], of command: CommandEntry) throws(UsageError) {
        let arguments = given.map(\.text)
        var index = 0
        var onlyOperands = false
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            if onlyOperands || argument == "-" || !argument.hasPrefix("-") {
                operands.append(given[index - 1])
            } else if argument == "--" {
                onlyOperands = true
            } else {
                try takeOption(argument, from: arguments, at: &index, of: command)
            }
        }
    }

    private mutating func takeOption(
        _ argument: String, from arguments: [String], at index: inout Int, of command: CommandEntry
    ) throws(UsageError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        var name = String(parts[0])
        if name == "-h" { name = "--help" }
        guard let option = command.options.first(where: { $0.name == name }) else {
            throw Self.unknownOption(name, of: command)
        }
        if case .none = option.value {
            guard parts.count == 1 else {
                throw UsageError(message: "\(name) takes no value", hint: "write just \(name)")
            }
            values[name] = [""]
            return
        }
        var value = parts.count == 2 ? String(parts[1]) : nil
        if value == nil, index < arguments.count {
            value = arguments[index]
            index += 1
        }
        guard let value else {
            throw UsageError(message: "\(name) needs a value", hint: "write \(option.usage)")
        }
        try Self.check(value, for: option)
        values[name, default: []].append(value)
    }

    private static func check(_ value: String, for option: OptionEntry) throws(UsageError) {
        switch option.value {
        case .choice(let words) where !words.contains(value):
            throw UsageError(
                message: "\(option.name) does not take \(quoted(value))",
                hint: suggestion(for: value, among: words) ?? "write \(option.usage)")
        case .bytes where UInt64(value) == nil || !value.utf8.allSatisfy({ 0x30...0x39 ~= $0 }):
            throw UsageError(
                message: "\(option.name) takes a number of bytes, not \(quoted(value))",
                hint: "write digits only, 0 to \(UInt64.max)")
        case .number where UInt64(value) == nil || !value.utf8.allSatisfy({ 0x30...0x39 ~= $0 }):
            throw UsageError(
                message: "\(option.name) takes a number, not \(quoted(value))", hint: "write \(option.usage)")
        case .port where UInt16(value) ?? 0 == 0 || !value.utf8.allSatisfy({ 0x30...0x39 ~= $0 }):
            throw UsageError(
                message: "\(option.name) takes a port, not \(quoted(value))", hint: "write a number from 1 to 65535")
        default: break
        }
    }

    private static func unknownOption(_ name: String, of command: CommandEntry) -> UsageError {
        UsageError(
            message: "\(command.name) has no option \(quoted(name))",
            hint: suggestion(for: name, among: command.options.map(\.name))
                ?? "wsframes \(command.name) --help lists them; a file of that name is written ./\(printable(name))")
    }
}

/// Returns a word of the user's for printing: in quotes, and without anything that could control a terminal.
func quoted(_ word: String) -> String {
    "'" + printable(word) + "'"
}

/// Returns the text with every control character written as an escape.
func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// Returns "did you mean …?" if one of `words` is at most two letters away.
func suggestion(for word: String, among words: [String]) -> String? {
    let near = words.map { (word: $0, distance: editDistance(word, $0)) }.min { $0.distance < $1.distance }
    guard let near, near.distance <= 2 else { return nil }
    return "did you mean \(near.word)?"
}

private func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right.prefix(64))
    var row = Array(0...right.count)
    for (line, character) in left.prefix(64).enumerated() {
        var diagonal = row[0]
        row[0] = line + 1
        for column in right.indices {
            let replaced = diagonal + (character == right[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
        }
    }
    return row[right.count]
}
