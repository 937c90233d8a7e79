import FixtureCorpus
import SeededRandom
import Testing
import WebSocketFrames

/// `read` hands over the same slices, bytes, control frames and violation as `next`, however the stream is cut and however
/// the two are mixed; and it leaves the bytes after them in the same state.
@Suite struct ReadAllTests {
    /// Reads in every way, and compares with reading event by event.
    private func check(
        _ stream: [UInt8], eachOf cuts: [[Int]], _ ways: [EventLog.Way] = [.read, .nextThenRead, .inTurn],
        with reader: FrameReader, _ name: String
    ) {
        for cuts in cuts {
            let expected = EventLog(stream, cuts: cuts, .next, with: reader)
            for way in ways {
                let log = EventLog(stream, cuts: cuts, way, with: reader)
                guard log != expected else { continue }
                let at = zip(log.entries, expected.entries).enumerated().first { $1.0 != $1.1 }
                Issue.record(
                    """
                    \(name), \(way), cut at \(cuts.prefix(20)): \(stream.prefix(1000).map { $0 }.hex)
                    entry \(at?.offset ?? -1) of \(log.entries.count) and \(expected.entries.count)
                    found    \(at.map { "\($1.0)" } ?? "fewer, or more")
                    expected \(at.map { "\($1.1)" } ?? "")
                    """)
                return
            }
        }
    }

    private func check(_ fixture: Fixture, eachOf cuts: [[Int]], _ ways: [EventLog.Way]) {
        let sender = fixture.sender ?? (fixture.bytes.count > 1 && fixture.bytes[1] & 0x80 == 0 ? .server : .client)
        let reader = FrameReader(peer: sender, extensions: fixture.extensions, limits: fixture.limits)
        check(fixture.bytes, eachOf: cuts, ways, with: reader, fixture.path)
    }

    @Test func everyFixture() throws {
        var sample = Sample(oneIn: 2)
        for fixture in try FixtureCorpus.load() where sample.takes() {
            let count = fixture.bytes.count
            var ways: [[Int]] = [[]]
            if count <= 2300 { ways.append(Array(fixture.bytes.indices.dropFirst())) }
            for size in [3, 16, 64, 134, 200, 1460] where size > count / 2048 {
                ways.append(Array(stride(from: size, to: count, by: size)))
            }
            check(fixture, eachOf: ways, [.read, .nextThenRead, .inTurn])
        }
    }

    @Test func everyFixtureCutInTwo() throws {
        var sample = Sample(oneIn: 30)
        for fixture in try FixtureCorpus.load() where fixture.bytes.count <= 700 {
            check(fixture, eachOf: (0...fixture.bytes.count).filter { _ in sample.takes() }.map { [$0] }, [.read])
        }
    }

    /// Conversations of every kind, legal and damaged, with fragments, limits and extensions.
    @Test(arguments: [6455, 8] as [UInt64]) func madeUpStreams(seed: UInt64) {
        var maker = ConversationMaker(seed: seed)
        for number in 0..<Sample.rounds(1500, debug: 60) {
            var conversation = maker.make()
            for _ in 0..<(number % 3) {
                maker.random.pick(Mutation.allCases).apply(to: &conversation.frames, &maker.random)
            }
            let stream = Array(conversation.frames.joined())
            var ways: [[Int]] = [[]]
            if stream.count <= 1000 { ways.append(Array(stream.indices.dropFirst())) }
            // Some of the pieces are empty.
            for _ in 0..<3 { ways.append(maker.random.cuts(stream.count, count: 12)) }
            let reader = FrameReader(
                peer: conversation.sender, extensions: conversation.extensions, limits: conversation.limits)
            check(stream, eachOf: ways, with: reader, "seed \(seed), stream \(number)")
        }
    }

    /// More short frames than one call of a kernel takes, with something special around every boundary: a fragment, a
    /// Close, a frame that breaks a rule, or the end of the piece.
    @Test(arguments: [true, false]) func manyShortFrames(isClient: Bool) {
        var random = SplitMix64(seed: 128)
        var sample = Sample(oneIn: 20)
        let key: () -> [UInt8]? = { isClient ? random.bytes(4) : nil }
        let special: [[[UInt8]]] = [
            [],
            [
                ConversationMaker.frame(0x01, Array("é".utf8), key: key()),
                ConversationMaker.frame(0x80, [], key: key()),
            ],
            [ConversationMaker.frame(0x01, [0xC3], key: key()), ConversationMaker.frame(0x80, [0xA9], key: key())],
            [ConversationMaker.frame(0x02, [0xC3], key: key()), ConversationMaker.frame(0x00, [1], key: key())],
            [ConversationMaker.frame(0x81, [0xC3], key: key())],
            [ConversationMaker.frame(0x88, [0x03, 0xE8], key: key())],
            [ConversationMaker.frame(0x80, [], key: key())],
            [ConversationMaker.frame(0x82, [UInt8](repeating: 0xAB, count: 66_000), key: key())],
        ]
        let reader = FrameReader(peer: isClient ? .client : .server)
        for (number, frames) in special.enumerated() {
            for before in [0, 1, 3, 4, 7, 8, 9, 123, 124, 127, 128, 129, 255, 256, 257] where sample.takes() {
                var stream: [UInt8] = []
                for frame in 0..<before { stream += shortFrame(frame + number, key: key()) }
                stream += frames.joined()
                for frame in 0..<20 { stream += shortFrame(frame, key: key()) }
                let ways = [[], [stream.count / 2], random.cuts(stream.count, count: 5)]
                check(stream, eachOf: ways, with: reader, "\(before) frames before special \(number)")
            }
        }
    }

    private func shortFrame(_ number: Int, key: [UInt8]?) -> [UInt8] {
        let opcode: UInt8 = [0x81, 0x81, 0x82, 0x89, 0x81, 0x8A][number % 6]
        let text = Array((number % 5 == 0 ? "漢字 and more" : "text number \(number)").utf8)
        return ConversationMaker.frame(opcode, opcode == 0x82 ? [0xFF, 0x00] : text, key: key)
    }

    /// An empty piece changes nothing, wherever it comes: an open message stays open.
    @Test func piecesWithoutBytes() throws {
        let frames: [[UInt8]] = [
            [0x01, 2, 0x61, 0x62], [0x89, 0], [0x00, 1, 0x63], [0x80, 0], [0x02, 1, 0xFF], [0x00, 0], [0x80, 1, 0xFE],
        ]
        let stream = Array(frames.joined())
        var reader = FrameReader(peer: .server)
        var validator = FrameValidator(sender: .server)
        var text: [UInt8] = []
        for frame in frames {
            for var piece in [frame, []] {
                try validator.consume(piece.span)
                try validator.consume(Span())
                var bytes = piece.mutableSpan
                try reader.read(&bytes) { _, payload in
                    for index in payload.indices { text.append(payload[index]) }
                } control: { _ in
                }
                var nothing = MutableSpan<UInt8>()
                try reader.read(&nothing) { _, _ in
                    Issue.record("an empty slice")
                } control: { _ in
                }
                var index = 0
                #expect(try reader.next(in: &nothing, from: &index) == nil)
            }
        }
        #expect(text == [0x61, 0x62, 0x63, 0xFF, 0xFE])
        #expect(reader.messageCount == 2 && validator.messageCount == 2)
        #expect(reader.position == UInt64(stream.count) && reader.state == .complete)
    }

    /// The bytes after the offending frame stay as they arrived.
    @Test func bytesAfterAViolation() {
        let key: [UInt8] = [1, 2, 3, 4]
        let good = (0..<10).flatMap { shortFrame($0, key: key) }
        for broken in [[0x83, 0x80, 0, 0, 0, 0], ConversationMaker.frame(0x81, [0x61, 0xFF], key: key)] {
            for count in 0...9 {
                let before = (0..<count).flatMap { shortFrame($0, key: key) }
                var received = before + broken + good
                var reader = FrameReader(peer: .client)
                var handed = 0
                do {
                    var bytes = received.mutableSpan
                    try reader.read(&bytes) { _, _ in
                        handed += 1
                    } control: { _ in
                        handed += 1
                    }
                    Issue.record("nothing was thrown")
                } catch {
                    #expect(error.frame == UInt64(count))
                }
                #expect(handed == count || handed == count + 1)  // The broken text's header may have been handed over.
                #expect(Array(received[(before.count + broken.count)...]) == good)
                #expect(received[before.count] == broken[0])
            }
        }
    }
}
