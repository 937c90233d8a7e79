import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// What is doubtful but breaks no rule: the audit of an ending, and other notices.
enum NoticeView {
    /// - Parameters:
    ///   - count: the total number; `notices` are the first of them.
    ///   - start: the time from which times are counted; nil to show none.
    static func write(_ notices: [NoticeFinding], count: UInt64, start: CaptureTime?, to page: inout Markup) {
        guard !notices.isEmpty else { return }
        page.element("ul", .kind("notices")) { list in
            list.literal("\n")
            for notice in notices {
                list.element("li") { write(notice, start, to: &$0) }
                list.literal("\n")
            }
        }
        let more = count - UInt64(notices.count)
        if more > 0 { page.element("p", .kind("left"), text: "\(Numbers.count(more, "notice")) more not shown here.") }
        page.literal("\n")
    }

    private static func write(_ notice: NoticeFinding, _ start: CaptureTime?, to page: inout Markup) {
        page.element("p") { line in
            line.element("strong", .kind("doubt"), text: notice.kind.name)
            var place: [String] = []
            if notice.origin.sender != nil { place.append(OriginText.direction(of: notice.origin)) }
            if let packetPosition = notice.packetPosition {
                place.append(ConversationText.packetPosition(packetPosition, since: start))
            }
            if !place.isEmpty { line.element("span", .kind("place"), text: " " + place.joined(separator: " · ")) }
        }
        page.element("p") { $0.captured(notice.message) }
        if let diagnosis = notice.diagnosis { DiagnosisView.write(diagnosis, to: &page) }
    }
}

/// What probably happened, how sure that is, and what to check.
enum DiagnosisView {
    static func write(_ diagnosis: Diagnosis, to page: inout Markup) {
        page.element("div", .kind("diagnosis")) { box in
            box.element("p", .kind("label")) { line in
                line.text("What happened: ")
                line.element("strong", text: diagnosis.name)
                line.text(
                    " · \(DiagnosisText.certainty(diagnosis.certainty)) · \(DiagnosisText.suspect(diagnosis.suspect))")
            }
            box.element("p") { $0.captured(diagnosis.message) }
            if !diagnosis.checks.isEmpty { box.list(diagnosis.checks) }
        }
        page.literal("\n")
    }
}
