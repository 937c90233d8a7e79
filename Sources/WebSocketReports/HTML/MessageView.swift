import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

/// A readable message: its beginning, and a collapsed section with everything that was kept of it.
struct MessageView {
    /// The number of bytes shown of a message that is not text.
    private static let hexCount = 512

    private let message: MessageFinding

    init(_ message: MessageFinding) {
        self.message = message
    }

    func write(to page: inout Markup) {
        page.element("details") { details in
            details.element("summary") { summary in
                summary.text(
                    "\(OriginText.direction(of: message.origin)) \(message.index) · \(message.opcode.name), "
                        + "\(Numbers.count(message.count, "byte"))\(message.isInflated ? ", inflated" : "") ")
                summary.element("code", .kind("quiet")) { $0.captured(Columns.cut(text ?? "", to: 60)) }
            }
            details.element("pre", .kind("whole")) { whole in
                whole.element("bdi") { content in
                    for line in lines {
                        content.text(line)
                        content.literal("\n")
                    }
                }
            }
            if message.isCut { details.element("p", .kind("left"), text: "The rest of it is not on this page.") }
        }
        page.literal("\n")
    }

    /// The message as text; nil if it is not text.
    private var text: String? {
        guard message.opcode == .text, !message.isCompressed || message.isInflated else { return nil }
        let piece = TextPiece.trimmed(message.bytes, beginsInside: false, endsInside: message.isCut)
        return String(decoding: piece, as: UTF8.self)
    }

    private var lines: [String] {
        guard let text else { return hex }
        return JSONLayout.lines(of: text)
            ?? text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private var hex: [String] {
        let bytes = Array(message.bytes.prefix(Self.hexCount))
        let view = ByteView(
            window: ByteWindow(bytes, at: 0), offsets: 0..<UInt64(bytes.count), fault: 0..<0, header: 0..<0)
        let more = message.bytes.count > bytes.count ? ["…"] : []
        return view.lines(width: 100).map { $0.text(usesColor: false) } + more
    }
}
