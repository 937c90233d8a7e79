import Testing
import WebSocketCaptures
import WebSocketFrames

@testable import WebSocketDiagnosis

/// What counts as two hops of one proxy, and above all what does not.
@Suite struct HopMatchTests {
    @Test func theSameKeyWithinTheOthersHandshake() {
        #expect(MadeProxy().evidence == .key)
        // Requested before the client asked, or answered after the client was.
        let early = MadeProxy(.front(), MadeHop(client: 2, 40_000, server: 3, 8080, asked: 10, answered: 20))
        #expect(early.evidence == nil)
        let much = MadeProxy(
            MadeHop(client: 1, 50_000, server: 2, 80, asked: 900_000, answered: 900_400), .back())
        #expect(much.evidence == nil)
        let late = MadeProxy(.front(), MadeHop(client: 2, 40_000, server: 3, 8080, asked: 200, answered: 90_000))
        #expect(late.evidence == nil)
    }

    /// Clients that always send the same key.
    @Test func twoClientsOfOneServerAreNoHops() {
        let proxy = MadeProxy(
            MadeHop(client: 1, 50_000, server: 3, 8080, asked: 100, answered: 400),
            MadeHop(client: 2, 40_000, server: 3, 8080, asked: 200, answered: 300))
        for index in 0..<20 as Range<UInt64> { proxy.pass("the same message \(index)", at: 1_000 + index * 100) }
        #expect(proxy.evidence == nil)
    }

    @Test func oneClientOfTwoServersIsNoHop() {
        let proxy = MadeProxy(
            MadeHop(client: 1, 50_000, server: 2, 8080, asked: 100, answered: 400),
            MadeHop(client: 1, 50_001, server: 3, 8080, asked: 200, answered: 300))
        for index in 0..<20 as Range<UInt64> { proxy.pass("the same message \(index)", at: 1_000 + index * 100) }
        #expect(proxy.evidence == nil)
    }

    /// The proxy uses a key of its own.
    @Test func messagesOverALink() {
        let proxy = MadeProxy(.front(key: "a"), .back(key: "b"))
        proxy.pass("a message that is long enough", at: 1_000)
        #expect(proxy.evidence == .messages)
        let short = MadeProxy(.front(key: "a"), .back(key: "b"))
        for index in 0..<50 as Range<UInt64> { short.pass("ping", at: 1_000 + index * 100) }
        #expect(short.evidence == nil)
    }

    @Test func messagesThatLeaveBeforeTheyCameAreOfNoProxy() {
        let proxy = MadeProxy(.front(key: "a"), .back(key: "b"))
        proxy.pass("a message that is long enough", at: 1_000)
        proxy.back.send("another that is long enough", from: .client, at: 2_000)
        proxy.front.send("another that is long enough", from: .client, at: 9_000)
        #expect(proxy.evidence == nil)
        let slow = MadeProxy(.front(key: "a"), .back(key: "b"))
        slow.front.send("a message that is long enough", from: .client, at: 1_000)
        slow.back.send("a message that is long enough", from: .client, at: 61_000_000)
        #expect(slow.evidence == nil)
    }

    /// Two servers broadcast the same messages to clients that sent the same request.
    @Test(arguments: [false, true]) func aBroadcastIsNoProxy(_ onOneHost: Bool) {
        func make(_ host: UInt32, _ port: UInt16, _ server: UInt32, _ key: String, _ time: UInt64) -> MadeHop {
            MadeHop(
                client: onOneHost ? 1 : host, 40_000 + port, server: onOneHost ? 1 : server, port, key: key,
                asked: time,
                answered: time + 150)
        }
        let proxy = MadeProxy(make(1, 80, 2, "a", 100), make(4, 81, 3, "b", 200))
        proxy.pass("{\"subscribe\": \"ticker\"}", at: 1_000)
        for index in 0..<100 as Range<UInt64> {
            proxy.pass("the price is \(index)", from: .server, at: 2_000 + index * 50)
        }
        #expect(proxy.evidence == nil)
    }

    @Test func onOneHostTheHandshakesTell() {
        func make(_ port: UInt16, _ serverPort: UInt16, _ asked: UInt64, _ answered: UInt64, _ key: String) -> MadeHop {
            MadeHop(client: 1, port, server: 1, serverPort, key: key, asked: asked, answered: answered)
        }
        let nested = MadeProxy(make(50_000, 80, 1_000, 4_000, "a"), make(40_000, 8080, 2_000, 3_000, "b"))
        nested.pass("a message that is long enough", at: 10_000)
        #expect(nested.evidence == .messages)
        // A program that connects only after accepting: it takes many equal messages in both directions.
        for count in [4, 12] as [UInt64] {
            let lazy = MadeProxy(make(50_000, 80, 1_000, 2_000, "a"), make(40_000, 8080, 3_000, 4_000, "b"))
            for index in 0..<count {
                lazy.pass("question \(index)", at: 10_000 + index * 100)
                lazy.pass("answer \(index)", from: .server, at: 10_050 + index * 100)
            }
            #expect(lazy.evidence == (count > 8 ? .messages : nil))
        }
    }

    /// A proxy whose two hops have no address in common.
    @Test func withoutALinkMuchMustBeTheSame() {
        func make(_ key: String, back: Bool) -> MadeHop {
            back
                ? MadeHop(client: 9, 40_000, server: 3, 8080, key: key, asked: 200, answered: 300)
                : MadeHop(client: 1, 50_000, server: 2, 80, key: key, asked: 100, answered: 400)
        }
        let proxy = MadeProxy(make("a", back: false), make("b", back: true))
        proxy.pass("a question that is long enough to be told from all others", at: 1_000)
        proxy.pass("an answer that is as long", from: .server, at: 1_100)
        #expect(proxy.evidence == nil)
        proxy.pass("and another question", at: 1_200)
        #expect(proxy.evidence == .messages)
    }

    @Test func withoutAddressesNothingIsPaired() {
        let proxy = MadeProxy(.front { $0.client = nil }, .back())
        proxy.pass("a message that is long enough", at: 1_000)
        #expect(proxy.evidence == nil)
    }

    // MARK: Two inputs

    private static func moved(_ hop: MadeHop, by microseconds: UInt64, _ texts: [(String, Endpoint, UInt64)]) -> MadeHop
    {
        let head = hop.trace.head
        let moved = MadeHop(
            client: 2, 40_000, server: 3, 8080, key: head.key,
            asked: (head.requestPosition?.packet ?? 0) + microseconds,
            answered: (head.packetPosition?.packet ?? 0) + microseconds)
        for (text, sender, time) in texts { moved.send(text, from: sender, at: time + microseconds) }
        return moved
    }

    @Test func clocksMayDiffer() throws {
        let texts: [(String, Endpoint, UInt64)] = [
            ("question that is long enough", .client, 1_020), ("answer", .server, 1_500),
        ]
        for (offset, isPair) in [(0, true), (200_000_000, true), (400_000_000, false)] as [(UInt64, Bool)] {
            for key in ["a", MadeHop.key] {
                let front = MadeHop.front()
                front.send("question that is long enough", from: .client, at: 1_000)
                front.send("answer", from: .server, at: 1_520)
                let back = Self.moved(.back(key: key), by: offset, texts)
                let match = HopMatch(front: front.trace, back: back.trace, sharesClock: false)
                #expect((match.evidence != nil) == isPair, "\(offset) \(key)")
                let leeway = try #require(match.leeway)
                #expect(leeway == 40_000)
            }
        }
    }

    /// The same conversation in two inputs, with other addresses but equal times.
    @Test func aCopyHasNoLeeway() {
        let front = MadeHop.front()
        let copy = MadeHop(client: 11, 50_000, server: 12, 80, asked: 100, answered: 400)
        for hop in [front, copy] { hop.send("question", from: .client, at: 1_000) }
        #expect(HopMatch(front: front.trace, back: copy.trace, sharesClock: false).leeway == 0)
    }
}
