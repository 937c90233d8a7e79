import FixtureCorpus
import Testing

/// A conversation is not "ok" if only its other hop shows that something is wrong.
@Suite struct HopListTests {
    private static func output(_ name: String, _ options: [String] = []) throws -> Command.Outcome {
        try Command.run(["validate"] + options + [FixtureCorpus.folder + "/captures/hops/\(name).pcap"])
    }

    /// The words that begin the rows of the list at the end.
    private static func verdicts(_ lines: [String]) -> [String] {
        lines.filter { $0.contains(" closed 1000") && $0.contains(" → ") }.compactMap { line in
            line.split(separator: " ").first.map(String.init)
        }
    }

    @Test(arguments: ["message-dropped", "message-added", "type-changed"]) func textNamesIt(_ name: String) throws {
        let lines = try Self.output(name).lines
        #expect(Self.verdicts(lines) == ["notice", "ok"])
        #expect(lines.contains { $0.hasSuffix("   notice hops-differ") })
    }

    @Test func textOfHopsThatAreAlike() throws {
        #expect(Self.verdicts(try Self.output("speaking-proxy").lines).allSatisfy { $0 == "ok" })
    }

    @Test func pageNamesIt() throws {
        let page = try Self.output("message-dropped", ["--format", "html"]).stdout
        #expect(page.contains("verdict doubt"))
        #expect(page.contains(" hops-differ</span>"))
    }
}
