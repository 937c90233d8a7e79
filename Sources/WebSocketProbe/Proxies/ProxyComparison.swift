import WebSocketDiagnosis
import WebSocketFrames

/// What a proxy has done to what passed through it.
struct ProxyComparison {
    /// One thing that the proxy has done.
    struct Finding {
        /// Its name in reports.
        let kind: String
        /// Whether RFC 6455 allows a proxy to do that.
        var isAllowed = false
        /// Whether it alone explains how the case ended.
        var explainsAll: Bool { kind == "half-close" || kind == "connection-cut" }
        /// The endpoint whose bytes show it.
        let sender: Endpoint
        let message: String
    }

    private let traffic: ProxyTraffic
    private let probe: ProbeCase
    private let front: ProxyHop
    private let back: ProxyHop
    /// Whether the bytes that were sent break a rule, which allows a proxy to end everything.
    let isBroken: Bool
    private(set) var findings: [Finding] = []

    /// - Returns: nil if there are no two connections to compare.
    init?(_ traffic: ProxyTraffic, _ probe: ProbeCase) {
        guard let front = ProxyHop(client: traffic.client.sent, server: traffic.server.received),
            let back = ProxyHop(client: traffic.client.received, server: traffic.server.sent)
        else { return nil }
        self.traffic = traffic
        self.probe = probe
        self.front = front
        self.back = back
        isBroken = (probe.target.peer == .client ? front : back)[probe.target.peer].violation != nil
        // The case itself judges which end refuses a handshake, and with which status.
        guard probe.opening.answer == .upgrade else { return }
        if !isBroken {
            // An end that has lost the connection has lost what would have arrived on it.
            compareHalfClose()
            compareCuts()
            guard findings.isEmpty else { return }
        }
        compareMessages()
        if !isBroken {
            for sender in Endpoint.allCases { compareControls(of: sender) }
            compareDelays()
        }
        compareEnds()
    }

    /// Whether the bytes that arrived break the same rule as those that were sent.
    var passesViolation: Bool { (probe.target == .server ? back : front)[probe.target.peer].violation != nil }

    private mutating func add(_ kind: String, _ sender: Endpoint, _ message: String, isAllowed: Bool = false) {
        findings.append(Finding(kind: kind, isAllowed: isAllowed, sender: sender, message: message))
    }

    // MARK: - Messages and handshakes

    private mutating func compareMessages() {
        let comparison = HopComparison(front: front.trace, back: back.trace, sharesClock: false)
        for difference in comparison.differences {
            let sender = difference.sender ?? probe.target.peer
            // A proxy that refuses a stream need not pass on what preceded the fault, nor the answers to it.
            guard !isBroken || (sender == probe.target.peer && difference.kind != .messageDropped) else { continue }
            switch difference.kind {
            // More is known about these here than from a capture.
            case .pingsEnd, .closeDiffers, .endedApart: continue
            case .messageDropped where isLostAtClose(sender): addLoss(of: sender)
            default:
                add(
                    difference.kind.rawValue, sender, difference.message, isAllowed: difference.kind == .framesDiffer)
            }
        }
    }

    /// Returns whether the other end had closed and the proxy has answered that: there is nowhere to send the rest.
    private func isLostAtClose(_ sender: Endpoint) -> Bool {
        sender == probe.target && source(sender.peer).close != nil && destination(sender).close != nil
    }

    private mutating func addLoss(of sender: Endpoint) {
        guard !findings.contains(where: { $0.kind == "lost-at-close" }) else { return }
        add(
            "lost-at-close", sender,
            "the proxy answers the Close of the \(sender.peer.name) before it has passed on all that the \(sender.name) "
                + "sent until it closed, too: that is lost", isAllowed: true)
    }

    // MARK: - Control frames

    private func source(_ sender: Endpoint) -> ProxyHop.DirectionFacts { (sender == .client ? front : back)[sender] }
    private func destination(_ sender: Endpoint) -> ProxyHop.DirectionFacts {
        (sender == .client ? back : front)[sender]
    }

    private mutating func compareControls(of sender: Endpoint) {
        let (sent, passed) = (source(sender), destination(sender))
        // A rule broken on the way ends what can be compared, and is a finding by itself.
        guard passed.violation == nil else { return }
        comparePings(of: sender, lost: Self.rest(sent.pings, without: passed.pings), passed)
        comparePongs(of: sender, sent, passed)
        compareCloses(of: sender, sent.close, passed.close)
    }

    private mutating func comparePings(of sender: Endpoint, lost: [[UInt8]], _ passed: ProxyHop.DirectionFacts) {
        let added = Self.rest(passed.pings, without: source(sender).pings)
        if let ping = lost.first {
            // The proxy's own answer: a pong that the other end has not sent.
            let own = Self.rest(destination(sender.peer).pongs, without: source(sender.peer).pongs)
            if lost.allSatisfy(own.contains) {
                add(
                    "pings-answered", sender,
                    "a ping of the \(sender.name) (\(Self.words(ping))) is answered by the proxy itself, and not passed "
                        + "on, as RFC 6455 §5.5.2 allows: the answer says nothing of the \(sender.peer.name)",
                    isAllowed: true)
            } else if added.count == lost.count, let other = added.first {
                add(
                    "ping-changed", sender,
                    "a ping of the \(sender.name) (\(Self.words(ping))) comes out with other bytes (\(Self.words(other)))"
                )
                return
            } else {
                add(
                    "ping-dropped", sender,
                    "a ping of the \(sender.name) (\(Self.words(ping))) is neither passed on nor answered")
            }
        }
        guard let ping = added.first else { return }
        if source(sender).pings.contains(ping) {
            add("ping-doubled", sender, "a ping of the \(sender.name) (\(Self.words(ping))) comes out more than once")
        } else {
            add(
                "pings-of-its-own", sender,
                "the proxy sends a ping of its own to the \(sender.peer.name), as RFC 6455 §5.5.2 allows",
                isAllowed: true)
        }
    }

    private mutating func comparePongs(
        of sender: Endpoint, _ sent: ProxyHop.DirectionFacts, _ passed: ProxyHop.DirectionFacts
    ) {
        let asked = destination(sender.peer).pings
        // A ping that the proxy sends is its own, and so is the answer to it.
        let own = Self.rest(asked, without: source(sender.peer).pings)
        let lost = Self.rest(Self.rest(sent.pongs, without: passed.pongs), without: own)
        let added = Self.rest(passed.pongs, without: sent.pongs)
        if let pong = lost.first {
            if added.count == lost.count, let other = added.first, !source(sender.peer).pings.contains(other) {
                add(
                    "pong-changed", sender,
                    "a pong of the \(sender.name) (\(Self.words(pong))) comes out with other bytes (\(Self.words(other)))"
                )
            } else if !asked.contains(pong) {
                add(
                    "pong-kept", sender,
                    "a pong of the \(sender.name) without a ping is not passed on, as RFC 6455 §5.5.3 allows",
                    isAllowed: true)
            } else if isLostAtClose(sender) {
                addLoss(of: sender)
            } else if !passed.pongs.contains(pong) {
                add(
                    "pong-dropped", sender,
                    "the proxy passes a ping on, and not the pong of the \(sender.name) (\(Self.words(pong))), nor one "
                        + "of its own")
            }
            return
        }
        // Pongs in place of pings that were not passed on are a finding about those pings.
        let unasked = Self.rest(added, without: Self.rest(source(sender.peer).pings, without: asked))
        guard let pong = unasked.first else { return }
        if sent.pongs.contains(pong) {
            add("pong-doubled", sender, "a pong of the \(sender.name) (\(Self.words(pong))) comes out more than once")
        } else {
            add(
                "pongs-of-its-own", sender,
                "the proxy sends the \(sender.peer.name) a pong that the \(sender.name) has not sent, as RFC 6455 §5.5.3 "
                    + "allows", isAllowed: true)
        }
    }

    private mutating func compareCloses(of sender: Endpoint, _ sent: [UInt8]?, _ passed: [UInt8]?) {
        guard sent != passed else { return }
        let own = probe.target.peer
        if source(own).close == nil, destination(own).close != nil, traffic.ended.contains(own) {
            // The case is over and its end has gone: a proxy that reads frames may tell the other end with a Close,
            // whose answer nobody waits for. It is only worth reporting if the case is about ends.
            guard sender == own, probe.needs.contains(.proxy) else { return }
            return add(
                "end-as-close", own,
                "the \(own.name) ends without a Close, and the proxy sends the \(own.peer.name) one of its own",
                isAllowed: true)
        }
        // The strict endpoint closes only in answer to a Close.
        let asked = sender == probe.target ? source(sender.peer).close : nil
        switch (sent, passed) {
        case (let sent?, let passed?):
            // A proxy that reads frames may answer a Close itself.
            let isFine = passed.isEmpty || passed == asked || ArraySlice(passed) == asked?.prefix(2)
            let isAnswer = asked != nil && isFine
            add(
                isAnswer ? "close-answered" : "close-changed", sender,
                "the Close of the \(sender.name) (\(Self.words(sent))) comes out with other bytes "
                    + "(\(Self.words(passed)))", isAllowed: isAnswer)
        case (let sent?, nil):
            add(
                "close-dropped", sender,
                "the Close of the \(sender.name) (\(Self.words(sent))) is not passed on: the \(sender.peer.name) does not "
                    + "learn why the connection ends (RFC 6455 §7.1.5)")
        default:
            add(
                "close-added", sender,
                "the proxy sends a Close (\(Self.words(passed ?? []))) to the \(sender.peer.name), and the \(sender.name) "
                    + "has sent none")
        }
    }

    /// Returns what is left of `all` after each of `some` has been removed once.
    private static func rest(_ all: [[UInt8]], without some: [[UInt8]]) -> [[UInt8]] {
        var counts: [[UInt8]: Int] = [:]
        for one in some { counts[one, default: 0] += 1 }
        return all.filter { one in
            guard let count = counts[one], count > 0 else { return true }
            counts[one] = count - 1
            return false
        }
    }

    private static func words(_ payload: [UInt8]) -> String {
        payload.isEmpty ? "empty" : "\(payload.count == 1 ? "1 byte" : "\(payload.count) bytes")"
    }

    // MARK: - Ends and delays

    /// Reports that one end has closed its half, and the proxy ends the connection without what the other would have
    /// sent.
    private mutating func compareHalfClose() {
        let sender = probe.target.peer
        guard probe.steps.contains(.halfClose), let end = traffic.ends[sender], end.isAnswer,
            destination(sender.peer).close == nil, source(sender).close != nil
        else { return }
        add(
            "half-close", sender,
            "the proxy ends the whole connection when the \(sender.name) closes its half of it: what the "
                + "\(sender.peer.name) would still have sent is lost. RFC 6455 does not ask for more", isAllowed: true)
    }

    private mutating func compareCuts() {
        for receiver in [probe.target.peer, probe.target] {
            // If a Close was sent, that is what ends the connection.
            guard let end = traffic.ends[receiver], !end.isPassed, !end.isAnswer,
                destination(receiver.peer).close == nil
            else { continue }
            return add(
                "connection-cut", receiver.peer,
                "the proxy \(end.isReset ? "resets" : "ends") the connection of the \(receiver.name) after "
                    + "\(Self.count(traffic[receiver.peer].received)) of the \(receiver.peer.name), which had not ended "
                    + "its own and sent no Close")
        }
    }

    private static func count(_ bytes: [UInt8]) -> String {
        let frames = bytes.count - (HeaderFields.endOfHead(in: bytes) ?? bytes.count)
        return frames == 1 ? "1 byte of frames" : "\(frames) bytes of frames"
    }

    private mutating func compareEnds() {
        let (own, far) = (probe.target.peer, probe.target)
        guard traffic.ended.contains(own), traffic.ends[far] == nil else { return }
        add(
            "end-kept", own,
            "the connection of the \(own.name) has ended, and that of the \(far.name) stays open")
    }

    /// The delay from which on data counts as delayed, in seconds.
    static let slow = 0.25

    private mutating func compareDelays() {
        for sender in Endpoint.allCases {
            let wait = traffic[sender].longestWait
            guard wait >= Self.slow else { continue }
            add(
                "delayed", sender, "what the \(sender.name) sends comes out \(Int(wait * 1_000)) ms later",
                isAllowed: true)
        }
    }
}
