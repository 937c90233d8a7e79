import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

/// A conversation written packet by packet, and the findings for its capture: frames and violations come from the real
/// judge, diagnoses and the ending from the real diagnosis.
struct MadeUpCapture {
    let source: String
    let connection: Int
    var head: ConversationHead
    /// The position of the next packet; its time is nil if the capture has none.
    var packet: UInt64 = 6
    var time: CaptureTime? = CaptureTime(nanoseconds: 1_795_417_435_123_456_000)
    /// Whether the input has packets at all.
    var hasPlaces = true
    private var findings: [Finding] = []
    private var walks: [Endpoint: FrameWalk] = [:]
    private var bytes: [Endpoint: [UInt8]] = [:]
    private var firstFailures: [Endpoint: InflatingValidator] = [:]
    private var audit: ConversationAudit

    init(source: String = "capture.pcapng", connection: Int = 0, deflate: Bool = false) {
        self.source = source
        self.connection = connection
        head = ConversationHead(opening: .upgrade)
        head.client = SocketAddress(address: .v4(0x0A00_0001), port: 51_234)
        head.server = SocketAddress(address: .v4(0x0A00_0002), port: 8080)
        head.target = "/chat"
        head.host = "example.com"
        head.offeredDeflate = deflate
        head.agreedDeflate = deflate
        audit = ConversationAudit(startsInTheMiddle: false)
        for endpoint in Endpoint.allCases {
            walks[endpoint] = FrameWalk(
                validator: InflatingValidator(sender: endpoint, extensions: deflate ? .permessageDeflate : .none))
            bytes[endpoint] = []
        }
        head.packetPosition = packetPosition
    }

    var packetPosition: PacketPosition? { hasPlaces ? PacketPosition(packet: packet, time: time) : nil }

    func origin(_ sender: Endpoint?) -> StreamOrigin {
        StreamOrigin(source: source, connection: connection, sender: sender)
    }

    mutating func send(_ sender: Endpoint, _ packetBytes: [UInt8], after microseconds: UInt64 = 545) {
        packet += 1
        if let last = time { time = CaptureTime(nanoseconds: last.nanoseconds + microseconds * 1000) }
        guard var walk = walks[sender] else { return }
        let before = bytes[sender]?.count ?? 0
        bytes[sender]?.append(contentsOf: packetBytes)
        defer { walks[sender] = walk }
        guard firstFailures[sender] == nil else { return }
        do {
            var frames: [SeenFrame] = []
            defer {
                for frame in frames {
                    findings.append(.frame(FrameFinding(origin: origin(sender), frame: frame)))
                    audit.add(frame, from: sender)
                }
            }
            try walk.read(packetBytes.span, at: packetPosition) { frames.append($0) }
        } catch {
            firstFailures[sender] = walk.validator
            let context = bytes[sender] ?? []
            let evidence = Evidence(
                cause: .violation(error), sender: sender, bytes: context, offset: 0, reachesEnd: true,
                lastGoodFrame: walk.lastFrame)
            findings.append(
                .violation(
                    ViolationFinding(
                        origin: origin(sender), violation: error, streamStart: 0,
                        context: Array(context.dropFirst(max(before - 48, 0))),
                        contextOffset: UInt64(max(before - 48, 0)),
                        lastGoodFrame: walk.lastFrame, diagnosis: Diagnosis.of(evidence), packetPosition: packetPosition
                    )))
            audit.add(error, from: sender, at: packetPosition)
        }
    }

    /// A frame, masked if the client sends it.
    mutating func send(_ sender: Endpoint, _ byte0: UInt8, _ payload: [UInt8] = []) {
        send(sender, sender == .client ? Sample.masked(byte0, payload) : [byte0, UInt8(payload.count)] + payload)
    }

    mutating func send(_ sender: Endpoint, text: String) {
        send(sender, 0x81, Array(text.utf8))
    }

    /// A finding of another kind, at this place.
    mutating func add(_ finding: Finding) {
        findings.append(finding)
    }

    /// All findings, in order.
    func ended(captureEnded: Bool = true) -> [Finding] {
        let opened = Finding.conversation(ConversationFinding(origin: origin(nil), head: head))
        if case .refused = head.opening { return [opened] + findings }
        let (ending, notes) = audit.conclusion(
            state: { (firstFailures[$0] ?? walks[$0]?.validator)?.state ?? .complete }, captureEnded: captureEnded,
            at: packetPosition)
        let notices = notes.map { Finding.notice(NoticeFinding(origin: origin(nil), $0)) }
        return [opened] + findings + notices + [.ending(EndingFinding(origin: origin(nil), ending: ending))]
            + Endpoint.allCases.map { .stream(summary(of: $0)) }
    }

    private func summary(of sender: Endpoint) -> StreamSummary {
        let validator = firstFailures[sender] ?? walks[sender]?.validator ?? InflatingValidator(sender: sender)
        var summary = StreamSummary(
            origin: origin(sender), state: validator.state, frames: validator.frameCount,
            messages: validator.messageCount,
            bytes: UInt64(bytes[sender]?.count ?? 0), isClosed: validator.isClosed,
            closeCode: validator.violation?.closeCode, sentCloseCode: validator.closeCode)
        summary.address = sender == .client ? head.client : head.server
        summary.peerAddress = sender == .client ? head.server : head.client
        return summary
    }
}

extension MadeUpCapture {
    /// A greeting, a ping, and a proper close.
    static func clean(source: String = "capture.pcapng", connection: Int = 0) -> [Finding] {
        var chat = MadeUpCapture(source: source, connection: connection)
        chat.head.subprotocol = "chat.v2"
        chat.send(.client, text: "Hello")
        chat.send(.server, text: "Hello, who is there?")
        chat.send(.server, 0x89, Array("p1".utf8))
        chat.send(.client, 0x8A, Array("p1".utf8))
        chat.send(.client, 0x88, [0x03, 0xE8] + Array("bye".utf8))
        chat.send(.server, 0x88, [0x03, 0xE8])
        return chat.ended()
    }

    /// A server that answers with HTTP mid-stream, and a client that closes as if the fault were its own.
    static func broken(source: String = "capture.pcapng", connection: Int = 0) -> [Finding] {
        var chat = MadeUpCapture(source: source, connection: connection)
        chat.send(.client, text: "Hello")
        chat.send(.server, text: "Hello, who is there?")
        chat.send(.server, Array("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n".utf8))
        chat.send(.client, 0x88, [0x03, 0xF3])
        return chat.ended()
    }

    static func refused(source: String = "capture.pcapng", connection: Int = 0) -> [Finding] {
        var chat = MadeUpCapture(source: source, connection: connection)
        chat.head.opening = .refused(status: 403)
        chat.head.agreedDeflate = nil
        return chat.ended()
    }
}

extension Report {
    /// The whole report of some findings.
    mutating func reported(_ findings: [Finding]) -> String {
        var totals = Totals()
        totals.inputs = 1
        var text = ""
        for finding in findings {
            totals.count(finding)
            text += self.text(for: finding)
        }
        return text + closing(totals)
    }
}
