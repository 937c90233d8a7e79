import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Judges both directions of one conversation, and how it ended.
///
/// A class, since thousands of them are kept in a table, and they are too large to be moved about for every packet.
final class ConversationInspector {
    /// No more findings wait for a violation before them: it is then explained by what there is.
    static let mostWaiting = 4096

    private let origin: StreamOrigin
    private let head: ConversationHead
    private let showsFrames: Bool
    private let client: StreamInspector
    private let server: StreamInspector
    /// What watches both directions: in one place, so that all of it is reached by one access for each piece of a stream.
    private struct Watch {
        var audit: ConversationAudit
        var facts: FactCollector
        var sequence = FindingSequence()
    }
    private var watch: Watch
    /// Empty where messages are not wanted.
    private let gatherers: [Endpoint: MessageGatherer]
    /// What is kept to find the other hop of a proxy; nil if that is not looked for.
    private let hop: HopTrace?
    /// The directions that have come to their end: FIN, or both by a RST.
    private var ended: Set<Endpoint> = []

    /// - Parameters:
    ///   - budget: what the histories of all conversations may hold.
    ///   - hop: is given what the conversation carries.
    init(
        origin: StreamOrigin, head: ConversationHead, settings: InspectionSettings, budget: HistoryBudget,
        hop: HopTrace? = nil
    ) {
        self.origin = origin
        self.hop = hop
        self.head = head
        showsFrames = settings.showsFrames
        let agreement = Agreement(of: head, said: settings.deflate)
        func stream(_ sender: Endpoint) -> StreamInspector {
            StreamInspector(
                origin: origin, sender: sender,
                limits: Limits(frame: settings.maximumFrame ?? .max, message: settings.maximumMessage ?? .max),
                agreement: agreement,
                // The audit must see what comes after a violation, whether it is reported.
                policy: ContinuationPolicy(
                    reportsAll: settings.goesOn, goesOn: true, showsPayloads: settings.showsFrames,
                    digests: hop != nil),
                budget: budget)
        }
        client = stream(.client)
        server = stream(.server)
        client.peer = server
        server.peer = client
        let startsInTheMiddle = if case .middle = head.opening { true } else { false }
        var audit = ConversationAudit(startsInTheMiddle: startsInTheMiddle)
        audit.isOverHTTP2 = head.opening == .extendedConnect
        watch = Watch(audit: audit, facts: FactCollector(began: head.packetPosition))
        let gathering = settings.gathersMessages ? Endpoint.allCases : []
        gatherers = Dictionary(
            uniqueKeysWithValues: gathering.map { sender in
                let origin = StreamOrigin(source: origin.source, connection: origin.connection, sender: sender)
                return (
                    sender,
                    MessageGatherer(
                        origin: origin, sender: sender, extensions: agreement.extensions,
                        startsInTheMiddle: startsInTheMiddle)
                )
            })
    }

    /// The conversation has begun.
    func open(_ visit: (Finding) -> Void) {
        visit(.conversation(ConversationFinding(origin: origin, head: head)))
    }

    /// The next thing that happens in the conversation.
    func feed(_ event: ConversationEvent, _ bytes: Span<UInt8>, _ visit: (Finding) -> Void) {
        switch event {
        case .opened, .closed: break
        case .bytes(let sender, let packetPosition): feed(bytes, from: sender, at: packetPosition, visit)
        case .gap(let sender, let count, let reason, let packetPosition):
            meetGap(of: sender, count: count, reason, at: packetPosition, visit)
        case .contradiction(let sender, _, _):
            watch.audit.seeContradiction(from: sender)
            hop?.seeContradiction(from: sender)
        case .finished(let sender, let packetPosition):
            ended.insert(sender)
            watch.facts.seeEnd(at: packetPosition?.time)
            watch.audit.seeFinish(of: sender, at: packetPosition)
            hop?.seeFinish(of: sender, at: packetPosition)
        case .reset(let sender, let packetPosition):
            ended = Set(Endpoint.allCases)
            watch.facts.seeEnd(at: packetPosition?.time)
            watch.audit.seeReset(by: sender, at: packetPosition)
            hop?.seeReset(by: sender, at: packetPosition)
        case .notice(let notice):
            watch.audit.see(notice)
            watch.sequence.add(.notice(NoticeFinding(origin: origin, notice)), visit)
        }
    }

    private func feed(
        _ bytes: Span<UInt8>, from sender: Endpoint, at packetPosition: PacketPosition?, _ visit: (Finding) -> Void
    ) {
        let waiting = show(bytes, from: sender, at: packetPosition, to: &watch, visit)
        if waiting > Self.mostWaiting { flush(visit) }
    }

    /// Has a stream judge its next bytes, and shows what is in them to all that watch.
    ///
    /// - Returns: how many findings wait.
    private func show(
        _ bytes: Span<UInt8>, from sender: Endpoint, at packetPosition: PacketPosition?, to watch: inout Watch,
        _ visit: (Finding) -> Void
    ) -> Int {
        let origin = showsFrames ? origin(of: sender) : nil
        let stream = stream(of: sender)
        stream.feed(bytes, at: packetPosition) { frame in
            watch.audit.see(frame, from: sender)
            watch.facts.see(frame, from: sender)
            hop?.see(frame, from: sender)
            if let origin { watch.sequence.add(.frame(FrameFinding(origin: origin, frame: frame)), visit) }
        } meet: { violation, opcode, pending in
            watch.audit.see(violation, of: opcode, from: sender, at: packetPosition)
            hop?.see(violation, from: sender, at: packetPosition)
            if let pending { watch.sequence.add(pending) }
        }
        gatherers[sender]?.feed(bytes, at: packetPosition) { watch.sequence.add(.message($0), visit) }
        if watch.sequence.count > 0, watch.sequence.count <= Self.mostWaiting { watch.sequence.release(visit) }
        return watch.sequence.count
    }

    /// Violations wait for the bytes after them.
    var isWaiting: Bool { watch.sequence.count > 0 }

    /// No more is waited for: what was found is given with what is known now.
    func flush(_ visit: (Finding) -> Void) {
        client.completePending()
        server.completePending()
        watch.sequence.release(visit)
    }

    private func meetGap(
        of sender: Endpoint, count: UInt64?, _ reason: GapReason, at packetPosition: PacketPosition?,
        _ visit: (Finding) -> Void
    ) {
        let stream = stream(of: sender)
        stream.endHere()
        gatherers[sender]?.endHere()
        watch.sequence.release(visit)
        watch.audit.seeGap(from: sender)
        hop?.seeGap(from: sender)
        let what = count.map { "\($0) \($0 == 1 ? "byte" : "bytes")" } ?? "An unknown number of bytes"
        let why =
            switch reason {
            case .notCaptured: "no packet of the capture holds them"
            case .snapped: "the snap length of the capture cut them off"
            case .ceiling: "too much arrived out of order after them to wait any longer"
            case .encrypted(let obstacle): obstacle.reason
            case .brokenHTTP2: "the frames or header blocks of HTTP/2 around them cannot be read"
            }
        let message =
            "\(what) of the \(sender.name) \(count == 1 ? "is" : "are") missing at offset \(stream.byteCount): \(why). "
            + "What the \(sender.name) sent after that is not judged."
        var notice = Notice(.missingBytes, about: sender, message, at: packetPosition)
        if case .encrypted = reason {
            notice.kind = .notDecrypted
            notice.message =
                "What the \(sender.name) sent from offset \(stream.byteCount) on cannot be decrypted: \(why). It is not "
                + "judged."
        }
        watch.sequence.add(.notice(NoticeFinding(origin: origin, notice)), visit)
    }

    /// The conversation is over.
    ///
    /// - Parameters:
    ///   - sourceEnded: the capture ends here.
    ///   - last: the capture's last packet.
    func end(sourceEnded: Bool, last: PacketPosition?, _ visit: (Finding) -> Void) {
        let isCutOff = sourceEnded && ended.count < 2
        hop?.end(isCutOff: isCutOff, at: last)
        if case .refused = head.opening { return }
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
    }

    /// Looks again at compressed messages that inflate, and that their receiver refused all the same.
    ///
    /// - Returns: why, for each endpoint that refused them.
    private func reviewRefusals(_ visit: (Finding) -> Void) -> [Endpoint: Diagnosis] {
        var found: [Endpoint: Diagnosis] = [:]
        for closer in Endpoint.allCases {
            guard let count = watch.audit.messagesRefused(by: closer) else { continue }
            // A header that explains itself otherwise may well have been what was refused.
            if stream(of: closer.peer).isUnfinishedFrameDoubtful { watch.audit.seeDoubtfulMessages(from: closer.peer) }
            guard let review = stream(of: closer.peer).compressionReview else { continue }
            found[closer] = review.refusal(afterMessages: count)
            let narrow = review.narrowWindow
            if review.losesSense || narrow != nil { watch.audit.seeDoubtfulMessages(from: closer.peer) }
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
        var summary = stream.end(isWhole: isWhole)
        summary.address = sender == .client ? head.client : head.server
        summary.peerAddress = sender == .client ? head.server : head.client
        watch.sequence.release(visit)
        if showsFrames, summary.state == .incompleteFrame, let frame = stream.unfinishedFrame {
            watch.sequence.add(.frame(FrameFinding(origin: origin(of: sender), frame: frame)), visit)
        }
        stream.notices(summary, aboutCapture: true, closeIsEcho: watch.audit.echoesClose(sender)) {
            watch.sequence.add($0, visit)
        }
        return summary
    }

    private func stream(of sender: Endpoint) -> StreamInspector { sender == .client ? client : server }

    private func origin(of sender: Endpoint) -> StreamOrigin {
        StreamOrigin(source: origin.source, connection: origin.connection, sender: sender)
    }
}
