import FixtureCorpus
import SeededRandom
import Testing
import WebSocketFrames

/// The validator and the naive judge agree on thousands of generated streams, legal and damaged.
@Suite struct NaiveFuzzTests {
    /// Arbitrary numbers.
    static let seeds = Array(([6455, 7692, 3629, 1002] as [UInt64]).prefix(Sample.rounds(4, debug: 1)))
    static let streamsPerSeed = 2500

    @Test(arguments: seeds) func madeUpStreams(seed: UInt64) {
        var maker = ConversationMaker(seed: seed)
        var broken: [Rule: Int] = [:]
        var states: [StreamState: Int] = [:]
        for number in 0..<Self.streamsPerSeed {
            var conversation = maker.make()
            // Every third stream stays undamaged.
            for _ in 0..<(number % 3) {
                maker.random.pick(Mutation.allCases).apply(to: &conversation.frames, &maker.random)
            }
            let stream = Array(conversation.frames.joined())
            let judgement = NaiveJudge(
                stream: stream,
                reported: conversation.reported,
                extensions: conversation.extensions,
                limits: conversation.limits
            ).judge()
            judgement.expectation.violation.map { broken[$0.rule, default: 0] += 1 }
            states[judgement.expectation.state, default: 0] += 1

            var cuts = [[], Array(stream.indices.dropFirst())]
            if stream.count > 4000 { cuts.removeLast() }
            for _ in 0..<3 { cuts.append(maker.random.cuts(stream.count, count: 12)) }
            for cuts in cuts {
                let found = verdict(conversation, stream, cuts)
                guard found != judgement else { continue }
                Issue.record(
                    """
                    seed \(seed), stream \(number): \(stream.prefix(2000).map { $0 }.hex) (\(stream.count) bytes), \
                    cut at \(cuts.prefix(20)), reported \(conversation.reported.map(\.name) ?? "nothing"), \
                    \(conversation.extensions), \(conversation.limits)
                    found    \(found)
                    expected \(judgement)
                    """
                )
                return
            }
        }
        for rule in Rule.allCases where rule != .invalidDeflate {
            #expect(broken[rule, default: 0] >= 3, "\(rule.name) is hardly ever broken")
        }
        for state in StreamState.allCases { #expect(states[state, default: 0] >= 20, "\(state.name) is rare") }
    }

    private func verdict(_ conversation: Conversation, _ stream: [UInt8], _ cuts: [Int]) -> NaiveJudge.Judgement {
        var validator = FrameValidator(
            sender: conversation.reported,
            extensions: conversation.extensions,
            limits: conversation.limits
        )
        _ = validator.feed(stream, cuts: cuts)
        return NaiveJudge.Judgement(validator, bytes: stream.count)
    }
}

extension NaiveJudge.Judgement {
    /// The verdict of a validator that was fed `bytes` bytes.
    init(_ validator: FrameValidator, bytes: Int) {
        self.init(
            expectation: Expectation(validator, bytes: bytes),
            value: validator.violation?.value ?? 0,
            sender: validator.sender,
            closeCode: validator.closeCode?.rawValue,
            position: validator.position,
            frameOffset: validator.frameOffset
        )
    }
}
