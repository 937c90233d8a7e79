import Testing
import WebSocketCaptures
import WebSocketInspection

/// Filters show less, equally in every format, but do not change verdict and status.
@Suite struct FilterTests {
    /// Three conversations: 0 is broken by the client, 1 is clean, 2 has a notice (no Close) and mentions apples.
    private static func capture() -> [UInt8] {
        var capture = MadeCapture()
        var broken = capture.upgrade(port: 1001)
        capture.send(.server, Bytes.serverHello, on: &broken)
        capture.send(.client, [0x83, 0x80, 1, 2, 3, 4], on: &broken)
        capture.send(.server, Bytes.close(1002, masked: false), on: &broken)
        capture.end(&broken)
        var clean = capture.upgrade(port: 1002)
        capture.send(.client, Bytes.clientHello, on: &clean)
        capture.send(.client, Bytes.close(1000, masked: true), on: &clean)
        capture.send(.server, Bytes.close(1000, masked: false), on: &clean)
        capture.end(&clean)
        var doubtful = capture.upgrade(port: 1003)
        capture.send(.server, [0x01, 3] + Array("two".utf8), on: &doubtful)
        capture.send(.server, [0x89, 0], on: &doubtful)
        capture.send(.server, [0x80, 7] + Array(" apples".utf8), on: &doubtful)
        capture.send(.client, [0x8A, 0x80, 0, 0, 0, 0], on: &doubtful)
        capture.send(.server, Bytes.serverHello, on: &doubtful)
        capture.end(&doubtful)
        return capture.bytes
    }

    private func run(_ command: String, _ options: String...) throws -> Command.Outcome {
        let folder = try TemporaryFolder()
        try folder.write("a.pcap", Self.capture())
        return try Command.run([command, "a.pcap"] + options, in: folder)
    }

    private func shown(_ options: String...) throws -> [UInt64] {
        let folder = try TemporaryFolder()
        try folder.write("a.pcap", Self.capture())
        let outcome = try Command.run(["validate", "--format", "jsonl", "a.pcap"] + options, in: folder)
        #expect(outcome.status == 1)
        return Array(Set(try outcome.rows().compactMap { $0.number("connection") })).sorted()
    }

    @Test func conversationsArePicked() throws {
        #expect(try shown() == [0, 1, 2])
        #expect(try shown("--conversation", "1") == [1])
        #expect(try shown("--connection", "0", "--conversation", "2") == [0, 2])
        #expect(try shown("--port", "1003") == [2])
        #expect(try shown("--host", "EXAMPLE.org") == [0, 1, 2])
        #expect(try shown("--host", "10.0.0.1:1002") == [1])
        #expect(try shown("--path", "/ch") == [0, 1, 2])
        #expect(try shown("--only", "violations") == [0])
        #expect(try shown("--only", "notices") == [2])
        #expect(try shown("--only", "clean") == [1])
        #expect(try shown("--contains", "two apples") == [2])
        #expect(try shown("--opcode", "ping") == [2])
        #expect(try shown("--port", "1003", "--only", "clean") == [])
    }

    @Test func framesArePicked() throws {
        func frames(_ options: String...) throws -> [String] {
            let folder = try TemporaryFolder()
            try folder.write("a.pcap", Self.capture())
            let outcome = try Command.run(["inspect", "--format", "jsonl", "a.pcap"] + options, in: folder)
            return try outcome.rows().of("frame").map {
                "\($0["connection"] ?? $0.raw("connection") ?? "") \($0["opcode"] ?? "")"
            }
        }
        #expect(try frames("--sender", "client") == ["1 text", "1 close", "2 pong"])
        #expect(try frames("--opcode", "close", "--opcode", "ping") == ["0 close", "1 close", "1 close", "2 ping"])
        // The frames of the message itself, without the ping among them.
        #expect(try frames("--contains", "o app") == ["2 text", "2 continuation"])
        // The first packet is at 22:13:20.000001Z; the conversations begin at about packets 5, 13 and 20.
        #expect(try frames("--from", "22:13:21") == [])
        #expect(try frames("--to", "2023-11-14T22:13:20.000006Z") == ["0 text"])
        #expect(try frames("--from", "2023-11-14T22:13:20", "--to", "2023-11-14T22:13:20.5Z").count == 10)
        #expect(try frames("--to", "+0.000001") == ["0 text", "1 text", "2 text"])
    }

    @Test func theVerdictIsThatOfTheWhole() throws {
        #expect(try run("validate", "--only", "clean").status == 1)
        #expect(try run("validate", "--only", "clean").lines.last == "6 streams judged, 1 violation, 1 notice")
        #expect(try run("validate", "--only", "clean", "--scope", "shown").status == 0)
        #expect(
            try run("validate", "--conversation", "0", "--scope", "shown").lines.last == "2 streams judged, 1 violation"
        )
        #expect(try run("validate", "--strict", "--conversation", "2", "--scope", "shown").status == 1)
    }

    @Test func whatMatchesNothingSaysSo() throws {
        let outcome = try run("validate", "--contains", "pears")
        #expect(outcome.errors == "wsframes: the filters match nothing in the 3 conversations of the input\n")
        #expect(outcome.lines == ["6 streams judged, 1 violation, 1 notice"])
        #expect(try run("inspect", "--contains", "apples").errors == "")
    }

    @Test(arguments: [
        ["--conversation", "x"], ["--from", "yesterday"], ["--to", "25:00"], ["--from", "+"], ["--only", "good"],
        ["--from", "2023-13-01T00:00Z"], ["--port", "0"], ["--from", "99999999999999999999"],
    ])
    func impossibleValuesAreUsageErrors(_ options: [String]) throws {
        let outcome = try Command.run(["validate", "-"] + options)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
    }

    // MARK: Messages

    @Test func messagesAreWholeAndLaidOut() throws {
        let json = Array(#"{"a":[1,{}],"b":"x\"}"}"#.utf8)
        let stream = [0x01, 3] + json.prefix(3) + [0x80, UInt8(json.count - 3)] + json.dropFirst(3)
        let outcome = try Command.run(["inspect", "--messages", "-"], stdin: .bytes(stream))
        #expect(
            outcome.stdout.contains(
                """
                server → client  message 0: text, 23 bytes, frames 0 to 1
                    {
                      "a": [
                        1,
                        {}
                      ],
                      "b": "x\\"}"
                    }

                """))
        let row = try #require(
            try Command.run(["inspect", "--messages", "--format", "jsonl", "-"], stdin: .bytes(stream)).rows().first)
        #expect(row["text"] == String(decoding: json, as: UTF8.self) && row.number("length") == 23)
        let binary: [UInt8] = [0x82, 3, 0xFF, 0, 1]
        let rows = try Command.run(["inspect", "--messages", "--format", "jsonl", "-"], stdin: .bytes(binary)).rows()
        #expect(rows.first?["base64"] == "/wAB")
    }

    @Test func longMessagesAreCutUnlessTheyAreAskedForWhole() throws {
        let text = (0..<3000).map { "line \($0)\n" }.joined()
        let bytes = Array(text.utf8)
        let stream = [0x81, 126, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
        let short = try Command.run(["inspect", "--messages", "-"], stdin: .bytes(stream))
        #expect(short.lines.contains("    line 11") && !short.lines.contains("    line 12"))
        #expect(short.lines.contains("    … 2,989 more lines; --full shows all"))
        #expect(
            try Command.run(["inspect", "--messages", "--full", "-"], stdin: .bytes(stream)).lines.contains(
                "    line 2999"))
        let jsonl = ["inspect", "--messages", "--format", "jsonl", "-"]
        let cut = try #require(try Command.run(jsonl, stdin: .bytes(stream)).rows().first)
        #expect(cut["text"] == String(text.prefix(1000)) && cut.raw("payloadCut") == "true")
        let whole = try #require(try Command.run(jsonl + ["--full"], stdin: .bytes(stream)).rows().first)
        #expect(whole["text"] == text && whole.raw("payloadCut") == nil)
        let frame = try #require(
            try Command.run(["inspect", "--format", "jsonl", "-"], stdin: .bytes(stream)).rows().first)
        #expect(frame.raw("payloadCut") == "true")
    }

    // MARK: Redaction

    @Test func whatIsRedactedIsInNoFormat() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(
            port: 1001, target: "/chat/0123456789SECRETsecret0123456789?token=SECRETsecret")
        capture.send(.server, [0x81, 12] + Array("SECRETsecret".utf8), on: &connection)
        capture.send(.client, Bytes.frame(0x81, Array("SECRETsecret".utf8) + [0xFF], masked: true), on: &connection)
        capture.send(.server, [0x88, 14, 3, 0xEF] + Array("SECRETsecret".utf8), on: &connection)
        capture.send(.server, Array("HTTP/1.1 500 SECRETsecret\r\n\r\n".utf8), on: &connection)
        let folder = try TemporaryFolder()
        try folder.write("a.txt", capture.bytes)
        for (command, format) in [
            ("validate", "text"), ("validate", "jsonl"), ("validate", "html"), ("validate", "junit"),
            ("inspect", "text"),
            ("inspect", "jsonl"), ("inspect", "html"),
        ] {
            for more in command == "inspect" && format != "html" ? [[], ["--messages", "--full"]] : [["--all"]] {
                let open = try Command.run([command, "--format", format, "a.txt"] + more, in: folder)
                let shut = try Command.run([command, "--format", format, "--redact", "a.txt"] + more, in: folder)
                #expect(open.stdout.contains("SECRET") || open.stdout.contains("534543524554"), "\(command) \(format)")
                for word in ["SECRET", "secret", "534543524554", "53 45 43 52"] {
                    #expect(!shut.stdout.contains(word), "\(command) \(format) \(more) \(word)")
                }
                #expect(open.status == shut.status)
            }
        }
    }

    @Test func whatTheHandshakeSaysIsRedactedWhereItIsLong() {
        var head = ConversationHead(opening: .upgrade)
        head.subprotocol = "chat"
        head.otherExtensions = ["x-short", "x-0123456789abcdef0123456789abcdef"]
        head.key = "dGhlIHNhbXBsZSBub25jZQ=="
        let origin = StreamOrigin(source: "a", connection: 0, sender: nil)
        guard case .conversation(let shut) = Redaction.redacted(.conversation(.init(origin: origin, head: head))) else {
            Issue.record("another finding")
            return
        }
        #expect(shut.head.subprotocol == "chat" && shut.head.key == nil)
        #expect(shut.head.otherExtensions == ["x-short", "[34 characters]"])
    }
}
