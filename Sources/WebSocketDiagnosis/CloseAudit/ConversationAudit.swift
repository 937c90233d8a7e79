public import WebSocketCaptures
public import WebSocketFrames

/// Watches both directions of a conversation, and says at its end how it ended and whether that was right.
///
/// Tell it what happens in the order in which it happens: that order, and the times of the capture, are all it has to
/// tell an answer from what was on its way already. It keeps a few facts of each endpoint and its last unanswered
/// pings, whatever the length of the conversation. A conversation that the server refused has nothing to audit.
///
/// What may be missing is never claimed: not after a gap, not after the capture's end, and nothing that an endpoint
/// left out after a violation of its own.
public struct ConversationAudit: Sendable {
    let startsInTheMiddle: Bool
    /// A stream of HTTP/2 carries the conversation (RFC 8441): its end is none of the TCP connection.
    public var isOverHTTP2 = false
    /// What is wrong with the handshake, so that the endpoint that received it may refuse the connection.
    private(set) var handshakeFaults: [(kind: NoticeKind, endpoint: Endpoint)] = []
    /// The last time that nothing came for long, from which frame to which.
    private(set) var silence: (from: Place, to: Place)?
    /// The last frame of either side.
    private(set) var lastFrame: Place?
    private(set) var client = EndpointFacts()
    private(set) var server = EndpointFacts()
    /// The last packetPosition that was reported.
    private(set) var lastPacketPosition: PacketPosition?
    /// How many things have been reported.
    private var order: UInt64 = 0

    /// Begins an audit.
    ///
    /// - Parameter startsInTheMiddle: the handshake, and what followed it, is not in the capture.
    public init(startsInTheMiddle: Bool) {
        self.startsInTheMiddle = startsInTheMiddle
    }

    /// A frame has ended. Of Close, ping and pong it must show the whole payload.
    ///
    /// After an endpoint's violation, go on to show its frames where that is possible (``FrameWalk/skipFrame()``): its
    /// own Close tells whether its peer closed because of the violation or answered that Close.
    public mutating func see(_ frame: SeenFrame, from endpoint: Endpoint) {
        let place = nextPlace(frame.packetPosition, of: endpoint)
        noteFrame(frame, from: endpoint, at: place)
        // What a control frame says is not known where bytes of it are missing.
        guard frame.isWhole || !frame.record.header.opcode.isControl else { return }
        switch frame.record.header.opcode {
        case .close: see(close: frame.payload, from: endpoint, at: place)
        case .ping: see(ping: frame.payload, from: endpoint, at: place)
        case .pong: change(endpoint.peer) { $0.seeAnswer(pong: frame.payload, at: place) }
        default: change(endpoint) { $0.seeData(frame, at: place) }
        }
    }

    /// An endpoint broke a rule. Show all of its violations: its peer may have found a later one first.
    ///
    /// - Parameters:
    ///   - violation: the rule that was broken.
    ///   - opcode: of the frame that breaks it; nil if that is not known.
    ///   - endpoint: the endpoint that broke it.
    ///   - packetPosition: where in the capture; nil if the input has no packets.
    public mutating func see(
        _ violation: Violation, of opcode: Opcode? = nil, from endpoint: Endpoint, at packetPosition: PacketPosition?
    ) {
        let place = nextPlace(packetPosition, of: endpoint)
        change(endpoint) { $0.see(violation, of: opcode, at: place) }
    }

    /// What is doubtful about the handshake, or about how the capture holds the conversation.
    public mutating func see(_ notice: Notice) {
        guard let endpoint = notice.endpoint, NoticeKind.reasonsToRefuse.contains(notice.kind),
            !handshakeFaults.contains(where: { $0.kind == notice.kind && $0.endpoint == endpoint })
        else { return }
        handshakeFaults.append((notice.kind, endpoint))
    }

    /// Bytes of an endpoint are missing from the capture. Frames after them may be shown, but whatever depends on all that was
    /// sent is not known.
    public mutating func seeGap(from endpoint: Endpoint) {
        // They are missing after the last that was seen of it, though that they are is found only later.
        let seen = [self[endpoint].lastFrame, self[endpoint].violation?.place].compactMap(\.self)
        let place = seen.max { $0.order < $1.order } ?? Place(order: 0, packetPosition: nil)
        change(endpoint) { $0.gap = $0.gap ?? place }
    }

    /// The capture holds some bytes of an endpoint in two versions: which one its peer has read is not known.
    public mutating func seeContradiction(from endpoint: Endpoint) {
        change(endpoint) { $0.isContradicted = true }
    }

    /// What an endpoint's compressed messages inflate to need not be what it sent: nothing is claimed of its content.
    public mutating func seeDoubtfulMessages(from endpoint: Endpoint) {
        change(endpoint) { $0.hasSentOpaque = true }
    }

    /// How many messages the peer of an endpoint had begun when that closed with a code that says that one of them is
    /// broken (1002, 1007); nil if it did not.
    public func messagesRefused(by endpoint: Endpoint) -> UInt64? {
        guard let close = self[endpoint].close, close.code == .protocolError || close.code == .invalidPayload else {
            return nil
        }
        return close.place.peerMessages
    }

    /// An endpoint has ended its direction (FIN).
    public mutating func seeFinish(of endpoint: Endpoint, at packetPosition: PacketPosition?) {
        let place = nextPlace(packetPosition, of: endpoint)
        let end = TCPEnd(place: place, isReset: false, isOfStream: isOverHTTP2)
        change(endpoint) { $0.end = $0.end ?? end }
    }

    /// An endpoint has torn the connection down (RST).
    public mutating func seeReset(by endpoint: Endpoint, at packetPosition: PacketPosition?) {
        let place = nextPlace(packetPosition, of: endpoint)
        let end = TCPEnd(place: place, isReset: true, isOfStream: isOverHTTP2)
        change(endpoint) {
            $0.end = $0.end ?? end
            $0.reset = $0.reset ?? place
        }
    }

    /// The conversation is over: how did it end, and what was wrong with that?
    ///
    /// - Parameters:
    ///   - state: how each endpoint's stream stands at its end.
    ///   - captureEnded: the capture ends here; the conversation may have gone on.
    ///   - end: where the capture ends, if it ended first; nil if that is not known.
    ///   - unfinished: the frame inside which an endpoint's stream ends.
    /// - Returns: the ending, and what is wrong, in the order: the ending itself, then pings.
    public func conclusion(
        state: (Endpoint) -> StreamState, captureEnded: Bool, at end: PacketPosition? = nil,
        unfinished: (Endpoint) -> SeenFrame? = { _ in nil }
    ) -> (ending: Ending, notes: [Notice]) {
        let judge = AuditJudge(
            audit: self, clientState: state(.client), serverState: state(.server), captureEnded: captureEnded,
            unfinishedFrames: [.client: unfinished(.client), .server: unfinished(.server)].compactMapValues(\.self),
            end: captureEnded ? end ?? lastPacketPosition : lastPacketPosition)
        return judge.conclusion
    }

    /// The Close of an endpoint only repeats its peer's code: whether that code fits is not its business.
    public func echoesClose(_ endpoint: Endpoint) -> Bool {
        guard let close = self[endpoint].close, let other = self[endpoint.peer].close else { return false }
        return other.place.precedes(close.place) && close.code == other.code
    }

    subscript(endpoint: Endpoint) -> EndpointFacts { endpoint == .client ? client : server }

    // What is kept of an endpoint is too much to be copied for every frame: it is changed in place, and looked at by its parts.

    private func hasClosed(_ endpoint: Endpoint) -> Bool {
        if endpoint == .client { client.close != nil } else { server.close != nil }
    }

    @inline(__always)
    private mutating func change(_ endpoint: Endpoint, _ body: (inout EndpointFacts) -> Void) {
        if endpoint == .client {
            body(&client)
        } else {
            body(&server)
        }
    }

    private mutating func nextPlace(_ packetPosition: PacketPosition?, of endpoint: Endpoint) -> Place {
        order &+= 1
        // A frame's packetPosition is that of its first byte, and may be earlier than what was reported before.
        if let packetPosition, packetPosition.packet >= lastPacketPosition?.packet ?? 0 {
            lastPacketPosition = packetPosition
        }
        let peerMessages = endpoint == .client ? server.messages : client.messages
        return Place(order: order, packetPosition: packetPosition, peerMessages: peerMessages)
    }

    @inline(__always)
    private mutating func noteFrame(_ frame: SeenFrame, from endpoint: Endpoint, at place: Place) {
        if let lastFrame, let wait = lastFrame.nanoseconds(to: place.packetPosition), wait >= AuditWords.idleTime {
            silence = (lastFrame, place)
        }
        lastFrame = place
        change(endpoint) {
            $0.lastFrame = place
            $0.traits.see(frame.record.header)
        }
        let isText = frame.record.header.opcode == .text
        change(endpoint.peer) {
            $0.pings.seeFrame(beganAt: frame.packetPosition, order: place.order, isText: isText)
        }
        guard hasClosed(endpoint.peer), !frame.record.header.opcode.isControl else { return }
        guard let close = self[endpoint.peer].close, self[endpoint].frameAtPeerClose == nil else { return }
        let began = frame.packetPosition?.packet ?? .max
        guard began < close.place.packetPosition?.packet ?? 0 else { return }
        change(endpoint) { $0.frameAtPeerClose = (frame.record.header, place) }
    }

    private mutating func see(close payload: [UInt8], from endpoint: Endpoint, at place: Place) {
        if self[endpoint].close == nil { change(endpoint.peer) { $0.sizesAtPeerClose = $0.sizes } }
        change(endpoint) { $0.seeClose(payload, at: place) }
    }

    private mutating func see(ping payload: [UInt8], from endpoint: Endpoint, at place: Place) {
        // A pong is owed until a Close has been received (§5.5.2): neither after the pinger's own, nor by who has ended
        // its direction.
        let peerHasEnded = if endpoint == .client { server.end != nil } else { client.end != nil }
        guard !hasClosed(endpoint), !peerHasEnded else { return }
        change(endpoint) { $0.pings.see(ping: payload, at: place) }
    }
}
