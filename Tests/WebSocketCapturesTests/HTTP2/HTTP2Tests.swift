import SeededRandom
import Testing
import WebSocketFrames

@testable import WebSocketCaptures

/// Conversations on streams of HTTP/2 (RFC 8441).
@Suite struct HTTP2Tests {
    private struct Seen: Equatable {
        var steps: [String] = []
        var bytes: [String: [UInt8]] = [:]
        var messages: [String] = []
        var isOver = false
    }

    /// What is found on a cleartext connection whose bytes arrive in pieces.
    private func seen(_ sent: [(TCPPeer, [UInt8])], pieces: Int = .max, closes: Bool = true) -> Seen {
        var reader = ConnectionReader(
            first: nil, second: nil, isSeenFromStart: true, options: ConversationOptions())
        var keys = TLSKeys()
        var seen = Seen()
        func visit(_ stream: UInt32, _ event: ConversationEvent, _ bytes: Span<UInt8>) {
            switch event {
            case .opened(let head): seen.steps.append("\(stream) opened \(head.opening) \(head.target ?? "")")
            case .bytes(let sender, _):
                seen.bytes["\(stream) \(sender.name)", default: []] += bytes.indices.map { bytes[$0] }
            case .gap(let sender, _, let reason, _, _): seen.steps.append("\(stream) gap \(sender.name) \(reason)")
            case .finished(let sender, _): seen.steps.append("\(stream) finished \(sender.name)")
            case .reset(let sender, _): seen.steps.append("\(stream) reset \(sender.name)")
            case .notice(let notice):
                seen.steps.append("\(stream) notice \(notice.kind.name)")
                seen.messages.append(notice.message)
            case .closed: seen.steps.append("\(stream) closed")
            default: seen.steps.append("\(stream) \(event)")
            }
        }
        for (side, bytes) in sent {
            for start in stride(from: 0, to: bytes.count, by: max(1, min(pieces, bytes.count))) {
                let piece = bytes[start..<min(bytes.count, start + min(pieces, bytes.count))]
                reader.read(.bytes(side, nil), piece.span, &keys, visit)
            }
        }
        if closes { reader.read(.closed, Span(), &keys, visit) }
        seen.isOver = reader.outcome != .reading
        return seen
    }

    private func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF), type, flags, 0, 0, 0, stream] + payload
    }

    private func literal(_ name: String, _ value: String) -> [UInt8] {
        [0, UInt8(name.utf8.count)] + name.utf8 + [UInt8(value.utf8.count)] + value.utf8
    }

    private var connect: [UInt8] {
        literal(":method", "CONNECT") + literal(":protocol", "websocket") + literal(":scheme", "https")
            + literal(":path", "/chat") + literal(":authority", "h2.example") + literal("sec-websocket-version", "13")
    }

    /// `:status: 200` of the static table.
    private let ok: [UInt8] = [0x88]
    private let hello: [UInt8] = [0x81, 0x85, 0, 0, 0, 0] + Array("hello".utf8)
    private let answer: [UInt8] = [0x81, 2, 0x68, 0x69]
    private var start: [UInt8] { HTTP2Connection.preface + frame(4, 0, 0, []) }

    private static let whole = [
        "1 opened extendedConnect /chat", "1 finished client", "1 finished server", "1 closed",
    ]

    private var conversation: [(TCPPeer, [UInt8])] {
        [
            (.first, start + frame(1, 4, 1, connect)), (.second, frame(4, 0, 0, []) + frame(1, 4, 1, ok)),
            (.first, frame(0, 0, 1, hello)), (.second, frame(0, 1, 3, [1, 2]) + frame(0, 0, 1, answer)),
            (.first, frame(0, 1, 1, [])), (.second, frame(0, 1, 1, [])),
        ]
    }

    @Test(arguments: [.max, 1, 2, 7, 25]) func aConversationIsFound(pieces: Int) {
        let seen = seen(conversation, pieces: pieces, closes: false)
        #expect(seen.steps == Self.whole)
        #expect(seen.bytes == ["1 client": hello, "1 server": answer])
    }

    @Test func paddingPriorityAndContinuationAreRead() {
        let block = connect
        let sent: [(TCPPeer, [UInt8])] = [
            (.first, start + frame(1, 0x28, 1, [3, 0, 0, 0, 0, 9] + block[..<20] + [0, 0, 0])),
            (.first, frame(9, 0, 1, Array(block[20..<30])) + frame(9, 4, 1, Array(block[30...]))),
            (.second, frame(1, 4, 1, ok)), (.first, frame(0, 8, 1, [4] + hello + [0, 0, 0, 0])),
        ]
        let seen = seen(sent)
        #expect(seen.steps == ["1 opened extendedConnect /chat", "1 closed"])
        #expect(seen.bytes == ["1 client": hello])
    }

    @Test func aServerMayBeFirst() {
        #expect(seen([(.second, frame(4, 0, 0, []))] + conversation, closes: false).steps == Self.whole)
    }

    @Test func resetsAndRefusalsAndGoAwayAreReported() {
        let refused: [(TCPPeer, [UInt8])] = [
            (.first, start + frame(1, 4, 1, connect)), (.second, frame(1, 5, 1, literal(":status", "403"))),
        ]
        #expect(
            Set(seen(refused).steps) == [
                "1 opened refused(status: Optional(403)) /chat", "1 closed", "1 notice handshake-refused",
            ])
        let reset =
            Array(conversation.prefix(3)) + [
                (.second, frame(7, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0])), (.first, frame(3, 0, 1, [0, 0, 0, 8])),
            ]
        #expect(
            seen(reset).steps == [
                "1 opened extendedConnect /chat", "1 notice http2-goaway", "1 reset client", "1 closed",
            ])
    }

    @Test func whatIsBrokenEndsItsSide() {
        for broken in [
            frame(0, 0, 0, [1]), frame(0, 8, 1, []), frame(0, 8, 1, [9, 1]), frame(1, 4, 1, [0x80]),
            frame(1, 0, 1, connect) + frame(0, 0, 1, hello), [1, 0, 1, 1, 4, 0, 0, 0, 1],
        ] {
            let seen = seen(Array(conversation.prefix(3)) + [(.first, broken), (.second, frame(0, 0, 1, answer))])
            #expect(
                seen.steps == ["1 opened extendedConnect /chat", "1 gap client brokenHTTP2", "1 closed"], "\(broken)")
            #expect(seen.bytes == ["1 client": hello, "1 server": answer])
        }
    }

    @Test func dataBeforeTheResponseIsNoAnswer() {
        let request: (TCPPeer, [UInt8]) = (.first, start + frame(1, 4, 1, connect))
        for (data, notice) in [([0, 0, 1, 1, 4], "answer-not-http"), (answer, "too-early")] {
            let sent = [request, (.second, frame(0, 0, 1, data) + frame(1, 4, 1, ok) + frame(0, 0, 1, answer))]
            let whole = seen(sent)
            #expect(whole.steps.contains("1 notice \(notice)") && whole.bytes.isEmpty, "\(whole)")
            for pieces in [1, 2, 3, 11] { #expect(seen(sent, pieces: pieces) == whole, "\(pieces) bytes at once") }
        }
    }

    @Test func otherStreamsAreSkipped() {
        let page = literal(":method", "GET") + literal(":path", "/")
        let sent: [(TCPPeer, [UInt8])] = [
            (.first, start + frame(1, 5, 1, page)), (.second, frame(1, 4, 1, ok) + frame(0, 1, 1, hello)),
        ]
        #expect(seen(sent).steps.isEmpty && seen(sent).bytes.isEmpty)
    }

    @Test func anythingCanCome() {
        var random = SplitMix64(seed: 8441)
        for _ in 0..<400 {
            var sent = conversation
            let place = random.below(sent.count)
            guard !sent[place].1.isEmpty else { continue }
            for _ in 0...random.below(4) { sent[place].1[random.below(sent[place].1.count)] = UInt8(random.below(256)) }
            #expect(seen(sent) == seen(sent, pieces: 1 + random.below(20)))
        }
    }
}
