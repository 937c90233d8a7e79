import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// The frames of a conversation in a table, one per row, with the violations where they occurred.
struct FrameTable {
    /// A table with at most this many rows is initially open.
    private static let openCount = 40

    private let record: ConversationRecord
    private let items: [TimeLineItem]
    private let hasMoments: Bool
    private let hasSides: Bool

    init(_ record: ConversationRecord, items: [TimeLineItem]) {
        self.record = record
        self.items = items
        hasSides = record.head != nil
        hasMoments = items.contains { item in
            if case .frame(let frame) = item { frame.frame.packetPosition != nil } else { false }
        }
    }

    func write(to page: inout Markup) {
        page.element("details", items.count <= Self.openCount ? .isOpen : nil) { content(&$0) }
        page.literal("\n")
    }

    private func content(_ page: inout Markup) {
        page.element("summary") { $0.element("h4", text: title) }
        page.literal("\n")
        page.scrolling(title) { part in
            part.element("table", .kind("frames")) { table in
                table.element("thead") { head in
                    head.element("tr") { row in
                        for column in columns {
                            row.element("th", column.isNumber ? .kind("n") : nil, text: column.title)
                        }
                    }
                }
                table.literal("\n")
                table.element("tbody") { body in
                    for item in items {
                        write(item, &body)
                        body.literal("\n")
                    }
                }
            }
        }
    }

    private var title: String {
        let shown = UInt64(record.frames.frameCount)
        let leftOut = items.reduce(UInt64(0)) { sum, item in
            if case .leftOut(let count) = item { sum.addingClamped(count) } else { sum }
        }
        guard leftOut > 0 else { return Numbers.count(shown, "frame") }
        return "\(Numbers.grouped(shown)) of \(Numbers.count(shown.addingClamped(leftOut), "frame")): the first, "
            + "those around violations, and the last"
    }

    private var columns: [(title: String, isNumber: Bool)] {
        var columns: [(title: String, isNumber: Bool)] = hasSides ? [("From", false)] : []
        columns.append(("Frame", true))
        if hasMoments { columns += [("Packet", true), ("Seconds", true)] }
        return columns
            + [
                ("Offset", true), ("Opcode", false), ("Bits", false), ("Mask", false), ("Length", true),
                ("Payload", false),
            ]
    }

    // MARK: - Rows

    private func write(_ item: TimeLineItem, _ page: inout Markup) {
        switch item {
        case .frame(let frame): write(frame, &page)
        case .violation(let index):
            guard record.violations.indices.contains(index) else { return }
            write(record.violations[index], anchor: .violation(conversation: record.number, index), &page)
        case .leftOut(let count):
            page.element("tr", .kind("left")) { row in
                row.element("td", .columns(columns.count), text: "… \(Numbers.count(count, "frame")) left out …")
            }
        }
    }

    private func write(_ finding: FrameFinding, _ page: inout Markup) {
        let frame = finding.frame
        let header = frame.record.header
        let anchor = Anchor.frame(conversation: record.number, finding.origin.sender, frame.record.index)
        page.element("tr", .id(anchor)) { row in
            if hasSides { row.element("td", text: side(finding.origin.sender)) }
            row.element("td", .kind("n number"), text: Numbers.grouped(frame.record.index))
            if hasMoments {
                row.element(
                    "td", .kind("n packet"), text: frame.packetPosition.map { Numbers.grouped($0.packet) } ?? "")
                row.element("td", .kind("n"), text: seconds(frame.packetPosition))
            }
            row.element("td", .kind("n offset"), text: Numbers.grouped(frame.record.offset))
            row.element("td") { cell in
                cell.element("i", .kinds(["f", FrameBox.kind(of: header.opcode)]), .decoration) {
                    $0.text(FrameBox.letter(of: header.opcode))
                }
                cell.text(" " + header.opcode.name)
            }
            row.element("td", text: FrameBox.flags(of: header).joined(separator: " "))
            row.element("td", .kind("m key"), text: key(of: header))
            row.element("td", .kind("n length"), text: length(of: frame))
            row.element("td", .kind("m last")) { $0.captured(FramePreview.text(of: frame, width: 64)) }
        }
    }

    private func write(_ finding: ViolationFinding, anchor: Anchor, _ page: inout Markup) {
        page.element("tr", .kind("bad")) { row in
            row.element("td", .columns(columns.count)) { cell in
                cell.text("\(side(finding.origin.sender)) frame \(Numbers.grouped(finding.violation.frame)) ")
                cell.element("a", .link(anchor)) { $0.text("✕ " + finding.violation.rule.name) }
                cell.text(": " + ViolationFacts(finding).sentence)
            }
        }
    }

    private func side(_ sender: Endpoint?) -> String {
        switch sender {
        case .client?: "client →"
        case .server?: "← server"
        case nil: "?"
        }
    }

    private func seconds(_ packetPosition: PacketPosition?) -> String {
        guard let time = packetPosition?.time, let start = record.start else { return "" }
        return TimeText.since(start, time)
    }

    /// Returns the masking key; empty if the frame has none.
    private func key(of header: EncodedFrameHeader) -> String {
        header.maskingKey.map { key in
            (0..<4).map { Numbers.paddedHex(UInt64(key[$0]), digits: 2, uppercase: false) }.joined(separator: " ")
        } ?? "–"
    }

    private func length(of frame: SeenFrame) -> String {
        let length = Numbers.grouped(frame.record.header.payloadLength)
        return frame.isWhole ? length : "\(Numbers.grouped(frame.payloadCount)) of \(length)"
    }
}
