import WebSocketCaptures
import WebSocketFrames

// Ends that what happened before explains.
extension AuditJudge {
    /// Returns one or two sentences that explain, by what happened before, why an endpoint ended the TCP connection;
    /// nil if nothing does.
    func reason(of leaver: Endpoint, at end: TCPEnd) -> String? {
        pingTimeout(by: leaver, at: end.position) ?? idleness(before: end) ?? firstOfItsKind(metBy: leaver, at: end)
    }

    private func pingTimeout(by leaver: Endpoint, at end: EventPosition) -> String? {
        guard timedOut(leaver, at: end) else { return nil }
        guard let ping = self[leaver].pings.first else { return "It had waited long for the last pong." }
        return self[leaver].pings.count == 1
            ? "It had got no pong for its ping\(AuditWording.inPacket(ping)), and may have given up."
            : "It had got no pong for its last \(self[leaver].pings.count) pings, and may have given up."
    }

    /// Returns a sentence if the connection had been idle for long; or if it had, a frame arrived, and the connection
    /// ended at once: something on the path had dropped the idle connection.
    private func idleness(before end: TCPEnd) -> String? {
        guard let last = audit.lastFrame else { return nil }
        if let wait = last.nanoseconds(to: end.position.packetPosition), wait >= AuditWording.idleTime {
            return "It came after \(silence(wait)): look for an idle timeout, often a proxy's\(hint(wait))."
        }
        guard let (from, to) = audit.silence, let wait = from.nanoseconds(to: to.packetPosition),
            let rest = to.nanoseconds(to: end.position.packetPosition), rest < Self.gapTolerance,
            last.order &- to.order <= 4
        else { return nil }
        return "The first frame after \(silence(wait))\(AuditWording.inPacket(to)) was the last: look for "
            + "an idle timeout of something on the path, a load balancer or a firewall\(hint(wait))."
    }

    private func silence(_ nanoseconds: UInt64) -> String {
        "\(AuditWording.duration(nanoseconds) ?? "long") of silence"
    }

    private func hint(_ nanoseconds: UInt64) -> String {
        KnownLimits.idle(after: nanoseconds).map { ". \($0.seconds) s is the default of \($0.source)" } ?? ""
    }

    /// Returns a sentence if the last frame was the first of its kind, which the leaver may not support.
    private func firstOfItsKind(metBy leaver: Endpoint, at end: TCPEnd) -> String? {
        let peer = leaver.peer
        var history = self[peer].traits
        var position = self[peer].lastFrame
        if let frame = unfinishedFrames[peer], frame.record.header.isComplete {
            history.add(frame.record.header)
            position = EventPosition(order: .max, packetPosition: frame.packetPosition)
        }
        let what: String
        let look: String
        if let words = history.onlyOfLast.words {
            what = "the first \(words) of the \(peer.name)"
            look = "whether the \(leaver.name), or a proxy on the path, can take one"
        } else if let words = history.onlyBeforeLast.words {
            what = "the message of the \(peer.name) that follows its first \(words)"
            look = "what that left in the \(leaver.name), or in a proxy on the path"
        } else {
            return nil
        }
        guard let position, self[leaver].lastFrame?.order ?? 0 < position.order else { return nil }
        // A frame after the end did not cause it.
        if let packet = position.packetPosition?.packet, let last = end.position.packetPosition?.packet, packet > last {
            return nil
        }
        if let wait = position.nanoseconds(to: end.position.packetPosition), wait >= Self.gapTolerance { return nil }
        return "It went right after \(what)\(AuditWording.inPacket(position)): look at \(look)."
    }
}
