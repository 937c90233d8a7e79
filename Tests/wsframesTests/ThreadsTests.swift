import FixtureCorpus
import Foundation
import SeededRandom
import Testing

/// Several files are judged at once: the output equals that of one thread, byte for byte.
@Suite struct ThreadsTests {
    /// Everything that a run outputs.
    private struct Shown: Equatable {
        let status: Int32
        let output: [UInt8]
        let errors: String
    }

    private func run(_ jobs: Int, _ arguments: [String], in folder: TemporaryFolder? = nil) throws -> Shown {
        let outcome = try Command.run(arguments + ["--jobs", "\(jobs)"], in: folder)
        return Shown(status: outcome.status, output: outcome.output, errors: outcome.errors)
    }

    private func expectSame(
        _ arguments: [String], in folder: TemporaryFolder? = nil, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let one = try run(1, arguments, in: folder)
        #expect(!one.output.isEmpty || !one.errors.isEmpty, sourceLocation: location)
        let several = try run(5, arguments, in: folder)
        #expect(several.output == one.output, "different output: \(arguments)", sourceLocation: location)
        #expect(several.errors == one.errors, "different errors: \(arguments)", sourceLocation: location)
        #expect(several.status == one.status, sourceLocation: location)
    }

    private static let captures = FixtureCorpus.folder + "/captures"

    @Test(arguments: [
        ["validate", "--format", "html"], ["validate", "--full", "--all"],
        ["inspect", "--messages", "--format", "jsonl"],
    ]) func theWholeCorpus(_ arguments: [String]) throws {
        let folders = ["/endings", "/violations", "/hops", "/links"].map { Self.captures + $0 }
        try expectSame(arguments + Sample.cases([Self.captures], debug: folders))
    }

    @Test(arguments: [
        ["validate"], ["validate", "--format", "jsonl"], ["validate", "--format", "junit"],
        ["validate", "--format", "github"], ["validate", "--brief"], ["inspect"], ["inspect", "--only", "violations"],
        ["validate", "--redact", "--contains", "e", "--scope", "shown"],
    ]) func everyFormat(_ arguments: [String]) throws {
        try expectSame(arguments + [Self.captures + "/tcp", Self.captures + "/violations"])
    }

    /// Errors keep their place in both outputs, and so do notices about files that continue others.
    @Test func errorsAndNoticesKeepTheirPlaceInTheOutput() throws {
        let folder = try TemporaryFolder()
        for number in 0..<30 {
            try folder.write("tree/\(100 + number)", text: "#: sender client\n81 85 37 fa 21 3d 7f 9f 4d 51 58\n")
        }
        try folder.write("tree/107", text: "#: sender client\n81 x\n")
        try folder.write("tree/109", text: "INFO nothing to see\n")
        try folder.write("tree/120", text: "#: sender client\n83 00\n")
        try FileManager.default.createSymbolicLink(atPath: folder.path("tree/111-link"), withDestinationPath: "nowhere")
        try expectSame(["validate", "--format", "jsonl", "tree", "missing", "tree/120", "tree"], in: folder)
        try expectSame(["validate", "missing", "tree"], in: folder)
    }

    @Test func hopsAndExtractedFilesAreTheSame() throws {
        var capture = MadeCapture()
        var one = capture.upgrade(port: 1001)
        for number in 0..<300 {
            capture.send(.client, Bytes.text("question \(number)", masked: true), on: &one)
            capture.send(.server, Bytes.text("the answer to \(number)", masked: false), on: &one)
        }
        let folder = try TemporaryFolder()
        for name in ["a", "b", "c"] { try folder.write("tree/\(name).pcap", capture.bytes) }
        try expectSame(["inspect", "--messages", "--format", "jsonl", "tree"], in: folder)
        for jobs in [1, 3] {
            _ = try run(jobs, ["inspect", "--extract", "out-\(jobs)", "tree"], in: folder)
        }
        #expect(try folder.text("out-1/index.jsonl") == folder.text("out-3/index.jsonl"))
        #expect(try folder.text("out-1/index.jsonl").lines.count == 1_800)
    }

    @Test func standardInputKeepsItsPlace() throws {
        let folder = try TemporaryFolder()
        for name in ["a", "b", "c"] { try folder.write(name, text: "#: sender client\n83 80 00 00 00 00\n") }
        let outcomes = try [1, 4].map { jobs in
            try Command.run(
                ["validate", "--format", "jsonl", "--jobs", "\(jobs)", "a", "b", "-", "c"],
                stdin: .bytes(Bytes.clientHello), in: folder)
        }
        #expect(outcomes[0].output == outcomes[1].output)
        #expect(try Set(outcomes[1].rows().sources) == ["a", "b", "-", "c"])
    }

    /// The reader goes away: nothing waits for it, and the status is that of the verdict.
    @Test func aReaderThatGoesAwayEndsAllThreads() throws {
        let outcome = try Command.shell(
            #"{ "$wsframes" validate --jobs 4 "$1"; echo "$?" >status; } | head -n 1 >/dev/null; cat status"#,
            [Self.captures],
            in: TemporaryFolder())
        // The verdict on what was judged by then.
        #expect(["0", "1", "3"].contains(outcome.lines.first))
        #expect(outcome.lines.count == 1)
    }

    @Test func zeroJobsAreAnError() throws {
        let outcome = try Command.run(["validate", "--jobs", "0", Self.captures])
        #expect(outcome.status == 2)
        #expect(outcome.errorLines == ["wsframes: --jobs takes 1 or more (leave it out to use every processor)"])
    }
}
