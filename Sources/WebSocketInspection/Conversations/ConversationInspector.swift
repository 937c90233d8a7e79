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
    struct Watch {
        var audit: ConversationAudit
        var facts: FactCollector
        var sequence = FindingSequence()
        /// The trace with which the other hop of a proxy is found; nil if that is not searched for.
        var hop: HopLedger.Followed?
    }
    var watch: Watch
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
        hop: HopLedger.Followed? = nil
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
        watch = Watch(audit: audit, facts: FactCollector(began: head.packetPosition), hop: hop)
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
            watch.audit.addContradiction(from: sender)
            watch.hop?.trace.addContradiction(from: sender)
        case .finished(let sender, let packetPosition):
            endSearch(of: sender, at: packetPosition, visit)
            ended.insert(sender)
            watch.facts.addEnd(at: packetPosition?.time)
            watch.audit.addFinish(of: sender, at: packetPosition)
            watch.hop?.trace.addFinish(of: sender, at: packetPosition)
        case .reset(let sender, let packetPosition):
            ended = Set(Endpoint.allCases)
            watch.facts.addEnd(at: packetPosition?.time)
            watch.audit.addReset(by: sender, at: packetPosition)
            watch.hop?.trace.addReset(by: sender, at: packetPosition)
        case .notice(let notice):
            watch.audit.add(notice)
            watch.sequence.add(.notice(NoticeFinding(origin: origin, notice)), visit)
        }
    }

    /// Judges the next bytes of an endpoint.
    func feed(
        _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>, from sender: Endpoint, _ visit: (Finding) -> Void
    ) {
        var rest = pieces
        while !rest.isEmpty {
            let (count, waiting) = show(rest, of: buffer, from: sender, to: &watch, visit)
            if waiting > Self.maximumWaiting { flush(visit) }
            rest = rest.dropFirst(count)
        }
    }

    /// Lets a stream judge its next bytes, and passes what is in them to all observers.
    ///
    /// - Returns: the numbers of pieces that were judged, and of findings that wait.
    private func show(
        _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>, from sender: Endpoint, to watch: inout Watch,
        _ visit: (Finding) -> Void
    ) -> (count: Int, waiting: Int) {
        let shown = showsFrames ? origin(of: sender) : nil
        // Findings that wait are released at the end of a piece, so pieces are then judged one by one.
        let count = stream(of: sender).feed(watch.sequence.count == 0 ? pieces : pieces.prefix(1), of: buffer) {
            add($0, from: sender, shown, to: &watch, visit)
        } onViolation: {
            add($0, of: $1, $3, from: sender, at: $2, to: &watch)
        } onEvent: {
            report($0, of: sender, to: &watch, visit)
        }
        if watch.sequence.count > 0, watch.sequence.count <= Self.maximumWaiting { watch.sequence.release(visit) }
        return (count, watch.sequence.count)
    }

    /// - Parameter shown: the origin with which the frame is shown; nil if frames are not shown.
    @inline(__always)
    func add(
        _ frame: SeenFrame, from sender: Endpoint, _ shown: StreamOrigin?, to watch: inout Watch,
        _ visit: (Finding) -> Void
    ) {
        watch.audit.add(frame, from: sender)
        watch.facts.add(frame, from: sender)
        watch.hop?.add(frame, from: sender)
        if let shown { watch.sequence.add(.frame(FrameFinding(origin: shown, frame: frame)), visit) }
    }

    func add(
        _ violation: Violation, of opcode: Opcode?, _ pending: PendingViolation?, from sender: Endpoint,
        at packetPosition: PacketPosition?, to watch: inout Watch
    ) {
        watch.audit.add(violation, of: opcode, from: sender, at: packetPosition)
        watch.hop?.trace.add(violation, from: sender, at: packetPosition)
        if let pending { watch.sequence.add(pending) }
    }

    /// Whether violations wait for the bytes after them.
    var isWaiting: Bool { watch.sequence.count > 0 }

    /// Stops waiting: reports what was found with what is known now.
    func flush(_ visit: (Finding) -> Void) {
        client.completePending()
        server.completePending()
        watch.sequence.release(visit)
    }

    /// Ends the conversation.
    ///
    /// - Parameters:
    ///   - sourceEnded: whether the capture ends here.
    ///   - last: the capture's last packet.
    /// - Returns: what is kept to find the other hop of a proxy.
    func end(sourceEnded: Bool, last: PacketPosition?, _ visit: (Finding) -> Void) -> HopLedger.Followed? {
        let isCutOff = sourceEnded && ended.count < 2
        watch.hop?.trace.end(isCutOff: isCutOff, at: last)
        if case .refused = head.opening { return watch.hop }
        let summaries = Endpoint.allCases.map { sender in
            end(of: sender, isWhole: !sourceEnded || ended.contains(sender), visit)
        }
        watch.sequence.release(visit)
        let refusals = reviewRefusals(visit)
        let (ending, notices) = watch.audit.conclusion(
            state: { sender in summaries.first { $0.origin.sender == sender }?.state ?? .complete },
            captureEnded: isCutOff, at: last, unfinished: { stream(of: $0).unfinishedFrame })
        for notice in notices {
            let isRefusal = notice.kind == .unfounded1002 || notice.kind == .unfounded1007
            let diagnosis = isRefusal ? notice.endpoint.flatMap { refusals[$0] } : nil
            visit(.notice(NoticeFinding(origin: origin, notice, diagnosis: diagnosis)))
        }
        let measured = watch.facts.finished(captureEndedAt: isCutOff ? last?.time : nil) { stream(of: $0).inflation }
        visit(.ending(EndingFinding(origin: origin, ending: ending, facts: measured)))
        for summary in summaries { visit(.stream(summary)) }
        return watch.hop
    }

    /// Reviews compressed messages that inflate, but that their receiver refused.
    ///
    /// - Returns: the reason for each endpoint that refused them.
    private func reviewRefusals(_ visit: (Finding) -> Void) -> [Endpoint: Diagnosis] {
        var found: [Endpoint: Diagnosis] = [:]
        for closer in Endpoint.allCases {
            guard let count = watch.audit.messagesRefused(by: closer) else { continue }
            // The receiver may have refused a header that another reading explains.
            if stream(of: closer.peer).isUnfinishedFrameDoubtful { watch.audit.addDoubtfulMessages(from: closer.peer) }
            guard let review = stream(of: closer.peer).compressionReview else { continue }
            found[closer] = review.refusal(afterMessages: count)
            let narrow = review.narrowWindow
            if review.losesSense || narrow != nil { watch.audit.addDoubtfulMessages(from: closer.peer) }
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
        var summary = stream.end(isWhole: isWhole)
        summary.address = sender == .client ? head.client : head.server
        summary.peerAddress = sender == .client ? head.server : head.client
        watch.sequence.release(visit)
        // A frame that was cut off by missing bytes has already been shown.
        if showsFrames, summary.state == .incompleteFrame, !stream.isLost, let frame = stream.unfinishedFrame {
            watch.sequence.add(.frame(FrameFinding(origin: origin(of: sender), frame: frame)), visit)
        }
        stream.notices(summary, aboutCapture: true, closeIsEcho: watch.audit.echoesClose(sender)) {
            watch.sequence.add($0, visit)
        }
        return summary
    }

    func stream(of sender: Endpoint) -> StreamInspector { sender == .client ? client : server }

    func origin(of sender: Endpoint) -> StreamOrigin {
        StreamOrigin(source: origin.source, connection: origin.connection, sender: sender)
    }
}
