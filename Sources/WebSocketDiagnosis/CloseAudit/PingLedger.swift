import WebSocketCaptures

/// The pings of one endpoint that its peer has not answered.
///
/// Only the latest ping must be answered, and a pong for it answers those before it too (RFC 6455 §5.5.3).
struct PingLedger: Sendable {
    /// No more pings than these are kept, the latest. One would do for a peer that answers; the others are for pongs
    /// that are on their way while further pings are sent.
    static let maximumCount = 8

    private struct Ping: Sendable {
        var payload: [UInt8]
        var place: Place
    }

    /// The unanswered pings, the earliest first.
    private var pings: [Ping] = []
    /// The earliest ping since the last one that was answered.
    private(set) var first: Place?
    /// How many pings have been sent since the last one that was answered.
    private(set) var count: UInt64 = 0
    /// The first pong that answers none of them, and came while there was one. (A pong may come unasked, §5.5.3.)
    private(set) var foreignPong: Place?
    /// The peer sends pongs that nobody has asked for.
    private(set) var peerSendsUnasked = false

    /// The first frame of the peer that ended after ``first``: where it began.
    private(set) var nextFrame: (began: PacketPosition?, order: UInt64, isText: Bool)?
    /// Whether a pong that answers one of them arrived after their sender's Close.
    private(set) var latePong: Place?
    /// How long the ping that was answered last had to wait, in nanoseconds, and where it stands.
    private(set) var lastWait: (ping: Place, pong: Place)?

    /// Some unanswered ping is not kept any more, so what a pong answers cannot be known for sure.
    private var hasForgotten: Bool { count > UInt64(truncatingIfNeeded: pings.count) }

    mutating func see(ping payload: [UInt8], at place: Place) {
        if pings.count == Self.maximumCount { pings.removeFirst() }
        pings.append(Ping(payload: payload, place: place))
        if first == nil { first = place }
        count &+= 1
    }

    /// A frame of the peer has ended.
    @inline(__always)
    mutating func seeFrame(beganAt packetPosition: PacketPosition?, order: UInt64, isText: Bool) {
        guard first != nil, nextFrame == nil else { return }
        nextFrame = (packetPosition, order, isText)
    }

    /// The packet of a text that came in place of a pong, as soon as one would have.
    var promptText: PacketPosition? {
        guard let first, let nextFrame, nextFrame.isText, let began = nextFrame.began,
            let wait = first.nanoseconds(to: began), wait < Self.promptTime,
            began.packet >= first.packetPosition?.packet ?? 0
        else { return nil }
        return began
    }

    /// A pong came when it could not help any more.
    ///
    /// - Returns: the ping that it answers.
    mutating func see(latePong payload: [UInt8], at place: Place) -> Place? {
        guard let ping = pings.last(where: { $0.payload == payload }) else { return nil }
        latePong = latePong ?? place
        return ping.place
    }

    /// - Returns: the ping that it answers: of several with the same payload the latest; nil if it answers none.
    mutating func see(pong payload: [UInt8], at place: Place) -> Place? {
        guard let index = pings.lastIndex(where: { $0.payload == payload }) else {
            if pings.isEmpty {
                peerSendsUnasked = true
            } else if !hasForgotten, foreignPong == nil, isPrompt(place) {
                foreignPong = place
            }
            return nil
        }
        // It does answer pings with their payload: earlier pongs were unsolicited.
        if foreignPong != nil { peerSendsUnasked = true }
        foreignPong = nil
        let answered = pings[index].place
        lastWait = (answered, place)
        pings.removeSubrange(...index)
        first = pings.first?.place
        nextFrame = nil
        count = UInt64(truncatingIfNeeded: pings.count)
        return answered
    }

    /// A pong that came so soon after a ping is meant as its answer: others are sent unasked, to keep the connection
    /// alive (RFC 6455 §5.5.3).
    private func isPrompt(_ pong: Place) -> Bool {
        guard let wait = pings.last?.place.nanoseconds(to: pong.packetPosition) else { return true }
        return wait < Self.promptTime
    }

    private static let promptTime: UInt64 = 2_000_000_000
}
