import WebSocketCaptures
import WebSocketFrames

/// How the two hops ended, which of them ended first, and whether a Close was passed on.
struct HopEndings {
    /// As in the audit: an endpoint that continues for longer than this knows of the end.
    private static let timeAllowed = AuditJudge.gapTolerance

    private let front: HopTrace
    private let back: HopTrace
    private let sharesClock: Bool

    init(front: HopTrace, back: HopTrace, sharesClock: Bool) {
        self.front = front
        self.back = back
        self.sharesClock = sharesClock
    }

    private typealias Ended = (isFront: Bool, endpoint: Endpoint, end: HopEnd)

    /// How each hop ended, in order of time; nil if that is not known.
    private var order: (first: Ended, second: Ended)? {
        guard sharesClock, let front = front.firstEnd, let back = back.firstEnd,
            let frontTime = front.end.packetPosition?.time, let backTime = back.end.packetPosition?.time
        else { return nil }
        let ends: (Ended, Ended) = ((true, front.endpoint, front.end), (false, back.endpoint, back.end))
        return frontTime <= backTime ? ends : (ends.1, ends.0)
    }

    private func nanoseconds(_ order: (first: Ended, second: Ended)) -> UInt64 {
        let first = order.first.end.packetPosition?.time?.nanoseconds ?? 0
        return (order.second.end.packetPosition?.time?.nanoseconds ?? 0) &- first
    }

    /// Which hop ended first, and how much later the other one did.
    var facts: [String] {
        guard let order else { return [] }
        return [
            "\(HopWording.capitalised(HopWording.hop(isFront: order.first.isFront))) ended first: \(words(order.first)). "
                + "\(HopWording.capitalised(HopWording.hop(isFront: order.second.isFront))) ended "
                + "\(HopWording.span(nanoseconds(order))) later: \(words(order.second))."
        ]
    }

    private func words(_ ended: Ended) -> String {
        "\(HopWording.name(of: ended.endpoint, isFront: ended.isFront)) \(HopWording.ended(ended.end))"
    }

    var differences: [HopDifference] {
        var found = Endpoint.allCases.compactMap(close)
        if let order, nanoseconds(order) >= Self.timeAllowed {
            found.append(
                HopDifference(
                    kind: .endedApart, sender: nil, count: 1,
                    message: "\(HopWording.capitalised(HopWording.hop(isFront: order.second.isFront))) continued for "
                        + "\(HopWording.span(nanoseconds(order))) after \(HopWording.hop(isFront: order.first.isFront)) had "
                        + "ended: \(words(order.first)), then \(words(order.second)). For that long, one end does not learn that "
                        + "the other is gone.",
                    front: front.firstEnd?.end.packetPosition, back: back.firstEnd?.end.packetPosition))
        }
        return found
    }

    /// Returns what became of the Close of an endpoint that started the closing handshake.
    private func close(of sender: Endpoint) -> HopDifference? {
        let (source, destination) = sender == .client ? (front, back) : (back, front)
        guard let first = source.firstEnd, first.endpoint == sender, case .close(let code) = first.end.kind,
            !destination.isCutOff, destination[sender].stop == nil, destination.isSeenFromStart,
            let end = destination.firstEnd, end.endpoint == sender
        else { return nil }
        let became: String
        if case .close(let passed) = end.end.kind {
            guard passed != code else { return nil }
            became =
                "The proxy closes \(AuditWording.with(passed))\(HopWording.inPacket(end.end.packetPosition)) in its place."
        } else {
            became =
                "The proxy \(HopWording.ended(end.end)): the \(sender.peer.name) does not learn why (RFC 6455 §7.1.5)."
        }
        // The proxy may have ended one hop on its own, before it knew of the Close on the other.
        if let order, order.first.isFront != (sender == .client) { return nil }
        return HopDifference(
            kind: .closeDiffers, sender: sender, count: 1,
            message:
                "The \(sender.name) closes \(AuditWording.with(code))\(HopWording.inPacket(first.end.packetPosition)), "
                + "and that does not come through the proxy. \(became)",
            front: front.firstEnd?.end.packetPosition, back: back.firstEnd?.end.packetPosition)
    }
}
