import Testing
import WebSocketCaptures
import WebSocketFrames

@testable import WebSocketDiagnosis

/// What a proxy does to the handshake and to the end of a connection.
@Suite struct HopHandshakeTests {
    @Test func anExtensionThatIsTakenOutOfTheAnswer() {
        let proxy = MadeProxy(.front { $0.offeredDeflate = true }, .back { $0.agreedDeflate = true })
        proxy.end()
        #expect(proxy.kinds == [.extensionsDiffer])
        let other = MadeProxy(.front { $0.agreedDeflate = true }, .back())
        other.end()
        #expect(other.kinds == [.extensionsDiffer])
    }

    @Test func anApplicationThatCompressesMayAgreeOnAnyParameters() {
        let own = MadeProxy(.front(key: "b"), .back(key: "c") { $0.agreedDeflate = true })
        own.end()
        #expect(own.kinds == [])
        let translator = MadeProxy(.front(), .back { $0.agreedDeflate = true })
        translator.back.send("hello", from: .server, at: 1_000, isCompressed: true)
        translator.front.send("hello", from: .server, at: 1_020)
        translator.end()
        #expect(translator.kinds == [])
        #expect(
            translator.comparison.facts.contains { $0.hasPrefix("Messages of the server are compressed on one hop") })
    }

    @Test func theAcceptOfTheOtherHop() {
        let own = "bm90IHRoZSBzYW1lIGtleSE="
        let answer = AcceptValue.expected(for: own)
        let proxy = MadeProxy(.front { $0.accept = answer }, .back(key: own) { $0.accept = answer })
        proxy.end()
        #expect(proxy.evidence == .accept)
        #expect(proxy.kinds == [.acceptOfOtherHop])
        let right = MadeProxy(
            .front { $0.accept = AcceptValue.expected(for: MadeHop.key) }, .back(key: own) { $0.accept = answer })
        right.end()
        #expect(right.evidence == nil)
        #expect(right.kinds == [])
    }

    @Test func upgradeAnswerAndSubprotocol() {
        let refused = MadeProxy(
            .front { $0.opening = .refused(status: 502) },
            .back {
                $0.opening = .refused(status: 426)
                $0.asksForWebSocket = false
            })
        #expect(refused.kinds == [.upgradeNotPassed, .answersDiffer])
        let hidden = MadeProxy(.front { $0.opening = .refused(status: 502) }, .back())
        #expect(hidden.kinds == [.answersDiffer])
        let spoken = MadeProxy(.front(), .back { $0.subprotocol = "chat" })
        spoken.end()
        #expect(spoken.kinds == [.subprotocolDiffers])
    }

    @Test func aCloseWithAnotherCode() throws {
        let proxy = MadeProxy()
        proxy.back.close(4001, from: .server, at: 5_000)
        proxy.front.close(1011, from: .server, at: 5_020)
        let difference = try #require(proxy.comparison.differences.first)
        #expect(proxy.kinds == [.closeDiffers])
        #expect(difference.message.contains("1011 (internal error) in packet 5020 in its place"))
        // No Close at all.
        let silent = MadeProxy()
        silent.back.close(4001, from: .server, at: 5_000)
        silent.front.finish(.server, at: 5_020)
        #expect(silent.kinds == [.closeDiffers])
        // The answer to a Close, and what the proxy sent before it could know of the other one.
        let answered = MadeProxy()
        answered.front.close(1000, from: .client, at: 5_000)
        answered.back.close(1000, from: .client, at: 5_020)
        answered.back.close(1000, from: .server, at: 5_040)
        answered.front.close(1001, from: .server, at: 5_060)
        #expect(answered.kinds == [])
        let crossing = MadeProxy()
        crossing.front.close(1012, from: .server, at: 4_000)
        crossing.back.close(4001, from: .server, at: 5_000)
        #expect(crossing.kinds == [])
    }

    @Test func whichHopEndedFirst() {
        let proxy = MadeProxy()
        proxy.front.finish(.client, at: 1_000_000)
        proxy.back.finish(.client, at: 61_000_000)
        #expect(proxy.kinds == [.endedApart])
        #expect(
            proxy.comparison.facts == [
                "The client's hop ended first: the client ended the connection without a Close in packet 1000000. The "
                    + "server's hop ended 60 s later: the proxy ended the connection without a Close in packet 61000000."
            ])
    }
}
