import FixtureCorpus
import Testing

/// The exit status: 0 no violation, 1 violations, 2 wrong usage, 3 an input that cannot be read. 3 takes precedence over 1.
@Suite struct StatusTests {
    private func run(_ arguments: String...) throws -> Command.Outcome {
        let folder = try TemporaryFolder()
        try folder.write("legal", Bytes.clientHello)
        try folder.write("cut", [UInt8](Bytes.clientHello.dropLast()))
        try folder.write("open", [0x01, 0x00])
        try folder.write("broken", [0x83, 0x00])
        try folder.write("doubtful", Bytes.close(1010, masked: false))
        try folder.write("garbage", text: "81\nx\n")
        return try Command.run(["validate"] + arguments, in: folder)
    }

    @Test func noViolationIsZero() throws {
        #expect(try run("legal").status == 0)
        #expect(try run("legal", "legal", "cut", "open").status == 0)
    }

    @Test func aViolationIsOneWhereverItStands() throws {
        #expect(try run("broken").status == 1)
        #expect(try run("legal", "broken").status == 1)
        #expect(try run("broken", "legal").status == 1)
    }

    @Test func wrongUsageIsTwoAndNothingIsJudged() throws {
        let outcome = try run("broken", "missing", "--wrong")
        #expect(outcome.status == 2)
        #expect(outcome.stdout == "")
    }

    @Test func anUnreadableInputIsThreeAndWins() throws {
        #expect(try run("missing").status == 3)
        #expect(try run("legal", "missing").status == 3)
        #expect(try run("broken", "missing").status == 3)
        #expect(try run("missing", "broken").status == 3)
        #expect(try run("broken", "garbage", "--strict").status == 3)
    }

    @Test func aStreamThatStopsHalfwayIsAStateAndNoViolation() throws {
        let rows = try run("--format", "jsonl", "--strict", "cut", "open").rows()
        #expect(rows.map { $0["state"] } == ["incomplete-frame", "incomplete-message"])
        #expect(rows.map { $0.raw("closeCode") } == ["null", "null"])
        #expect(try run("--strict", "cut", "open").status == 0)
    }

    /// Nothing was judged: a skipped case says why, where an empty suite would look like success.
    @Test(arguments: [("plain/none-tls.pcap", "no key log has its secrets"), ("tcp/snapped-96.pcap", "tcpdump -s 0")])
    func whatWasNotJudgedIsASkippedCase(_ path: String, _ reason: String) throws {
        let capture = FixtureCorpus.folder + "/captures/" + path
        let outcome = try Command.run(["validate", "--format", "junit", capture])
        #expect(outcome.status == 4)
        #expect(outcome.stdout.contains(#"tests="1" failures="0" errors="0" skipped="1""#))
        let skipped = try #require(outcome.lines.first { $0.hasPrefix("<skipped") })
        #expect(skipped.contains(reason))
        #expect(
            try Command.run(["validate", capture]).stdout.split(separator: "\n").joined().contains(reason.prefix(9)))
    }

    @Test func noticesCountOnlyWhenTheUserAsksForIt() throws {
        let outcome = try run("--format", "jsonl", "doubtful")
        #expect(outcome.status == 0)
        let rows = try outcome.rows()
        #expect(rows.notices == ["unusual-close-code"])
        #expect(rows.last?["state"] == "complete")
        #expect(rows.last?.raw("closed") == "true")
        #expect(try run("--strict", "doubtful").status == 1)
        #expect(try run("--strict", "legal").status == 0)
        #expect(try run("--strict", "doubtful", "missing").status == 3)
    }

    @Test func findingsGoToStandardOutputAndTroublesToStandardError() throws {
        for format in ["text", "jsonl"] {
            let outcome = try run("--format", format, "broken", "missing", "legal")
            #expect(outcome.errorLines == ["wsframes: missing: cannot be opened: No such file or directory"])
            #expect(outcome.stdout.contains("reserved-opcode"))
        }
    }

    @Test func theSameInputTwiceIsJudgedTwice() throws {
        let rows = try run("--format", "jsonl", "broken", "broken").rows()
        #expect(rows.map(\.type) == ["violation", "stream", "violation", "stream"])
        #expect(rows[0] == rows[2])
    }
}
