public import WebSocketCaptures
public import WebSocketFrames

/// Watches both directions of a conversation and determines how it ended and whether that was right.
///
/// Report events in the order in which they happen: that order, and the times of the capture, are all it has to
/// distinguish an answer from what was already in transit. It keeps a few facts about each endpoint and its last
/// unanswered pings, however long the conversation is. A conversation that the server refused has nothing to audit.
///
/// It claims nothing that missing evidence could refute: nothing after a gap or after the capture's end, and no
/// omission by an endpoint after a violation of its own.
public struct ConversationAudit: Sendable {
    let startsInTheMiddle: Bool
    /// Whether an HTTP/2 stream carries the conversation (RFC 8441), whose end is not that of the TCP connection.
    public var isOverHTTP2 = false
    /// The faults of the handshake for which its receiver may refuse the connection.
    private(set) var handshakeFaults: [(kind: NoticeKind, endpoint: Endpoint)] = []
    /// The last long silence, from one frame to the next.
    private(set) var silence: (from: EventPosition, to: EventPosition)?
    /// The last frame of either side.
    private(set) var lastFrame: EventPosition?
    private(set) var client = EndpointFacts()
    private(set) var server = EndpointFacts()
    /// The last packet position that was reported.
    private(set) var lastPacketPosition: PacketPosition?
    /// The number of events that have been reported.
    private var order: UInt64 = 0

    /// Creates an audit.
    ///
    /// - Parameter startsInTheMiddle: whether the capture lacks the handshake and what followed it.
    public init(startsInTheMiddle: Bool) {
        self.startsInTheMiddle = startsInTheMiddle
    }

    /// Notes that a frame has ended. A Close, ping or pong must have its whole payload.
    ///
    /// After an endpoint's violation, continue to pass its frames if possible (``FrameWalk/skipFrame()``): its own
    /// Close shows whether its peer closed because of the violation or in answer to that Close.
    public mutating func add(_ frame: SeenFrame, from endpoint: Endpoint) {
        let position = nextPosition(frame.packetPosition, of: endpoint)
        noteFrame(frame, from: endpoint, at: position)
        // The meaning of a control frame is not known if bytes of it are missing.
        guard frame.isWhole || !frame.record.header.opcode.isControl else { return }
        switch frame.record.header.opcode {
        case .close: add(close: frame.payload, from: endpoint, at: position)
        case .ping: add(ping: frame.payload, from: endpoint, at: position)
        case .pong: change(endpoint.peer) { $0.addAnswer(pong: frame.payload, at: position) }
        default: change(endpoint) { $0.addData(frame, at: position) }
        }
    }

    /// Notes that an endpoint broke a rule. Pass all of its violations: its peer may have found a later one first.
    ///
    /// - Parameters:
    ///   - violation: the rule that was broken.
    ///   - opcode: the opcode of the frame that breaks it; nil if that is not known.
    ///   - endpoint: the endpoint that broke it.
    ///   - packetPosition: its position in the capture; nil if the input has no packets.
    public mutating func add(
        _ violation: Violation, of opcode: Opcode? = nil, from endpoint: Endpoint, at packetPosition: PacketPosition?
    ) {
        let position = nextPosition(packetPosition, of: endpoint)
        change(endpoint) { $0.add(violation, of: opcode, at: position) }
    }

    /// Notes what is doubtful about the handshake, or about the way in which the conversation was captured.
    public mutating func add(_ notice: Notice) {
        guard let endpoint = notice.endpoint, NoticeKind.reasonsToRefuse.contains(notice.kind),
            !handshakeFaults.contains(where: { $0.kind == notice.kind && $0.endpoint == endpoint })
        else { return }
        handshakeFaults.append((notice.kind, endpoint))
    }

    /// Notes that bytes of an endpoint are missing from the capture. Frames after them may still be passed, but
    /// nothing is claimed that depends on all that was sent.
    public mutating func addGap(from endpoint: Endpoint) {
        // They are missing after the last frame that was seen, although that is noticed only later.
        let seen = [self[endpoint].lastFrame, self[endpoint].violation?.position].compactMap(\.self)
        let position = seen.max { $0.order < $1.order } ?? EventPosition(order: 0, packetPosition: nil)
        change(endpoint) { $0.gap = $0.gap ?? position }
    }

    /// Notes that the capture has two versions of some bytes of an endpoint: it is not known which one its peer has
    /// read.
    public mutating func addContradiction(from endpoint: Endpoint) {
        change(endpoint) { $0.isContradicted = true }
    }

    /// Notes that an endpoint's compressed messages may not inflate to what it meant: nothing is claimed about their
    /// content.
    public mutating func addDoubtfulMessages(from endpoint: Endpoint) {
        change(endpoint) { $0.hasSentOpaque = true }
    }

    /// Returns how many messages the peer of an endpoint had begun when the endpoint closed with a code that says
    /// that one of them is broken (1002, 1007); nil if it did not.
    public func messagesRefused(by endpoint: Endpoint) -> UInt64? {
        guard let close = self[endpoint].close, close.code == .protocolError || close.code == .invalidPayload else {
            return nil
        }
        return close.position.peerMessages
    }

    /// Notes that an endpoint has ended its direction (FIN).
    public mutating func addFinish(of endpoint: Endpoint, at packetPosition: PacketPosition?) {
        let position = nextPosition(packetPosition, of: endpoint)
        let end = TCPEnd(position: position, isReset: false, isOfStream: isOverHTTP2)
        change(endpoint) { $0.end = $0.end ?? end }
    }

    /// Notes that an endpoint has reset the connection (RST).
    public mutating func addReset(by endpoint: Endpoint, at packetPosition: PacketPosition?) {
        let position = nextPosition(packetPosition, of: endpoint)
        let end = TCPEnd(position: position, isReset: true, isOfStream: isOverHTTP2)
        change(endpoint) {
            $0.end = $0.end ?? end
            $0.reset = $0.reset ?? position
        }
    }

    /// Ends the audit: determines how the conversation ended, and what was wrong with that.
    ///
    /// - Parameters:
    ///   - state: the state of each endpoint's stream at its end.
    ///   - captureEnded: whether the capture ends here; the conversation may have continued.
    ///   - end: where the capture ends, if it ended first; nil if that is not known.
    ///   - unfinished: the frame inside which an endpoint's stream ends.
    /// - Returns: the ending, and notices: first about the ending itself, then about pings.
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

    /// Returns whether an endpoint's Close only echoes its peer's code: it is not responsible for that code.
    public func echoesClose(_ endpoint: Endpoint) -> Bool {
        guard let close = self[endpoint].close, let other = self[endpoint.peer].close else { return false }
        return other.position.precedes(close.position) && close.code == other.code
    }

    subscript(endpoint: Endpoint) -> EndpointFacts { endpoint == .client ? client : server }

    // The facts about an endpoint are too large to be copied for every frame: they are changed in place and read in
    // parts.

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

    private mutating func nextPosition(_ packetPosition: PacketPosition?, of endpoint: Endpoint) -> EventPosition {
        order &+= 1
        // The position of a frame is that of its first byte, and may be earlier than what was reported before.
        if let packetPosition, packetPosition.packet >= lastPacketPosition?.packet ?? 0 {
            lastPacketPosition = packetPosition
        }
        let peerMessages = endpoint == .client ? server.messages : client.messages
        return EventPosition(order: order, packetPosition: packetPosition, peerMessages: peerMessages)
    }

    @inline(__always)
    private mutating func noteFrame(_ frame: SeenFrame, from endpoint: Endpoint, at position: EventPosition) {
        if let lastFrame, let wait = lastFrame.nanoseconds(to: position.packetPosition), wait >= AuditWording.idleTime {
            silence = (lastFrame, position)
        }
        lastFrame = position
        change(endpoint) {
            $0.lastFrame = position
            $0.traits.add(frame.record.header)
        }
        let isText = frame.record.header.opcode == .text
        change(endpoint.peer) {
            $0.pings.addFrame(beganAt: frame.packetPosition, order: position.order, isText: isText)
        }
        guard hasClosed(endpoint.peer), !frame.record.header.opcode.isControl else { return }
        guard let close = self[endpoint.peer].close, self[endpoint].frameAtPeerClose == nil else { return }
        let began = frame.packetPosition?.packet ?? .max
        guard began < close.position.packetPosition?.packet ?? 0 else { return }
        change(endpoint) { $0.frameAtPeerClose = (frame.record.header, position) }
    }

    private mutating func add(close payload: [UInt8], from endpoint: Endpoint, at position: EventPosition) {
        if self[endpoint].close == nil { change(endpoint.peer) { $0.sizesAtPeerClose = $0.sizes } }
        change(endpoint) { $0.addClose(payload, at: position) }
    }

    private mutating func add(ping payload: [UInt8], from endpoint: Endpoint, at position: EventPosition) {
        // A pong is owed until a Close has been received (§5.5.2): not after the pinger's own Close, nor by an
        // endpoint that has ended its direction.
        let peerHasEnded = if endpoint == .client { server.end != nil } else { client.end != nil }
        guard !hasClosed(endpoint), !peerHasEnded else { return }
        change(endpoint) { $0.pings.add(ping: payload, at: position) }
    }
}
