import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

/// A conversation written frame by frame, and the findings that judging its capture would give.
struct SampleConversation {
    let source: String
    let connection: Int
    var head: ConversationHead
    private(set) var findings: [Finding] = []
    private var streams: [Endpoint: Stream] = [:]
    private var packet: UInt64
    private var nanoseconds: UInt64

    private struct Stream {
        var validator: FrameValidator
        var byteCount: UInt64 = 0
        var lastFrame: FrameRecord?
    }

    init(
        source: String = "chat.pcapng", connection: Int = 0, target: String? = "/chat", host: String? = "example.test",
        packet: UInt64 = 4
    ) {
        self.source = source
        self.connection = connection
        self.packet = packet
        nanoseconds = 1_772_368_496_123_456_000 + UInt64(connection) * 1_000_000_000
        head = ConversationHead(opening: .upgrade)
        head.client = SocketAddress(address: .v4(0xC000_0201), port: UInt16(51_000 + connection % 1000))
        head.server = SocketAddress(address: .v4(0xC000_0202), port: 80)
        head.target = target
        head.host = host
        head.agreedDeflate = false
        head.packetPosition = packetPosition
    }

    var packetPosition: PacketPosition { PacketPosition(packet: packet, time: CaptureTime(nanoseconds: nanoseconds)) }

    func origin(_ sender: Endpoint?) -> StreamOrigin {
        StreamOrigin(source: source, connection: connection, sender: sender)
    }

    /// A complete frame. If `declared` exceeds the payload, zeros follow it.
    mutating func send(
        _ sender: Endpoint, _ byte0: UInt8, _ payload: [UInt8] = [], declared: Int? = nil, after pause: UInt64 = 1
    ) {
        nanoseconds += pause * 1_000_000
        packet += 1
        var stream = streams[sender] ?? Stream(validator: FrameValidator(sender: sender))
        let key = sender == .client ? MaskingKey(0x37, 0xFA, 0x21, 0x3D) : nil
        let header = EncodedFrameHeader(
            opcode: Opcode(rawValue: byte0), isFinal: byte0 & 0x80 != 0, reservedBits: ReservedBits(rawValue: byte0),
            payloadLength: UInt64(declared ?? payload.count), maskingKey: key)
        let record = FrameRecord(index: stream.validator.frameCount, offset: stream.byteCount, header: header)
        let padding = Array<UInt8>(repeating: 0, count: (declared ?? payload.count) - payload.count)
        let wire = Array(header) + payload.enumerated().map { $1 ^ (key?[UInt64($0)] ?? 0) } + padding
        try? stream.validator.consume(wire.span)
        stream.byteCount += UInt64(wire.count)
        stream.lastFrame = record
        streams[sender] = stream
        let frame = SeenFrame(
            record: record, payload: Array((payload + padding).prefix(FrameWalk.previewCount)),
            payloadCount: header.payloadLength, isWhole: true, packetPosition: packetPosition)
        findings.append(.frame(FrameFinding(origin: origin(sender), frame: frame)))
    }

    /// Bytes that break a rule, after what the endpoint has sent so far.
    mutating func breakRule(_ sender: Endpoint, _ bad: [UInt8], diagnosis: Diagnosis? = nil) {
        nanoseconds += 350_000
        packet += 1
        var stream = streams[sender] ?? Stream(validator: FrameValidator(sender: sender))
        do {
            try stream.validator.consume(bad.span)
        } catch {
            findings.append(
                .violation(
                    ViolationFinding(
                        origin: origin(sender), violation: error, streamStart: 129, context: bad,
                        contextOffset: stream.byteCount, lastGoodFrame: stream.lastFrame, diagnosis: diagnosis,
                        packetPosition: packetPosition)))
        }
        stream.byteCount += UInt64(bad.count)
        streams[sender] = stream
    }

    mutating func notice(_ name: String, _ message: String, about sender: Endpoint? = nil) {
        findings.append(
            .notice(NoticeFinding(origin: origin(sender), name: name, message: message, packetPosition: packetPosition))
        )
    }

    /// All findings: the head, the frames, and the two streams.
    func ended() -> [Finding] {
        let summaries = Endpoint.allCases.map { sender in
            let stream = streams[sender] ?? Stream(validator: FrameValidator(sender: sender))
            let validator = stream.validator
            var summary = StreamSummary(
                origin: origin(sender), state: validator.state, frames: validator.frameCount,
                messages: validator.messageCount,
                bytes: stream.byteCount, isClosed: validator.isClosed, closeCode: validator.violation?.closeCode,
                sentCloseCode: validator.closeCode)
            summary.address = sender == .client ? head.client : head.server
            summary.peerAddress = sender == .client ? head.server : head.client
            return Finding.stream(summary)
        }
        return [.conversation(ConversationFinding(origin: origin(nil), head: head))] + findings + summaries
    }
}

extension SampleConversation {
    /// A chat that is closed properly.
    static func clean(connection: Int = 0, source: String = "chat.pcapng") -> [Finding] {
        var chat = SampleConversation(source: source, connection: connection)
        chat.send(.client, 0x81, Array("hello".utf8))
        chat.send(.server, 0x81, Array("Hello, who is there?".utf8), after: 12)
        chat.send(.client, 0x88, [0x03, 0xE8] + Array("bye".utf8), after: 2400)
        chat.send(.server, 0x88, [0x03, 0xE8])
        return chat.ended()
    }

    /// A chat with every kind of frame, which a proxy ends with an HTTP response.
    static func broken(connection: Int = 0, source: String = "chat.pcapng") -> [Finding] {
        var chat = SampleConversation(source: source, connection: connection, target: "/chat?room=lobby&as=<b>")
        chat.head.subprotocol = "chat.v2"
        chat.head.offeredDeflate = true
        chat.send(.client, 0x81, Array("{\"type\":\"join\",\"name\":\"Zoë\"}".utf8))
        chat.send(.server, 0x81, Array("{\"type\":\"welcome\"}".utf8), after: 4)
        chat.send(.server, 0x82, (0..<125).map { UInt8(truncatingIfNeeded: $0 * 37) }, declared: 1_048_576, after: 20)
        chat.send(.server, 0x89, Array("p1".utf8), after: 5000)
        chat.send(.client, 0x8A, Array("p1".utf8))
        for index in 0..<14 {
            chat.send(.client, 0x81, Array(String(repeating: "word ", count: 3 * index + 1).utf8), after: 40)
            if index % 3 == 0 { chat.send(.server, 0x82, Array(repeating: 0xAB, count: 9 * index)) }
        }
        chat.send(.server, 0x01, Array("a message in ".utf8))
        chat.send(.server, 0x00, Array("three ".utf8))
        chat.send(.client, 0x89)
        chat.send(.server, 0x80, Array("pieces — “漢字”, \u{202E}gnp.exe".utf8))
        chat.breakRule(
            .server, Array("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n".utf8),
            diagnosis: Diagnosis(
                name: "http-response", certainty: .certain, suspect: .between,
                message: "An HTTP response (502) is where a frame should begin: whoever wrote it still takes the "
                    + "connection for HTTP.",
                checks: [
                    "Look at the time-outs of the proxy: does it give up the connection to the server at this time?",
                    "Look for 502 in the proxy's log.",
                ]))
        chat.send(.client, 0x88, [0x03, 0xF3] + Array("oops".utf8), after: 12)
        chat.notice("wrong-close-code", "The client answered the violation with 1011; it must be 1002.", about: .client)
        chat.notice("no-close", "The server sent no Close: its peer's application saw 1006.", about: .server)
        return chat.ended()
    }

    /// A request that was refused.
    static func refused(connection: Int = 0, source: String = "chat.pcapng") -> [Finding] {
        var chat = SampleConversation(source: source, connection: connection)
        chat.head.opening = .refused(status: 403)
        chat.notice("refused", "The server answered the upgrade with HTTP status 403.", about: .server)
        return [.conversation(ConversationFinding(origin: chat.origin(nil), head: chat.head))] + chat.findings
    }

    /// A dump of one direction: no head, no packet positions.
    static func dump(breaking rule: Rule? = nil, source: String = "dump.hex") -> [Finding] {
        let origin = StreamOrigin(source: source, connection: 0, sender: .client)
        let header = EncodedFrameHeader(opcode: .text, payloadLength: 2, maskingKey: MaskingKey(1, 2, 3, 4))
        let frame = SeenFrame(
            record: FrameRecord(index: 0, offset: 0, header: header), payload: Array("hi".utf8), payloadCount: 2,
            isWhole: true, packetPosition: nil)
        let violations = rule.map { Sample.findings(breaking: $0, source: source) } ?? []
        let summary = StreamSummary(
            origin: origin, state: violations.isEmpty ? .complete : .violation, frames: 1, messages: 1, bytes: 8,
            isClosed: false, closeCode: rule?.closeCode)
        return [.frame(FrameFinding(origin: origin, frame: frame))] + violations.map(Finding.violation)
            + [.stream(summary)]
    }
}

extension Report {
    /// The whole report of some findings.
    mutating func whole(_ findings: [Finding], inputs: UInt64 = 1) -> String {
        var totals = Totals()
        totals.inputs = inputs
        var text = ""
        for finding in findings {
            totals.count(finding)
            text += self.text(for: finding)
        }
        return text + closing(totals)
    }
}
