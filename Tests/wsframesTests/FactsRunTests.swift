import FixtureCorpus
import Testing

/// The measurements of a conversation match the capture.
@Suite struct FactsRunTests {
    @Test func compressionIsMeasured() throws {
        let capture = FixtureCorpus.folder + "/captures/plain/chromium--node-ws.deflate.pcap"
        let prose = try Command.run(["validate", "--full", capture]).lines.map(\.trimmingSpaces).joined(separator: " ")
        #expect(prose.contains("lasted 42.5 ms; client compressed 4 of 4 messages, to 20% of 520 bytes; server"))
    }

    /// Packets of a generated capture are a microsecond apart.
    @Test func pongsAreTimed() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 1001)
        capture.send(.server, [0x89, 1, 0x61], on: &connection)
        capture.send(.server, [0x89, 1, 0x62], on: &connection)
        capture.send(.client, Bytes.frame(0x8A, [0x62], masked: true), on: &connection)
        capture.send(.client, Bytes.frame(0x89, [], masked: true), on: &connection)
        capture.send(.client, Bytes.clientHello, on: &connection)
        capture.send(.server, [0x8A, 0], on: &connection)
        capture.end(&connection)
        let folder = try TemporaryFolder()
        try folder.write("a.pcap", capture.bytes)
        let text = try Command.run(["validate", "--full", "a.pcap"], in: folder).stdout
        #expect(text.contains("; 2 pings answered after 1 µs to 2 µs, 1 µs on average.\n"))
    }

    @Test func theCloseThatWasSentIsReported() throws {
        for cut in [3, 30] {
            // A Close after a violation, and one that takes two reads.
            let stream = Bytes.clientHello + Bytes.frame(0x88, [0x03, 0xE9] + Array("bye".utf8), masked: true)
            let folder = try TemporaryFolder()
            try folder.write("a", Array(stream.prefix(cut)))
            try folder.write("b", Array(stream.dropFirst(cut)))
            let rows = try Command.shell(
                #"(cat a; sleep 0.1; cat b) | "$wsframes" validate --format jsonl -"#, in: folder
            ).rows()
            #expect(rows.last?.number("sentCloseCode") == 1001)
            #expect(rows.last?["sentCloseReason"] == "bye")
        }
    }
}
