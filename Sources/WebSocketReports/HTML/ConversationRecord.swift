import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// What a page can show about one conversation, or about the stream of a dump: collected as its findings arrive,
/// within the ceilings.
struct ConversationRecord {
    /// How important it is to show the conversation in full.
    enum Severity: Int, CaseIterable {
        case clean, doubtful, broken
    }

    /// Its position on the page, from 0 over all inputs.
    let number: Int
    let source: String
    let connection: Int?
    /// Nil for a dump of one direction.
    let head: ConversationHead?
    private(set) var frames = FrameSelection(.wide)
    /// All frames, by their times.
    private(set) var scale: TimeScale
    private(set) var violations: [ViolationFinding] = []
    private(set) var violationCount: UInt64 = 0
    private(set) var notices: [NoticeFinding] = []
    private(set) var noticeCount: UInt64 = 0
    private(set) var streams: [StreamSummary] = []
    /// How the conversation ended; nil for a dump of one direction.
    private(set) var ending: Ending?
    /// What was measured; nil if nothing was.
    private(set) var facts: ConversationFacts?
    /// The first messages, and how many there were.
    private(set) var messages: [MessageFinding] = []
    private(set) var messageCount: UInt64 = 0
    private(set) var firstPacketPosition: PacketPosition?
    private(set) var lastPacketPosition: PacketPosition?

    init(number: Int, origin: StreamOrigin, head: ConversationHead?) {
        self.number = number
        self.source = origin.source
        self.connection = origin.connection
        self.head = head
        scale = TimeScale(start: head?.packetPosition?.time)
        if let packetPosition = head?.packetPosition { add(packetPosition) }
    }

    var severity: Severity {
        switch verdict {
        case .broken: .broken
        case .cutOff, .doubtful, .unread: .doubtful
        case .refused: noticeCount > 0 ? .doubtful : .clean
        case .empty, .clean: .clean
        }
    }

    var verdict: ConversationVerdict {
        ConversationVerdict(violations: violationCount, notices: noticeCount, head: head, streams: streams)
    }

    mutating func add(_ frame: FrameFinding) {
        frames.add(frame)
        guard let packetPosition = frame.frame.packetPosition else { return }
        add(packetPosition)
        if let time = packetPosition.time {
            scale.add(frame.frame.record.header, from: frame.origin.sender, at: time)
        }
    }

    mutating func add(_ violation: ViolationFinding) {
        violationCount &+= 1
        if let packetPosition = violation.packetPosition { add(packetPosition) }
        guard violations.count < PageCeilings.violations else { return }
        violations.append(violation)
        if let time = violation.packetPosition?.time { scale.addFault(at: time) }
        frames.addViolation(violations.count - 1)
    }

    mutating func add(_ notice: NoticeFinding) {
        noticeCount &+= 1
        if let packetPosition = notice.packetPosition { add(packetPosition) }
        if notices.count < PageCeilings.notices { notices.append(notice) }
    }

    mutating func add(_ finding: EndingFinding) {
        ending = finding.ending
        facts = finding.facts
        if let end = finding.facts?.ended { scale.finish(at: end) }
    }

    mutating func add(_ message: MessageFinding) {
        messageCount &+= 1
        guard messages.count < PageCeilings.messages else { return }
        var message = message
        message.bytes = Array(message.bytes.prefix(PageCeilings.messageBytes))
        messages.append(message)
    }

    mutating func add(_ summary: StreamSummary) {
        // A conversation has two streams; more would be a bug elsewhere, and must not cost memory.
        if streams.count < 2 { streams.append(summary) }
    }

    /// Discards the messages.
    mutating func dropMessages() { messages = [] }

    /// Reduces the selection of frames.
    mutating func narrow() {
        frames = frames.narrowed(to: .narrow)
    }

    /// Extends the range of packets. Findings come in order, and the packets of a capture almost do.
    private mutating func add(_ packetPosition: PacketPosition) {
        if firstPacketPosition.map({ packetPosition.packet < $0.packet }) ?? true {
            firstPacketPosition = packetPosition
        }
        if lastPacketPosition.map({ packetPosition.packet > $0.packet }) ?? true { lastPacketPosition = packetPosition }
    }
}

extension ConversationRecord {
    /// The time from which the times of this conversation are counted.
    var start: CaptureTime? { firstPacketPosition?.time }

    /// Returns the address of an endpoint; nil if the input has none.
    func address(of endpoint: Endpoint) -> SocketAddress? {
        if let address = endpoint == .client ? head?.client : head?.server { return address }
        for stream in streams {
            if stream.origin.sender == endpoint, let address = stream.address { return address }
            if stream.origin.sender == endpoint.peer, let address = stream.peerAddress { return address }
        }
        return nil
    }
}
