import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketFrames

/// Both sides of a conversation of each kind, and the packets of a capture that begins in the middle of it.
struct MiddleSample {
    var client: FrameMaker
    var server: FrameMaker

    static let kinds = ["chat", "binary", "deflate", "fragments"]

    init(_ kind: String, seed: UInt64, frames: Int = 40) {
        client = FrameMaker(.client, seed: seed)
        server = FrameMaker(.server, seed: seed &+ 77)
        for index in 0..<frames {
            client.fill(kind, index)
            server.fill(kind, index)
        }
    }

    /// Each side without its first `cut` bytes, in segments that end where frames do.
    func packets(from cut: (client: Int, server: Int)) -> [Sent] {
        let pairs = [(TCPPeer.first, client, cut.client), (.second, server, cut.server)]
        let sides = pairs.map { side, maker, cut in
            let ends = maker.frameEnds.sorted().filter { $0 > cut }
            return zip([cut] + ends, ends).map { Sent.bytes(side, maker.bytes[$0..<$1]) }
        }
        return (0..<max(sides[0].count, sides[1].count)).flatMap { index in
            sides.filter { index < $0.count }.map { $0[index] }
        }
    }

    /// The same in segments of `size` bytes, regardless of frames.
    func segments(from cut: (client: Int, server: Int), size: Int) -> [Sent] {
        [(TCPPeer.first, client, cut.client), (.second, server, cut.server)].flatMap { side, maker, cut in
            stride(from: cut, to: maker.bytes.count, by: size).map {
                Sent.bytes(side, maker.bytes[$0..<min($0 + size, maker.bytes.count)])
            }
        }
    }
}

extension FrameMaker {
    fileprivate mutating func fill(_ kind: String, _ index: Int) {
        let count = Int(numbers.next() % 60)
        let words = String(repeating: "grüße, 世界! ", count: count / 8 + 1)
        if index % 11 == 5 { add(index % 2 == 0 ? .ping : .pong, noise(index % 5)) }
        switch kind {
        case "chat": add(words)
        case "binary": add(.binary, noise(count + 1))
        case "deflate": add(index % 3 == 0 ? .binary : .text, noise(count + 1), isDeflated: true)
        default:
            let bytes = Array(words.utf8)
            add(.text, Array(bytes[..<(bytes.count / 3)]), isFinal: false)
            add(.ping, noise(3), opensMessage: true)
            add(.continuation, Array(bytes[(bytes.count / 3)..<(bytes.count / 2)]), isFinal: false)
            add(.continuation, Array(bytes[(bytes.count / 2)...]))
        }
    }
}

@Suite("Conversations whose beginning was not captured")
struct MiddleTests {
    /// What was found must be a suffix of what was sent, and begin at a frame while no message is open.
    private func check(
        _ recorded: Recorded, _ sample: MiddleSample, _ cut: (client: Int, server: Int), _ place: String
    ) -> Bool {
        guard recorded.outcome == .webSocket else { return false }
        guard let conversation = recorded.only, case .middle = conversation.head.opening else {
            Issue.record("not exactly one conversation in \(place)")
            return false
        }
        #expect(conversation.head.client?.port == 50_000, "\(place)")
        for (endpoint, maker) in [(Endpoint.client, sample.client), (.server, sample.server)] {
            let found = conversation[endpoint]
            if conversation.notices.contains("boundary-not-found \(endpoint)") {
                #expect(found == [])
                continue
            }
            #expect(maker.bytes.suffix(found.count).elementsEqual(found), "\(endpoint) of \(place)")
            let start = maker.bytes.count - found.count
            let isBoundary = maker.boundaries.contains(start)
            #expect(
                isBoundary,
                "\(endpoint) of \(place): \(start) frameEnd \(maker.frameEnds.contains(start)) \(conversation.notices)")
        }
        return true
    }

    @Test("cut at every byte, packets end with frames: found at a frame boundary", arguments: MiddleSample.kinds)
    func everyCut(kind: String) {
        let sample = MiddleSample(kind, seed: 42, frames: 24)
        var (found, tried) = (0, 0)
        var some = Sample(oneIn: 3)
        for cut in 0..<200 {
            for cuts in [(cut, 0), (0, cut), (cut, cut)] where some.takes() {
                tried += 1
                let recorded = Recorded(sample.packets(from: cuts), isSeenFromStart: false)
                if check(recorded, sample, cuts, "\(kind) \(cuts)") { found += 1 }
            }
        }
        #expect(found == tried && tried > 100)
    }

    @Test("cut at every byte, packets end anywhere", arguments: MiddleSample.kinds)
    func everyCutInSegments(kind: String) {
        var (found, tried) = (0, 0)
        let sample = MiddleSample(kind, seed: 4711, frames: 60)
        for cut in stride(from: 0, to: 200, by: Sample.rounds(3, debug: 7)) {
            for size in [97, 512, 100_000] {
                tried += 1
                let cuts = (cut, cut / 2)
                let recorded = Recorded(sample.segments(from: cuts, size: size), isSeenFromStart: false)
                if check(recorded, sample, cuts, "\(kind) \(cuts) by \(size)") { found += 1 }
            }
        }
        #expect(found * 100 > tried * 97)
    }

    @Test("one side alone", arguments: ["chat", "fragments"])
    func oneSide(kind: String) {
        let sample = MiddleSample(kind, seed: 9)
        for side in TCPPeer.allCases {
            for cut in 0..<100 {
                let packets = sample.packets(from: (cut, cut)).filter { $0.side == side }
                let recorded = Recorded(packets, isSeenFromStart: false)
                guard let conversation = recorded.only else {
                    Issue.record("\(cut)")
                    continue
                }
                #expect((side == .first ? conversation.server : conversation.client) == [])
                let maker = side == .first ? sample.client : sample.server
                let start = maker.bytes.count - (side == .first ? conversation.client : conversation.server).count
                #expect(maker.boundaries.contains(start))
            }
        }
    }

    @Test("reports how much was skipped, and when the rest came")
    func skipped() throws {
        let sample = MiddleSample("chat", seed: 3)
        let recorded = Recorded(sample.packets(from: (5, 0)), isSeenFromStart: false)
        let conversation = try #require(recorded.only)
        let skipped = try #require(sample.client.frameEnds.sorted().first { $0 > 5 }) - 5
        #expect(conversation.head.opening == .middle(skippedByClient: UInt64(skipped), skippedByServer: 0))
        #expect(conversation.head.agreedDeflate == nil)
        #expect(conversation.server == sample.server.bytes)
        #expect(conversation.packets == Array(2...UInt64(conversation.packets.count + 1)))
        #expect(conversation.notices == [])
    }

    @Test("a side that speaks later, and one whose first frame is found later")
    func later() throws {
        let sample = MiddleSample("chat", seed: 5)
        let packets = sample.packets(from: (0, 0))
        let (client, server) = (packets.filter { $0.side == .first }, packets.filter { $0.side == .second })
        let inTurn = try #require(Recorded(server + client, isSeenFromStart: false).only)
        #expect(inTurn.client == sample.client.bytes)
        #expect(inTurn.notices == [])
        let rest = Sent.bytes(.first, sample.client.bytes[3..<9])
        let late = try #require(Recorded(server + [rest] + client, isSeenFromStart: false).only)
        #expect(late.notices == ["start-skipped client"])
        #expect(late.client == sample.client.bytes)
        let lost = try #require(Recorded(server + [rest, .finish(.first)], isSeenFromStart: false).only)
        #expect(lost.notices == ["boundary-not-found client"])
        #expect(lost.steps.suffix(2) == ["gap client noFrames", "finished client"])
    }

    @Test("only if the user allows it")
    func options() {
        var options = ConversationOptions()
        options.detectsInTheMiddle = false
        let packets = MiddleSample("chat", seed: 3).packets(from: (0, 0))
        #expect(Recorded(packets, isSeenFromStart: false, options: options).outcome == .skipped(.notHTTP))
        #expect(Recorded(packets, isSeenFromStart: true).outcome == .skipped(.notHTTP))
    }
}

@Suite("Ports that the user declares as WebSocket")
struct PortTests {
    private let options: ConversationOptions = {
        var options = ConversationOptions()
        options.webSocketPorts = [8080]
        return options
    }()

    @Test("one frame is enough, from either side")
    func one() throws {
        for side in TCPPeer.allCases {
            let ports: (UInt16, UInt16) = side == .first ? (50_000, 8080) : (8080, 50_000)
            let frame: [UInt8] = [0x82, 0x81, 1, 2, 3, 4, 5]
            let recorded = Recorded([.bytes(side, frame)], isSeenFromStart: false, options: options, ports: ports)
            let conversation = try #require(recorded.only)
            #expect(conversation.head.opening == .middle(skippedByClient: 0, skippedByServer: 0))
            #expect(conversation.client == frame)
            #expect(conversation.head.server?.port == 8080)
        }
        let both = Recorded(
            [.bytes(.second, [0x82, 0x81, 1, 2, 3, 4, 5])], isSeenFromStart: false, options: options,
            ports: (8080, 8080))
        #expect(both.only?.client.count == 7)
    }

    @Test("no legal frame: judged from the first byte, if frames of some kind end where a packet does")
    func violation() throws {
        let unmasked =
            Array(repeating: [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], count: 9).flatMap(\.self) as [UInt8]
        for isSeenFromStart in [false, true] {
            let recorded = Recorded([.bytes(.first, unmasked)], isSeenFromStart: isSeenFromStart, options: options)
            let conversation = try #require(recorded.only)
            #expect(conversation.client == unmasked)
            #expect(conversation.head.opening == .middle(skippedByClient: 0, skippedByServer: 0))
        }
        let long = [0xF3, 0x7E, 0x10, 0x00] + [UInt8](repeating: 0x20, count: 4096)
        for (pieces, isJudged) in [
            ([[0x83, 2, 1, 2]], true), ([[0x83, 2, 1, 2], [0x20]], true), ([[0x83, 2, 1], [2, 0x81]], false),
            ([Array(long[..<1000]), Array(long[1000...]), [0x20]], true), ([long + [0x20]], false),
        ] as [([[UInt8]], Bool)] {
            let held = Recorded(pieces.map { .bytes(.second, $0) }, isSeenFromStart: false, options: options)
            #expect(held.only?.server == (isJudged ? pieces.flatMap(\.self) : []))
        }
        // The middle of a message, and of a long one.
        for junk in [
            Array("the middle of a message of text, which no header begins".utf8),
            [0x7F] + Array(repeating: UInt8(0x7F), count: 100_000),
            [0x02] + Array(repeating: UInt8(0x7F), count: 100_000),
        ] as [[UInt8]] {
            let held = Recorded([.bytes(.second, junk)], isSeenFromStart: false, options: options)
            #expect(held.only?.server == [])
            #expect(held.maximumHeld <= 65_536)
        }
        // The frame may continue after the capture.
        let legal: [UInt8] = [0x82, 0x7E, 0xFF, 0xFF] + Array(repeating: 0x7F, count: 100)
        let cut = Recorded([.bytes(.second, legal)], isSeenFromStart: false, options: options)
        #expect(cut.only?.server == legal)
    }

    @Test("a handshake and TLS are recognised on any port")
    func others() {
        let hello: [UInt8] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]
        #expect(Recorded([.bytes(.first, hello)], options: options).outcome == .tls)
        let parts = [Sent.bytes(.first, UpgradeTests.client), .bytes(.second, UpgradeTests.server)]
        #expect(Recorded(parts, options: options) == Recorded(parts))
    }
}
