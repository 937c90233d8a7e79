import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketFrames

/// Frames longer than the search can hold, which it finds only by skipping over them, and clients that do not mask.
@Suite("Long frames, and frames without masks, in the middle of a connection")
struct LongFrameTests {
    private static let segment = 1_448

    /// The stream without its first `cut` bytes, in segments that begin anew at each frame, or only where one is full.
    private static func segments(_ maker: FrameMaker, _ side: TCPPeer, from cut: Int, anew: Bool) -> [Sent] {
        var parts: [Sent] = []
        var start = cut
        for end in anew ? maker.frameEnds.sorted().filter({ $0 > cut }) : [maker.bytes.count] {
            for place in stride(from: start, to: end, by: segment) {
                parts.append(.bytes(side, maker.bytes[place..<min(place + segment, end)]))
            }
            start = end
        }
        return parts
    }

    private static func frames(_ sender: Endpoint, of size: Int, _ count: Int, isDeflated: Bool = false) -> FrameMaker {
        var maker = FrameMaker(sender, seed: 17)
        for _ in 0..<count {
            let size = size + Int(maker.numbers.next() % 1_000)
            maker.add(.binary, maker.noise(size), isDeflated: isDeflated)
        }
        return maker
    }

    @Test(
        "a frame is longer than the bytes that are held",
        arguments: Sample.cases([20_000, 60_000, 70_000, 140_000], debug: [20_000, 70_000]), [true, false])
    func oneSide(size: Int, isDeflated: Bool) throws {
        for side in TCPPeer.allCases {
            let maker = Self.frames(side == .first ? .client : .server, of: size, 12, isDeflated: isDeflated)
            // In a debug build, a sample of the places for each side.
            var sample = Sample(oneIn: 4, seed: UInt64(size) + (side == .first ? 1 : 0))
            for cut in [0, 1, size / 2, size - 1] where sample.takes() {
                let recorded = Recorded(
                    Self.segments(maker, side, from: cut, anew: true), isSeenFromStart: false)
                let conversation = try #require(recorded.only, "\(size) \(cut) \(side)")
                let found = side == .first ? conversation.client : conversation.server
                let start = maker.bytes.count - found.count
                #expect(maker.bytes.suffix(found.count).elementsEqual(found))
                #expect(maker.boundaries.contains(start) && found.count > 0)
                let skipped = UInt64(start - cut)
                #expect(
                    conversation.head.opening
                        == (side == .first
                            ? .middle(skippedByClient: skipped, skippedByServer: 0)
                            : .middle(skippedByClient: 0, skippedByServer: skipped)))
                #expect(recorded.maximumHeld <= 65_536)
            }
        }
    }

    @Test("back to back: a long length is found inside a segment", arguments: [30_000, 100_000])
    func backToBack(size: Int) throws {
        let maker = Self.frames(.server, of: size, size < 65_536 ? 24 : 12)
        for cut in stride(from: 3, to: size, by: Sample.rounds(9_973, debug: 49_999)) {
            let recorded = Recorded(Self.segments(maker, .second, from: cut, anew: false), isSeenFromStart: false)
            let conversation = try #require(recorded.only, "\(cut)")
            let start = maker.bytes.count - conversation.server.count
            #expect(maker.boundaries.contains(start) && start < maker.bytes.count)
        }
    }

    @Test("the other side is found later, however long its frames are")
    func bothSides() throws {
        let count = Sample.rounds(8, debug: 4)
        let (client, server) = (Self.frames(.client, of: 200_000, count), Self.frames(.server, of: 50, 60))
        let parts =
            Self.segments(server, .second, from: 10, anew: true) + Self.segments(client, .first, from: 9, anew: true)
        let conversation = try #require(Recorded(parts, isSeenFromStart: false).only)
        let start = client.bytes.count - conversation.client.count
        #expect(client.boundaries.contains(start) && start < client.bytes.count)
        #expect(conversation.notices == ["start-skipped client"])
    }

    @Test("neither side masks: the side with the ephemeral port is the client, and its frames are judged")
    func withoutMasks() throws {
        let (client, server) = (Self.frames(.server, of: 30, 40), Self.frames(.server, of: 90, 40))
        let sides = [(TCPPeer.first, client), (.second, server)].map {
            Self.segments($1, $0, from: $0 == .first ? 5 : 0, anew: true)
        }
        let parts = zip(sides[0], sides[1]).flatMap { [$0, $1] }
        let conversation = try #require(Recorded(parts, isSeenFromStart: false).only)
        #expect(conversation.head.client?.port == 50_000)
        #expect(client.boundaries.contains(client.bytes.count - conversation.client.count))
        #expect(!conversation.client.isEmpty && conversation.server == server.bytes)
        let turned = try #require(Recorded(parts, isSeenFromStart: false, ports: (8080, 50_000)).only)
        #expect(turned.head.client?.port == 50_000)
        // Ports that do not show which side is the client.
        #expect(Recorded(parts, isSeenFromStart: false, ports: (8080, 8081)).conversations.isEmpty)
    }

    @Test("bytes without frames are given up after a while, and few of them are held")
    func noise() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<Sample.rounds(20, debug: 1) {
            let parts = (0..<1_200).map { index in
                Sent.bytes(
                    index % 3 == 0 ? .first : .second, random.bytes(1_448))
            }
            let recorded = Recorded(parts, isSeenFromStart: false)
            #expect(recorded.outcome == .skipped(.noFrames))
            #expect(recorded.maximumHeld <= 2 * (16_384 + 1_448))
        }
    }
}
