import FixtureCorpus
import PerMessageDeflate
import Testing
import WebSocketFrames

/// Bytes that were sent but not captured: judging resumes where the next frame is known to begin.
@Suite struct MissingBytesTests {
    /// A legal stream, and where its frames begin.
    private struct Legal {
        let fixture: Fixture
        let whole: Reading
        /// The non-empty payloads.
        let payloads: [Range<Int>]
        /// Where frames begin while no message is open.
        let beginnings: [Int]
    }

    private let legal: [Legal]

    init() throws {
        legal = try FixtureCorpus.load().filter { $0.expectation.violation == nil && !$0.bytes.isEmpty }.map {
            fixture in
            var validator = FrameValidator(for: fixture)
            var (payloads, beginnings, at) = ([Range<Int>](), [Int](), 0)
            while at < fixture.bytes.count {
                if validator.state == .complete { beginnings.append(at) }
                var header = EncodedFrameHeader()
                for byte in fixture.bytes[at...] where !header.isComplete { header.append(byte) }
                let end = at + (try validator.consumeFrame(fixture.bytes.span.extracting(at...)))
                if at + header.count < end { payloads.append((at + header.count)..<end) }
                at = end
            }
            return Legal(fixture: fixture, whole: Reading(validator), payloads: payloads, beginnings: beginnings)
        }
    }

    /// Up to three gaps in a payload: its first byte, its last byte, all of it.
    private func holes(_ payload: Range<Int>) -> Set<Range<Int>> {
        [payload.lowerBound..<(payload.lowerBound + 1), (payload.upperBound - 1)..<payload.upperBound, payload]
    }

    @Test func insideAPayloadTheHeaderSaysWhereTheNextFrameBegins() {
        for one in legal {
            for hole in one.payloads.flatMap(holes) {
                var validator = FrameValidator(for: one.fixture)
                #expect(validator.feed(one.fixture.bytes, 0..<hole.lowerBound) == nil)
                let continues = validator.skipMissing(UInt64(hole.count))
                #expect(continues, "\(one.fixture.path) \(hole)")
                #expect(validator.feed(one.fixture.bytes, hole.upperBound..<one.fixture.bytes.count) == nil)
                var reading = Reading(validator)
                // The close code may be among the missing bytes; a Close that has begun counts as sent.
                reading.closeCode = one.whole.closeCode
                if reading.header.opcode == .close, !reading.header.isEmpty { reading.isClosed = one.whole.isClosed }
                #expect(reading == one.whole, "\(one.fixture.path) \(hole)")
            }
        }
    }

    @Test func beyondTheFrameNothingIsKnown() {
        for one in legal {
            for payload in one.payloads {
                for at in [payload.lowerBound, payload.upperBound - 1] {
                    var validator = FrameValidator(for: one.fixture)
                    #expect(validator.feed(one.fixture.bytes, 0..<at) == nil)
                    let before = Reading(validator)
                    let rest = validator.header.payloadLength - UInt64(at - payload.lowerBound)
                    guard rest < .max else { continue }
                    let continues = validator.skipMissing(rest + 1)
                    #expect(!continues)
                    #expect(Reading(validator) == before)
                }
            }
            // Between two frames, and inside a header.
            for at in one.beginnings {
                for begun in [0, 1] {
                    var validator = FrameValidator(for: one.fixture)
                    #expect(validator.feed(one.fixture.bytes, 0..<(at + begun)) == nil)
                    if validator.header.isComplete || begun == 1 && validator.header.isEmpty { continue }
                    let continues = validator.skipMissing(1)
                    #expect(!continues)
                }
            }
        }
        var failed = FrameValidator(sender: .server)
        #expect(failed.feed([0x81, 2, 0xFF]) != nil)
        let continues = failed.skipMissing(1)
        #expect(!continues)
        failed.resume(at: 1_000)
        #expect(failed.violation?.rule == .textNotUTF8 && failed.position == 3)
    }

    @Test func aFrameThatIsFoundAfterMissingBytesIsJudgedAsTheFirstOfAMessage() {
        for one in legal {
            for at in one.beginnings {
                for stop in [at, min(at + 1, one.fixture.bytes.count), max(at - 1, 0)] {
                    var validator = FrameValidator(for: one.fixture)
                    #expect(validator.feed(one.fixture.bytes, 0..<stop) == nil)
                    // A Close before the gap still counts; one inside it does not.
                    let before = Reading(validator)
                    validator.resume(at: UInt64(at + 100))
                    #expect(
                        validator.feed(one.fixture.bytes, at..<one.fixture.bytes.count) == nil, "\(one.fixture.path)")
                    #expect(validator.position == one.whole.position + 100)
                    #expect(validator.state == one.whole.state)
                    #expect(stop != at || validator.frameCount == one.whole.frames)
                    #expect(stop != at || validator.messageCount == one.whole.messages)
                    #expect(validator.frameCount >= before.frames)
                }
            }
        }
    }

    /// The gap begins inside a character, and another fragment follows.
    @Test func theRestOfATextIsNotJudged() {
        var validator = FrameValidator(sender: .server)
        #expect(validator.feed([0x01, 5, 0x68, 0xC3]) == nil)
        let continues = validator.skipMissing(2)
        #expect(continues)
        #expect(validator.feed([0xFF]) == nil)
        #expect(validator.state == .incompleteMessage)
        #expect(validator.feed([0x80, 2, 0xFF, 0xFE]) == nil)
        #expect(validator.messageCount == 1 && validator.state == .complete)
        // The next message is judged again.
        #expect(validator.feed([0x81, 1, 0xFF])?.rule == .textNotUTF8)
    }

    /// The limit applies to the inflated bytes of compressed messages and to the payload of others, also after a compressed
    /// message was cut short.
    @Test func theLimitOfAMessageHoldsAfterMissingBytes() throws {
        for frames in [[0x82, 4, 0, 0, 0, 0], [0x02, 2, 0, 0, 0x80, 2, 0, 0]] as [[UInt8]] {
            var validator = InflatingValidator(
                sender: .server, extensions: .permessageDeflate(.standard), limits: Limits(message: 3))
            try validator.consume([0x42, 3, 0xF2].span)
            validator.resume(at: 100)
            let violation = #expect(throws: Violation.self) { try validator.consume(frames.span) }
            #expect(violation?.rule == .messageTooBig)
        }
    }

    @Test func theRulesOfSequenceStillApply() {
        var validator = FrameValidator(sender: .server)
        #expect(validator.feed([0x02, 4, 0]) == nil)
        let continues = validator.skipMissing(3)
        #expect(continues)
        #expect(validator.feed([0x82, 0])?.rule == .interleavedMessage)
        var found = FrameValidator(sender: .server)
        #expect(found.feed([0x02, 4, 0]) == nil)
        found.resume(at: 50)
        #expect(found.feed([0x82, 0]) == nil)
        #expect(found.feed([0x80, 0])?.rule == .unexpectedContinuation)
        #expect(found.violation?.offset == 52 && found.violation?.frame == 1)
    }

    // MARK: Compression

    private let hello = InflatingTests.hello
    /// Refers back to the previous message.
    private let again: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]

    private func server(_ byte0: UInt8, _ payload: [UInt8]) -> [UInt8] {
        InflatingTests.frame(byte0, payload, from: .server)
    }

    /// Feeds frames after `count` missing bytes.
    private func after(
        _ first: [UInt8], missing count: Int, _ rest: [UInt8], _ deflate: DeflateParameters = .standard
    ) throws -> (inflated: String, uninflated: UInt64, validator: InflatingValidator) {
        var validator = InflatingValidator(sender: .server, extensions: .permessageDeflate(deflate))
        var inflated: [UInt8] = []
        try validator.consume(first.span)
        if !validator.skipMissing(UInt64(count)) { validator.resume(at: UInt64(first.count + count)) }
        try validator.consume(rest.span) { piece in
            for index in piece.indices { inflated.append(piece[index]) }
        }
        return (String(decoding: inflated, as: UTF8.self), validator.uninflatedMessageCount, validator)
    }

    @Test func inflatingBeginsAgainWithTheFirstMessageThatNeedsNoEarlierOne() throws {
        let cut = server(0xC1, hello).dropLast(3)
        let rest = server(0xC1, again) + server(0xC1, again) + server(0xC1, hello) + server(0xC1, again)
        let inside = try after(Array(cut), missing: 3, rest)
        // Messages that need an earlier one fail at their second symbol.
        #expect(inside.inflated == "HHHelloHello")
        #expect(inside.uninflated == 3 && inside.validator.messageCount == 5)
        // The gap ends beyond the frame: the next one was found by a search.
        let found = try after(Array(cut), missing: 30, rest)
        #expect(found.inflated == "HHHelloHello" && found.uninflated == 2 && found.validator.messageCount == 4)
        #expect(found.validator.position == UInt64(cut.count + 30 + rest.count))
    }

    @Test func theWindowIsKeptWhereNothingOfItIsMissing() throws {
        for byte0: UInt8 in [0x89, 0x82] {
            let first = server(0xC1, hello) + server(byte0, [1, 2, 3]).dropLast(2)
            let kept = try after(Array(first), missing: 2, server(0xC1, again))
            #expect(kept.inflated == "Hello" && kept.uninflated == 0)
        }
        // The gap is in a ping between two fragments of a compressed message.
        let first = server(0x41, Array(hello.prefix(3))) + server(0x89, [1, 2]).dropLast(1)
        let fragments = try after(Array(first), missing: 1, server(0x80, Array(hello.dropFirst(3))))
        #expect(fragments.uninflated == 0 && fragments.validator.messageCount == 1)
        #expect(fragments.validator.inflatedByteCount == 5)
    }

    @Test func withoutTakeoverEveryMessageStandsAlone() throws {
        let alone = DeflateParameters(serverNoContextTakeover: true)
        let cut = Array(server(0xC1, hello).dropLast(3))
        for missing in [3, 30] {
            let result = try after(cut, missing: missing, server(0xC1, hello) + server(0xC1, hello), alone)
            #expect(result.inflated == "HelloHello")
        }
    }

    @Test func aMessageThatIsCutIsNoFault() throws {
        // The first fragment lacks bytes, and the second would not inflate alone.
        let first = server(0x41, Array(hello.prefix(4))).dropLast(1)
        let result = try after(Array(first), missing: 1, server(0x80, [0xFF, 0xFF]) + server(0xC1, hello))
        #expect(result.validator.state == .complete && result.uninflated == 1 && result.inflated == "Hello")
    }

    /// The sender is determined by the first frame after the gap, and is the same from then on.
    @Test func afterAGapTheFirstFrameShowsWhoSends() {
        let frames: [Endpoint: [UInt8]] = [.client: [0x81, 0x81, 1, 2, 3, 4, 0x60], .server: [0x81, 1, 0x61]]
        for (sender, frame) in frames {
            for (other, next) in frames {
                var validator = FrameValidator(sender: nil)
                validator.resume(at: 1_000)
                let rule = validator.feed(frame + next)?.rule
                #expect(validator.sender == sender)
                let broken: Rule = sender == .client ? .unmaskedClientFrame : .maskedServerFrame
                #expect(rule == (sender == other ? nil : broken))
            }
        }
    }

    /// What a violation says is about its own frame, whatever the one before it said.
    @Test func aSkippedFrameDoesNotAffectLaterViolations() {
        let badClose = ConversationMaker.frame(0x88, [0x03, 0xE7], key: [1, 2, 3, 4])
        for second in [[0x81, 0x01, 0x61], [0x83, 0x80, 0, 0, 0, 0], [0x09, 0x80, 0, 0, 0, 0]] as [[UInt8]] {
            var validator = FrameValidator(sender: .client)
            let first = validator.feed(badClose)
            #expect(first?.rule == .invalidCloseCode && first?.value == 999)
            let skips = validator.skipFrame()
            #expect(skips)
            var fresh = FrameValidator(sender: .client)
            let alone = fresh.feed(second)
            let found = validator.feed(second)
            #expect(found != nil && alone != nil)
            #expect(found?.value == alone?.value || found?.rule != alone?.rule)
            #expect(found?.value != 999)
        }
    }
}
