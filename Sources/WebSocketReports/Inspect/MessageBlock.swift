import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

/// A message for people: its sender and its form, and below that its content; JSON is laid out.
struct MessageBlock {
    /// The most lines shown of a message, unless it is asked for in full.
    static let maximumLines = 12

    let message: MessageFinding
    let width: Int
    let isWhole: Bool

    var lines: [StyledLine] {
        let sender = message.origin.sender
        var title = StyledLine(
            OriginText.direction(of: message.origin), sender == .client ? .client : sender == .server ? .server : .plain
        )
        title.append("  message \(message.index): \(facts)")
        var below: [StyledLine] = []
        if let position = message.packetPosition.map({ ConversationText.packetPosition($0) }) {
            if title.width + 2 + Columns.count(in: position) <= width {
                title.append("  " + position, .quiet)
            } else {
                below = Paragraph.prose(position, width: width - 4, style: .quiet).indented(by: 4)
            }
        }
        return [title.cut(to: width)] + below + content.indented(by: 4)
    }

    private var facts: String {
        var facts = "\(message.opcode.name), \(Numbers.count(message.count, "byte"))"
        let frames = message.lastFrame - message.firstFrame
        if frames > 0 { facts += ", frames \(message.firstFrame) to \(message.lastFrame)" }
        if message.isInflated { facts += ", inflated" }
        if message.isCompressed, !message.isInflated { facts += ", compressed" }
        return facts
    }

    private var content: [StyledLine] {
        let room = width - 4
        let lines = isText ? text(room) : hex(room)
        let isCut = message.isCut && !message.bytes.isEmpty
        guard lines.count > Self.maximumLines, !isWhole else {
            return isCut ? lines + [StyledLine("…", .quiet)] : lines
        }
        let more = lines.count - Self.maximumLines
        return lines.prefix(Self.maximumLines) + [
            StyledLine("… \(Numbers.count(UInt64(more), "more line")); --full shows all", .quiet)
        ]
    }

    private var isText: Bool { message.opcode == .text && (!message.isCompressed || message.isInflated) }

    private func text(_ room: Int) -> [StyledLine] {
        let whole = String(decoding: message.bytes, as: UTF8.self)
        let lines =
            JSONLayout.lines(of: whole)
            ?? whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // There is no need to wrap more than can be shown.
        let shown = isWhole ? lines[...] : lines.prefix(Self.maximumLines + 1)
        var result: [StyledLine] = []
        for line in shown {
            let visible = Escaping.visible(isWhole ? line : String(line.prefix(room * (Self.maximumLines + 1))))
            result += Self.cut(visible, into: room).map { StyledLine($0) }
        }
        result += Array(repeating: StyledLine(), count: lines.count - shown.count)
        return message.bytes.isEmpty ? [] : result
    }

    /// Returns pieces of at most this many columns, leaving nothing out.
    private static func cut(_ text: String, into width: Int) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var used = 0
        for character in text {
            let columns = Columns.count(in: String(character))
            if used + columns > width {
                pieces.append(piece)
                (piece, used) = ("", 0)
            }
            piece.append(character)
            used += columns
        }
        return pieces + [piece]
    }

    private func hex(_ room: Int) -> [StyledLine] {
        let limit = isWhole ? message.bytes.count : min(message.bytes.count, (Self.maximumLines + 1) * 16)
        guard limit > 0 else { return [] }
        let view = ByteView(
            window: ByteWindow(Array(message.bytes.prefix(limit)), at: 0), offsets: 0..<UInt64(limit), fault: 0..<0,
            header: 0..<0)
        let lines = view.lines(width: room)
        return lines + Array(repeating: StyledLine(), count: (message.bytes.count - limit + 15) / 16)
    }
}
