import WebSocketCaptures
import WebSocketFrames

/// What becomes of the messages and pings of one endpoint at the proxy.
struct HopMessages {
    private let direction: HopDirection
    private var found: [HopDifference] = []
    private var sender: Endpoint { direction.sender }
    private var name: String { direction.sender.name }
    private var proxySide: String { HopWording.hop(isFront: !direction.sourceIsFront) }

    init(_ direction: HopDirection) {
        self.direction = direction
        for piece in direction.different { compare(piece) }
        compareTypes()
        compareFrames()
        comparePings()
        compareViolations()
    }

    /// The differences, one of each kind, each about the first place where it was found.
    var differences: [HopDifference] { found }

    private mutating func add(
        _ kind: HopDifference.Kind, count: Int = 1, _ sent: HopMessage?, _ passed: HopMessage?,
        _ message: String
    ) {
        if let index = found.firstIndex(where: { $0.kind == kind }) {
            found[index].count += count
            return
        }
        let places = (sent?.packetPosition, passed?.packetPosition)
        found.append(
            HopDifference(
                kind: kind, sender: sender, count: count, message: HopWording.capitalised(message),
                front: direction.sourceIsFront ? places.0 : places.1,
                back: direction.sourceIsFront ? places.1 : places.0))
    }

    // MARK: Messages

    private mutating func compare(_ piece: HopAlignment.Piece) {
        let sent = Array(direction.sent[piece.one])
        let passed = Array(direction.passed[piece.other])
        guard let first = sent.first else {
            guard let first = passed.first else { return }
            return add(
                .messageAdded, count: passed.count, nil, first,
                "\(HopWording.message(first, of: sender)) leaves the proxy on \(proxySide), and did not come to it: the "
                    + "proxy, or a program in it, has made it.")
        }
        guard let firstPassed = passed.first else {
            return add(
                .messageDropped, count: sent.count, first, nil,
                "\(HopWording.message(first, of: sender)) comes to the proxy and does not leave it\(fate(of: piece)).")
        }
        if sent.count == passed.count {
            for (sent, passed) in zip(sent, passed) { compare(sent, passed) }
        } else if passed.count == 1, Self.isSum(firstPassed, of: sent) {
            add(
                .messagesMerged, first, firstPassed,
                "Messages \(first.index) to \(first.index &+ UInt32(sent.count) &- 1) of the \(name), the first of "
                    + "\(Wording.count(first.length, "byte"))\(HopWording.inPacket(first.packetPosition)), leave the proxy as one (\(HopWording.facts(of: firstPassed))), which is "
                    + "as long as they are together. Fragments may be put together; messages may not (RFC 6455 §5.4).")
        } else if sent.count == 1, Self.isSum(first, of: passed) {
            add(
                .messageSplit, first, firstPassed,
                "\(HopWording.message(first, of: sender)) leaves the proxy as \(passed.count) messages, which are as long "
                    + "together; the first is \(HopWording.facts(of: firstPassed)). A message may be cut into fragments, "
                    + "but not into messages (RFC 6455 §5.4).")
        } else {
            add(
                .messagesReplaced, count: max(sent.count, passed.count), first, firstPassed,
                "Where \(Wording.count(sent.count, "message")) of the \(name) \(sent.count == 1 ? "comes" : "come") to the "
                    + "proxy, from \(HopWording.message(first, of: sender)) on, it sends \(passed.count) other "
                    + "\(passed.count == 1 ? "one" : "ones") (the first \(HopWording.facts(of: firstPassed))).")
        }
    }

    private mutating func compare(_ sent: HopMessage, _ passed: HopMessage) {
        let what = HopWording.message(sent, of: sender)
        if passed.length < sent.length, passed.length > 0, passed.beginsLike(sent) {
            let alike = min(passed.length, UInt64(ContentDigest.prefixCount))
            add(
                .messageCut, sent, passed,
                "\(what) leaves the proxy\(HopWording.inPacket(passed.packetPosition)) with only "
                    + "\(Wording.grouped(passed.length)) of its bytes: the first \(alike) are the same.")
        } else {
            add(
                .messageChanged, sent, passed,
                "\(what) leaves the proxy with other bytes (\(HopWording.facts(of: passed))).")
        }
    }

    /// Returns whether it is as long as the others together, and begins like the first of them.
    private static func isSum(_ one: HopMessage, of others: [HopMessage]) -> Bool {
        guard others.count > 1, let first = others.first, first.length > 0 else { return false }
        return others.reduce(UInt64(0)) { $0 &+ $1.length } == one.length && first.beginsLike(one)
    }

    /// Returns what is known about how a message was lost.
    private func fate(of piece: HopAlignment.Piece) -> String {
        if piece.one.upperBound < direction.sent.count { return ", while later ones do" }
        guard let first = direction.destination.firstEnd else { return "" }
        return
            "; \(HopWording.name(of: first.endpoint, isFront: !direction.sourceIsFront)) then \(HopWording.ended(first.end)) "
            + "on \(proxySide)"
    }

    private mutating func compareTypes() {
        let others = direction.equal.filter { $0.sent.opcode != $0.passed.opcode }
        guard let (sent, passed) = others.first else { return }
        add(
            .typeChanged, count: others.count, sent, passed,
            "\(HopWording.message(sent, of: sender)) is \(sent.opcode.name) before the proxy, and \(passed.opcode.name) after "
                + "it\(HopWording.packet(passed.packetPosition)). Whoever receives it may treat the two differently (RFC "
                + "6455 §5.6).")
    }

    private mutating func compareFrames() {
        let others = direction.equal.filter { $0.sent.frameCount != $0.passed.frameCount }
        guard let (sent, passed) = others.first else { return }
        add(
            .framesDiffer, count: others.count, sent, passed,
            "\(HopWording.message(sent, of: sender)) has \(Wording.count(sent.frameCount, "frame")) before the proxy, and "
                + "\(passed.frameCount) after it\(HopWording.packet(passed.packetPosition)); it carries the same. A proxy may "
                + "do that where no extension gives frames a meaning (RFC 6455 §5.4).")
    }

    // MARK: Pings

    private mutating func comparePings() {
        let sent = direction.source[sender].pings
        let passed = direction.destination[sender].pings
        guard direction.destination[sender].stop == nil, !sent.isEmpty else { return }
        let leaving = Set(passed.map(\.digest))
        guard !sent.contains(where: { leaving.contains($0.digest) }) else { return }
        let due = sent.filter(isDue)
        guard let first = due.first else { return }
        let isAnswered = direction.source[sender.peer].pongCount > 0
        let peer = sender.peer.name
        add(
            .pingsEnd, count: due.count, first, nil,
            "\(Wording.count(due.count, "ping")) of the \(name) \(due.count == 1 ? "ends" : "end") at the proxy, the first"
                + "\(HopWording.inPacket(first.packetPosition))\(isAnswered ? ": it answers in place of the \(peer)" : ""). "
                + "It may, as a ping is about one connection (RFC 6455 §5.5.2): so these tell nothing of the \(peer), "
                + "and keep only \(HopWording.hop(isFront: direction.sourceIsFront)) from falling idle.")
    }

    /// Returns whether the ping must show: the other hop was open for long enough after it, or the proxy has passed
    /// on something later.
    private func isDue(_ ping: HopMessage) -> Bool {
        let destination = direction.destination
        if case .close = direction.source[sender].ends.first?.kind, case .close = destination[sender].ends.first?.kind {
            return true
        }
        if let packet = ping.packetPosition?.packet,
            let last = direction.equal.last?.sent.packetPosition?.packet, last > packet
        {
            return true
        }
        let end = destination.firstEnd?.end.packetPosition?.time ?? destination.captureEnd?.time
        guard direction.sharesClock else { return destination.firstEnd != nil }
        guard let time = ping.time, let end else { return false }
        return time.nanoseconds &+ Self.pingTimeout <= end.nanoseconds
    }

    private static let pingTimeout: UInt64 = 1_000_000_000

    // MARK: Violations

    private mutating func compareViolations() {
        guard direction.source[sender].stop == nil, direction.source.isSeenFromStart,
            case .violation(let violation, let packetPosition)? = direction.destination[sender].stop,
            violation.closeCode != .messageTooBig
        else { return }
        // What was sent before the violation reached the proxy unchanged.
        let isPrefix = direction.alignment.map { $0.pieces.allSatisfy { $0.isEqual || $0.other.isEmpty } } ?? false
        let hop = HopWording.hop(isFront: !direction.sourceIsFront)
        let other = HopWording.hop(isFront: direction.sourceIsFront)
        var difference = HopDifference(
            kind: .violationMade, sender: sender, count: 1,
            message: "Frame \(violation.frame) of the \(name) breaks \(violation.rule.name) on \(hop)"
                + "\(HopWording.inPacket(packetPosition)), and no frame of the \(name) does on \(other). What breaks the "
                + "rule comes about at the proxy"
                + (isPrefix ? ", and the messages before it are the same." : "."))
        if direction.sourceIsFront {
            difference.back = packetPosition
        } else {
            difference.front = packetPosition
        }
        found.append(difference)
    }
}

extension HopMessages {
    /// Returns facts about both directions that are worth knowing but are not differences.
    static func facts(_ directions: [HopDirection]) -> [String] {
        var facts: [String] = []
        if let client = directions.first(where: { $0.sender == .client }) {
            let keys = client.equal.filter { $0.sent.maskingKey != 0 }
                .map { $0.sent.maskingKey == $0.passed.maskingKey }
            if keys.count > 1, keys.allSatisfy({ $0 }) {
                facts.append("The client's masking keys are passed on: the proxy copies frames as they came.")
            } else if keys.count > 1, !keys.contains(true) {
                facts.append("The client's frames are masked anew: the proxy reads frames, and writes its own.")
            }
        }
        for direction in directions {
            let name = direction.sender.name
            let pairs = direction.equal
            if pairs.contains(where: { $0.sent.isCompressed != $0.passed.isCompressed }) {
                facts.append(
                    "Messages of the \(name) are compressed on one hop and not on the other; inflated they are the same."
                )
            }
            let own = direction.destination[direction.sender].pings
            let sent = Set(direction.source[direction.sender].pings.map(\.digest))
            let count = own.filter { !sent.contains($0.digest) }.count
            if count > 0, direction.source[direction.sender].stop == nil {
                facts.append(
                    "The proxy sends \(Wording.count(count, "ping")) of its own to the \(direction.sender.peer.name).")
            }
        }
        return facts
    }

    /// Returns the messages of one direction side by side.
    static func rows(of direction: HopDirection) -> [HopRow] {
        guard let alignment = direction.alignment else { return [] }
        func row(_ sent: HopMessage?, _ passed: HopMessage?, isSame: Bool) -> HopRow {
            HopRow(
                sender: direction.sender, front: direction.sourceIsFront ? sent : passed,
                back: direction.sourceIsFront ? passed : sent, isSame: isSame)
        }
        return alignment.pieces.flatMap { piece in
            (0..<max(piece.one.count, piece.other.count)).map { index in
                row(
                    index < piece.one.count ? direction.sent[piece.one.lowerBound + index] : nil,
                    index < piece.other.count ? direction.passed[piece.other.lowerBound + index] : nil,
                    isSame: piece.isEqual)
            }
        }
    }
}
