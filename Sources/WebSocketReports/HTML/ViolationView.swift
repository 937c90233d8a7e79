import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// A violation in full: what, where and whose fault; what probably happened; the bits and the bytes; the rule.
struct ViolationView {
    private let finding: ViolationFinding
    private let violation: Violation
    private let facts: ViolationFacts
    private let start: CaptureTime?
    private let anchor: Anchor
    private let flag: Anchor

    /// - Parameters:
    ///   - start: the time from which times are counted.
    ///   - anchor: the place of the violation on the page.
    ///   - flag: its place on the time line.
    init(_ finding: ViolationFinding, start: CaptureTime?, anchor: Anchor, flag: Anchor) {
        self.finding = finding
        self.violation = finding.violation
        self.facts = ViolationFacts(finding)
        self.start = start
        self.anchor = anchor
        self.flag = flag
    }

    func write(to page: inout Markup) {
        page.element("section", .kind("violation"), .id(anchor)) { section in
            section.literal("\n")
            head(&section)
            if let diagnosis = finding.diagnosis { DiagnosisView.write(diagnosis, to: &section) }
            section.element("dl", .kind("facts")) { list in
                list.fact("Where") { $0.text(facts.place) }
                if let before = facts.before { list.fact("Before") { $0.text(before) } }
            }
            section.literal("\n")
            if !violation.header.isEmpty { HeaderDrawing(violation).write(to: &section) }
            BytesDrawing(finding).write(to: &section)
            rule(&section)
        }
        page.literal("\n")
    }

    private func head(_ page: inout Markup) {
        page.element("h4") { heading in
            heading.element("span", .kind("sign fault"), .decoration, text: "✕ ")
            heading.element("span", .kind("rule"), text: violation.rule.name)
        }
        var place = [
            OriginText.direction(of: finding.origin), "frame \(Numbers.grouped(violation.frame))",
            "offset \(Numbers.grouped(violation.offset))",
        ]
        if let packetPosition = finding.packetPosition {
            place.append(ConversationText.packetPosition(packetPosition, since: start))
        }
        page.element("p", .kind("place")) { line in
            line.text(place.joined(separator: " · ") + " · ")
            line.element("a", .link(flag), text: "on the time line")
        }
        page.element("p", .kind("sentence"), text: facts.sentence)
        page.element("p") { line in
            line.element("strong", .kind("fault"), text: facts.blame)
            line.text(" " + facts.demand)
        }
        if finding.diagnosis == nil, let hint = facts.textHint { page.element("p") { $0.captured(hint) } }
        page.literal("\n")
    }

    private func rule(_ page: inout Markup) {
        let entry = violation.rule.entry
        page.element("blockquote") { quote in
            quote.element("p", text: "“\(entry.sentence)”")
            quote.element("footer", text: entry.section.description)
        }
        page.literal("\n")
        page.element("p", text: entry.meaning.description)
        page.element("p", text: facts.codeMeaning)
        page.literal("\n")
        page.element("div", .kind("pair")) { pair in
            list("Likely causes", facts.causes, &pair)
            list("What to check", facts.checks, &pair)
        }
        page.literal("\n")
    }

    private func list(_ heading: String, _ items: [String], _ page: inout Markup) {
        page.element("div") { part in
            part.element("h5", text: heading)
            part.list(items)
        }
    }
}
