import WebSocketCaptures

/// The pings of one endpoint that its peer has not answered.
///
/// Only the latest ping must be answered, and a pong for it answers those before it too (RFC 6455 §5.5.3).
struct PingLedger: Sendable {
    /// The number of pings that are kept: the latest. One would be enough for a peer that answers; the others are for
    /// pongs that are in transit while further pings are sent.
    static let maximumCount = 8

    private struct Ping: Sendable {
        var payload: [UInt8]
        var position: EventPosition
    }

    /// The unanswered pings, the earliest first.
    private var pings: [Ping] = []
    /// The earliest ping since the last one that was answered.
    private(set) var first: EventPosition?
    /// The number of pings sent since the last one that was answered.
    private(set) var count: UInt64 = 0
    /// The first pong that answered none of them, and arrived while a ping was unanswered. (Pongs may be unsolicited,
    /// §5.5.3.)
    private(set) var foreignPong: EventPosition?
    /// Whether the peer sends unsolicited pongs.
    private(set) var peerSendsUnasked = false

    /// Where the peer's first frame that ended after ``first`` began.
    private(set) var nextFrame: (began: PacketPosition?, order: UInt64, isText: Bool)?
    /// A pong that answers one of them but arrived after their sender's Close.
    private(set) var latePong: EventPosition?
    /// The ping that was answered last, and its pong.
    private(set) var lastWait: (ping: EventPosition, pong: EventPosition)?

    /// Whether some unanswered ping is no longer kept, so that it is not certain what a pong answers.
    private var hasForgotten: Bool { count > UInt64(truncatingIfNeeded: pings.count) }

    mutating func add(ping payload: [UInt8], at position: EventPosition) {
        if pings.count == Self.maximumCount { pings.removeFirst() }
        pings.append(Ping(payload: payload, position: position))
        if first == nil { first = position }
        count &+= 1
    }

    /// Notes that a frame of the peer has ended.
    @inline(__always)
    mutating func addFrame(beganAt packetPosition: PacketPosition?, order: UInt64, isText: Bool) {
        guard first != nil, nextFrame == nil else { return }
        nextFrame = (packetPosition, order, isText)
    }

    /// The packet of a text that arrived instead of a pong, as promptly as one would have.
    var promptText: PacketPosition? {
        guard let first, let nextFrame, nextFrame.isText, let began = nextFrame.began,
            let wait = first.nanoseconds(to: began), wait < Self.promptTime,
            began.packet >= first.packetPosition?.packet ?? 0
        else { return nil }
        return began
    }

    /// Notes a pong that arrived too late to matter.
    ///
    /// - Returns: the ping that it answers.
    mutating func add(latePong payload: [UInt8], at position: EventPosition) -> EventPosition? {
        guard let ping = pings.last(where: { $0.payload == payload }) else { return nil }
        latePong = latePong ?? position
        return ping.position
    }

    /// - Returns: the ping that it answers, the latest if several have the same payload; nil if it answers none.
    mutating func add(pong payload: [UInt8], at position: EventPosition) -> EventPosition? {
        guard let index = pings.lastIndex(where: { $0.payload == payload }) else {
            if pings.isEmpty {
                peerSendsUnasked = true
            } else if !hasForgotten, foreignPong == nil, isPrompt(position) {
                foreignPong = position
            }
            return nil
        }
        // The peer does answer pings with their payload: earlier pongs were unsolicited.
        if foreignPong != nil { peerSendsUnasked = true }
        foreignPong = nil
        let answered = pings[index].position
        lastWait = (answered, position)
        pings.removeSubrange(...index)
        first = pings.first?.position
        nextFrame = nil
        count = UInt64(truncatingIfNeeded: pings.count)
        return answered
    }

    /// Returns whether a pong came so soon after a ping that it is meant as its answer: others are unsolicited, to
    /// keep the connection alive (RFC 6455 §5.5.3).
    private func isPrompt(_ pong: EventPosition) -> Bool {
        guard let wait = pings.last?.position.nanoseconds(to: pong.packetPosition) else { return true }
        return wait < Self.promptTime
    }

    private static let promptTime: UInt64 = 2_000_000_000
}
