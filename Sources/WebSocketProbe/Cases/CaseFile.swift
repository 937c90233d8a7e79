import WebSocketFrames

/// Why a `.case` file cannot be read.
public struct CaseFileError: Error, Sendable, Hashable {
    /// The file's path below `Fixtures`.
    public let path: String
    /// The line, from 1.
    public let line: Int
    /// What is wrong in that line.
    public let message: String
}

extension ProbeCase {
    /// Reads a behaviour case, strictly: anything that `Fixtures/FORMAT.md` does not allow is an error.
    ///
    /// - Parameters:
    ///   - file: the text of the `.case` file.
    ///   - path: its path below `Fixtures`.
    /// - Throws: ``CaseFileError`` for the first line that does not follow the format.
    public init(file: String, path: String) throws(CaseFileError) {
        var reader = CaseFileReader(path: path)
        var number = 0
        for line in file.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            reader.line = number
            try reader.read(line)
        }
        guard let target = reader.target else { throw reader.error("no line '#: target client' or '#: target server'") }
        guard !reader.title.isEmpty, !reader.section.isEmpty else {
            throw reader.error("the first comment must be a sentence, and the second name a section: # RFC 6455 §5.5")
        }
        name = String(path.dropLast(".case".count))
        title = reader.title
        section = reader.section
        self.target = target
        needs = reader.needs
        opening = reader.opening
        steps = reader.steps
    }
}

/// Reads a `.case` file line by line.
private struct CaseFileReader {
    /// The most bytes that a line may send, and the most frames that a file may repeat.
    static let ceiling = 1 << 24

    let path: String
    var line = 0
    var title = ""
    var section = ""
    var target: Endpoint?
    var needs: ProbeCase.Needs = []
    var opening = ProbeCase.Opening()
    var steps: [ProbeCase.Step] = []

    init(path: String) {
        self.path = path
    }

    func error(_ message: String) -> CaseFileError { CaseFileError(path: path, line: line, message: message) }

    mutating func read(_ line: Substring) throws(CaseFileError) {
        if line.isEmpty { return }
        if line.hasPrefix("#: ") { return try readSetting(line.dropFirst(3)) }
        if line.hasPrefix("# ") {
            let text = String(line.dropFirst(2))
            if title.isEmpty { title = text } else if section.isEmpty { section = text }
            return
        }
        if line.hasPrefix("#") { return }
        var words = CaseWords(line)
        switch words.next() {
        case "send": try readSend(&words, size: 0)
        case "send-bytewise": try readSend(&words, size: 1)
        case "repeat": try readRepeat(&words)
        case "half-close": steps.append(.halfClose)
        case "reset": steps.append(.reset)
        case "expect": try readExpect(&words)
        case let word:
            throw error("'\(word ?? "")' is not a step: send, send-bytewise, repeat, half-close, reset, expect")
        }
        if let rest = words.next() { throw error("'\(rest)' does not belong here") }
    }

    private mutating func readSetting(_ text: Substring) throws(CaseFileError) {
        let key = text.prefix { $0 != " " }
        let value = String(text.dropFirst(key.count + 1))
        switch (key, value) {
        case ("target", "client"): target = .client
        case ("target", "server"): target = .server
        case ("needs", "echo"): needs.insert(.echo)
        case ("needs", "deflate"): needs.insert(.deflate)
        case ("needs", "harsh"): needs.insert(.harsh)
        case ("needs", "proxy"): needs.insert(.proxy)
        case ("method", _) where !value.isEmpty: opening.method = value
        case ("without", _) where !value.isEmpty: opening.removed.insert(value.lowercased())
        case ("with", _) where value.contains(":"): opening.added.append(value)
        case ("status", "refused"): opening.answer = .refusal
        case ("status", "any"): opening.answer = .either
        case ("joined", ""): opening.isJoined = true
        default: throw error("'#: \(text)' is not a setting")
        }
    }

    // MARK: - Sending

    private mutating func readSend(_ words: inout CaseWords, size: Int) throws(CaseFileError) {
        steps.append(.send(try frame(&words), size: size))
    }

    private mutating func readRepeat(_ words: inout CaseWords) throws(CaseFileError) {
        guard let count = words.next().flatMap({ Int($0) }), (1...Self.ceiling).contains(count), words.next() == "send"
        else {
            throw error("repeat takes a count and a frame: repeat 1000 send ping \"x\"")
        }
        let frame = try frame(&words)
        guard frame.count * count <= Self.ceiling else { throw error("more than 16 MiB") }
        steps.append(.send(Array(repeatElement(frame, count: count).joined()), size: 0))
    }

    private func frame(_ words: inout CaseWords) throws(CaseFileError) -> [UInt8] {
        guard let sender = target?.peer else { throw error("'#: target' must come before the first step") }
        guard let kind = words.next() else { throw error("send takes an opcode or hex") }
        if kind == "hex" { return try hex(&words) }
        if kind == "close" {
            return ProbeFrames.frame(.close, try closePayload(&words), from: sender)
        }
        guard let opcode = Self.opcodes[kind] else { throw error("'\(kind)' is not an opcode") }
        var isFinal = true
        var reservedBits: UInt8 = 0
        var isMasked: Bool?
        while let flag = words.peek {
            switch flag {
            case "no-fin": isFinal = false
            case "rsv1": reservedBits |= 4
            case "rsv2": reservedBits |= 2
            case "rsv3": reservedBits |= 1
            case "masked": isMasked = true
            case "unmasked": isMasked = false
            default:
                return ProbeFrames.frame(
                    opcode, try payload(&words), from: sender, isFinal: isFinal, reservedBits: reservedBits,
                    isMasked: isMasked)
            }
            _ = words.next()
        }
        return ProbeFrames.frame(
            opcode, [], from: sender, isFinal: isFinal, reservedBits: reservedBits, isMasked: isMasked)
    }

    private static let opcodes: [String: Opcode] = [
        "continuation": .continuation, "text": .text, "binary": .binary, "ping": .ping, "pong": .pong,
    ]

    private func hex(_ words: inout CaseWords) throws(CaseFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let word = words.next() {
            guard word.utf8.count == 2, let byte = UInt8(word, radix: 16) else {
                throw error("'\(word)' is not a byte in hex")
            }
            bytes.append(byte)
        }
        return bytes
    }

    private func closePayload(_ words: inout CaseWords) throws(CaseFileError) -> [UInt8] {
        guard let word = words.next() else { return [] }
        guard let code = UInt16(word) else { throw error("'\(word)' is not a close code") }
        return [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)] + (try payload(&words))
    }

    /// `"text"`, with `\xNN` for a byte, or `1000*"text"`.
    private func payload(_ words: inout CaseWords) throws(CaseFileError) -> [UInt8] {
        guard let word = words.next() else { return [] }
        let parts = word.split(separator: "*", maxSplits: 1)
        let count = parts.count == 2 && !word.hasPrefix("\"") ? Int(parts[0]) : 1
        let text = parts.count == 2 && !word.hasPrefix("\"") ? parts[1] : Substring(word)
        guard let count, (0...Self.ceiling).contains(count), text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"")
        else {
            throw error("'\(word)' is not a payload: \"text\" or 100*\"text\"")
        }
        var bytes: [UInt8] = []
        var rest = text.dropFirst().dropLast()[...]
        while let character = rest.popFirst() {
            guard character == "\\" else {
                bytes += String(character).utf8
                continue
            }
            guard rest.popFirst() == "x", let byte = UInt8(rest.prefix(2), radix: 16), rest.prefix(2).count == 2 else {
                throw error("a backslash begins a byte: \\x00")
            }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        guard bytes.count * count <= Self.ceiling else { throw error("more than 16 MiB") }
        return Array(repeatElement(bytes, count: count).joined())
    }

    // MARK: - Expecting

    private mutating func readExpect(_ words: inout CaseWords) throws(CaseFileError) {
        guard let sender = target?.peer else { throw error("'#: target' must come before the first step") }
        switch words.next() {
        case "pong": steps.append(.expect(.pong(try payload(&words))))
        case "text": steps.append(.expect(.message(.text, try payload(&words))))
        case "binary": steps.append(.expect(.message(.binary, try payload(&words))))
        case "message-of":
            guard let count = words.next().flatMap({ Int($0) }) else {
                throw error("message-of takes a length in bytes")
            }
            steps.append(.expect(.messageOfLength(count)))
        case "close": steps.append(.expect(.close(try code(&words))))
        case "failure":
            var codes: [CloseCode] = []
            while let code = try code(&words) { codes.append(code) }
            guard !codes.isEmpty else { throw error("failure takes one close code or more") }
            steps.append(.expect(.failure(codes: codes, rule: nil)))
        case "end": steps.append(.expect(.end))
        case "alive": steps += ProbeCase.barrierSteps(from: sender)
        case let word:
            throw error(
                "'\(word ?? "")' cannot be expected: pong, text, binary, message-of, close, failure, end, alive")
        }
    }

    private func code(_ words: inout CaseWords) throws(CaseFileError) -> CloseCode? {
        guard let word = words.next() else { return nil }
        guard let code = UInt16(word) else { throw error("'\(word)' is not a close code") }
        return CloseCode(rawValue: code)
    }
}

/// The words of a line; text between quotation marks is one word.
private struct CaseWords {
    private var words: [String] = []
    private var index = 0

    init(_ line: Substring) {
        var word = ""
        var isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character == " ", !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
    }

    var peek: String? { index < words.count ? words[index] : nil }

    mutating func next() -> String? {
        defer { index += 1 }
        return peek
    }
}
