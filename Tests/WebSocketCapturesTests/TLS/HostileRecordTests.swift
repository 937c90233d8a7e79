import Testing

@testable import WebSocketCaptures

/// Records and messages that no implementation sends: nothing is lost, and nothing grows.
@Suite struct HostileRecordTests {
    private static let data = Array(UInt8(0)..<50)

    private static func record(_ content: UInt8, count: Int, _ bytes: [UInt8] = []) -> [UInt8] {
        [content, 3, 3, UInt8(count >> 8), UInt8(count & 0xFF)]
            + (bytes.isEmpty ? .init(repeating: 0, count: count) : bytes)
    }

    private static func open() -> Opened {
        var opened = Opened(keyLog: RFC8448.keyLog)
        opened.read(RFC8448.clientHello, from: .first)
        opened.read(RFC8448.serverHello + RFC8448.serverFlight, from: .second)
        opened.read(RFC8448.clientFinished, from: .first)
        return opened
    }

    /// The message is complete although no record carries more than a byte of it, and some are empty.
    @Test func aHelloMayComeInAThousandPieces() {
        let message = Array(RFC8448.clientHello[5...])
        var pieces: [UInt8] = []
        for (index, byte) in message.enumerated() {
            pieces += Self.record(22, count: 1, [byte])
            for _ in 0..<(index % 8) { pieces += [22, 3, 1, 0, 0] }
        }
        for cuts in [1, 7, Int.max] {
            var opened = Opened(keyLog: RFC8448.keyLog)
            opened.read(pieces, from: .first, pieces: cuts)
            opened.read(RFC8448.serverHello + RFC8448.serverFlight, from: .second)
            opened.read(RFC8448.clientFinished + RFC8448.clientData, from: .first)
            opened.read(RFC8448.ticket + RFC8448.serverData, from: .second)
            #expect(opened.steps == [.bytes(.first, Self.data), .bytes(.second, Self.data)])
            #expect(opened.serverName == "server" && opened.heldCost == 0)
        }
    }

    /// One byte more than TLS 1.3 allows, and than any version does.
    @Test(arguments: [1 << 14 + 257, 1 << 14 + 2_049, 0xFFFF]) func anOversizedRecordEndsItsSide(count: Int) {
        var opened = Self.open()
        opened.read(Self.record(23, count: count), from: .first)
        opened.read(RFC8448.clientData, from: .first)
        opened.read(RFC8448.ticket + RFC8448.serverData, from: .second)
        #expect(opened.steps == [.gap(.first, .encrypted(.malformed)), .bytes(.second, Self.data)])
        #expect(opened.heldCost == 0)
    }

    /// A record of the largest legal size is tried, and fails to decrypt.
    @Test func theLargestRecordIsARecord() {
        var opened = Self.open()
        opened.read(Self.record(23, count: 1 << 14 + 256), from: .first, pieces: 1_000)
        #expect(opened.steps == [.gap(.first, .encrypted(.damagedRecord))])
    }

    @Test func aMessageOfSixteenMegabytesIsNotHeld() {
        var opened = Opened(keyLog: RFC8448.keyLog)
        opened.read(Self.record(22, count: 4, [1, 0xFF, 0xFF, 0xFF]), from: .first)
        #expect(opened.outcome == .sealed(.malformed) && opened.heldCost == 0)
        // Records of a type that is not kept are only counted.
        var other = Opened(keyLog: RFC8448.keyLog)
        other.read(RFC8448.clientHello, from: .first)
        other.read(RFC8448.serverHello + Self.record(22, count: 4, [11, 0xFF, 0xFF, 0xFF]), from: .second)
        for _ in 0..<64 {
            other.read(Self.record(22, count: 1 << 14), from: .second)
            #expect(other.heldCost < 100)
        }
    }

    /// Secrets of 48 bytes are right for SHA-384, but these keys are derived with SHA-256.
    @Test(arguments: ["", "_TRAFFIC_SECRET_0"]) func aSecretOfAnotherLengthOpensNothing(label: String) {
        let lines = RFC8448.keyLog.split(separator: "\n").map { line in
            line.contains(label) || label.isEmpty ? line + String(repeating: "0", count: 32) : line[...]
        }
        var opened = Opened(keyLog: lines.joined(separator: "\n"))
        opened.read(RFC8448.clientHello, from: .first)
        opened.read(RFC8448.serverHello + RFC8448.serverFlight, from: .second)
        opened.read(RFC8448.clientFinished + RFC8448.clientData, from: .first)
        opened.read(RFC8448.ticket + RFC8448.serverData, from: .second)
        #expect(opened.bytes(of: .first).isEmpty && opened.bytes(of: .second).isEmpty)
        if label.isEmpty {
            #expect(opened.outcome == .sealed(.wrongKey))
        } else {
            #expect(Set(opened.steps.map { "\($0)" }).count == 2 && opened.steps.count == 2, "\(opened.steps)")
        }
    }

    /// Two sides that wait for each other, and records that never end.
    @Test func whatWaitsIsBounded() {
        struct Never: KeyLogSource {
            mutating func readMore() -> [UInt8] { [] }
        }
        var opened = Opened(keyLog: "", source: Never())
        opened.read(RFC8448.clientHello, from: .first)
        for _ in 0..<20_000 {
            opened.read([23, 3, 3, 0, 0], from: .first)
            #expect(opened.heldCost <= 2 * TLSSide.waitingCeiling)
        }
        #expect(opened.heldCost < 2 * TLSSide.waitingCeiling)
    }
}
