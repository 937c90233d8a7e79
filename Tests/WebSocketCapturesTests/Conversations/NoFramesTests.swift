import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Connections captured from the middle that are not WebSocket")
struct NoFramesTests {
    private func expectNone(_ parts: [Sent], _ place: String = "") {
        let recorded = Recorded(parts, isSeenFromStart: false)
        #expect(recorded.conversations == [], "\(place)")
        #expect(recorded.outcome != .undecided)
    }

    /// Both sides, in packets of several sizes.
    private func expectNone(_ bytes: [UInt8], _ place: String = "") {
        for size in [64, 1_448, 70_000] {
            let parts = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            expectNone(parts.map { .bytes(.second, $0) }, "\(place), one side, by \(size)")
            expectNone(parts.flatMap { [.bytes(.first, $0), .bytes(.second, $0)] }, "\(place), by \(size)")
        }
    }

    @Test("random bytes")
    func random() {
        var numbers = SplitMix64(seed: 2026)
        for round in 0..<Sample.rounds(150, debug: 50) {
            var parts: [Sent] = []
            for _ in 0..<40 {
                let count = Int(numbers.next() % 300) + 1
                let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: numbers.next() >> 20) }
                parts.append(.bytes(numbers.next() % 2 == 0 ? .first : .second, bytes))
            }
            expectNone(parts, "\(round)")
        }
    }

    @Test("one value repeated", arguments: UInt8.min...UInt8.max)
    func constant(byte: UInt8) {
        expectNone([.bytes(.first, Array(repeating: byte, count: 3_000)), .bytes(.second, [byte, byte])])
    }

    @Test("pages, and text in several scripts")
    func text() {
        let page = "<html><body class=\"A\">Grüße, Привет, 世界, Á Â ÁÁ</body></html>\r\n\r\n{\"a\": [1, 2, null]}\n"
        expectNone(Array(String(repeating: page, count: 300).utf8))
        expectNone(Array(String(repeating: "ABCDEFGH", count: 3_000).utf8))
        let latin = page.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        expectNone(Array(repeating: latin, count: 300).flatMap(\.self))
    }

    @Test("the rest of one response's body, and the next response")
    func bodies() {
        let rest = String(repeating: "0123456789\r\n", count: 50)
        let next = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
        expectNone([.text(.second, rest), .text(.first, "GET / HTTP/1.1\r\n\r\n"), .text(.second, next)])
    }

    @Test("records that begin with a type and a length: MQTT, TLS, SSH, HTTP/2, gRPC, protobuf, BER")
    func records() {
        var numbers = SplitMix64(seed: 11)
        func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: numbers.next()) } }
        func letters(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(numbers.next() % 26) + 0x61 } }
        for round in 0..<Sample.rounds(20, debug: 6) {
            let count = Int(numbers.next() % 100) + 8
            let small = UInt8(count)
            var records: [(String, () -> [UInt8])] = [
                ("subscribe", { [0x82, small, 0, 7, 0, small - 5] + letters(count - 5) + [0] }),
                ("publish", { [0x30, small, 0, 4] + letters(4) + noise(count - 6) }),
                ("ssh", { [0, 0, 0, small + 1, 6] + noise(count) }),
                ("http2 data", { [0, 0, small, 0, 1, 0, 0, 0, 1] + noise(count) }),
                ("http2 settings", { [0, 0, 0, 4, 1, 0, 0, 0, 0] }),
                ("grpc", { [0, 0, 0, 0, small] + noise(count) }),
                ("protobuf", { [0x0A, small] + letters(count) + [0x10, 1, 0x1A, 2, 0x08, 1] }),
                ("names", { [0x82, small] + letters(count) }),
                (
                    "context tags",
                    { [0x80, 4] + letters(4) + [0x81, small] + letters(count) + [0x82, 1, 5, 0x83, 1, 7] }
                ),
                ("length in front", { [0, small] + noise(count) }),
                ("little-endian length", { [small, 0, 0, 0, 1, 0, 0, 0] + noise(count) }),
            ]
            records.append(("tls", { [0x17, 3, 3, 0, small] + noise(count) }))
            for (name, record) in records {
                let stream = (0..<12).map { _ in record() }
                let other: [Sent] = name == "subscribe" ? [.bytes(.second, [0x90, 3, 0, 7, 0])] : []
                expectNone(stream.flatMap { [.bytes(.first, $0)] + other }, "\(name) \(round)")
                expectNone(stream.map { .bytes(.second, $0) }, "\(name) \(round), one side")
                let all = stream.flatMap(\.self)
                expectNone([.bytes(.second, all[3...])], "\(name) \(round), inside")
                expectNone([.bytes(.second, all[3...] + all), .bytes(.first, all[9...])], "\(name) \(round), both")
            }
        }
    }

    @Test("one side looks like text frames, but the other side sends none")
    func contradicted() {
        let record = [0x81, 64] + Array(String(repeating: "abcd", count: 16).utf8)
        let records = Array(repeating: Sent.bytes(.second, record), count: 3)
        // Alone, this side is enough.
        #expect(Recorded(records, isSeenFromStart: false).outcome == .webSocket)
        let answer = Sent.bytes(.first, Array(repeating: 0xF3, count: 40))
        expectNone([answer] + records)
        // Nor are the same records on both sides.
        expectNone(records.flatMap { [$0, Sent(side: .first, kind: $0.kind)] })
    }
}
