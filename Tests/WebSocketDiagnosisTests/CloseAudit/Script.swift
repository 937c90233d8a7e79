import PerMessageDeflate
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// A conversation in a small language, run through two walks into an audit.
///
/// Steps are separated by `;`. A step is a packet, 10 ms after the one before; packets count from 1:
///
///     c text     s binary    the client sends a text message, the server a binary one
///     c part     c last      the first and the last fragment of a message
///     c deflated             a text message with RSV1
///     c ping A   s pong A    with that payload
///     c close    c close 1000    c close 1000 why
///     c bad      c rsv       a text that is not UTF-8; a frame with RSV2
///     c big                  a message of 200 bytes, where the limit is 100
///     c half                 the first part of a frame, and no more
///     c begin    c rest      the first part of a frame, and the rest of it
///     c notice wrong-accept  its handshake has that fault
///     c badpart              the first fragment of a text that is not UTF-8
///     c gap      c fin       c rst
///     c text x9              the same 9 times
///     wait 7                 7 seconds pass
struct Script {
    var text: String
    var startsInTheMiddle = false
    var agreedDeflate = false
    /// Agreed with the default parameters, and compressed messages are inflated.
    var inflates = false
    /// Whether to resume after violations.
    var continues = true
    var hasTimes = true
    /// Whether the conversation is over even without a FIN or RST.
    var isOver = false

    init(_ text: String) {
        self.text = text
    }

    func run() -> (ending: Ending, notes: [Notice]) {
        var stage = Stage(self)
        for step in text.split(separator: ";") {
            stage.play(step.split(separator: " ").map(String.init))
        }
        return stage.conclusion
    }
}

/// The state in which a script is played.
private struct Stage {
    let script: Script
    var audit: ConversationAudit
    var walks: [Endpoint: FrameWalk] = [:]
    var unseen: Set<Endpoint> = []
    var packet: UInt64 = 0
    var nanoseconds: UInt64 = 1_700_000_000_000_000_000
    var isOver: Bool

    init(_ script: Script) {
        self.script = script
        audit = ConversationAudit(startsInTheMiddle: script.startsInTheMiddle)
        isOver = script.isOver
        for endpoint in Endpoint.allCases {
            let extensions: AgreedExtensions =
                script.inflates ? .permessageDeflate(.standard) : script.agreedDeflate ? .permessageDeflate : .none
            let validator = InflatingValidator(
                sender: endpoint, extensions: extensions, limits: Limits(message: 100))
            walks[endpoint] = FrameWalk(validator: validator, previews: .controlOnly)
        }
    }

    var packetPosition: PacketPosition {
        PacketPosition(packet: packet, time: script.hasTimes ? CaptureTime(nanoseconds: nanoseconds) : nil)
    }

    var conclusion: (ending: Ending, notes: [Notice]) {
        audit.conclusion(
            state: { walks[$0]?.validator.state ?? .complete }, captureEnded: !isOver,
            at: script.hasTimes ? packetPosition : nil)
    }

    mutating func play(_ words: [String]) {
        if words[0] == "wait" {
            nanoseconds += (UInt64(words[1]) ?? 0) * 1_000_000_000
            return
        }
        var words = words
        var times = 1
        if let last = words.last, last.hasPrefix("x"), let count = Int(last.dropFirst()) {
            times = count
            words.removeLast()
        }
        let endpoint: Endpoint = words[0] == "c" ? .client : .server
        for _ in 0..<times {
            packet += 1
            nanoseconds += 10_000_000
            play(words[1], Array(words.dropFirst(2)), by: endpoint)
        }
    }

    private mutating func play(_ verb: String, _ rest: [String], by endpoint: Endpoint) {
        switch verb {
        case "fin":
            audit.addFinish(of: endpoint, at: packetPosition)
            isOver = true
        case "rst":
            audit.addReset(by: endpoint, at: packetPosition)
            isOver = true
        case "gap":
            if unseen.insert(endpoint).inserted { audit.addGap(from: endpoint) }
        case "notice":
            if let kind = NoticeKind.named(rest.first ?? "") { audit.add(Notice(kind, about: endpoint, "")) }
        case "begin": feed(frame(0x82, [UInt8](repeating: 7, count: 90), endpoint).prefix(40), endpoint)
        case "rest": feed(frame(0x82, [UInt8](repeating: 7, count: 90), endpoint).dropFirst(40), endpoint)
        case "half": feed(frame(0x81, Array("hello".utf8), endpoint).dropLast(), endpoint)
        default:
            let (byte0, payload) = content(verb, rest)
            feed(frame(byte0, payload, endpoint), endpoint)
        }
    }

    private func content(_ verb: String, _ rest: [String]) -> (UInt8, [UInt8]) {
        switch verb {
        case "text": (0x81, Array("hello".utf8))
        case "binary": (0x82, [1, 2, 3])
        case "part": (0x01, Array("hel".utf8))
        case "more": (0x00, Array("l".utf8))
        case "last": (0x80, Array("lo".utf8))
        case "deflated": (0xC1, [1, 2, 3])
        case "hello": (0xC1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        case "bad": (0x81, [0x68, 0xFF])
        case "badpart": (0x01, [0x68, 0xFF])
        case "rsv": (0xA1, [])
        case "big": (0x82, [UInt8](repeating: 1, count: 200))
        case "ping": (0x89, Array((rest.first ?? "").utf8))
        case "pong": (0x8A, Array((rest.first ?? "").utf8))
        case "close":
            (
                0x88,
                rest.first.flatMap { Int($0) }.map {
                    MadeFrame.closePayload($0, rest.dropFirst().joined(separator: " "))
                } ?? []
            )
        default: preconditionFailure("no such step: \(verb)")
        }
    }

    private func frame(_ byte0: UInt8, _ payload: [UInt8], _ endpoint: Endpoint) -> [UInt8] {
        MadeFrame.bytes(byte0, payload, key: endpoint == .client ? [1, 2, 3, 4] : nil)
    }

    private mutating func feed(_ bytes: some Sequence<UInt8>, _ endpoint: Endpoint) {
        let bytes = Array(bytes)
        guard !unseen.contains(endpoint), var walk = walks[endpoint] else { return }
        var seen: [SeenFrame] = []
        var start = 0
        let origin = walk.validator.position
        while true {
            do {
                try walk.read(bytes.span.extracting(start..<bytes.count), at: packetPosition) { seen.append($0) }
                for frame in seen { audit.add(frame, from: endpoint) }
                break
            } catch {
                for frame in seen { audit.add(frame, from: endpoint) }
                seen = []
                audit.add(error, from: endpoint, at: packetPosition)
                guard script.continues, walk.skipFrame() else {
                    unseen.insert(endpoint)
                    break
                }
                start = Int(walk.validator.position - origin)
            }
        }
        walks[endpoint] = walk
    }
}
