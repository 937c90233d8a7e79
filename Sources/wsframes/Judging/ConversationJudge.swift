import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

/// Judges both directions of one conversation, and how it ended.
///
/// A class, since thousands of them are kept in a table, and they are too large to be moved about for every packet.
final class ConversationJudge {
    private let origin: StreamOrigin
    private let head: ConversationHead
    private let deflateIsAssumed: Bool
    private let showsFrames: Bool
    private var client: StreamJudge
    private var server: StreamJudge
    private var audit: ConversationAudit
    private var findings = OrderedFindings()
    /// The directions that have come to their end: FIN, or both by a RST.
    private var ended: Set<Endpoint> = []

    /// - Parameters:
    ///   - reach: how much is kept of the bytes around a violation.
    ///   - kept: what all conversations may keep of the bytes that passed.
    ///   - budget: what the violations of all conversations may take that wait for such bytes.
    init(
        source: String, index: Int, head: ConversationHead, options: JudgingOptions, reach: SurroundingBytes.Reach,
        budget: WaitingBudget, kept: WaitingBudget
    ) {
        origin = StreamOrigin(source: source, connection: index, sender: nil)
        self.head = head
        showsFrames = options.showsFrames
        deflateIsAssumed = options.deflate == nil && head.agreedDeflate == nil
        let deflate = options.deflate ?? head.agreedDeflate ?? true
        let extensions: AgreedExtensions = deflate ? .permessageDeflate : .none
        let origin = origin
        func judge(_ sender: Endpoint) -> StreamJudge {
            StreamJudge(
                origin: origin,
                validator: FrameValidator(
                    sender: sender, extensions: extensions,
                    limits: Limits(frame: options.maxFrame ?? .max, message: options.maxMessage ?? .max)),
                // The audit must see what comes after a violation, whether it is reported.
                course: StreamJudge.Course(
                    tellsAll: options.goesOn, goesOn: true, showsPayloads: options.showsFrames),
                terms: ViolationQueue.Terms(
                    extensions: extensions, offeredDeflate: head.offeredDeflate, budget: budget, kept: kept),
                reach: reach)
        }
        client = judge(.client)
        server = judge(.server)
        let startsInTheMiddle = if case .middle = head.opening { true } else { false }
        audit = ConversationAudit(startsInTheMiddle: startsInTheMiddle, agreedDeflate: deflate)
        audit.isOverHTTP2 = head.opening == .extendedConnect
    }

    /// What is reported when it was opened.
    var opening: Finding { .conversation(ConversationFinding(origin: origin, head: head)) }

    /// The next thing that happens in the conversation.
    ///
    /// - Returns: what was found by it.
    func see(_ event: ConversationEvent, _ bytes: Span<UInt8>) -> [Finding] {
        switch event {
        case .opened, .closed: break
        case .bytes(let sender, let packetPosition): judge(bytes, from: sender, at: packetPosition)
        case .gap(let sender, let count, let reason, let packetPosition):
            seeGap(of: sender, count: count, reason, at: packetPosition)
        case .finished(let sender, let packetPosition):
            ended.insert(sender)
            audit.seeFinish(of: sender, at: packetPosition)
        case .reset(let sender, let packetPosition):
            ended = Set(Endpoint.allCases)
            audit.seeReset(by: sender, at: packetPosition)
        case .contradiction(let sender, _, _):
            // What the peer received from there on is not known, as after missing bytes.
            audit.seeGap(from: sender)
        case .notice(let notice): findings.add(.notice(NoticeFinding(origin: origin, notice)))
        }
        return findings.take()
    }

    private func judge(_ bytes: Span<UInt8>, from sender: Endpoint, at packetPosition: PacketPosition?) {
        let violations = judgeOf(sender) { judge in
            judge.judge(bytes, at: packetPosition) { frame in
                audit.see(frame, from: sender)
                if showsFrames { findings.add(.frame(FrameFinding(origin: origin(of: sender), frame: frame))) }
            } meet: { violation in
                audit.see(violation, from: sender, at: packetPosition)
                findings.holdPlace(for: sender)
            }
        }
        for violation in violations { findings.add(violation, of: sender) }
    }

    private func seeGap(
        of sender: Endpoint, count: UInt64?, _ reason: GapReason, at packetPosition: PacketPosition?
    ) {
        let (offset, violations) = judgeOf(sender) { ($0.bytes, $0.endHere()) }
        audit.seeGap(from: sender)
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
            "\(what) of the \(sender.name) \(count == 1 ? "is" : "are") missing at offset \(offset): \(why). What "
            + "the \(sender.name) sent after that is not judged."
        for violation in violations { findings.add(violation, of: sender) }
        var notice = Notice(.missingBytes, about: sender, message, at: packetPosition)
        if case .encrypted = reason {
            notice.kind = .notDecrypted
            notice.message =
                "What the \(sender.name) sent from offset \(offset) on cannot be decrypted: \(why). It is not judged."
        }
        findings.add(.notice(NoticeFinding(origin: origin, notice)))
    }

    /// The conversation is over.
    ///
    /// - Parameters:
    ///   - sourceEnded: the capture ends here.
    ///   - last: the capture's last packet.
    func end(sourceEnded: Bool, last: PacketPosition?) -> [Finding] {
        if case .refused = head.opening { return [] }
        var summaries: [StreamSummary] = []
        for sender in [Endpoint.client, .server] {
            let isWhole = !sourceEnded || ended.contains(sender)
            summaries.append(judgeOf(sender) { end(&$0, of: sender, isWhole: isWhole) })
        }
        let isCutOff = sourceEnded && ended.count < 2
        let (ending, notes) = audit.conclusion(
            state: { summaries[$0 == .client ? 0 : 1].state }, captureEnded: isCutOff, at: last)
        for note in notes {
            findings.add(.notice(NoticeFinding(origin: origin, note)))
        }
        findings.add(.ending(EndingFinding(origin: origin, ending: ending)))
        return findings.take() + summaries.map(Finding.stream)
    }

    // MARK: -

    private func end(_ judge: inout StreamJudge, of sender: Endpoint, isWhole: Bool) -> StreamSummary {
        var (violations, summary) = judge.end(isWhole: isWhole)
        summary.address = sender == .client ? head.client : head.server
        summary.peerAddress = sender == .client ? head.server : head.client
        for violation in violations { findings.add(violation, of: sender) }
        if showsFrames, summary.state == .incompleteFrame, let frame = judge.unfinishedFrame {
            findings.add(.frame(FrameFinding(origin: origin(of: sender), frame: frame)))
        }
        for notice in judge.notices(summary: summary, deflate: assumption(of: judge)) { findings.add(.notice(notice)) }
        judge.release()
        return summary
    }

    private func judgeOf<Result>(_ sender: Endpoint, _ body: (inout StreamJudge) -> Result) -> Result {
        sender == .client ? body(&client) : body(&server)
    }

    private func origin(of sender: Endpoint?) -> StreamOrigin {
        StreamOrigin(source: origin.source, connection: origin.connection, sender: sender)
    }

    private func assumption(of judge: StreamJudge) -> String? {
        guard deflateIsAssumed, judge.usedReservedBits else { return nil }
        return
            "Whether permessage-deflate was agreed on is not in this capture: RSV1 is taken as legal where it would be. "
            + "--no-deflate judges otherwise."
    }
}
