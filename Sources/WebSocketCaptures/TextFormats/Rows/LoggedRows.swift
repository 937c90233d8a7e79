/// Rows of a dump in a program's log, each after the log's own prefix; or after a heading that numbers the columns.
///
///     [2018/07/17 18:31:12:7186] DEBUG: 0000: 81 05 68 65 ..      libwebsockets
///     I (347) example: 0x3ffb4280   81 05 68 65 ..  |..he|       ESP-IDF
///     |00000000| 81 05 68 65 ..                     |..he|       Netty
///     <= Recv data, 26 bytes (0x1a)                               curl --trace
///     0000: 81 05 68 65 ..                           ..he
///     Offset(h) 00 01 02 03 04 05 06 07 08 ..                     HxD, Format-Hex of PowerShell
///     00000000  81 05 68 65 ..                       ..he
///
/// Other lines are skipped, except those that say who sent the next rows.
struct LoggedRows: Sendable {
    /// The program that the rows come from.
    enum Program: Sendable, CaseIterable {
        case headed, libwebsockets, espIDF, netty, curl

        /// Returns where the row's own part begins in a line; nil if there is none.
        func rowStart(of line: Span<UInt8>) -> Int? {
            switch self {
            case .libwebsockets:
                guard line.has("[") else { return nil }
                let close = line.firstIndex(of: ASCII.closeBracket)
                guard line.has("] ", at: close) else { return nil }
                let colon = line.firstIndex(of: ASCII.colon, from: close)
                return (close + 2..<colon).allSatisfy { line[$0].isWordByte } ? colon + 1 : nil
            case .espIDF:
                guard line.count > 4, "EWIDV".utf8.contains(line[0]), line.has(" (", at: 1) else { return nil }
                var index = 3
                guard DecimalText.number(in: line, &index) != nil, line.has(") ", at: index) else { return nil }
                let colon = line.firstIndex(of: ASCII.colon, from: index)
                return colon < line.count ? colon + 1 : nil
            case .netty: return line.has("|") ? 1 : nil
            case .curl, .headed: return 0
            }
        }

        /// Whether its first row may follow other lines.
        var hasOpening: Bool { self == .headed || marks != nil }

        /// The contents of a line which says that the rows after it come from this side, or from its peer.
        var marks: (sent: String, received: String)? {
            switch self {
            case .curl: ("=> Send ", "<= Recv ")
            case .netty: ("] WRITE: ", "] READ: ")
            case .headed, .libwebsockets, .espIDF: nil
            }
        }
    }

    let program: Program
    /// The sender of the following rows, if the log names it: the first peer is the program itself.
    private(set) var sender: TCPPeer?
    private var nextOffset = 0
    /// Whether a heading has numbered the columns.
    private var isHeaded = false

    init(_ program: Program) {
        self.program = program
    }

    /// Reads a line.
    ///
    /// - Returns: the row's bytes, none for a line that is not a row; or what is wrong.
    mutating func read(_ line: Span<UInt8>) -> Result<[UInt8], Fault> {
        if let marks = program.marks {
            if line.contains(marks.sent) { return begin(.first) }
            if line.contains(marks.received) { return begin(.second) }
            // curl's own messages, and what TLS carried: neither belongs to the stream.
            if program == .curl, Self.isCurlMark(line) { return begin(nil) }
        }
        guard var index = program.rowStart(of: line) else { return .success([]) }
        if program == .headed, !isHeaded {
            isHeaded = line.contains("00 01 02 03 04 05 06 07")
            return .success([])
        }
        while index < line.count, line[index] == ASCII.space { index += 1 }
        // Offsets of 16 digits.
        if program == .headed, line.has("00000000", at: index), index + 8 < line.count, line[index + 8].isHexDigit {
            index += 8
        }
        var bytes: [UInt8] = []
        let start = index
        var offset = DumpRow.offset(line, &index)
        switch program {
        case .libwebsockets, .curl, .netty:
            guard offset != nil, line.has(program == .netty ? "|" : ":", at: index) else { return .success([]) }
            index += 1
        case .headed:
            guard offset != nil, line.has(" ", at: index) else { return .success([]) }
        case .espIDF:
            // An address, or none.
            if offset == nil || !line.has("0x", at: start) { index = start }
            offset = nil
        }
        guard DumpRow.read(line, from: index, into: &bytes) > 0 else { return .success([]) }
        if program == .curl, sender == nil { return .success([]) }
        if let offset, offset != 0, offset != nextOffset {
            return .failure(Fault(column: start + 1, message: "a row is missing before this one, or is doubled"))
        }
        nextOffset = (offset ?? 0) + bytes.count
        return .success(bytes)
    }

    /// Matches `== Info: …`, `=> Send header, …`, `<= Recv data, …`, possibly after the time that `--trace-time`
    /// adds, and the connection's number.
    static func isCurlMark(_ line: Span<UInt8>) -> Bool {
        var index = 0
        while index < line.count,
            line[index].isDecimalDigit || ":.-[]".utf8.contains(line[index])
                || line[index] == ASCII.space && index > 0
        {
            index += 1
        }
        return ["== ", "=> ", "<= "].contains { line.has($0, at: index) }
    }

    struct Fault: Error {
        let column: Int
        let message: String
    }

    private mutating func begin(_ sender: TCPPeer?) -> Result<[UInt8], Fault> {
        self.sender = sender
        nextOffset = 0
        return .success([])
    }

    /// Returns the program whose log a text is, and whether it contains what both sides sent; nil if it is none.
    static func program(of text: Span<UInt8>) -> (program: Program, hasBoth: Bool)? {
        for program in Program.allCases {
            var rows = LoggedRows(program)
            var senders: Set<TCPPeer?> = []
            var start = 0
            while start < text.count {
                let end = text.firstIndex(of: ASCII.lineFeed, from: start)
                if case .success(let bytes) = rows.read(text.extracting(start..<end)), !bytes.isEmpty {
                    senders.insert(rows.sender)
                } else if senders.isEmpty, !program.hasOpening {
                    // Most programs without marks are recognised by their first line.
                    break
                }
                start = end + 1
            }
            if !senders.isEmpty { return (program, senders.contains(.first) && senders.contains(.second)) }
        }
        return nil
    }
}

extension Span<UInt8> {
    /// Returns whether the text contains `words`.
    func contains(_ words: String) -> Bool {
        guard let first = words.utf8.first else { return true }
        var index = firstIndex(of: first)
        while index < count {
            if has(words, at: index) { return true }
            index = firstIndex(of: first, from: index + 1)
        }
        return false
    }
}
