import FixtureCorpus
import SeededRandom
import Testing
import WebSocketFrames

/// Resuming after a violation.
@Suite struct SkipFrameTests {
    /// All violations of a stream, and the state of the validator at its end.
    struct Run: Equatable {
        var violations: [Violation] = []
        var end: Reading

        init(_ validator: FrameValidator, _ bytes: [UInt8], cuts: [Int] = []) {
            var validator = validator
            var violations: [Violation] = []
            var start = 0
            pieces: for end in cuts + [bytes.count] {
                while let violation = validator.feed(bytes, start..<end) {
                    violations.append(violation)
                    guard validator.skipFrame() else { break pieces }
                    start = Int(validator.position)
                }
                start = end
            }
            self.violations = violations
            self.end = Reading(validator)
        }

        var rules: [Rule] { violations.map(\.rule) }
    }

    private func run(
        _ hex: String,
        sender: Endpoint? = .server,
        extensions: AgreedExtensions = .none,
        limits: Limits = .none
    ) -> Run {
        let bytes = [UInt8](hex: hex)
        let validator = FrameValidator(sender: sender, extensions: extensions, limits: limits)
        let run = Run(validator, bytes)
        #expect(run == Run(validator, bytes, cuts: Array(bytes.indices)), "the same byte by byte: \(hex)")
        return run
    }

    // MARK: Whatever comes

    @Test func everyFixture() throws {
        for fixture in try FixtureCorpus.load() {
            check(FrameValidator(for: fixture), fixture.bytes, "\(fixture.path)")
        }
    }

    @Test func everyFixtureWithOneAfterIt() throws {
        let after = [UInt8](hex: "8900 810161 8a8000000000 c10161 83010203")
        for fixture in try FixtureCorpus.load() where fixture.expectation.violation != nil {
            check(FrameValidator(for: fixture), fixture.bytes + after, "\(fixture.path)")
        }
    }

    @Test(arguments: [5, 55, 555]) func madeUpStreams(seed: UInt64) {
        var maker = ConversationMaker(seed: seed)
        for number in 0..<400 {
            var conversation = maker.make()
            for _ in 0..<6 { maker.random.pick(Mutation.allCases).apply(to: &conversation.frames, &maker.random) }
            let stream = Array(conversation.frames.joined())
            let validator = FrameValidator(
                sender: conversation.reported,
                extensions: conversation.extensions,
                limits: conversation.limits
            )
            check(validator, stream, "seed \(seed), stream \(number)")
        }
    }

    private func check(_ validator: FrameValidator, _ bytes: [UInt8], _ what: String) {
        let run = Run(validator, bytes)
        #expect(run.violations.first == validator.reading(bytes).violation, "\(what)")
        var random = SplitMix64(seed: 1)
        let all = bytes.count < 5000 ? Array(bytes.indices) : []
        for cuts in [all, random.cuts(bytes.count, count: 9), random.cuts(bytes.count, count: 9)] {
            if Run(validator, bytes, cuts: cuts) != run {
                Issue.record("\(what): different violations when cut at \(cuts.prefix(40))")
                return
            }
        }
        for (violation, next) in zip(run.violations, run.violations.dropFirst()) {
            #expect(violation.offset <= next.offset, "\(what)")
            // A frame is reported once, unless its end turns out to be unknown.
            let isLater = violation.frame < next.frame && violation.frameOffset < next.frameOffset
            #expect(isLater || (next.rule == .lengthOverflow && violation.frame == next.frame), "\(what)")
        }
        if run.end.state == .violation {
            #expect(run.rules.last == .lengthOverflow, "\(what)")
        } else {
            #expect(run.end.position == UInt64(bytes.count), "\(what)")
        }
    }

    // MARK: What must come out

    @Test func aGoodFrameAfterABadOne() {
        let run = run("c10161 810162")
        #expect(run.rules == [.reservedBits])
        #expect(run.end.frames == 2)
        #expect(run.end.state == .complete)
    }

    @Test func theFrameIsFollowedToItsEnd() {
        // Each breaks a different field, and has a payload that looks like broken frames.
        for frame in ["c103c18383", "8303ffc183", "8b03ffc183", "0903ffc183", "8103ffc183"] {
            let run = run("\(frame) 8900")
            #expect(run.violations.count == 1 && run.end.frames == 2 && run.end.state == .complete, "\(frame)")
        }
        #expect(run("8983 a1b2c3d4 ffc183 8900").rules == [.maskedServerFrame])
        #expect(run("897e0003 ffc183 8900").rules == [.oversizedControl])
        #expect(run("827e0003 ffc183 8900").rules == [.nonMinimalLength])
        #expect(run("827f0000000000000003 ffc183 8900").rules == [.nonMinimalLength])
        #expect(run("8203 ffc183 8900", limits: Limits(frame: 2)).rules == [.frameTooBig])
        #expect(run("8801 ff 8900").rules == [.truncatedCloseCode])
        #expect(run("8805 03ec ffc183 8900").rules == [.invalidCloseCode])
    }

    @Test func theStateAfterEach() {
        for (hex, isClosed) in [("c10161", false), ("8803 03e8ff", true), ("0803 03e861", true), ("8801 ff", true)] {
            let run = run(hex)
            #expect(run.violations.count == 1, "\(hex)")
            #expect(run.end.state == .complete, "\(hex)")
            #expect(run.end.frames == 1, "\(hex)")
            #expect(run.end.isClosed == isClosed, "\(hex)")
            #expect(run.end.header.count == 0, "\(hex)")
        }
    }

    @Test func everyUnmaskedFrameOnce() {
        let run = run("810161 8900 0101 c3 8001 a9 8202ffff 880203e8", sender: .client)
        #expect(run.rules == Array(repeating: .unmaskedClientFrame, count: 6))
        #expect(run.violations.map(\.frame) == [0, 1, 2, 3, 4, 5])
        #expect(run.end.frames == 6)
    }

    @Test func anUnknownEndIsTheEnd() {
        let run = run("82ff8000000000000000 00000000 8900", sender: .client)
        #expect(run.rules == [.lengthOverflow])
        #expect(run.end.state == .violation)
        var validator = FrameValidator(sender: .server)
        let violation = validator.feed([UInt8](hex: "827f8000000000000000"))
        #expect(validator.skipFrame() == false)
        #expect(validator.violation == violation)
        #expect(validator.feed([0x89, 0x00]) == violation)
    }

    @Test func anUnknownEndInAFrameThatIsSkipped() {
        let run = run("c27f8000000000000000 8900")
        #expect(run.rules == [.reservedBits, .lengthOverflow])
        #expect(run.violations.map(\.frame) == [0, 0])
        #expect(run.end.state == .violation)
    }

    @Test func aTextIsReportedOnce() {
        #expect(run("0101ff 8001ff 8101ff").violations.map(\.frame) == [0, 2])
        #expect(run("0102c3ff 0001a9 8900 8001c3 810161").violations.map(\.frame) == [0])
        // Nor is any part of a message judged after another part was skipped.
        #expect(run("0102c3a9 0081 00000000 ff 8001ff 8101ff").violations.map(\.frame) == [1, 3])
    }

    @Test func oneFaultIsNotReportedWithEveryContinuation() {
        #expect(run("4101ff 0001ff 8001ff 810161").rules == [.reservedBits], "the broken frame opened a message")
        #expect(run("0101 61 8101 62 8001 63 810164").rules == [.interleavedMessage], "the message stays open")
        #expect(run("8001 61 810162").rules == [.unexpectedContinuation], "no message is opened")
        #expect(run("0101 c3 8101 61 8001 a9 810162").rules == [.interleavedMessage], "the next text begins afresh")
        #expect(run("8800 0101 61 8001 62 8900").rules == [.dataAfterClose, .dataAfterClose])
    }

    /// A character left open by a message that can no longer be judged is not carried over to the next message.
    @Test func noCharacterIsOpenAfterAnUnjudgedMessage() {
        let a9 = "817e0080 a9" + String(repeating: "61", count: 127)
        #expect(run("0101 c3 c101 61 8001 61" + a9).rules == [.reservedBits, .textNotUTF8])
    }

    @Test(arguments: [
        ("8981 00000000 ff", Rule.maskedServerFrame), ("0901 ff", .fragmentedControl), ("c901 ff", .reservedBits),
        ("8b01 ff", .reservedOpcode), ("897e0000", .oversizedControl),
    ])
    func aBrokenControlFrameLeavesTheTextAroundItAsItWas(ping: String, rule: Rule) {
        #expect(run("0101 c3 \(ping) 8001 a9").rules == [rule], "the character continues after it")
        #expect(run("0101 c3 \(ping) 8001 61").rules == [rule, .textNotUTF8], "the character does not")
        #expect(run("0101 c3 \(ping) 8000").rules == [rule, .textNotUTF8], "the message ends inside it")
        #expect(run("0101 61 \(ping) 8001 ff").rules == [rule, .textNotUTF8])
    }

    @Test(arguments: [("8301 ff", Rule.reservedOpcode), ("c101 ff", .reservedBits), ("c201 ff", .reservedBits)])
    func aBrokenFrameThatIsNoContinuationDoesNotEndAMessage(frame: String, rule: Rule) {
        #expect(run("0201 61 \(frame) 8001 62 810163").rules == [rule])
    }

    @Test func theSenderIsLearntFromASkippedFrame() {
        let run = run("c1 81 01020304 61 8900", sender: nil)
        #expect(run.rules == [.reservedBits, .unmaskedClientFrame])
        #expect(run.end.sender == .client)
    }

    @Test func skippingIsTold() {
        var validator = FrameValidator(sender: .server)
        #expect(validator.feed([0x83]) != nil)
        #expect(!validator.isSkipping)
        let hasSkipped = validator.skipFrame()
        #expect(hasSkipped)
        #expect(validator.violation == nil)
        #expect(validator.state == .incompleteFrame)
        #expect(validator.isSkipping)
        #expect(validator.skipFrame() == false, "there is no violation any more")
        #expect(validator.feed([0x02, 0xFF]) == nil)
        #expect(validator.isSkipping && validator.frameOffset == 0)
        #expect(validator.feed([0xFF]) == nil)
        #expect(!validator.isSkipping && validator.frameOffset == 4 && validator.state == .complete)
    }
}
