import FixtureCorpus
import Foundation
import SeededRandom
import Testing
import WebSocketFrames

/// Every fixture, judged by the command line: as hex text, through standard input, and as raw bytes.
@Suite struct FixtureRunTests {
    @Test func everyFixtureGetsItsVerdictInOneRun() throws {
        let fixtures = try inWalkingOrder()
        let outcome = try Self.outcome.get()
        #expect(outcome.status == 1)
        #expect(outcome.errors == "")

        let rows = try outcome.rows()
        for row in rows where !row.fitsContract { Issue.record("not the contract's keys: \(row)") }
        #expect(rows.sources == fixtures.map { FixtureCorpus.folder + "/" + $0.path })

        let bySource = Dictionary(grouping: rows) { $0["source"] ?? "" }
        for fixture in fixtures {
            let source = FixtureCorpus.folder + "/" + fixture.path
            let found = bySource[source] ?? []
            let line = found.last?.line ?? ""
            #expect(line.hasPrefix(ExpectedRows.stream(fixture, source: source)), "\(fixture.path)")
            let violation = ExpectedRows.violation(fixture, source: source)
            #expect(found.violations.count == (violation == nil ? 0 : 1), "\(fixture.path)")
            if let violation, let row = found.violations.first {
                #expect(row.line.hasPrefix(violation), "\(row)\n\(violation)")
                #expect(row["message"]?.isEmpty == false)
                #expect(row.number("inputOffset").map { $0 - UInt64(fixture.handshake.count) } == row.number("offset"))
            }
            #expect(found.errors.isEmpty)
        }
    }

    @Test func twoRunsPrintTheSameBytes() throws {
        let sections = try Self.sections()
        for format in ["jsonl", "text"] {
            let runs = try (0..<2).map { _ in
                try Self.judge(Sample.cases(sections, debug: Array(sections.prefix(1))), format: format).output
            }
            #expect(runs[0] == runs[1])
            #expect(!runs[0].contains(0x1B))
        }
    }

    @Test func standardInputGivesTheSameRows() throws {
        let fixtures = try FixtureCorpus.loadAll()
        let bySource = Dictionary(grouping: try Self.rows.get()) { $0["source"] ?? "" }
        for fixture in stride(from: 0, to: fixtures.count, by: max(fixtures.count / Sample.rounds(40, debug: 15), 1))
            .map({ fixtures[$0] })
        {
            let path = FixtureCorpus.folder + "/" + fixture.path
            let file = try #require(FileManager.default.contents(atPath: path))
            let outcome = try Command.run(["validate", "--format", "jsonl", "-"], stdin: .bytes([UInt8](file)))
            let rows = try outcome.rows()
            #expect(rows.allSatisfy { $0["source"] == "-" })
            #expect(rows.map(\.withoutSource) == bySource[path]?.map(\.withoutSource), "\(fixture.path)")
            #expect(outcome.status == (fixture.expectation.violation == nil ? 0 : 1), "\(fixture.path)")
        }
    }

    /// Fixtures that need the same options go into one run.
    @Test(arguments: ["auto", "raw"]) func rawDumpsGiveTheSameRows(_ input: String) throws {
        let folder = try TemporaryFolder()
        let bySource = Dictionary(grouping: try Self.rows.get()) { $0["source"] ?? "" }
        var sample = Sample(oneIn: 8, seed: input == "raw" ? 1 : 2)
        let sampled = try FixtureCorpus.load().filter { _ in sample.takes() }
        for (options, fixtures) in Dictionary(grouping: sampled, by: ExpectedRows.options) {
            // Text in no known form is not read as frames unless `--input raw` says so.
            let fixtures = fixtures.filter { input == "raw" || !Self.isText($0.handshake + $0.bytes) }
            let files = try fixtures.map { fixture in
                let name = fixture.path.replacingOccurrences(of: "/", with: "_") + ".bin"
                return try folder.write(name, fixture.handshake + fixture.bytes)
            }
            let arguments = ["validate", "--format", "jsonl", "--input", input] + options + files
            let outcome = try Command.run(arguments)
            let rows = Dictionary(grouping: try outcome.rows()) { $0["source"] ?? "" }
            for (fixture, file) in zip(fixtures, files) {
                // An empty file gets a notice; a fixture without bytes is not an empty file.
                let found = rows[file]?.filter { $0["notice"] != "empty-input" }
                let expected = bySource[FixtureCorpus.folder + "/" + fixture.path]
                #expect(found?.map(\.withoutSource) == expected?.map(\.withoutSource), "\(fixture.path)")
            }
        }
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
    }

    /// All fixtures judged in one run, and the rows of it.
    private static let outcome = Result { try judge(sections()) }
    private static let rows = Result { try outcome.get().rows() }

    private static func judge(_ sections: [String], format: String = "jsonl") throws -> Command.Outcome {
        try Command.run(["validate", "--format", format] + sections)
    }

    /// The sections, each a folder. Captures have another format.
    private static func sections() throws -> [String] {
        let first = try FixtureCorpus.loadAll().compactMap { $0.path.split(separator: "/").first.map(String.init) }
        return Set(first).sorted().map { FixtureCorpus.folder + "/" + $0 }
    }

    /// The corpus in the order in which folders are walked: sorted by name.
    private func inWalkingOrder() throws -> [Fixture] {
        func key(_ fixture: Fixture) -> [[UInt8]] { fixture.path.split(separator: "/").map { Array($0.utf8) } }
        return try FixtureCorpus.loadAll().sorted { left, right in
            key(left).lexicographicallyPrecedes(key(right)) { $0.lexicographicallyPrecedes($1) }
        }
    }
}
