import Testing
import WebSocketCaptures
import WebSocketFrames

@testable import WebSocketDiagnosis

/// What is claimed about messages on both sides of a proxy, and what is not.
@Suite struct HopComparisonTests {
    /// Six messages of the client, the third of which is changed or dropped.
    private static func proxy(third: (MadeProxy) -> Void) -> MadeProxy {
        let proxy = MadeProxy()
        for index in 0..<6 {
            if index == 2 {
                third(proxy)
            } else {
                proxy.pass("message number \(index)", at: 1_000 + UInt64(index) * 100)
            }
        }
        proxy.end()
        return proxy
    }

    @Test func whatIsTheSameIsNoDifference() {
        let proxy = Self.proxy { $0.pass("the third", at: 1_200) }
        proxy.front.trace.finish(isCutOff: false, at: nil)
        #expect(proxy.kinds == [])
        #expect(proxy.comparison.equalCounts == [.client: 6, .server: 0])
        #expect(proxy.comparison.delays[.client] == HopComparison.Delay(median: 20_000, longest: 20_000))
        #expect(
            proxy.comparison.facts.contains {
                $0.hasPrefix("The client's hop ended first: the client closed with 1000")
            })
        #expect(proxy.comparison.rows.count == 6)
        #expect(!proxy.comparison.rows.contains { !$0.isSame })
    }

    @Test func aMessageIsDropped() throws {
        let proxy = Self.proxy { $0.front.send("the third", from: .client, at: 1_200) }
        let difference = try #require(proxy.comparison.differences.first)
        #expect(proxy.kinds == [.messageDropped])
        #expect(difference.front?.packet == 1_200)
        #expect(difference.back == nil)
        #expect(
            difference.message
                == "Message 2 of the client (9 bytes, packet 1200) comes to the proxy and does not leave it, while later ones do."
        )
        #expect(proxy.comparison.rows.filter { !$0.isSame }.map(\.back) == [nil])
    }

    @Test func severalAreDroppedAndCounted() {
        let proxy = Self.proxy { proxy in
            for index in 0..<3 as Range<UInt64> { proxy.front.send("lost \(index)", from: .client, at: 1_200 + index) }
        }
        #expect(proxy.comparison.differences.map(\.count) == [3])
    }

    @Test func aMessageIsAdded() {
        let proxy = Self.proxy { $0.back.send("made by the proxy", from: .client, at: 1_220) }
        #expect(proxy.kinds == [.messageAdded])
        #expect(proxy.comparison.differences.first?.back?.packet == 1_220)
    }

    @Test(arguments: [
        ("a longer text of the client", "a longer text of the", HopDifference.Kind.messageCut),
        ("a longer text of the client", "A longer text of the", .messageChanged),
        ("a longer text of the client", "", .messageChanged),
        ("a longer text of the client", "a longer text of the cliemt", .messageChanged),
        ("a longer text", "a longer text of the client", .messageChanged),
    ]) func aMessageIsChanged(_ sent: String, _ passed: String, _ kind: HopDifference.Kind) {
        let proxy = Self.proxy { $0.pass(sent, at: 1_200, as: passed) }
        #expect(proxy.kinds == [kind])
        #expect(proxy.comparison.differences.first?.front?.packet == 1_200)
        #expect(proxy.comparison.differences.first?.back?.packet == 1_220)
    }

    @Test func messagesAreMerged() {
        let proxy = Self.proxy { proxy in
            proxy.front.send("first half", from: .client, at: 1_200)
            proxy.front.send("second half", from: .client, at: 1_210)
            proxy.back.send("first halfsecond half", from: .client, at: 1_230)
        }
        #expect(proxy.kinds == [.messagesMerged])
    }

    @Test func aMessageIsSplit() {
        let proxy = Self.proxy { proxy in
            proxy.front.send("first half, second half", from: .client, at: 1_200)
            proxy.back.send("first half, ", from: .client, at: 1_230)
            proxy.back.send("second half", from: .client, at: 1_231)
        }
        #expect(proxy.kinds == [.messageSplit])
    }

    @Test func messagesThatNeitherSplitNorMergeAreReplaced() {
        let proxy = Self.proxy { proxy in
            proxy.front.send("first half, second half", from: .client, at: 1_200)
            proxy.back.send("something", from: .client, at: 1_230)
            proxy.back.send("else", from: .client, at: 1_231)
        }
        #expect(proxy.kinds == [.messagesReplaced])
    }

    @Test func typeAndFramesAreCompared() {
        let proxy = Self.proxy { proxy in
            proxy.front.send("the third", from: .client, at: 1_200)
            proxy.back.send("the third", from: .client, at: 1_220, opcode: .binary, frames: 3)
        }
        #expect(proxy.kinds == [.typeChanged, .framesDiffer])
    }

    /// The server's messages arrive at the proxy on the back hop.
    @Test func theServersWayIsTheOtherWayRound() {
        let proxy = MadeProxy()
        proxy.pass("good morning", from: .server, at: 1_000)
        proxy.back.send("lost", from: .server, at: 1_100)
        proxy.pass("good evening", from: .server, at: 1_200)
        proxy.end()
        #expect(proxy.kinds == [.messageDropped])
        #expect(proxy.comparison.differences.first?.sender == .server)
        #expect(proxy.comparison.differences.first?.back?.packet == 1_100)
    }

    // MARK: What is not claimed

    @Test func afterAGapNothingIsClaimed() {
        let proxy = MadeProxy()
        proxy.pass("the first", at: 1_000)
        proxy.back.trace.addGap(from: .client)
        for index in 0..<5 as Range<UInt64> { proxy.pass("message \(index)", at: 2_000 + index) }
        proxy.end()
        #expect(proxy.kinds == [])
        #expect(proxy.comparison.equalCounts[.client] == 1)
    }

    @Test func ofTwoVersionsNothingIsClaimed() {
        let proxy = Self.proxy { $0.pass("one", at: 1_200, as: "another") }
        proxy.back.trace.addContradiction(from: .client)
        #expect(proxy.kinds == [])
    }

    @Test func beforeTheFirstEqualMessageOfAMiddleNothingIsClaimed() {
        for isMiddle in [true, false] {
            let proxy = MadeProxy(
                .front { if isMiddle { $0.opening = .middle(skippedByClient: 3, skippedByServer: 0) } }, .back())
            proxy.back.send("the rest of an earlier one", from: .client, at: 900)
            proxy.pass("the first that both have", at: 1_000)
            proxy.pass("the second", at: 1_100)
            proxy.end()
            #expect(proxy.kinds == (isMiddle ? [] : [.messageAdded]))
        }
    }

    /// An endpoint that is gone need not be sent anything.
    @Test func nothingNeedBePassedOnToAClosedSide() {
        let proxy = MadeProxy()
        proxy.pass("hello", from: .server, at: 1_000)
        proxy.front.close(1001, from: .client, at: 2_000)
        proxy.back.close(1001, from: .client, at: 2_020)
        proxy.back.send("too late", from: .server, at: 2_030)
        proxy.end()
        #expect(proxy.kinds == [])
    }

    /// The proxy closes a hop by itself without passing on what came before.
    @Test func whatTheProxyEndsWithoutPassingOnIsDropped() {
        let proxy = MadeProxy()
        proxy.pass("hello", from: .server, at: 1_000)
        proxy.back.send("never passed on", from: .server, at: 2_000)
        proxy.front.close(1011, from: .server, at: 2_500)
        proxy.back.send("and after that", from: .server, at: 2_600)
        proxy.end()
        #expect(proxy.kinds == [.messageDropped])
        #expect(proxy.comparison.differences.first?.count == 1)
    }

    @Test func whatIsOnItsWayWhenTheCaptureEndsIsNotMissing() {
        for (end, kinds) in [(5_000_000, []), (12_000_000, [HopDifference.Kind.messageDropped])] {
            let proxy = MadeProxy()
            proxy.pass("hello", at: 1_000)
            proxy.front.send("and?", from: .client, at: 1_000_000)
            proxy.front.trace.finish(isCutOff: true, at: MadeHop.place(UInt64(end)))
            proxy.back.trace.finish(isCutOff: true, at: MadeHop.place(UInt64(end)))
            #expect(proxy.kinds == kinds)
        }
    }

    @Test func whatCannotBeInflatedIsNotCompared() {
        let proxy = MadeProxy()
        proxy.front.send("compressed thus", from: .client, at: 1_000, isCompressed: true, isOpaque: true)
        proxy.back.send("what it says", from: .client, at: 1_020, isCompressed: true)
        proxy.end()
        #expect(proxy.kinds == [])
        // If neither can be inflated, equal bytes are equal messages, but different bytes need not be different ones.
        let opaque = MadeProxy()
        for (text, other) in [("one", "one"), ("two", "deux"), ("three", "three")] {
            opaque.front.send(text, from: .client, at: 1_000, isCompressed: true, isOpaque: true)
            opaque.back.send(other, from: .client, at: 1_020, isCompressed: true, isOpaque: true)
        }
        opaque.end()
        #expect(opaque.kinds == [])
        #expect(opaque.comparison.equalCounts[.client] == 2)
    }

    @Test func beyondTheCeilingNothingIsClaimed() {
        let front = MadeHop(
            client: 1, 50_000, server: 2, 80, asked: 100, answered: 400, budget: HopBudget(maximumMessages: 2))
        let proxy = MadeProxy(front, .back())
        for index in 0..<5 as Range<UInt64> { proxy.pass("message \(index)", at: 1_000 + index * 50) }
        proxy.end()
        #expect(proxy.kinds == [])
        #expect(proxy.comparison.equalCounts[.client] == 2)
    }

    // MARK: Pings

    @Test func pingsEndAtTheProxy() throws {
        let proxy = MadeProxy()
        for index in 1...3 as ClosedRange<UInt64> {
            proxy.front.send("p", from: .client, at: index * 1_000_000, opcode: .ping)
            proxy.front.send("p", from: .server, at: index * 1_000_000 + 9, opcode: .pong)
        }
        proxy.back.send("own", from: .client, at: 2_500_000, opcode: .ping)
        proxy.end(at: 10_000_000)
        let difference = try #require(proxy.comparison.differences.first)
        #expect(proxy.kinds == [.pingsEnd])
        #expect(difference.count == 3)
        #expect(
            difference.message.hasPrefix(
                "3 pings of the client end at the proxy, the first in packet 1000000: it answers"))
        #expect(proxy.comparison.facts.contains("The proxy sends 1 ping of its own to the server."))
    }

    /// Passed on, or too late for that to have been captured.
    @Test func pingsThatArePassedOnDoNotEnd() {
        let proxy = MadeProxy()
        proxy.front.send("p", from: .client, at: 1_000_000, opcode: .ping)
        proxy.back.send("p", from: .client, at: 1_000_020, opcode: .ping)
        proxy.end(at: 10_000_000)
        #expect(proxy.kinds == [])
        let late = MadeProxy()
        late.front.send("p", from: .client, at: 1_000_000, opcode: .ping)
        late.front.finish(.client, at: 1_500_000)
        late.back.finish(.client, at: 1_500_020)
        #expect(late.kinds == [])
        // A later message was passed on.
        let overtaken = MadeProxy()
        overtaken.front.send("p", from: .client, at: 1_000_000, opcode: .ping)
        overtaken.pass("hello", at: 1_000_010)
        overtaken.end(at: 1_000_500)
        #expect(overtaken.kinds == [.pingsEnd])
    }

    // MARK: Violations

    @Test func aViolationThatTheProxyMakesIsItsOwn() throws {
        var validator = FrameValidator(sender: .server)
        try? validator.consume([0xC1].span)
        let violation = try #require(validator.violation)
        let proxy = MadeProxy()
        proxy.pass("hello", from: .server, at: 1_000)
        proxy.back.send("compressed", from: .server, at: 1_100, isCompressed: true)
        proxy.front.trace.add(violation, from: .server, at: MadeHop.place(1_120))
        proxy.end()
        #expect(proxy.kinds == [.violationMade])
        #expect(proxy.comparison.differences.first?.front?.packet == 1_120)
        // A violation that the proxy merely passed on is not the proxy's.
        let passed = MadeProxy()
        passed.pass("hello", from: .server, at: 1_000)
        passed.back.trace.add(violation, from: .server, at: MadeHop.place(1_100))
        passed.front.trace.add(violation, from: .server, at: MadeHop.place(1_120))
        passed.end()
        #expect(passed.kinds == [])
    }

    // MARK: Rows

    @Test func ofManyRowsThoseThatDifferAreKept() {
        let proxy = MadeProxy()
        for index in 0..<2_000 as Range<UInt64> {
            proxy.pass("message \(index)", at: 1_000 + index * 50, as: index == 1_500 ? "another" : nil)
        }
        proxy.end()
        let comparison = proxy.comparison
        #expect(comparison.rows.count <= HopComparison.maximumRows)
        #expect(comparison.rows.count + comparison.leftOutCount == 2_000)
        #expect(comparison.rows.filter { !$0.isSame }.map { $0.front?.index } == [1_500])
    }
}
