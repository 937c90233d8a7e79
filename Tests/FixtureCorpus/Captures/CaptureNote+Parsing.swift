import WebSocketFrames

extension CaptureNote {
    /// Parses a note strictly: what `FORMAT.md` does not allow is an error.
    ///
    /// - Parameters:
    ///   - path: the note's path relative to `Fixtures/`.
    ///   - text: its contents.
    public init(path: String, text: String) throws(FixtureError) {
        var blocks = try NoteBlock.blocks(of: text, path: path)[...]
        var file = blocks.removeFirst()
        options = try file.all("option").flatMap { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        notices = try file.all("notice")
        keyLog = try file.settings.take("keylog")
        let status = try file.settings.demandNumber("status")
        guard status <= 4 else { throw file.settings.error("status", "is not an exit status") }
        self.status = Int32(status)
        conversationCount = try file.settings.takeNumber("conversations").map { Int(clamping: $0) }
        try file.settings.finish()

        var conversations: [Int: Conversation] = [:]
        while let block = blocks.popFirst() {
            guard block.kind == "conversation", let index = Int(block.name), index >= 0, conversations[index] == nil
            else { throw block.error("is not a conversation") }
            let directions = blocks.prefix { $0.kind == "from" }
            blocks.removeFirst(directions.count)
            conversations[index] = try Conversation(block, directions)
        }
        self.conversations = conversations
    }
}

extension CaptureNote.Conversation {
    fileprivate init(_ block: NoteBlock, _ directions: ArraySlice<NoteBlock>) throws(FixtureError) {
        var block = block
        notices = try block.all("notice")
        let words = try block.settings.demand("opening").split(separator: " ")
        switch (words.first, words.count) {
        case ("upgrade", 1): opening = .upgrade
        case ("middle", 1): opening = .middle
        case ("http2", 1): opening = .http2
        case ("refused", 2):
            guard let status = Int(words[1]) else { throw block.settings.error("opening", "names no status") }
            opening = .refused(status)
        default: throw block.settings.error("opening", "is neither upgrade, http2, refused nor middle")
        }
        client = try block.settings.take("client")
        server = try block.settings.take("server")
        target = try block.settings.take("target")
        switch try block.settings.take("deflate") {
        case nil: deflate = nil
        case "true": deflate = true
        case "false": deflate = false
        default: throw block.settings.error("deflate", "is neither true nor false")
        }
        try block.settings.finish()

        var all: [Endpoint: CaptureNote.Direction] = [:]
        for direction in directions {
            guard let sender = Endpoint.allCases.first(where: { $0.name == direction.name }), all[sender] == nil else {
                throw direction.error("is not a direction")
            }
            all[sender] = try CaptureNote.Direction(direction)
        }
        if case .refused = opening {} else if all.count < 2 { throw block.error("lacks a direction") }
        self.directions = all
    }
}

extension CaptureNote.Direction {
    fileprivate init(_ block: NoteBlock) throws(FixtureError) {
        var settings = block.settings
        skipped = try settings.takeNumber("skipped")
        gap = try settings.take("gap")
        guard gap == nil || gap == "not-captured" || gap == "snapped" else {
            throw settings.error("gap", "is neither not-captured nor snapped")
        }
        expectation = try Expectation(&settings)
        packet = try settings.takeNumber("packet")
        try settings.finish()
    }
}

/// The lines from one heading of a note to the next: `conversation 0`, `from client`; the first block has no heading.
private struct NoteBlock {
    let path: String
    let line: Int
    let kind: String
    let name: String
    /// The lines whose keys may occur once.
    var settings: FixtureSettings
    private let repeated: [FixtureLines.Setting]

    private init(path: String, line: Int, kind: String, name: String, lines: [FixtureLines.Setting]) {
        self.path = path
        self.line = line
        self.kind = kind
        self.name = name
        repeated = lines.filter { Self.repeatable.contains($0.key) }
        settings = FixtureSettings(
            path: path, marker: "the note's", settings: lines.filter { !Self.repeatable.contains($0.key) })
    }

    private static let repeatable: Set<String> = ["notice", "option"]

    /// The values of a key that may occur more than once.
    func all(_ key: String) throws(FixtureError) -> [String] {
        let allowed = kind.isEmpty ? Self.repeatable : kind == "conversation" ? ["notice"] : []
        for setting in repeated where !allowed.contains(setting.key) {
            throw FixtureError(path: path, line: setting.line, message: "\(setting.key) does not belong here")
        }
        return repeated.filter { $0.key == key }.map(\.value)
    }

    func error(_ message: String) -> FixtureError {
        FixtureError(path: path, line: line, message: "\(kind) \(name) \(message)")
    }

    static func blocks(of text: String, path: String) throws(FixtureError) -> [NoteBlock] {
        guard text.utf8.last == 0x0A else {
            throw FixtureError(path: path, line: 1, message: "does not end with a line feed")
        }
        var blocks: [NoteBlock] = []
        var heading = (line: 1, kind: "", name: "")
        var lines: [FixtureLines.Setting] = []
        func end() {
            blocks.append(
                NoteBlock(path: path, line: heading.line, kind: heading.kind, name: heading.name, lines: lines))
            lines = []
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard words.count == 2, !words[0].isEmpty, !words[1].isEmpty else {
                throw FixtureError(path: path, line: index + 1, message: "is not a key, a space and a value")
            }
            if words[0] == "conversation" || words[0] == "from" {
                end()
                heading = (index + 1, words[0], words[1])
            } else {
                lines.append(FixtureLines.Setting(key: words[0], value: words[1], line: index + 1))
            }
        }
        end()
        return blocks
    }
}
