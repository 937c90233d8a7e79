import Testing

/// What the options say about how to judge, and what takes precedence if a file says something else.
@Suite struct JudgingOptionTests {
    private let client = Bytes.hex(Bytes.clientHello)
    private let server = Bytes.hex(Bytes.serverHello)

    // MARK: - Sender

    @Test func theFirstMaskBitTellsWhoSent() throws {
        #expect(try judge(client, status: 0).last?["sender"] == "client")
        #expect(try judge(server, status: 0).last?["sender"] == "server")
        #expect(try judge(server, "--sender", "auto", status: 0).last?["sender"] == "server")
        #expect(try judge(client + server, status: 1).rules == ["unmasked-client-frame"])
        #expect(try judge(server + client, status: 1).rules == ["masked-server-frame"])
    }

    @Test func theSenderIsSaid() throws {
        #expect(try judge(client, "--sender", "client", status: 0).last?["sender"] == "client")
        #expect(try judge(client, "--sender", "server", status: 1).rules == ["masked-server-frame"])
        #expect(try judge(server, "--sender", "client", status: 1).rules == ["unmasked-client-frame"])
        let twice = try judge(server, "--sender", "client", "--sender", "server", status: 0)
        #expect(twice.last?["sender"] == "server")
    }

    @Test func theSenderIsUnknownWhereNoMaskBitCame() throws {
        let broken = try judge("83", status: 1)
        #expect(broken.map { $0["sender"] } == ["unknown", "unknown"])
        #expect(broken.violations.first?.number("offset") == 0)
        #expect(broken.violations.first?["header"] == "83")
        // Byte 0 is judged before byte 1, even if both have arrived.
        #expect(try judge("83 00", status: 1).map { $0["sender"] } == ["unknown", "unknown"])
        #expect(try judge("81", status: 0).last?["sender"] == "unknown")
    }

    // MARK: - permessage-deflate

    @Test func deflateIsAgreedOrNot() throws {
        let compressed = "c1 07 f2 48 cd c9 c9 07 00"  // RFC 7692 §7.2.3.1
        #expect(try judge(compressed, status: 1).rules == ["reserved-bits"])
        #expect(try judge(compressed, "--no-deflate", status: 1).rules == ["reserved-bits"])
        #expect(try judge(compressed, "--deflate", status: 0).last?["state"] == "complete")
        #expect(try judge("41 03 f2 48 cd c0 04 c9 c9 07 00", "--deflate", status: 1).rules == ["misplaced-rsv1"])
    }

    // MARK: - Limits

    @Test func limitsAreInBytesAndMayBeReached() throws {
        #expect(try judge(client, "--max-frame", "5", status: 0).rules == [])
        let tooBig = try judge(client, "--max-frame", "4", status: 1)
        #expect(tooBig.rules == ["frame-too-big"])
        #expect(tooBig.last?.number("closeCode") == 1009)
        let fragments = "01 05 48656c6c6f 80 01 21"
        #expect(try judge(fragments, "--max-message", "6", status: 0).rules == [])
        #expect(try judge(fragments, "--max-message", "5", status: 1).rules == ["message-too-big"])
        #expect(try judge(fragments, "--max-frame=5", "--max-message=18446744073709551615", status: 0).rules == [])
    }

    @Test func zeroIsALimitToo() throws {
        #expect(try judge("81 00", "--max-frame", "0", "--max-message", "0", status: 0).rules == [])
        #expect(try judge("81 01 21", "--max-frame", "0", status: 1).rules == ["frame-too-big"])
        #expect(try judge("81 01 21", "--max-message", "0", status: 1).rules == ["message-too-big"])
        #expect(try judge("89 01 21", "--max-frame", "0", status: 0).rules == [])
    }

    @Test func theGreatestNumberIsNoLimit() throws {
        let greatest = String(UInt64.max)
        let long = "82 7f 7f ff ff ff ff ff ff ff 00"
        #expect(try judge(long, "--max-frame", greatest, "--max-message", greatest, status: 0).rules == [])
        let two = "02 7e 00 80 \(String(repeating: "00", count: 128)) 80 7f 7f ff ff ff ff ff ff ff"
        #expect(try judge(two, "--max-message", greatest, status: 0).rules == [])
        #expect(try judge(two, "--max-message", "9223372036854775807", status: 1).rules == ["message-too-big"])
    }

    // MARK: - What the file says itself

    @Test func directivesAreFollowed() throws {
        #expect(try judge("#: sender client\n\(server)", status: 1).rules == ["unmasked-client-frame"])
        #expect(try judge("#: deflate\nc1 00", status: 0).rules == [])
        #expect(try judge("#: max-frame 4\n\(server)", status: 1).rules == ["frame-too-big"])
        #expect(try judge("#: max-message 4\n\(server)", status: 1).rules == ["message-too-big"])
    }

    @Test func optionsWinOverDirectives() throws {
        #expect(try judge("#: sender client\n\(server)", "--sender", "server", status: 0).rules == [])
        #expect(try judge("#: sender client\n\(server)", "--sender", "auto", status: 0).last?["sender"] == "server")
        #expect(try judge("#: deflate\nc1 00", "--no-deflate", status: 1).rules == ["reserved-bits"])
        #expect(try judge("#: max-frame 4\n\(server)", "--max-frame", "5", status: 0).rules == [])
        #expect(try judge("#: max-frame 5\n\(server)", "--max-frame", "4", status: 1).rules == ["frame-too-big"])
        #expect(try judge("#: max-message 4\n\(server)", "--max-message", "5", status: 0).rules == [])
    }

    @Test func directivesHoldForTheirFileOnly() throws {
        let folder = try TemporaryFolder()
        try folder.write("1.hex", text: "#: sender client\n#: max-frame 4\n\(server)")
        try folder.write("2.hex", text: server)
        let rows = try Command.run(["validate", "--format", "jsonl", "1.hex", "2.hex"], in: folder).rows()
        #expect(rows.rules == ["unmasked-client-frame"])
        #expect(rows.streams.map { $0["sender"] } == ["client", "server"])
    }

    // MARK: - Resuming after a violation

    @Test func onlyTheFirstViolationIsReportedWithoutAll() throws {
        // A legal text, a reserved opcode, a legal text, a pong that is too long, and a bad close code.
        let stream = "81 00 83 01 21 81 00 8a 7e 00 7e \(String(repeating: "00", count: 126)) 88 02 03 ed"
        let first = try judge(stream, status: 1)
        let all = try judge(stream, "--all", status: 1)
        #expect(first.rules == ["reserved-opcode"])
        #expect(all.rules == ["reserved-opcode", "oversized-control", "invalid-close-code"])
        #expect(all.violations.map { $0.number("frame") } == [1, 3, 4])
        #expect(all.violations.map { $0.number("offset") } == [2, 8, 139])
        // The stream's row gives the state at the first violation, whatever follows.
        #expect(all.last == first.last)
        #expect(all.last?.number("frames") == 1)
        #expect(all.last?.number("messages") == 1)
        #expect(all.last?.number("bytes") == 141)
        #expect(all.last?.raw("closed") == "false")
    }

    @Test func nothingIsJudgedAfterALengthThatMeansNoEnd() throws {
        let rows = try judge("82 7f 80 00 00 00 00 00 00 00 83 00 83 00", "--all", status: 1)
        #expect(rows.rules == ["length-overflow"])
        #expect(rows.last?.number("bytes") == 14)
    }

    @Test func aLongListOfViolationsIsWhole() throws {
        let rows = try judge([UInt8](repeating: 0, count: 2 * 2000), "--all", "--sender", "server", status: 1)
        #expect(rows.rules == [String](repeating: "unexpected-continuation", count: 2000))
        #expect(rows.violations.map { $0.number("offset") } == (0..<2000).map { $0 * 2 })
    }
}
