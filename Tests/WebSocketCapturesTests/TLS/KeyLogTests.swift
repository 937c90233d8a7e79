import Testing

@testable import WebSocketCaptures

/// Key logs as programs write them, and malformed ones.
@Suite struct KeyLogTests {
    private static let random = String(repeating: "0a", count: 32)
    private static let short = String(repeating: "17", count: 32)
    private static let long = String(repeating: "28", count: 48)

    private func log(_ text: String, pieces: Int = .max) -> KeyLog {
        let bytes = Array(text.utf8)
        var log = KeyLog()
        for start in stride(from: 0, to: bytes.count, by: max(1, min(pieces, bytes.count))) {
            let piece = bytes[start..<min(bytes.count, start + min(pieces, bytes.count))]
            log.read(piece.span)
        }
        log.finish()
        return log
    }

    @Test func everyLineEndingAndCaseIsRead() {
        let random = ClientRandom([UInt8](repeating: 0x0A, count: 32)[...])
        for text in [
            "CLIENT_RANDOM \(Self.random) \(Self.long)", "CLIENT_RANDOM \(Self.random) \(Self.long)\n",
            "# a comment\r\n\r\nCLIENT_RANDOM \(Self.random.uppercased()) \(Self.long.uppercased())\r\n# end",
            "  \nCLIENT_RANDOM \(Self.random) \(Self.long)\rSERVER_TRAFFIC_SECRET_0 \(Self.random) \(Self.short)\r",
        ] {
            for pieces in [1, 3, Int.max] {
                let log = log(text, pieces: pieces)
                #expect(log.secret(.masterSecret, of: random) == [UInt8](repeating: 0x28, count: 48), "\(text)")
                #expect(log.misunderstood == 0, "\(text)")
            }
        }
        #expect(random.bytes == [UInt8](repeating: 0x0A, count: 32))
    }

    @Test func labelsOfOtherUsesAreSkipped() {
        let text = ["EXPORTER_SECRET", "QUIC_CLIENT_HANDSHAKE_TRAFFIC_SECRET", "ECH_SECRET", "RSA", "A_LABEL_OF_2031"]
            .map { "\($0) \(Self.random) \(Self.short)\n" }.joined()
        let log = log(text)
        #expect(log.count == 0 && log.misunderstood == 0)
    }

    @Test func whatIsNoLineIsCounted() {
        for line in [
            "CLIENT_RANDOM \(Self.random)", "CLIENT_RANDOM \(Self.random) \(Self.short)",
            "CLIENT_RANDOM \(Self.random) \(Self.long)00", "CLIENT_RANDOM \(Self.random)0 \(Self.long)",
            "CLIENT_TRAFFIC_SECRET_0 \(Self.random) 17", "CLIENT_RANDOM \(Self.random) \(Self.long.dropLast())g",
            "CLIENT_RANDOM \(Self.random) \(Self.long) more", "client random", "\u{0}\u{1}",
            String(repeating: "CLIENT_RANDOM", count: 100_000),
        ] {
            let log = log(line + "\n" + "CLIENT_TRAFFIC_SECRET_0 \(Self.random) \(Self.short)\n")
            #expect(log.misunderstood == 1 && log.count == 1, "\(line.prefix(200))")
        }
    }

    @Test func ofTwoSecretsTheNewestCounts() {
        let random = ClientRandom([UInt8](repeating: 0x0A, count: 32)[...])
        let other = Self.long.replacing("28", with: "39")
        let log = log([Self.long, other, other].map { "CLIENT_RANDOM \(Self.random) \($0)\n" }.joined())
        #expect(log.secret(.masterSecret, of: random) == [UInt8](repeating: 0x39, count: 48))
        #expect(log.count == 2)
    }

    /// A log may grow for years while the capture is recent, so the newest secrets are kept.
    @Test func beyondTheCeilingTheOldestAreForgotten() {
        var log = KeyLog(maximumSecrets: 6)
        for number in 0..<20 {
            let random = String(repeating: "0", count: 62) + (number < 10 ? "0\(number)" : "\(number)")
            log.read(Array("CLIENT_TRAFFIC_SECRET_0 \(random) \(Self.short)\n".utf8).span)
            let known = (0...number).filter { number in
                let last = UInt8(number / 10 * 16 + number % 10)
                return log.secret(
                    .clientApplication, of: ClientRandom(([UInt8](repeating: 0, count: 31) + [last])[...])) != nil
            }
            #expect(known.count >= min(number + 1, 4) && known.count <= 6)
            #expect(known.elementsEqual((number + 1 - known.count)...number))
            #expect(Int(log.dropped) + known.count == log.count)
        }
    }

    /// A log that is still being written may be cut at any byte of a line.
    @Test func aLineMayComeInParts() {
        let random = ClientRandom([UInt8](repeating: 0x0A, count: 32)[...])
        let line = Array("SERVER_TRAFFIC_SECRET_0 \(Self.random) \(Self.short)\n".utf8)
        for place in line.indices {
            var log = KeyLog()
            let (start, rest) = (line[..<place], line[place...])
            log.read(start.span)
            #expect(log.secret(.serverApplication, of: random) == nil)
            log.read(rest.span)
            #expect(log.secret(.serverApplication, of: random)?.count == 32)
        }
    }
}
