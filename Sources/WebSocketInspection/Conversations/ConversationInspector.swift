import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Judges both directions of one conversation, and how it ended.
///
/// A class, since thousands of them are kept in a table, and they are too large to be copied for every packet.
final class ConversationInspector {
    /// The most findings that wait for a violation before them: it is then explained with what is known.
    static let maximumWaiting = 4096

    let origin: StreamOrigin
    private let head: ConversationHead
    let showsFrames: Bool
    private let client: StreamInspector
    private let server: StreamInspector
    /// What observes both directions: in one place, which needs only one access for each piece of a stream.
    struct Observers {
        var audit: ConversationAudit
        var facts: FactCollector
        var sequence = FindingSequence()
        /// The trace with which the other hop of a proxy is found; nil if that is not searched for.
        var hop: HopLedger.FollowedConversation?
    }
    var observers: Observers
    /// The directions that have ended: by a FIN, or both by a RST.
    private var ended: Set<Endpoint> = []
    /// The gaps of each direction.
    var gaps: [Endpoint: Gaps] = [:]

    struct Gaps {
        var reported = 0
        var others = 0
        var bytesOfOthers: UInt64 = 0
    }

    /// The most gaps of a direction that are reported individually.
    static let maximumReportedGaps = 4

    /// - Parameters:
    ///   - budget: the budget for the histories of all conversations.
    ///   - hop: receives the content of the conversation.
    init(
        origin: StreamOrigin, head: ConversationHead, settings: InspectionSettings, budget: HistoryBudget,
        hop: HopLedger.FollowedConversation? = nil
    ) {
        self.origin = origin
        self.head = head
        showsFrames = settings.showsFrames
        let agreement = Agreement(of: head, said: settings.deflate)
        let startsInTheMiddle = if case .middle = head.opening { true } else { false }
        func stream(_ sender: Endpoint) -> StreamInspector {
            let gatherer =
                settings.gathersMessages
                ? MessageGatherer(
                    origin: StreamOrigin(source: origin.source, connection: origin.connection, sender: sender),
                    sender: sender, extensions: agreement.extensions, startsInTheMiddle: startsInTheMiddle) : nil
            return StreamInspector(
                origin: origin, sender: sender,
                limits: Limits(frame: settings.maximumFrame ?? .max, message: settings.maximumMessage ?? .max),
                agreement: agreement,
                // The audit must see what comes after a violation, whether or not that is reported.
                policy: ContinuationPolicy(
                    reportsAll: settings.reportsAll, continues: true, showsPayloads: settings.showsFrames,
                    digests: hop != nil),
                budget: budget, gatherer: gatherer)
        }
        client = stream(.client)
        server = stream(.server)
        client.peer = server
        server.peer = client
        var audit = ConversationAudit(startsInTheMiddle: startsInTheMiddle)
        audit.isOverHTTP2 = head.opening == .extendedConnect
        observers = Observers(audit: audit, facts: FactCollector(began: head.packetPosition), hop: hop)
    }

    /// Reports that the conversation has begun.
    func open(_ visit: (Finding) -> Void) {
        visit(.conversation(ConversationFinding(origin: origin, head: head)))
    }

    /// Handles the next event of the conversation, except bytes.
    func feed(_ event: ConversationEvent, _ visit: (Finding) -> Void) {
        switch event {
        case .opened, .closed, .bytes: break
        case .gap(let sender, let count, let reason, let packetPosition, let continues):
            reportGap(of: sender, count: count, reason, at: packetPosition, continues: continues, visit)
        case .contradiction(let sender, _, _):
            observers.audit.addContradiction(from: sender)
            observers.hop?.trace.addContradiction(from: sender)
        case .finished(let sender, let packetPosition):
            endSearch(of: sender, at: packetPosition, visit)
            ended.insert(sender)
            observers.facts.addEnd(at: packetPosition?.time)
            observers.audit.addFinish(of: sender, at: packetPosition)
            observers.hop?.trace.addFinish(of: sender, at: packetPosition)
        case .reset(let sender, let packetPosition):
            ended = Set(Endpoint.allCases)
            observers.facts.addEnd(at: packetPosition?.time)
            observers.audit.addReset(by: sender, at: packetPosition)
            observers.hop?.trace.addReset(by: sender, at: packetPosition)
        case .notice(let notice):
            observers.audit.add(notice)
            observers.sequence.add(.notice(NoticeFinding(origin: origin, notice)), visit)
        }
    }

    /// Judges the next bytes of an endpoint.
    func feed(
        _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>, from sender: Endpoint, _ visit: (Finding) -> Void
    ) {
        var rest = pieces
        while !rest.isEmpty {
            let (count, waiting) = show(rest, of: buffer, from: sender, to: &observers, visit)
            if waiting > Self.maximumWaiting { flush(visit) }
            rest = rest.dropFirst(count)
        }
    }

    /// Lets a stream judge its next bytes, and passes what is in them to all observers.
    ///
    /// - Returns: the numbers of pieces that were judged, and of findings that wait.
    private func show(
        _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>, from sender: Endpoint, to observers: inout Observers,
        _ visit: (Finding) -> Void
    ) -> (count: Int, waiting: Int) {
        let shown = showsFrames ? origin(of: sender) : nil
        // Findings that wait are released at the end of a piece, so pieces are then judged one by one.
        let count = stream(of: sender).feed(observers.sequence.count == 0 ? pieces : pieces.prefix(1), of: buffer) {
            add($0, from: sender, shown, to: &observers, visit)
        } onViolation: {
            add($0, of: $1, $3, from: sender, at: $2, to: &observers)
        } onEvent: {
            report($0, of: sender, to: &observers, visit)
        }
        if observers.sequence.count > 0, observers.sequence.count <= Self.maximumWaiting {
            observers.sequence.release(visit)
        }
        return (count, observers.sequence.count)
    }

    /// - Parameter shown: the origin with which the frame is shown; nil if frames are not shown.
    @inline(__always)
    func add(
        _ frame: SeenFrame, from sender: Endpoint, _ shown: StreamOrigin?, to observers: inout Observers,
        _ visit: (Finding) -> Void
    ) {
        observers.audit.add(frame, from: sender)
        observers.facts.add(frame, from: sender)
        observers.hop?.add(frame, from: sender)
        if let shown { observers.sequence.add(.frame(FrameFinding(origin: shown, frame: frame)), visit) }
    }

    func add(
        _ violation: Violation, of opcode: Opcode?, _ pending: PendingViolation?, from sender: Endpoint,
        at packetPosition: PacketPosition?, to observers: inout Observers
    ) {
        observers.audit.add(violation, of: opcode, from: sender, at: packetPosition)
        observers.hop?.trace.add(violation, from: sender, at: packetPosition)
        if let pending { observers.sequence.add(pending) }
    }

    /// Whether violations wait for the bytes after them.
    var isWaiting: Bool { observers.sequence.count > 0 }

    /// Stops waiting: reports what was found with what is known now.
    func flush(_ visit: (Finding) -> Void) {
        client.completePending()
        server.completePending()
        observers.sequence.release(visit)
    }

    /// Ends the conversation.
    ///
    /// - Parameters:
    ///   - sourceEnded: whether the capture ends here.
    ///   - last: the capture's last packet.
    /// - Returns: what is kept to find the other hop of a proxy.
    func end(sourceEnded: Bool, last: PacketPosition?, _ visit: (Finding) -> Void) -> HopLedger.FollowedConversation? {
        let isCutOff = sourceEnded && ended.count < 2
        observers.hop?.trace.finish(isCutOff: isCutOff, at: last)
        if case .refused = head.opening { return observers.hop }
        let summaries = Endpoint.allCases.map { sender in
            end(of: sender, isWhole: !sourceEnded || ended.contains(sender), visit)
        }
        observers.sequence.release(visit)
        let refusals = reviewRefusals(visit)
        let (ending, notices) = observers.audit.conclusion(
            state: { sender in summaries.first { $0.origin.sender == sender }?.state ?? .complete },
            captureEnded: isCutOff, at: last, unfinished: { stream(of: $0).unfinishedFrame })
        for notice in notices {
            let isRefusal = notice.kind == .unfounded1002 || notice.kind == .unfounded1007
            let diagnosis = isRefusal ? notice.endpoint.flatMap { refusals[$0] } : nil
            visit(.notice(NoticeFinding(origin: origin, notice, diagnosis: diagnosis)))
        }
        let measured = observers.facts.finished(captureEndedAt: isCutOff ? last?.time : nil) {
            stream(of: $0).inflation
        }
        visit(.ending(EndingFinding(origin: origin, ending: ending, facts: measured)))
        for summary in summaries { visit(.stream(summary)) }
        return observers.hop
    }

    /// Reviews compressed messages that inflate, but that their receiver refused.
    ///
    /// - Returns: the reason for each endpoint that refused them.
    private func reviewRefusals(_ visit: (Finding) -> Void) -> [Endpoint: Diagnosis] {
        var found: [Endpoint: Diagnosis] = [:]
        for closer in Endpoint.allCases {
            guard let count = observers.audit.messagesRefused(by: closer) else { continue }
            // The receiver may have refused a header that another reading explains.
            if stream(of: closer.peer).isUnfinishedFrameDoubtful {
                observers.audit.addDoubtfulMessages(from: closer.peer)
            }
            guard let review = stream(of: closer.peer).compressionReview else { continue }
            found[closer] = review.refusal(afterMessages: count)
            let narrow = review.narrowWindow
            if review.losesSense || narrow != nil { observers.audit.addDoubtfulMessages(from: closer.peer) }
            guard let narrow else { continue }
            let message = "The \(closer.name) refused compressed messages for which a window of 8 bits was agreed."
            visit(
                .notice(
                    NoticeFinding(
                        origin: origin(of: closer.peer), Notice(.windowDoubtful, about: closer.peer, message),
                        diagnosis: narrow)))
        }
        return found
    }

    private func end(of sender: Endpoint, isWhole: Bool, _ visit: (Finding) -> Void) -> StreamSummary {
        let stream = stream(of: sender)
        endSearch(of: sender, at: nil, visit)
        reportOtherGaps(of: sender, visit)
        var summary = stream.finish(isWhole: isWhole)
        summary.address = sender == .client ? head.client : head.server
        summary.peerAddress = sender == .client ? head.server : head.client
        observers.sequence.release(visit)
        // A frame that was cut off by missing bytes has already been shown.
        if showsFrames, summary.state == .incompleteFrame, !stream.isLost, let frame = stream.unfinishedFrame {
            observers.sequence.add(.frame(FrameFinding(origin: origin(of: sender), frame: frame)), visit)
        }
        stream.notices(summary, aboutCapture: true, closeIsEcho: observers.audit.echoesClose(sender)) {
            observers.sequence.add($0, visit)
        }
        return summary
    }

    func stream(of sender: Endpoint) -> StreamInspector { sender == .client ? client : server }

    func origin(of sender: Endpoint) -> StreamOrigin {
        StreamOrigin(source: origin.source, connection: origin.connection, sender: sender)
    }
}
