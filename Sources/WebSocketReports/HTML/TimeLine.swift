import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// The frames of a conversation as boxes in order of time: those of the client on the upper line, those of the server
/// on the lower one. It wraps to as many lines as the window requires.
///
/// ``FrameBox/width(of:)`` determines the width of a box. Every colour is accompanied by a letter.
struct TimeLine {
    /// A pause of at least this many nanoseconds is written between the frames around it.
    private static let pause: UInt64 = 1_000_000_000

    private let record: ConversationRecord
    private let items: [TimeLineItem]
    private let hasTwoLines: Bool
    /// Frames that are at fault and are drawn as such in their place.
    private let faults: Set<FrameKey>
    /// Frames that are already drawn, which a violation need not draw again.
    private let drawn: Set<FrameKey>

    private struct FrameKey: Hashable {
        let sender: Endpoint?
        let index: UInt64
    }

    init(_ record: ConversationRecord) {
        let items = record.frames.narrowed(to: .drawn).finished()
        self.record = record
        self.items = items
        hasTwoLines = record.head != nil
        faults = Set(record.violations.map { FrameKey(sender: $0.origin.sender, index: $0.violation.frame) })
        drawn = Set(
            items.compactMap { item in
                guard case .frame(let frame) = item else { return nil }
                return FrameKey(sender: frame.origin.sender, index: frame.frame.record.index)
            })
    }

    func write(to page: inout Markup) {
        FrameBox.writeLegend(hasTwoLines: hasTwoLines, to: &page)
        let kind: StaticString = hasTwoLines ? "strip" : "strip single"
        page.element("div", .kind(kind), .decoration) { strip in
            lanes(&strip)
            var last: CaptureTime?
            for item in items {
                if let time = time(of: item) {
                    if let last, time > last { pause(time.nanoseconds - last.nanoseconds, &strip) }
                    last = max(last ?? time, time)
                }
                write(item, &strip)
                strip.literal("\n")
            }
        }
        page.literal("\n")
    }

    private func lanes(_ page: inout Markup) {
        guard hasTwoLines else { return }
        page.element("span", .kind("lanes")) { lanes in
            for endpoint in Endpoint.allCases { lanes.element("b", text: endpoint.name) }
        }
        page.literal("\n")
    }

    private func pause(_ nanoseconds: UInt64, _ page: inout Markup) {
        guard nanoseconds >= Self.pause else { return }
        page.element("span", .kind("pause"), text: TimeText.span(nanoseconds))
        page.literal("\n")
    }

    private func write(_ item: TimeLineItem, _ page: inout Markup) {
        switch item {
        case .frame(let finding):
            let frame = finding.frame
            let key = FrameKey(sender: finding.origin.sender, index: frame.record.index)
            FrameBox(
                record: frame.record, sender: finding.origin.sender, isBroken: faults.contains(key),
                isWhole: frame.isWhole, hover: hover(finding)
            ).write(to: &page, anchor: .frame(conversation: record.number, key.sender, key.index))
        case .violation(let index):
            guard record.violations.indices.contains(index) else { return }
            write(record.violations[index], index, &page)
        case .leftOut(let count):
            page.element("span", .kind("pause"), text: "… \(Numbers.count(count, "frame")) …")
        }
    }

    private func write(_ finding: ViolationFinding, _ index: Int, _ page: inout Markup) {
        let anchor = Anchor.violation(conversation: record.number, index)
        let violation = finding.violation
        let sender = finding.origin.sender
        if !drawn.contains(FrameKey(sender: sender, index: violation.frame)), !violation.header.isEmpty {
            FrameBox(
                record: FrameRecord(index: violation.frame, offset: violation.frameOffset, header: violation.header),
                sender: sender, isBroken: true, isWhole: false, hover: ViolationFacts(finding).sentence
            ).write(to: &page, anchor: anchor)
        }
        page.element(
            "a", .kinds(["flag", FrameBox.lane(of: sender)]), .id(.flag(conversation: record.number, index)),
            .link(anchor), .passedOver, .hover(ViolationFacts(finding).sentence)
        ) { $0.text("✕ " + violation.rule.name) }
    }

    private func time(of item: TimeLineItem) -> CaptureTime? {
        switch item {
        case .frame(let frame): frame.frame.packetPosition?.time
        case .violation(let index):
            record.violations.indices.contains(index) ? record.violations[index].packetPosition?.time : nil
        case .leftOut: nil
        }
    }

    private func hover(_ finding: FrameFinding) -> String {
        let frame = finding.frame
        var parts = [FrameBox.facts(of: frame.record)]
        if !frame.isWhole { parts.append("\(Numbers.count(frame.payloadCount, "byte")) of it arrived") }
        if let packetPosition = frame.packetPosition {
            parts.append(ConversationText.packetPosition(packetPosition, since: record.start))
        }
        let preview = FramePreview.text(of: frame, width: 48)
        if !preview.isEmpty { parts.append(preview) }
        return parts.joined(separator: " · ")
    }
}
