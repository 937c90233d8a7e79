import WebSocketCaptures
import WebSocketFrames

/// A position in the conversation.
struct EventPosition: Sendable {
    /// The number of events that had been reported by then, which orders the two directions.
    var order: UInt64
    var packetPosition: PacketPosition?
    /// The number of messages that the other endpoint had begun by then.
    var peerMessages: UInt64 = 0

    /// Returns whether this is before `other` in the capture. (What follows missing bytes may be reported late: then
    /// the packets decide.)
    func precedes(_ other: EventPosition) -> Bool {
        if let packet = packetPosition?.packet, let later = other.packetPosition?.packet, packet != later {
            return packet < later
        }
        return order < other.order
    }

    /// Returns the number of nanoseconds until `end`, 0 if that is earlier; nil if the capture has no times.
    func nanoseconds(to end: PacketPosition?) -> UInt64? {
        guard let start = packetPosition?.time?.nanoseconds, let end = end?.time?.nanoseconds else { return nil }
        return end < start ? 0 : end &- start
    }
}

/// An endpoint's first Close.
struct SeenClose: Sendable {
    var position: EventPosition
    /// The close code; nil if it has none.
    var code: CloseCode?
    /// The reason, as it was sent: at most 123 bytes.
    var reason: [UInt8]

    init(_ payload: [UInt8], at position: EventPosition) {
        self.position = position
        code = payload.count < 2 ? nil : CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        reason = Array(payload.dropFirst(2).prefix(FrameWalk.previewCount))
    }
}

/// An endpoint's first violation.
struct SeenViolation: Sendable {
    var position: EventPosition
    var violation: Violation
    /// Whether the peer answered something that was sent after it.
    var wasPassed = false
    /// The close codes that further violations of the same endpoint require, each with its first position: at most
    /// three.
    var further: [(code: CloseCode, position: EventPosition)] = []
    /// Whether a limit was exceeded, which is the user's and need not be the receiver's.
    var isLimit: Bool { violation.closeCode == .messageTooBig }

    init(_ violation: Violation, at position: EventPosition) {
        self.violation = violation
        self.position = position
    }
}

/// How an endpoint ended its direction of the TCP connection, or of the HTTP/2 stream in its place.
struct TCPEnd: Sendable {
    var position: EventPosition
    var isReset: Bool
    var isOfStream: Bool

    /// `ended the TCP connection`
    var words: String { "\(isReset ? "reset" : "ended") the \(isOfStream ? "HTTP/2 stream" : "TCP connection")" }
}

/// The facts that the audit keeps about one endpoint.
struct EndpointFacts: Sendable {
    var close: SeenClose?
    var violation: SeenViolation?
    /// Where bytes began to be missing: after the last frame that was seen.
    var gap: EventPosition?
    /// Whether the capture has two versions of some of its bytes, so that it is not known which one its peer read.
    var isContradicted = false
    /// Its own Close that broke a rule: it was sent, but with which code is not known.
    var brokenClose: EventPosition?
    /// Its FIN or RST, whichever came first.
    var end: TCPEnd?
    var reset: EventPosition?
    var lastFrame: EventPosition?
    var sizes = MessageSizes()
    /// ``sizes`` at the time when the peer sent its Close.
    var sizesAtPeerClose: MessageSizes?
    /// Its first data frame that ended after its peer's Close, if it began before that.
    var frameAtPeerClose: (header: EncodedFrameHeader, position: EventPosition)?
    var traits = TraitHistory()
    /// The number of messages that it has begun.
    var messages: UInt64 = 0
    var lastMessage: EventPosition?
    /// Whether it sent data, which means that it had not sent a Close before the capture began.
    var hasSentData = false
    /// Whether it sent messages that an extension has changed, whose content was not judged.
    var hasSentOpaque = false
    /// Whether it sent compressed messages that were inflated.
    var hasSentInflated = false
    /// Whether an extension has changed the message that it is sending.
    private var isMessageChanged = false
    /// Its pings that its peer had not answered before closing.
    var pings = PingLedger()

    /// Notes a Close. The first one counts.
    mutating func addClose(_ payload: [UInt8], at position: EventPosition) {
        if close == nil { close = SeenClose(payload, at: position) }
    }

    /// Notes a pong of its peer.
    mutating func addAnswer(pong payload: [UInt8], at position: EventPosition) {
        let answer = close == nil ? pings.add(pong: payload, at: position) : pings.add(latePong: payload, at: position)
        guard let answered = answer, let violation else { return }
        // An endpoint that has read the ping has read everything before it.
        if violation.position.order < answered.order { self.violation?.wasPassed = true }
    }

    /// Notes a data frame.
    mutating func addData(_ frame: SeenFrame, at position: EventPosition) {
        let header = frame.record.header
        hasSentData = true
        isMessageChanged = !header.reservedBits.isEmpty || (isMessageChanged && header.opcode == .continuation)
        if isMessageChanged, frame.inflated == nil { hasSentOpaque = true }
        if frame.inflated != nil { hasSentInflated = true }
        sizes.add(header, index: header.opcode == .continuation ? 0 : messages, at: position)
        guard header.opcode != .continuation else { return }
        messages &+= 1
        lastMessage = position
    }

    /// Notes that it broke a rule. The first violation counts; of further ones, the codes they require.
    mutating func add(_ violation: Violation, of opcode: Opcode?, at position: EventPosition) {
        if opcode == .close { brokenClose = brokenClose ?? position }
        if self.violation == nil {
            self.violation = SeenViolation(violation, at: position)
        } else if let further = self.violation?.further, !further.contains(where: { $0.code == violation.closeCode }) {
            self.violation?.further.append((violation.closeCode, position))
        }
    }
}
