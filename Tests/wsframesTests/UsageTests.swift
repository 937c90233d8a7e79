import Testing

/// Wrong usage: one line with the reason and a hint, status 2, and nothing on standard output.
@Suite struct UsageTests {
    private func expect(
        _ arguments: [String], _ parts: String..., location: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try Command.run(arguments, location)
        #expect(outcome.status == 2, sourceLocation: location)
        #expect(outcome.stdout == "", sourceLocation: location)
        #expect(outcome.errorLines.count == 1, sourceLocation: location)
        #expect(outcome.errors.hasPrefix("wsframes: "), sourceLocation: location)
        #expect(outcome.errors.hasSuffix(")\n"), "a hint ends the line", sourceLocation: location)
        for part in parts {
            #expect(outcome.errors.contains(part), "\(outcome.errors)", sourceLocation: location)
        }
    }

    // MARK: - Commands

    @Test func noCommand() throws {
        // What people type first: it lists the commands, but is still wrong usage.
        let outcome = try Command.shell(#"exec "$wsframes" 2>&1 >&-"#)
        #expect(outcome.status == 2)
        #expect(outcome.stdout.contains("validate"))
    }

    @Test func unknownCommands() throws {
        try expect(["valdate", "x"], "'valdate'", "did you mean validate?")
        try expect(["rulse"], "did you mean rules?")
        try expect(["Explain"], "did you mean explain?")
        try expect(["frobnicate"], "'frobnicate'", "wsframes --help")
        try expect([""], "''")
        try expect(["--versio"], "'--versio'")
        try expect([String(repeating: "x", count: 100_000)], "no command")
    }

    @Test func aFileInPlaceOfACommand() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("dump.bin", Bytes.clientHello)
        try expect([path], "wsframes validate \(path)")
    }

    // MARK: - Options

    @Test func unknownOptions() throws {
        try expect(["validate", "--formt", "jsonl", "x"], "'--formt'", "did you mean --format?")
        try expect(["validate", "--max-frames=1", "x"], "did you mean --max-frame?")
        try expect(["validate", "x", "--frobnicate"], "'--frobnicate'", "--help")
        try expect(["validate", "-x", "x"], "'-x'")
        try expect(["validate", "--Sender", "client", "x"], "did you mean --sender?")
        try expect(["rules", "--all"], "'--all'")
        try expect(["explain", "--format", "jsonl", "1002"], "'--format'")
    }

    @Test func aValueIsMissing() throws {
        for option in ["--sender", "--max-frame", "--max-message", "--input", "--format", "--color"] {
            try expect(["validate", "x", option], "\(option) needs a value", "write \(option) ")
        }
    }

    @Test func aValueIsTooMuch() throws {
        for option in ["--deflate", "--no-deflate", "--all", "--strict", "--help"] {
            try expect(["validate", "\(option)=yes", "x"], "\(option) takes no value")
        }
    }

    @Test(arguments: [
        "-1", "+1", "-0", "1e3", "1k", "0x10", "1_000", "1,000", "1.5", " 1", "1 ", "", "١", "18446744073709551616",
        "99999999999999999999999999", "none",
    ])
    func aNumberIsNone(_ number: String) throws {
        for option in ["--max-frame", "--max-message"] {
            try expect(["validate", option, number, "x"], "\(option) takes a number of bytes", "digits only")
            try expect(["validate", "\(option)=\(number)", "x"], "\(option) takes a number of bytes")
        }
    }

    @Test func aWordIsNone() throws {
        try expect(["validate", "--sender", "clients", "x"], "'clients'", "did you mean client?")
        try expect(["validate", "--sender", "nobody", "x"], "--sender client|server|auto")
        try expect(["validate", "--sender", "Client", "x"], "'Client'")
        try expect(["validate", "--sender=", "x"], "--sender does not take ''")
        try expect(["validate", "--input", "xxd", "x"], "'xxd'")
        try expect(["validate", "--format", "json", "x"], "'json'", "did you mean jsonl?")
        try expect(["validate", "--color", "sometimes", "x"], "--color auto|always|never")
        try expect(["rules", "--format", "xml"], "'xml'", "text|jsonl|markdown")
    }

    @Test func optionsThatExcludeEachOther() throws {
        try expect(["validate", "--deflate", "--no-deflate", "x"], "--deflate", "--no-deflate", "exclude")
    }

    // MARK: - Operands

    @Test func noFile() throws {
        try expect(["validate"], "at least one FILE")
        try expect(["validate", "--all", "--format", "jsonl"], "at least one FILE")
        try expect(["validate", "--"], "at least one FILE")
    }

    @Test func standardInputTwice() throws {
        try expect(["validate", "-", "-"], "only once")
        try expect(["validate", "-", "--", "-"], "only once")
    }

    @Test func topicsAndShells() throws {
        try expect(["explain"], "needs a close code, a rule, a diagnosis or a notice")
        try expect(["explain", "reserved-bit"], "'reserved-bit'", "did you mean reserved-bits?")
        try expect(["explain", "1002", "frobnicate"], "'frobnicate'")
        for topic in ["70000", "65536", "-1", "1e3", ""] { try expect(["explain", "--", topic], "'\(topic)'") }
        try expect(["explain", "htttp-response"], "'htttp-response'", "did you mean http-response?")
        try expect(["explain", "--list", "1002"], "explain --list takes no argument")
        try expect(["explain", "--names", "1002"], "explain --names takes no argument")
        try expect(["rules", "reserved-bits"], "rules takes no argument")
        try expect(["completions"], "bash, zsh, fish")
        try expect(["completions", "powershell"], "bash, zsh, fish")
        try expect(["completions", "bash", "zsh"], "needs one shell")
    }

    /// Arguments are repeated such that they cannot control a terminal, or add a line.
    @Test func hostileWords() throws {
        let word = "\u{1B}[31m\n\u{7}\u{202E}x"
        for arguments in [[word], ["validate", "--" + word], ["validate", "--sender", word, "x"], ["explain", word]] {
            let outcome = try Command.run(arguments)
            #expect(outcome.status == 2)
            #expect(outcome.errorLines.count == 1)
            #expect(!outcome.errors.unicodeScalars.contains { ["\u{1B}", "\u{7}", "\u{202E}"].contains($0) })
        }
    }

    // MARK: - Unusual but correct usage

    @Test func optionsMayStandAnywhereAndNamesMayBeginWithAHyphen() throws {
        let folder = try TemporaryFolder()
        try folder.write("--all", Bytes.clientHello)
        try folder.write("x=y", Bytes.clientHello)
        let outcome = try Command.run(["validate", "x=y", "--format=jsonl", "--", "--all"], in: folder)
        #expect(outcome.status == 0)
        #expect(try outcome.rows().sources == ["x=y", "--all"])
        #expect(try Command.run(["validate", "./--all"], in: folder).status == 0)
    }
}
