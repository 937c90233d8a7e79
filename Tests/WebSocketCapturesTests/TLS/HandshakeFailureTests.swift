import Testing

@testable import WebSocketCaptures

/// Handshakes that fail, and the reason that is reported.
@Suite struct HandshakeFailureTests {
    private static func alert(_ level: UInt8, _ description: UInt8) -> [UInt8] { [21, 3, 3, 0, 2, level, description] }

    private func opened(_ sent: [(TCPPeer, [UInt8])], keyLog: String = RFC8448.keyLog, pieces: Int = .max) -> Opened {
        var opened = Opened(keyLog: keyLog)
        for (side, bytes) in sent { opened.read(bytes, from: side, pieces: pieces) }
        opened.finish()
        return opened
    }

    @Test(arguments: ["", RFC8448.keyLog]) func aServerMayAnswerByAnAlert(keyLog: String) {
        for pieces in [1, 5, Int.max] {
            let sent = [(TCPPeer.first, RFC8448.clientHello), (.second, Self.alert(2, 40))]
            let opened = opened(sent, keyLog: keyLog, pieces: pieces)
            let obstacle = TLSObstacle.handshakeFailed(TLSAlert(level: 2, description: 40), byClient: false)
            #expect(opened.outcome == .sealed(obstacle))
            #expect(opened.steps.isEmpty && opened.serverName == "server")
            #expect(obstacle.reason == "its handshake failed: the server sent the TLS alert handshake_failure")
        }
    }

    @Test func aClientMayRefuseTheCertificate() {
        let sent = [
            (TCPPeer.first, RFC8448.clientHello), (.second, RFC8448.serverHello + RFC8448.serverFlight),
            (.first, Self.alert(2, 42)),
        ]
        let obstacle = TLSObstacle.handshakeFailed(TLSAlert(level: 2, description: 42), byClient: true)
        #expect(opened(sent).outcome == .sealed(obstacle))
    }

    /// A server that does not know the name may send a warning before its hello, and continue.
    @Test func aWarningIsNoFailure() {
        let sent = [
            (TCPPeer.first, RFC8448.clientHello),
            (.second, Self.alert(1, 112) + RFC8448.serverHello + RFC8448.serverFlight),
            (.first, RFC8448.clientFinished + RFC8448.clientData), (.second, RFC8448.ticket + RFC8448.serverData),
        ]
        let opened = opened(sent)
        #expect(opened.outcome == .open && opened.alerts == ["unrecognized_name"])
        #expect(opened.bytes(of: .first).count == 50 && opened.bytes(of: .second).count == 50)
    }

    /// An alert after the client's Finished ends a conversation, not a handshake.
    @Test func whatWasSaidBeforeAnAlertCounts() {
        let sent = [
            (TCPPeer.first, RFC8448.clientHello), (.second, RFC8448.serverHello + RFC8448.serverFlight),
            (.first, RFC8448.clientFinished + RFC8448.clientData), (.second, Self.alert(2, 80)),
        ]
        let opened = opened(sent)
        #expect(opened.outcome == .open && opened.bytes(of: .first).count == 50)
        #expect(opened.alerts == ["internal_error"])
    }

    @Test func anEndBeforeAnythingIsSealedIsNoLackOfKeys() {
        let hello = [(TCPPeer.first, RFC8448.clientHello)]
        #expect(opened(hello).outcome == .sealed(.handshakeNotCaptured))
        #expect(opened(hello + [(.second, RFC8448.serverHello)]).outcome == .sealed(.nothingSealed))
        let flight = hello + [(.second, RFC8448.serverHello + RFC8448.serverFlight)]
        #expect(opened(flight, keyLog: "").outcome == .sealed(.noKey))
    }
}
