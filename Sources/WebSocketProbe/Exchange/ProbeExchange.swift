import PerMessageDeflate
import WebSocketFrames

/// One case, played on one connection: it says what to send, receives what arrives, and ends with a result.
///
/// It does no input or output and has no clock. The caller does what ``next()`` says, in order:
///
///     while true {
///         switch exchange.next() {
///         case .send(let bytes, let size): …                  // write them
///         case .halfClose: …
///         case .wait(let wait): …                             // read; then receive(_:), receiveEnd(isReset:), or
///                                                             // timeOut() when nothing came for that long
///         case .finish(let result): return result
///         }
///     }
public struct ProbeExchange: Sendable {
    /// What the caller has to do.
    public enum Action: Sendable {
        /// Send these bytes, in writes of `size` bytes each; 0 stands for one write.
        case send([UInt8], size: Int)
        /// Close the writing side.
        case halfClose
        /// Make sure that closing the connection resets it.
        case reset
        /// Read, and pass on what arrived.
        case wait(Wait)
        /// Close the connection: the case has this result.
        case finish(ProbeResult)
    }

    /// How long to wait for an answer.
    public enum Wait: Sendable, Hashable {
        /// Until it is clear that nothing will come without further bytes: some round trips.
        case short
        /// Until the implementation must be regarded as silent: seconds.
        case long
    }

    /// What is probed, as named in the request.
    public struct Target: Sendable, Hashable {
        /// `localhost:8080`.
        public var host: String
        /// `/chat`, with its query.
        public var path: String
        /// Header lines that the user adds to every request, without CRLF.
        public var headers: [String]

        /// The subprotocols that each request offers (RFC 6455 §1.9).
        public var subprotocols: [String]

        /// Creates a target.
        public init(host: String, path: String, headers: [String] = [], subprotocols: [String] = []) {
            self.host = host
            self.path = path
            self.headers = headers
            self.subprotocols = subprotocols
        }
    }

    let probe: ProbeCase
    private let target: Target
    private let request: HandshakeRequest
    private var reader: PeerEventReader
    private var heard: ArraySlice<PeerEvent> = []
    private var step = 0
    private var expectsHandshake = true
    private var outgoing: [Action] = []
    private var result: ProbeResult?
    private var sent: [UInt8] = []
    private var received: [UInt8] = []
    /// The head of the handshake that was sent.
    private var sentHead: [UInt8] = []
    /// Whether the rest of a broken stream was sent, after silence.
    private var sentRest = false
    private var sentBarrier = false
    private var answeredBarrier = false
    private var timedOut = false

    /// Creates the exchange for a case.
    ///
    /// - Parameters:
    ///   - probe: the case.
    ///   - target: what the request asks for; not used if a client is probed.
    ///   - nonce: 16 random bytes for Sec-WebSocket-Key (RFC 6455 §4.1).
    public init(_ probe: ProbeCase, target: Target, nonce: [UInt8]) {
        self.probe = probe
        self.target = target
        request = ProbeHandshake.request(probe, target, nonce: nonce)
        reader = PeerEventReader(peer: probe.target, deflate: probe.needs.contains(.deflate))
        if probe.target == .server {
            beginSteps(after: ProbeHandshake.head(request))
        }
    }

    /// Sends the handshake's head, with the first step if the case asks for that.
    private mutating func beginSteps(after head: [UInt8]) {
        step = 0
        sentHead = head
        var bytes = head
        if probe.opening.isJoined, case .send(let first, _)? = probe.steps.first {
            bytes += first
            sent += first
            step = 1
        }
        outgoing.append(.send(bytes, size: 0))
    }

    // MARK: - Input

    /// Receives the next bytes.
    public mutating func receive(_ bytes: [UInt8]) {
        var events: [PeerEvent] = []
        reader.read(bytes) { events.append($0) }
        heard += events
        received += bytes.prefix(max(0, ProbeResult.maximumKept - received.count))
    }

    /// Whether the handshake has been answered, or, if a client is probed, requested.
    public var hasAnswered: Bool { reader.headCount != nil }

    /// Ends the case because the caller accepts no more of what arrives.
    public mutating func abandon(_ detail: String) {
        finish(.hangs, detail)
    }

    /// Notes that the TCP connection ended.
    public mutating func receiveEnd(isReset: Bool) {
        heard.append(.end(isReset: isReset))
    }

    /// Notes that nothing arrived for as long as the last ``Action/wait(_:)`` said.
    public mutating func timeOut() {
        timedOut = true
    }

    // MARK: - Actions

    /// Returns what to do now. After ``Action/finish(_:)`` it returns the same again.
    public mutating func next() -> Action {
        while true {
            if let result { return .finish(result) }
            if !outgoing.isEmpty { return outgoing.removeFirst() }
            if expectsHandshake {
                if heard.isEmpty, !timedOut { return .wait(.long) }
                judgeHandshake()
                continue
            }
            guard step < probe.steps.count else {
                finish(.strict, "answers as it must")
                continue
            }
            switch probe.steps[step] {
            case .send(let bytes, let size):
                step += 1
                sent += bytes
                return .send(bytes, size: size)
            case .halfClose:
                step += 1
                return .halfClose
            case .reset:
                step += 1
                return .reset
            case .expect(let expectation):
                if let wait = judge(expectation) { return wait }
            }
        }
    }

    mutating func finish(_ outcome: ProbeResult.Outcome, _ detail: String) {
        guard result == nil else { return }
        let head = min(reader.headCount ?? received.count, received.count)
        result = ProbeResult(
            probe: probe, outcome: outcome, detail: detail, sent: sent, received: Array(received[head...]),
            sentHead: sentHead, receivedHead: Array(received[..<head]))
    }

    private mutating func skip(_ reason: String) { finish(.skipped(reason), reason) }

    // MARK: - Handshake

    private mutating func judgeHandshake() {
        expectsHandshake = false
        let mustRefuse = probe.opening.answer == .refusal
        let mayRefuse = probe.opening.answer != .upgrade
        guard let first = heard.first else {
            timedOut = false
            return finish(.hangs, "does not answer the handshake")
        }
        heard.removeFirst()
        switch first {
        case .response(let response):
            if mustRefuse {
                return response.status == 101
                    ? finish(.lax, "upgrades the connection (101), although the request must be refused")
                    : finish(.strict, "refuses the handshake with HTTP status \(response.status)")
            }
            guard response.status == 101 else {
                let outcome = mayRefuse ? ProbeResult.Outcome.strict : .refuses(nil)
                return finish(outcome, "refuses the handshake with HTTP status \(response.status)")
            }
            if let fault = response.faults(answering: request).first { return finish(.lax, "\(fault)") }
            guard probe.needs.contains(.deflate) else { return }
            guard case .success(let agreed)? = response.deflate(answering: request) else {
                return skip("permessage-deflate was not agreed")
            }
            if !fits(agreed) { skip("permessage-deflate was agreed with parameters that the case does not keep") }
        case .request(let request):
            guard let theirs = request.key else {
                return finish(.lax, "its request has no Sec-WebSocket-Key")
            }
            var answer: WebSocketExtension?
            if probe.needs.contains(.deflate) {
                guard let offer = request.deflateOffers.lazy.compactMap({ try? $0.get() }).first,
                    let agreed = offer.agreed(wishing: .standard)
                else {
                    return skip("permessage-deflate was not offered")
                }
                guard fits(agreed) else {
                    return skip("permessage-deflate was offered with parameters that the case does not keep")
                }
                answer = offer.answer(agreed)
            }
            beginSteps(after: ProbeHandshake.response(probe, key: theirs, deflate: answer))
        case .end:
            mayRefuse
                ? finish(.strict, "ends the connection without a response")
                : finish(.cutOff, "ends the connection without a response to the handshake")
        case .notHTTP(.early): finish(.lax, "sends a frame before its response to the handshake")
        case .notHTTP(.endless): finish(.lax, "sends a head of more than 64 KiB that does not end")
        default: finish(.lax, "what it sends for the handshake is not HTTP/1.1")
        }
    }

    /// Returns whether the case's messages inflate as agreed: without context takeover, or with a smaller window,
    /// some do not, and an implementation that refuses them is right.
    private func fits(_ agreed: DeflateParameters) -> Bool {
        guard probe.rule == nil else { return true }
        var validator = InflatingValidator(sender: probe.target.peer, extensions: .permessageDeflate(agreed))
        do {
            try validator.consume(probe.bytesSent.span)
            return true
        } catch {
            return false
        }
    }

    // MARK: - Expectations

    /// Judges the events so far.
    ///
    /// - Returns: an action if more events are needed; nil if the step is done, or the case is.
    private mutating func judge(_ expectation: ProbeCase.Expectation) -> Action? {
        while let event = heard.popFirst() {
            if case .ping(let payload) = event {
                outgoing.append(.send(ProbeFrames.frame(.pong, payload, from: probe.target.peer), size: 0))
                continue
            }
            if judge(event, expectation) { return nil }
            if result != nil { return nil }
        }
        if !outgoing.isEmpty { return outgoing.removeFirst() }
        guard timedOut else {
            // The layer that answers pings may be ahead of the one that reads messages: a Close may still come.
            if case .failure = expectation, !sentBarrier || answeredBarrier { return .wait(.short) }
            return .wait(.long)
        }
        timedOut = false
        return judgeSilence(expectation)
    }

    /// - Returns: true if the expectation is met.
    private mutating func judge(_ event: PeerEvent, _ expectation: ProbeCase.Expectation) -> Bool {
        if case .violation(let violation) = event {
            finish(.lax, "its own frames break \(violation.rule.name) at byte \(violation.offset)")
            return false
        }
        switch (expectation, event) {
        case (.pong(let wanted), .pong(let payload)) where payload == wanted,
            (.message(_, let wanted), .message(_, let payload)) where payload == wanted:
            step += 1
            return true
        case (.messageOfLength(let length), .message(_, let payload)) where payload.count == length:
            step += 1
            return true
        case (.message, .message), (.messageOfLength, .message):
            finish(.refuses(nil), "the message that comes back is another than the one that was sent")
        case (.end, .end):
            step += 1
            return true
        case (.close(let wanted), .close(let code)):
            // "Typically" an endpoint echoes the code (RFC 6455 §5.5.1), but it must not report an error.
            guard code == wanted || code == nil || code == .normalClosure else {
                finish(.otherCode(code), "closes with \(Self.text(code)); \(Self.text(wanted)) was sent")
                return false
            }
            step += 1
            return true
        case (.failure(let codes, let rule), _): judgeFailure(event, codes, rule)
        case (.close, .end(let isReset)):
            finish(.cutOff, isReset ? "resets the connection instead of answering the Close" : "ends without a Close")
        case (.pong, .close(let code)), (.message, .close(let code)), (.messageOfLength, .close(let code)):
            judgeRefusal(code)
        case (.pong, .end(let isReset)), (.message, .end(let isReset)), (.messageOfLength, .end(let isReset)):
            finish(.refuses(nil), isReset ? "resets the connection" : "ends the connection without a Close")
        default: break
        }
        return false
    }

    private mutating func judgeFailure(_ event: PeerEvent, _ codes: [CloseCode], _ rule: Rule?) {
        switch event {
        case .pong(let payload) where payload == ProbeCase.barrier: answeredBarrier = true
        case .close(let code):
            if probe.breaksByClose, code == nil || code == .normalClosure {
                return finish(.lax, "accepts it: answers with \(Self.text(code)), not \(Self.text(codes.first))")
            }
            guard let code, codes.contains(code) else {
                return finish(.otherCode(code), "closes with \(Self.text(code)), not \(Self.text(codes.first))")
            }
            sentRest
                ? finish(.late, "closes with \(code.rawValue), but only after more bytes than the rule needs")
                : finish(.strict, "closes with \(code.rawValue)")
        case .end(let isReset):
            finish(.cutOff, isReset ? "resets the connection, without a Close" : "ends the connection without a Close")
        default: break
        }
    }

    /// Judges a Close although the stream was legal. Some codes are an application's own decision.
    private mutating func judgeRefusal(_ code: CloseCode?) {
        switch code?.rawValue {
        case 1002, 1007, 1009, 1010:
            finish(.refuses(code), "closes with \(Self.text(code)), although nothing was wrong")
        default: skip("the application closed with \(Self.text(code))")
        }
    }

    private mutating func judgeSilence(_ expectation: ProbeCase.Expectation) -> Action? {
        switch expectation {
        case .failure:
            guard !answeredBarrier else {
                finish(.lax, "accepts it: a ping that was sent after it is answered, and no Close comes")
                return nil
            }
            guard !sentBarrier else {
                finish(.hangs, "neither closes nor answers a ping that was sent after it")
                return nil
            }
            sentBarrier = true
            // The rest of the stream, and a ping after it: an endpoint that accepts all of it answers the ping.
            if step + 1 < probe.steps.count, case .send(let rest, _) = probe.steps[step + 1] {
                sentRest = true
                outgoing.append(.send(rest, size: 0))
                sent += rest
            }
            let ping = ProbeFrames.frame(.ping, ProbeCase.barrier, from: probe.target.peer)
            outgoing.append(.send(ping, size: 0))
        case .pong: finish(.hangs, "does not answer the ping")
        case .message, .messageOfLength: finish(.hangs, "does not send the message back")
        case .close: finish(.hangs, "does not answer the Close")
        case .end: finish(.hangs, "does not close the TCP connection after the closing handshake (RFC 6455 §7.1.1)")
        }
        return nil
    }

    private static func text(_ code: CloseCode?) -> String { code.map { String($0.rawValue) } ?? "no code" }
}
