import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

// What is reported about missing bytes.
extension ConversationInspector {
    /// Handles the next bytes of a direction being missing.
    func reportGap(
        of sender: Endpoint, count: UInt64?, _ reason: GapReason, at packetPosition: PacketPosition?, continues: Bool,
        _ visit: (Finding) -> Void
    ) {
        let stream = stream(of: sender)
        let shown = showsFrames ? origin(of: sender) : nil
        let offset = stream.offset
        let continuation = stream.skipMissing(count, continues: continues) {
            add($0, from: sender, shown, to: &observers, visit)
        } onViolation: {
            add($0, of: $1, $3, from: sender, at: packetPosition, to: &observers)
        } onEvent: {
            report($0, of: sender, to: &observers, visit)
        }
        observers.sequence.release(visit)
        observers.audit.addGap(from: sender)
        observers.hop?.trace.addGap(from: sender)
        if case .atNextFrame(let cut?) = continuation, let shown {
            observers.sequence.add(.frame(FrameFinding(origin: shown, frame: cut)), visit)
        }
        guard gaps[sender, default: Gaps()].reported < Self.maximumReportedGaps else {
            gaps[sender, default: Gaps()].others += 1
            gaps[sender]?.bytesOfOthers &+= count ?? 0
            return
        }
        gaps[sender, default: Gaps()].reported += 1
        var message = Self.missing(count, of: sender, at: offset, reason)
        switch continuation {
        case .inFrame(let index):
            message += " The rest of frame \(index) is not judged; what follows it is."
        case .atNextFrame: message += " What follows is judged from the next frame on that is found."
        case .none where continues: break
        case .none: message += " What the \(sender.name) sent after that is not judged."
        }
        var notice = Notice(.missingBytes, about: sender, message, at: packetPosition)
        if case .encrypted(let obstacle) = reason {
            notice.kind = .notDecrypted
            notice.message =
                "What the \(sender.name) sent from offset \(CountedText.grouped(offset)) on cannot be decrypted: "
                + "\(obstacle.reason). It is not judged."
        }
        observers.sequence.add(.notice(NoticeFinding(origin: origin, notice)), visit)
    }

    private static func missing(
        _ count: UInt64?, of sender: Endpoint, at offset: UInt64, _ reason: GapReason
    ) -> String {
        let what = count.map { CountedText.count($0, "byte") } ?? "An unknown number of bytes"
        let it = count == 1 ? "it" : "them"
        let why =
            switch reason {
            case .notCaptured: "no packet of the capture holds \(it)"
            case .snapped: "the snap length of the capture cut \(it) off"
            case .ceiling: "too much arrived out of order after \(it) to wait any longer"
            case .encrypted(let obstacle): obstacle.reason
            case .noFrames: "they were captured, but where a frame begins among them is not known"
            case .brokenHTTP2: "the frames or header blocks of HTTP/2 around \(it) cannot be read"
            }
        return "\(what) of the \(sender.name) \(count == 1 ? "is" : "are") missing at offset "
            + "\(CountedText.grouped(offset)): \(why)."
    }

    /// Reports what a stream has found besides frames and violations.
    func report(
        _ event: StreamInspector.Event, of sender: Endpoint, to observers: inout Observers, _ visit: (Finding) -> Void
    ) {
        let notice: Notice
        switch event {
        case .message(let message): return observers.sequence.add(.message(message), visit)
        case .resumed(let skipped, let packetPosition):
            guard skipped > 0, gaps[sender]?.others == 0 else { return }
            let message =
                "After the missing bytes, \(CountedText.grouped(skipped)) more of the \(sender.name) "
                + "\(skipped == 1 ? "was" : "were") skipped: the next frame boundary was found by trying."
            notice = Notice(.startSkipped, about: sender, message, at: packetPosition)
        case .frameNotFound(let count):
            let message =
                "No frame boundary of the \(sender.name) was found in the \(CountedText.count(count, "byte")) after the missing "
                + "ones: what follows those is not judged."
            notice = Notice(.boundaryNotFound, about: sender, message)
        }
        observers.sequence.add(.notice(NoticeFinding(origin: origin, notice)), visit)
    }

    /// Ends the search for the next frame of a direction, of which nothing more comes or is waited for.
    func endSearch(of sender: Endpoint, at packetPosition: PacketPosition?, _ visit: (Finding) -> Void) {
        let shown = showsFrames ? origin(of: sender) : nil
        stream(of: sender).endSearch {
            add($0, from: sender, shown, to: &observers, visit)
        } onViolation: {
            add($0, of: $1, $3, from: sender, at: packetPosition, to: &observers)
        } onEvent: {
            report($0, of: sender, to: &observers, visit)
        }
    }

    /// Reports the number of gaps that were not reported individually.
    func reportOtherGaps(of sender: Endpoint, _ visit: (Finding) -> Void) {
        guard let gaps = gaps[sender], gaps.others > 0 else { return }
        let message =
            "\(CountedText.count(gaps.others, "further gap")) of the \(sender.name), with "
            + "\(CountedText.count(gaps.bytesOfOthers, "missing byte")), \(gaps.others == 1 ? "is" : "are") not reported one by one."
        observers.sequence.add(
            .notice(NoticeFinding(origin: origin, Notice(.missingBytes, about: sender, message))), visit)
    }
}
