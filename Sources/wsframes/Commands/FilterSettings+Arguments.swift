import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

extension FilterSettings {
    /// Creates the settings that the arguments specify.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        self.init()
        for name in ["--conversation", "--connection"] {
            for word in arguments.words(name) {
                guard let number = Int(word), number >= 0 else {
                    throw UsageError(message: "\(name) takes a number, not \(quoted(word))", hint: "the first one is 0")
                }
                conversations.insert(number)
            }
        }
        hosts = arguments.words("--host")
        ports = Set(arguments.numbers("--port").map { UInt16(clamping: $0) })
        paths = arguments.words("--path")
        sender = arguments.word("--sender").flatMap { word in Endpoint.allCases.first { $0.name == word } }
        opcodes = arguments.words("--opcode").compactMap { word in
            [Opcode.text, .binary, .continuation, .close, .ping, .pong].first { $0.name == word }
        }
        contains = Array((arguments.word("--contains") ?? "").utf8)
        only = arguments.word("--only").flatMap(Only.init(rawValue:))
        for name in ["--from", "--to"] {
            guard let word = arguments.word(name) else { continue }
            guard let moment = TimeBound(word) else {
                throw UsageError(
                    message: "\(name) does not take \(quoted(word))",
                    hint: "write 2026-11-23T08:05:34.5Z, 08:05:34, or +2.5")
            }
            if name == "--from" { from = moment } else { to = moment }
        }
    }
}

extension FilterSettings.TimeBound {
    /// Parses `2026-11-23T08:05:34.5Z`, `08:05:34` or `+2.5`; nil for anything else.
    init?(_ text: String) {
        if text.hasPrefix("+") {
            guard let time = Self.nanoseconds(seconds: text.dropFirst(), below: .max) else { return nil }
            self = .afterOpening(time)
            return
        }
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        if parts.count == 1 {
            guard let clock = Self.clock(parts[0]) else { return nil }
            self = .clock(clock)
            return
        }
        guard parts.count == 2, let day = Self.day(parts[0]), let clock = Self.clock(parts[1]) else { return nil }
        self = .at(CaptureTime(nanoseconds: day * 86_400_000_000_000 + clock))
    }

    /// Parses `08:05:34.5`, with or without a Z after it.
    private static func clock(_ text: Substring) -> UInt64? {
        let text = text.hasSuffix("Z") ? text.dropLast() : text
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hours = number(parts[0], below: 24),
            let minutes = number(parts[1], below: 60),
            let seconds = parts.count == 3 ? nanoseconds(seconds: parts[2], below: 61) : 0
        else { return nil }
        return (hours * 3600 + minutes * 60) * 1_000_000_000 + seconds
    }

    /// Returns the number of days since 1970-01-01.
    private static func day(_ text: Substring) -> UInt64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], below: 2555), year >= 1970,
            let month = number(parts[1], below: 13), month >= 1, let day = number(parts[2], below: 32), day >= 1
        else { return nil }
        // Years are counted from March, which makes the leap day the last day of its year.
        let years = month > 2 ? year : year - 1
        let days = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return years * 365 + years / 4 - years / 100 + years / 400 + days - 719_468
    }

    private static func nanoseconds(seconds text: Substring, below limit: UInt64) -> UInt64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = number(parts[0], below: min(limit, 10_000_000_000)) else {
            return nil
        }
        guard parts.count == 2 else { return whole * 1_000_000_000 }
        guard (1...9).contains(parts[1].count), let fraction = number(parts[1], below: .max) else { return nil }
        return (0..<(9 - parts[1].count)).reduce(fraction) { number, _ in number * 10 } + whole * 1_000_000_000
    }

    private static func number(_ text: Substring, below limit: UInt64) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = UInt64(text), number < limit
        else {
            return nil
        }
        return number
    }
}
