import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// One of the two connections of a proxy, parsed: its handshake, and what each endpoint says on it.
struct ProxyHop {
    /// The trace for the comparison of messages.
    private(set) var trace: HopTrace
    private(set) var client = DirectionFacts()
    private(set) var server = DirectionFacts()

    /// What is known about one direction besides its messages.
    struct DirectionFacts {
        var pings: [[UInt8]] = []
        var pongs: [[UInt8]] = []
        /// The payload of the first Close.
        var close: [UInt8]?
        var violation: Violation?
    }

    subscript(sender: Endpoint) -> DirectionFacts { sender == .client ? client : server }

    /// - Returns: nil if the bytes do not contain an answered WebSocket handshake.
    init?(client: [UInt8], server: [UInt8]) {
        guard let requestEnd = HeaderFields.endOfHead(in: client), let answerEnd = HeaderFields.endOfHead(in: server)
        else { return nil }
        var reader = ConversationReader(
            first: nil, second: nil, isSeenFromStart: true, options: ConversationOptions())
        var found: ConversationHead?
        for (head, side) in [(client[..<requestEnd], TCPPeer.first), (server[..<answerEnd], .second)] {
            reader.read(head.span, from: side, at: nil) { event, _ in
                if case .opened(let head) = event { found = head }
            }
        }
        guard let head = found else { return nil }
        let extensions = Agreement(of: head, said: nil).extensions
        trace = HopTrace(head, isWhole: true)
        guard case .upgrade = head.opening else { return }
        let budget = HopBudget()
        self.client = Self.walk(client[requestEnd...], from: .client, extensions, &trace, budget)
        self.server = Self.walk(server[answerEnd...], from: .server, extensions, &trace, budget)
    }

    private static func walk(
        _ bytes: ArraySlice<UInt8>, from sender: Endpoint, _ extensions: AgreedExtensions,
        _ trace: inout HopTrace, _ budget: HopBudget
    ) -> DirectionFacts {
        var walked = DirectionFacts()
        var walk = FrameWalk(
            validator: InflatingValidator(sender: sender, extensions: extensions), previews: .controlOnly,
            digests: true)
        do {
            try walk.read(bytes.span, at: nil) { frame in
                trace.add(frame, from: sender, budget)
                // A receiver of a Close need not read what follows it (RFC 6455 §1.4).
                guard walked.close == nil else { return }
                switch frame.record.header.opcode {
                case .ping: walked.pings.append(frame.payload)
                case .pong: walked.pongs.append(frame.payload)
                case .close: walked.close = frame.payload
                default: break
                }
            }
        } catch {
            trace.add(error, from: sender, at: nil)
            walked.violation = error
        }
        return walked
    }
}
