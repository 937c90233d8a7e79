import PlainCryptography
import Testing

@testable import WebSocketCaptures

/// The trace of RFC 8448 §3 through everything that decrypts TLS 1.3.
@Suite struct RFC8448Tests {
    private static let data = Array(UInt8(0)..<50)

    /// Both directions in the order of the trace.
    private static let trace: [(TCPPeer, [UInt8])] = [
        (.first, RFC8448.clientHello), (.second, RFC8448.serverHello + RFC8448.serverFlight),
        (.first, RFC8448.clientFinished), (.second, RFC8448.ticket), (.first, RFC8448.clientData),
        (.second, RFC8448.serverData), (.first, RFC8448.clientAlert), (.second, RFC8448.serverAlert),
    ]

    private static let expected: [Opened.Step] = [
        .bytes(.first, data), .bytes(.second, data), .finished(.first), .finished(.second),
    ]

    @Test func keysAreThoseOfTheTrace() throws {
        var log = KeyLog()
        log.read(Array(RFC8448.keyLog.utf8).span)
        let random = try #require(ClientHello(RFC8448.clientHello[9...])).random
        let schedule = KeySchedule(cryptography: PlainCryptography(), hash: .sha256)
        let client = try #require(log.secret(.clientApplication, of: random))
        log.finish()
        let server = try #require(log.secret(.serverApplication, of: random))
        let ofClient = schedule.trafficKeys(of: client, keyCount: 16)
        #expect(ofClient.key == RFC8448.clientKey && ofClient.initializationVector == RFC8448.clientVector)
        let ofServer = schedule.trafficKeys(of: server, keyCount: 16)
        #expect(ofServer.key == RFC8448.serverKey && ofServer.initializationVector == RFC8448.serverVector)
    }

    @Test(arguments: [.max, 1, 2, 5, 7, 64]) func theTraceIsRead(pieces: Int) {
        var opened = Opened(keyLog: RFC8448.keyLog)
        for (side, bytes) in Self.trace { opened.read(bytes, from: side, pieces: pieces) }
        #expect(opened.steps == Self.expected)
        #expect(opened.serverName == "server")
        #expect(opened.outcome == .open && opened.unclosed.isEmpty && opened.alerts.isEmpty)
    }

    /// A capture may contain one side's packets long before the other's.
    @Test func theOrderOfTheSidesDoesNotMatter() {
        for first in TCPPeer.allCases {
            var opened = Opened(keyLog: RFC8448.keyLog)
            for side in [first, first.other] {
                for (sender, bytes) in Self.trace where sender == side { opened.read(bytes, from: side) }
            }
            #expect(opened.bytes(of: .first) == Self.data && opened.bytes(of: .second) == Self.data)
            #expect(opened.steps.suffix(2).contains(.finished(.first)) || opened.steps.contains(.finished(.first)))
        }
    }

    /// Some programs log the application traffic secrets only.
    @Test func theHandshakesSecretsAreNotNeeded() {
        let lines = RFC8448.keyLog.split(separator: "\n").filter { !$0.contains("HANDSHAKE") }
        var opened = Opened(keyLog: lines.joined(separator: "\n"))
        for (side, bytes) in Self.trace { opened.read(bytes, from: side) }
        #expect(opened.steps == Self.expected)
    }

    @Test func withoutASecretTheConnectionIsSealed() {
        var opened = Opened(keyLog: "")
        for (side, bytes) in Self.trace { opened.read(bytes, from: side) }
        #expect(opened.outcome == .sealed(.noKey) && opened.steps.isEmpty)
        #expect(opened.serverName == "server")
    }

    @Test func aSecretOfAnotherConnectionOpensNothing() {
        let wrong = RFC8448.keyLog.replacing("9e40646c", with: "9e40646d").replacing("a11af9f0", with: "a11af9f1")
            .replacing("b3eddb12", with: "b3eddb13").replacing("b67b7d69", with: "b67b7d68")
        var opened = Opened(keyLog: wrong)
        for (side, bytes) in Self.trace { opened.read(bytes, from: side) }
        #expect(opened.outcome == .sealed(.wrongKey) && opened.steps.isEmpty)
    }

    /// Flipping any bit of a sealed record stops its side there, and nothing of the record is passed on.
    @Test func aDamagedRecordEndsItsSide() {
        for place in [5, 20, RFC8448.clientData.count - 1] {
            var damaged = RFC8448.clientData
            damaged[place] ^= 0x10
            var opened = Opened(keyLog: RFC8448.keyLog)
            for (side, bytes) in Self.trace {
                opened.read(bytes == RFC8448.clientData ? damaged : bytes, from: side)
            }
            #expect(opened.bytes(of: .first).isEmpty && opened.bytes(of: .second) == Self.data)
            #expect(opened.steps.contains(.gap(.first, .encrypted(.damagedRecord))), "\(opened.steps)")
        }
    }

    @Test func aGapOfTCPIsOneOfWhatTLSCarries() {
        var opened = Opened(keyLog: RFC8448.keyLog)
        for (side, bytes) in Self.trace.prefix(4) { opened.read(bytes, from: side) }
        opened.gap(of: .first)
        opened.read(RFC8448.serverData, from: .second)
        #expect(opened.steps == [.gap(.first, .notCaptured), .bytes(.second, Self.data)])
        var early = Opened(keyLog: RFC8448.keyLog)
        early.gap(of: .first)
        #expect(early.outcome == .sealed(.handshakeNotCaptured))
    }

    @Test func anEndWithoutCloseNotifyIsNoted() {
        var opened = Opened(keyLog: RFC8448.keyLog)
        for (side, bytes) in Self.trace.prefix(7) { opened.read(bytes, from: side) }
        opened.finish(.first)
        opened.read(RFC8448.serverAlert.dropLast(1), from: .second)
        opened.finish(.second)
        opened.finish()
        #expect(opened.unclosed.isEmpty)
        #expect(
            opened.steps.suffix(3) == [.finished(.first), .gap(.second, .encrypted(.cutRecord)), .finished(.second)])
        var other = Opened(keyLog: RFC8448.keyLog)
        for (side, bytes) in Self.trace.prefix(6) { other.read(bytes, from: side) }
        other.finish(.first)
        #expect(other.unclosed == [.first])
    }

    /// A live capture may be ahead of the key log.
    @Test func recordsWaitForSecretsThatStillCome() {
        struct Late: KeyLogSource {
            var calls = 0
            mutating func readMore() -> [UInt8] {
                calls += 1
                return calls == 12 ? Array((RFC8448.keyLog + "\n").utf8) : []
            }
        }
        var opened = Opened(keyLog: "", source: Late())
        for (side, bytes) in Self.trace { opened.read(bytes, from: side) }
        opened.finish()
        #expect(opened.bytes(of: .first) == Self.data && opened.bytes(of: .second) == Self.data)
        #expect(opened.heldCost == 0)
        struct Never: KeyLogSource {
            mutating func readMore() -> [UInt8] { [] }
        }
        var never = Opened(keyLog: "", source: Never())
        for (side, bytes) in Self.trace { never.read(bytes, from: side) }
        for _ in 0..<1_000 {
            never.read(RFC8448.clientData, from: .first)
            never.read(RFC8448.serverData, from: .second)
        }
        #expect(never.outcome == .sealed(.noKey) && never.heldCost == 0)
    }
}
