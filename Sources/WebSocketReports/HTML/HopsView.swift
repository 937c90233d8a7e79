import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// Both hops of a proxy side by side: what is equal, what differs, and their messages in two columns.
struct HopsView {
    /// A table with at most this many rows is initially open.
    private static let openCount = 40

    private let finding: HopsFinding
    /// Where each hop is on the page; nil if it is not there.
    private let anchors: (front: Anchor?, back: Anchor?)

    init(_ finding: HopsFinding, anchors: (front: Anchor?, back: Anchor?)) {
        self.finding = finding
        self.anchors = anchors
    }

    func write(to page: inout Markup) {
        page.element("article") { article in
            article.element("h3") { heading in
                heading.captured(PageCeilings.clipped(HopsText.path(of: finding) ?? HopsText.title(of: finding)))
                heading.text(" ")
                let count = UInt64(finding.comparison.differences.count)
                Verdict.write(
                    count > 0 ? .doubtful : .clean, count > 0 ? Numbers.count(count, "difference") : "the same",
                    to: &heading)
            }
            article.literal("\n")
            article.element("p") { line in
                hop(finding.front, anchors.front, &line)
                line.text(" and ")
                hop(finding.back, anchors.back, &line)
                line.text(", recognised by \(HopsText.evidence(finding.evidence)).")
            }
            article.list(HopsText.facts(of: finding))
            NoticeView.write(
                finding.notices, count: UInt64(finding.notices.count), start: nil, to: &article)
            rows(&article)
        }
        page.literal("\n")
    }

    private func hop(_ origin: StreamOrigin, _ anchor: Anchor?, _ page: inout Markup) {
        let name = PageCeilings.clipped(OriginText.place(of: origin, inCapture: true))
        guard let anchor else { return page.captured(name) }
        page.element("a", .link(anchor)) { $0.captured(name) }
    }

    // MARK: - Side by side

    private func rows(_ page: inout Markup) {
        let rows = finding.comparison.rows
        guard !rows.isEmpty else { return }
        page.element("details", rows.count <= Self.openCount ? .isOpen : nil) { part in
            let title = "Messages side by side"
            part.element("summary") { $0.element("h4", text: title) }
            part.literal("\n")
            part.scrolling(title) { part in
                part.element("table", .kind("hops")) { table in
                    head(&table)
                    table.element("tbody") { body in for row in rows { write(row, &body) } }
                }
            }
            let more = UInt64(finding.comparison.leftOutCount)
            if more > 0 {
                part.element("p", .kind("left"), text: "\(Numbers.count(more, "message")) more not shown here.")
            }
        }
        page.literal("\n")
    }

    private func head(_ page: inout Markup) {
        page.element("thead") { head in
            head.element("tr") { row in
                row.element("th", text: "")
                row.element("th", .columns(4), text: "Client – proxy")
                row.element("th", .kind("n"), text: "")
                row.element("th", .columns(4), text: "Proxy – server")
                row.element("th", text: "")
            }
            head.element("tr") { row in
                row.element("th", text: "From")
                sideHead(&row)
                row.element("th", .kind("n"), text: "Took")
                sideHead(&row)
                row.element("th", text: "Begins with")
            }
        }
        page.literal("\n")
    }

    private func sideHead(_ row: inout Markup) {
        for title in ["Message", "Packet", "Frames", "Bytes"] { row.element("th", .kind("n"), text: title) }
    }

    private func write(_ row: HopRow, _ page: inout Markup) {
        page.element("tr", row.isSame ? nil : .kind("bad")) { line in
            line.element("td", text: row.sender == .client ? "client →" : "← server")
            side(row.front, "n front", &line)
            line.element("td", .kind("n took"), text: took(row))
            side(row.back, "n back", &line)
            line.element("td", .kind("m last")) { $0.captured(Self.beginning(of: row)) }
        }
        page.literal("\n")
    }

    private func side(_ message: HopMessage?, _ kind: StaticString, _ line: inout Markup) {
        guard let message else {
            line.element("td", .kind(kind), .columns(4), text: "– not there –")
            return
        }
        line.element("td", .kind(kind), text: "\(Numbers.grouped(UInt64(message.index))) \(message.opcode.name)")
        line.element("td", .kind("n packet"), text: message.packetPosition.map { Numbers.grouped($0.packet) } ?? "")
        line.element("td", .kind("n count"), text: Numbers.grouped(UInt64(message.frameCount)))
        line.element("td", .kind("n length"), text: Numbers.grouped(message.length))
    }

    /// Returns how long an equal message took through the proxy.
    private func took(_ row: HopRow) -> String {
        guard row.isSame, finding.front.source == finding.back.source, let front = row.front?.time,
            let back = row.back?.time
        else { return "" }
        return row.sender == .client ? TimeText.since(front, back) : TimeText.since(back, front)
    }

    /// Returns the first bytes, of both hops if they differ.
    private static func beginning(of row: HopRow) -> String {
        let messages = row.isSame ? [row.front].compactMap(\.self) : [row.front, row.back].compactMap(\.self)
        return messages.map { message in
            let isCut = message.length > UInt64(message.prefix.count)
            var text = String(decoding: message.prefix, as: UTF8.self)
            // A character that is cut off at the end of the prefix is not a fault.
            if isCut, message.opcode == .text { while text.last == "\u{FFFD}" { text.removeLast() } }
            return (message.isOpaque ? "compressed" : Escaping.visible(text)) + (isCut ? "…" : "")
        }.joined(separator: " | ")
    }
}
