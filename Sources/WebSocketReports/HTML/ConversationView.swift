import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// A conversation in full: its endpoints, its agreement, what went wrong, and every selected frame.
struct ConversationView {
    private let record: ConversationRecord
    private let items: [TimeLineItem]

    init(_ record: ConversationRecord) {
        self.record = record
        self.items = record.frames.finished()
    }

    /// The conversation's name and its verdict.
    var heading: Markup {
        var page = Markup()
        page.element("h3") { heading in
            heading.captured(ConversationText.name(of: record))
            heading.text(" ")
            Verdict.write(record.severity, ConversationText.findings(of: record), to: &heading)
        }
        return page
    }

    /// Everything else.
    var body: Markup {
        var page = Markup()
        head(&page)
        streams(&page)
        timeLine(&page)
        violations(&page)
        notices(&page)
        messages(&page)
        frames(&page)
        return page
    }

    // MARK: - Who and how

    private func head(_ page: inout Markup) {
        // Here and not around the conversation, since a link opens only the elements that contain its target.
        page.element("div", .kind("start"), .id(.conversation(record.number))) { start in
            if let target = ConversationText.target(of: record) {
                start.element("p", .kind("target")) { $0.captured(target) }
            }
        }
        page.literal("\n")
        page.element("dl", .kind("facts")) { facts in
            facts.literal("\n")
            if let head = record.head { handshake(head, &facts) }
            if let first = record.firstPacketPosition {
                facts.fact("First") { $0.text(ConversationText.packetPosition(first)) }
                if let last = record.lastPacketPosition, last != first { facts.fact("Last") { $0.text(end(last)) } }
            }
        }
        let measured = record.facts.map(FactsText.clauses) ?? []
        if !measured.isEmpty { page.element("p", .kind("measured"), text: measured.joined(separator: " · ")) }
        if let ending = record.ending {
            page.literal("\n")
            page.element("p", .kind("ending")) { text in
                let verdict = ending.isRight.map { $0 ? "Ended right: " : "Ended wrong: " } ?? "Ended: "
                text.element("strong") { $0.text(verdict) }
                text.captured(PageCeilings.clipped(ending.message))
            }
        }
        page.literal("\n")
    }

    private func handshake(_ head: ConversationHead, _ facts: inout Markup) {
        if let connection = record.connection { facts.fact("Conversation") { $0.text("\(connection) of this input") } }
        facts.fact("Opened") { $0.text(ConversationText.opening(head.opening)) }
        if let subprotocol = head.subprotocol {
            facts.fact("Subprotocol") { $0.captured(PageCeilings.clipped(subprotocol)) }
        }
        if case .refused = head.opening { return }
        facts.fact("Extensions") { $0.captured(ConversationText.extensions(head)) }
    }

    private func end(_ packetPosition: PacketPosition) -> String {
        guard let start = record.start, let time = packetPosition.time, time >= start else {
            return ConversationText.packetPosition(packetPosition)
        }
        return "packet \(Numbers.grouped(packetPosition.packet)), "
            + "\(TimeText.span(time.nanoseconds - start.nanoseconds)) later"
    }

    private func streams(_ page: inout Markup) {
        guard !record.streams.isEmpty else { return }
        page.element("ul", .kind("streams")) { list in
            list.literal("\n")
            for stream in record.streams {
                list.element("li") { item in
                    item.element("strong", text: OriginText.direction(of: stream.origin))
                    item.text(": " + StreamLine.facts(of: stream))
                }
                list.literal("\n")
            }
        }
        page.literal("\n")
    }

    // MARK: - What happened

    private func timeLine(_ page: inout Markup) {
        guard !items.isEmpty else { return }
        page.element("h4", text: "Time line")
        page.literal("\n")
        TimeLine(record).write(to: &page)
        ScaledTimeLine(record.scale).write(to: &page)
    }

    private func violations(_ page: inout Markup) {
        for (index, violation) in record.violations.enumerated() {
            ViolationView(
                violation, start: record.start, anchor: .violation(conversation: record.number, index),
                flag: .flag(conversation: record.number, index)
            ).write(to: &page)
        }
        let more = record.violationCount - UInt64(record.violations.count)
        if more > 0 {
            page.element("p", .kind("left"), text: "\(Numbers.count(more, "violation")) more not shown here.")
        }
    }

    private func notices(_ page: inout Markup) {
        guard !record.notices.isEmpty else { return }
        page.element("h4", text: "Notices")
        page.literal("\n")
        NoticeView.write(record.notices, count: record.noticeCount, start: record.start, to: &page)
    }

    private func messages(_ page: inout Markup) {
        guard !record.messages.isEmpty else { return }
        page.element("details", .kind("messages")) { details in
            let shown = UInt64(record.messages.count)
            let count =
                record.messageCount > shown
                ? "The first \(Numbers.grouped(shown)) of \(Numbers.count(record.messageCount, "message"))"
                : Numbers.count(shown, "message")
            details.element("summary") { $0.element("h4", text: count) }
            details.literal("\n")
            for message in record.messages { MessageView(message).write(to: &details) }
        }
        page.literal("\n")
    }

    private func frames(_ page: inout Markup) {
        guard !items.isEmpty else { return }
        FrameTable(record, items: items).write(to: &page)
    }
}
