import WebSocketCaptures
import WebSocketFrames

/// Where in the conversation something stands.
struct Place: Sendable {
    /// How many events had been reported by then: orders the two directions.
    var order: UInt64
    var packetPosition: PacketPosition?
    /// How many messages the other endpoint had begun by then.
    var peerMessages: UInt64 = 0

    /// It stands before `other` in the capture. (What follows missing bytes may be reported late: then the packets tell.)
    func precedes(_ other: Place) -> Bool {
        if let packet = packetPosition?.packet, let later = other.packetPosition?.packet, packet != later {
            return packet < later
        }
        return order < other.order
    }

    /// Nanoseconds from here to `end`, 0 if that is earlier; nil if the capture has no times.
    func nanoseconds(to end: PacketPosition?) -> UInt64? {
        guard let start = packetPosition?.time?.nanoseconds, let end = end?.time?.nanoseconds else { return nil }
        return end < start ? 0 : end &- start
    }
}

/// An endpoint's first Close.
struct SeenClose: Sendable {
    var place: Place
    /// nil if it carries none.
    var code: CloseCode?
    /// Its reason, as it was sent. At most 123 bytes
    var reason: [UInt8]

    init(_ payload: [UInt8], at place: Place) {
        self.place = place
        code = payload.count < 2 ? nil : CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        reason = Array(payload.dropFirst(2).prefix(FrameWalk.previewCount))
    }
}

/// An endpoint's first violation.
struct SeenViolation: Sendable {
    var place: Place
    var violation: Violation
    /// The peer answered something that was sent after it.
    var wasPassed = false
    /// Codes that further violations of the same endpoint ask for, each where it first was. At most three
    var further: [(code: CloseCode, place: Place)] = []
    /// A limit was crossed, which is the user's, and need not be the receiver's.
    var isLimit: Bool { violation.closeCode == .messageTooBig }

    init(_ violation: Violation, at place: Place) {
        self.violation = violation
        self.place = place
    }
}

/// How an endpoint ended its direction of the TCP connection, or of the stream of HTTP/2 that stands for it.
struct TCPEnd: Sendable {
    var place: Place
    var isReset: Bool
    var isOfStream: Bool

    /// `ended the TCP connection`
    var words: String { "\(isReset ? "reset" : "ended") the \(isOfStream ? "HTTP/2 stream" : "TCP connection")" }
}

/// What the audit keeps of one endpoint.
struct EndpointFacts: Sendable {
    var close: SeenClose?
    var violation: SeenViolation?
    /// Where its bytes began to be missing: after the last that was seen of it.
    var gap: Place?
    /// The capture has two versions of some of its bytes: which one its peer read is not known.
    var isContradicted = false
    /// A Close of its own that broke a rule: it was sent, and it is not known with which code.
    var brokenClose: Place?
    /// Its FIN or RST, whichever came first.
    var end: TCPEnd?
    var reset: Place?
    var lastFrame: Place?
    var sizes = MessageSizes()
    /// ``sizes`` at the time when the peer sent its Close.
    var sizesAtPeerClose: MessageSizes?
    /// The first data frame of its own that ended after its peer's Close, where it began before that.
    var frameAtPeerClose: (header: EncodedFrameHeader, place: Place)?
    var traits = TraitHistory()
    /// Messages that it has begun.
    var messages: UInt64 = 0
    var lastMessage: Place?
    /// It sent data: so it had not sent a Close before the capture began.
    var hasSentData = false
    /// It sent messages that an extension has changed, and whose content was not judged.
    var hasSentOpaque = false
    /// It sent compressed messages, and they were inflated.
    var hasSentInflated = false
    /// An extension has changed the message that it is sending.
    private var isMessageChanged = false
    /// The pings that it sent, as far as its peer has not answered them before it closed.
    var pings = PingLedger()

    /// It sent a Close. The first counts.
    mutating func seeClose(_ payload: [UInt8], at place: Place) {
        if close == nil { close = SeenClose(payload, at: place) }
    }

    /// Its peer sent a pong.
    mutating func seeAnswer(pong payload: [UInt8], at place: Place) {
        let answer = close == nil ? pings.see(pong: payload, at: place) : pings.see(latePong: payload, at: place)
        guard let answered = answer, let violation else { return }
        // An endpoint that has read the ping has read everything before it.
        if violation.place.order < answered.order { self.violation?.wasPassed = true }
    }

    /// It sent a data frame.
    mutating func seeData(_ frame: SeenFrame, at place: Place) {
        let header = frame.record.header
        hasSentData = true
        isMessageChanged = !header.reservedBits.isEmpty || (isMessageChanged && header.opcode == .continuation)
        if isMessageChanged, frame.inflated == nil { hasSentOpaque = true }
        if frame.inflated != nil { hasSentInflated = true }
        sizes.see(header, index: header.opcode == .continuation ? 0 : messages, at: place)
        guard header.opcode != .continuation else { return }
        messages &+= 1
        lastMessage = place
    }

    /// It broke a rule. Its first violation counts; of the others what they ask for.
    mutating func see(_ violation: Violation, of opcode: Opcode?, at place: Place) {
        if opcode == .close { brokenClose = brokenClose ?? place }
        if self.violation == nil {
            self.violation = SeenViolation(violation, at: place)
        } else if let further = self.violation?.further, !further.contains(where: { $0.code == violation.closeCode }) {
            self.violation?.further.append((violation.closeCode, place))
        }
    }
}
