/// What `tshark -z follow,tcp,raw,N` and `follow,tcp,hex,N` print.
///
///     ===================================================================
///     Follow: tcp,raw
///     Filter: tcp.stream eq 0
///     Node 0: 127.0.0.1:36382
///     Node 1: 127.0.0.1:8080
///     818537fa213d7f9f4d5158
///     \t810548656c6c6f                                   a tab: node 1 sent this
///     ===================================================================
///
/// Several may follow each other; lines between them are skipped. Without the lines at its head, the text is one
/// conversation up to its end.
struct FollowText: LinewiseForm {
    private enum State {
        case outside, head, rows
        /// Inside a row of digits.
        case rawRow
    }

    private var state: State
    private var rows: FollowKind.Rows
    private let isHeadless: Bool
    /// Whether the conversation without a head has not been opened.
    private var isUnopened: Bool
    private var first: SocketAddress?
    private var rawRow = RawRow()
    private var hexRows = HexRows()
    var held: [UInt8] = []

    /// Creates a reader of conversations with lines at their heads.
    init() {
        state = .outside
        rows = .raw
        isHeadless = false
        isUnopened = false
    }

    /// Creates a reader of a conversation that consists only of rows.
    init(headless rows: FollowKind.Rows) {
        state = .rows
        self.rows = rows
        isHeadless = true
        isUnopened = true
    }

    mutating func read(
        _ text: Span<UInt8>, at position: inout TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if isUnopened {
            isUnopened = false
            output.report(.opened(first: nil, second: nil), visit)
        }
        var index = 0
        while index < text.count {
            if case .rows = state, rows == .raw, held.isEmpty, RawRow.begins(with: text[index]) { state = .rawRow }
            if case .rawRow = state {
                index = try rawRow.read(text, from: index, at: &position, into: &output, visit)
                if text[index - 1] == ASCII.lineFeed { state = .rows }
            } else {
                index = try readLine(text, from: index, at: &position, into: &output, visit)
            }
        }
    }

    mutating func finish(
        at position: TextPosition, into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if case .rawRow = state { try rawRow.finish(into: &output, visit, isCut: true) }
        if !held.isEmpty { try takeHeldLine(number: position.line, into: &output, visit) }
        hexRows.finish(into: &output, visit, isCut: true)
        switch state {
        case .outside: return
        case .rows where isHeadless, .rawRow where isHeadless: output.report(.closed, visit)
        case .head, .rows, .rawRow:
            throw TextError(position, "the text ends inside a conversation: its last line of '=' is missing")
        }
    }

    mutating func read(
        _ line: Span<UInt8>, number: Int, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        switch state {
        case .outside:
            guard line.has(Self.follow) else { return }
            try begin(line, number: number)
        case .head: try takeHead(line, number: number, into: &output, visit)
        case .rows, .rawRow:
            if line.has("==========") {
                hexRows.finish(into: &output, visit)
                output.report(.closed, visit)
                state = .outside
            } else if line.count > 0 {
                try takeRow(line, number: number, into: &output, visit)
            }
        }
    }

    // MARK: The head

    private static let follow = "Follow: "

    private mutating func begin(_ line: Span<UInt8>, number: Int) throws(TextError) {
        switch FollowKind.rows(of: line.extracting(Self.follow.utf8.count...)) {
        case .success(let rows): self.rows = rows
        case .failure(let refusal):
            throw TextError(TextPosition(line: number, column: Self.follow.utf8.count + 1), refusal.sentence)
        }
        first = nil
        hexRows = HexRows()
        state = .head
    }

    private mutating func takeHead(
        _ line: Span<UInt8>, number: Int, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if line.has("Filter: ") { return }
        if line.has("Node 0: ") {
            first = AddressText.socketAddress(line.extracting(8...))
        } else if line.has("Node 1: ") {
            output.report(.opened(first: first, second: AddressText.socketAddress(line.extracting(8...))), visit)
            state = .rows
        } else {
            throw TextError(
                TextPosition(line: number, column: 1),
                "a line where 'Node 0:' or 'Node 1:' must come, at the head of a conversation")
        }
    }

    // MARK: Rows

    private mutating func takeRow(
        _ line: Span<UInt8>, number: Int, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        switch rows {
        case .hex: try hexRows.read(line, number: number, into: &output, visit)
        case .raw:
            throw TextError(
                TextPosition(line: number, column: 1),
                "\(line[0].shown) where a line of digits must come, or one of '=' that ends the conversation")
        }
    }
}
