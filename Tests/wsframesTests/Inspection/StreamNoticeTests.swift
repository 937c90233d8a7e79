import Testing

/// Doubtful facts about a stream that breaks no rule, in dumps and in captures.
@Suite struct StreamNoticeTests {
    /// A client's text with the given masking key.
    private func text(_ key: [UInt8], _ first: UInt8 = 0x81, _ text: String = "some words") -> [UInt8] {
        [first, 0x80 | UInt8(text.utf8.count)] + key + text.utf8.enumerated().map { $1 ^ key[$0 % 4] }
    }

    private func notices(_ stream: [UInt8]) throws -> (dump: [Row], capture: [Row]) {
        let dump = try judge(stream, "--sender", "client", status: 0).of("notice")
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        capture.send(.client, stream, on: &connection)
        capture.end(&connection)
        let rows = try JudgedCapture(capture.bytes).rows.of("notice").filter { $0["notice"] == "constant-masking-key" }
        return (dump, rows)
    }

    @Test(arguments: [[0x37, 0xFA, 0x21, 0x3D], [0, 0, 0, 0]] as [[UInt8]], [3, 1_200])
    func oneKeyForAllFrames(key: [UInt8], count: Int) throws {
        let found = try notices((0..<count).flatMap { _ in text(key) })
        let digits = key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        for rows in [found.dump, found.capture] {
            #expect(rows.notices == ["constant-masking-key"])
            #expect(rows.first?["message"]?.contains("have the key \(digits)") == true, "\(rows)")
        }
    }

    @Test func keysThatDiffer() throws {
        let (one, other): ([UInt8], [UInt8]) = ([1, 2, 3, 4], [1, 2, 3, 5])
        let streams = [
            // Two equal keys may be a coincidence.
            [text(one), text(one)],
            [text(one), text(one), text(one), text(other)],
            [text(other), text(one), text(one), text(one)],
            // A ping, an empty message and a fragment have keys as well.
            [text(one), text(one), text(one), text(other, 0x89)],
            [text(one), text(one), text(one), text(other, 0x81, "")],
            [text(one, 0x01), text(one, 0x00), text(one, 0x80), text(other)],
            (0..<200).map { text($0 == 199 ? other : one) },
        ]
        for stream in streams {
            let found = try notices(stream.flatMap { $0 })
            #expect(found.dump.notices == [], "\(found.dump)")
            #expect(found.capture.isEmpty, "\(found.capture)")
        }
    }

    /// A server has no key.
    @Test func withoutKeys() throws {
        let frames = (0..<5).flatMap { _ in Bytes.serverHello }
        #expect(try judge(frames, "--sender", "server", status: 0).notices == [])
    }

    @Test(
        arguments: [
            (1 << 40, "1,099,511,627,776 bytes"), (0x0001_3488_0000_0000, "339,233,696,907,264 bytes"),
            (1 << 62, "4,611,686,018,427,387,904 bytes"),
        ] as [(UInt64, String)])
    func implausibleLengths(length: UInt64, words: String) throws {
        let header: [UInt8] = [0x82, 0x7F] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
        let rows = try judge(Bytes.serverHello + header + [1, 2, 3], "--sender", "server", status: 0).of("notice")
        #expect(rows.notices == ["implausible-length"])
        #expect(rows.first?["message"]?.contains(words) == true, "\(rows)")
    }

    @Test func plausibleReadingsOfALength() throws {
        let almost: [UInt8] = [0x82, 0x7F, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        // A header without any payload may be all there is, and 3 GB is a plausible length.
        for header in [almost, [0x82, 0x7F, 0, 0, 0, 0, 0xC0, 0, 0, 0], [0x82, 0x7F, 1, 0, 0]] {
            let rows = try judge(Bytes.serverHello + header + [1], "--sender", "server", status: 0)
            #expect(!rows.notices.contains("implausible-length"), "\(rows)")
        }
    }
}
