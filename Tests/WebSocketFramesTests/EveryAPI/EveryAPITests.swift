import Foundation
import SeededRandom
import Testing
import WebSocketFrames

/// Every API, however a stream is cut, reports the same rule at the same byte, the same counts and the same payload.
///
/// `Tests/Differential/run` tries millions of streams, with each set of kernels.
@Suite struct EveryAPITests {
    @Test func allSayTheSame() {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["STREAMS"].flatMap { Int($0) } ?? Sample.rounds(20_000, debug: 300)
        let seed = environment["STREAM_SEED"].flatMap { UInt64($0) } ?? 6455
        var maker = ConversationMaker(seed: seed)
        var broken = 0
        for number in 0..<count {
            var conversation = maker.make()
            // Every third stream stays undamaged.
            for _ in 0..<(number % 3) {
                maker.random.pick(Mutation.allCases).apply(to: &conversation.frames, &maker.random)
            }
            let stream = Array(conversation.frames.joined())
            let cuts = maker.random.cuts(stream.count, count: maker.random.below(12))
            let ends = cuts + [stream.count]
            let pieces = zip([0] + cuts, ends).map { Array(stream[$0..<$1]) }
            if let difference = difference(stream, pieces, conversation, isBroken: &broken) {
                Issue.record("seed \(seed), stream \(number), cut at \(cuts): \(difference)\n\(stream.hex)")
                return
            }
        }
        if environment["STREAMS"] != nil {
            print("\(count) streams from seed \(seed), \(broken) broken: no difference")
        }
        #expect(broken * 10 > count && broken < count)
    }

    /// How two APIs differ; nil if they agree.
    private func difference(
        _ stream: [UInt8], _ pieces: [[UInt8]], _ conversation: Conversation, isBroken count: inout Int
    ) -> String? {
        let naive = NaiveJudge(
            stream: stream, reported: conversation.sender, extensions: conversation.extensions,
            limits: conversation.limits
        ).judge()
        let start = FrameValidator(
            sender: conversation.sender, extensions: conversation.extensions, limits: conversation.limits)
        var whole = start
        _ = whole.feed(stream)
        guard NaiveJudge.Judgement(whole, bytes: stream.count) == naive else { return "the naive judge" }
        if whole.violation != nil { count += 1 }
        var cut = start
        for piece in pieces where cut.violation == nil { _ = cut.feed(piece) }
        guard Reading(cut) == Reading(whole) else { return "validate, in pieces" }
        guard Reading(frameByFrame(start, pieces)) == Reading(whole) else { return "consumeFrame" }

        var expected = Account(naive: stream, conversation)
        expected.violation = whole.violation
        expected.standing = Account.Standing(
            state: whole.state, position: whole.position, frames: whole.frameCount, messages: whole.messageCount,
            isClosed: whole.isClosed)
        let untilClose = expected.untilClose
        for way in SwiftWay.allCases {
            guard let account = way.account(of: pieces, conversation) else { continue }
            let wanted = way.endsWithClose ? untilClose : expected
            if !account.isRight(wanted, showsOpenMessage: way.showsOpenMessage) {
                return "\(way): \(account), expected \(wanted)"
            }
        }
        let outcome = CorpusInCTests.Outcome(whole)
        for way in CWay.all {
            var (account, found) = way.account(of: pieces, conversation)
            let wanted = if case .connection = way { untilClose } else { expected }
            if case .connection = way {
                // A connection has no counters, so only the violation itself is compared.
                guard found?.withoutCounts == (wanted.violation == nil ? nil : outcome.withoutCounts) else {
                    return "C, \(way): \(String(describing: found))"
                }
            } else if found != outcome {
                return "C, \(way): \(String(describing: found)), expected \(outcome)"
            }
            account.violation = wanted.violation
            if !account.isRight(wanted, showsOpenMessage: true) {
                return "C, \(way): \(account), expected \(wanted)"
            }
        }
        return nil
    }

    private func frameByFrame(_ start: FrameValidator, _ pieces: [[UInt8]]) -> FrameValidator {
        var validator = start
        for piece in pieces {
            var index = 0
            while index < piece.count, validator.violation == nil {
                index += (try? validator.consumeFrame(piece.span.extracting(index...))) ?? 0
            }
        }
        return validator
    }
}

extension Account {
    /// The account of a connection, which ends with the peer's Close.
    fileprivate var untilClose: Account {
        guard let close = items.firstIndex(where: { if case .control(.close, _) = $0 { true } else { false } }) else {
            return self
        }
        var account = Account()
        account.items = Array(items[...close])
        return account
    }

    /// Whether this matches `expected` in everything that the API reports.
    fileprivate func isRight(_ expected: Account, showsOpenMessage: Bool) -> Bool {
        guard violation == expected.violation, items == expected.items else { return false }
        if let standing, standing != expected.standing { return false }
        // How much of a message cut short by a Close or a violation was handed over depends on the API.
        return !showsOpenMessage || expected.violation != nil || expected.standing == nil || open == expected.open
    }
}

extension CorpusInCTests.Outcome {
    /// The violation without its counters.
    fileprivate var withoutCounts: Self {
        var copy = self
        (copy.position, copy.frames, copy.messages, copy.state, copy.isClosed) = (0, 0, 0, 0, false)
        return copy
    }
}
