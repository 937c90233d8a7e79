import FixtureCorpus
import Testing
import WebSocketFrames

/// Every capture of the corpus, judged by the command line and checked against its note.
@Suite struct CaptureRunTests {
    @Test(arguments: CaptureCorpus.paths) func everyCaptureIsJudgedAsItsNoteSays(_ path: String) throws {
        let note = try CaptureCorpus.load(path).note
        let keyLog =
            note.keyLog == nil ? [] : ["--keylog", CaptureCorpus.folder + "/" + CaptureCorpus.keyLog(of: path)]
        let outcome = try Command.run(
            ["validate", "--format", "jsonl"] + note.options + keyLog + [CaptureCorpus.folder + "/" + path])
        #expect(outcome.status == note.status)
        #expect(outcome.errorLines.count == (note.status == 3 ? 1 : 0))
        let rows = try outcome.rows()
        #expect(rows.errors.count == (note.status == 3 ? 1 : 0))
        for row in rows where !row.fitsContract { Issue.record("not the contract's keys: \(row)") }

        let ofFile = rows.filter { $0.raw("connection") == "null" }
        #expect(Set(note.notices).isSubset(of: ofFile.notices), "\(ofFile.notices)")
        let indices = Set(rows.compactMap { $0.number("connection") })
        if let count = note.conversationCount { #expect(indices == Set((0..<count).map { UInt64($0) })) }
        for (index, expected) in note.conversations {
            let found = rows.filter { $0.number("connection") == UInt64(index) }
            #expect(Set(expected.notices).isSubset(of: found.notices), "\(found.notices)")
            let senders = found.streams.compactMap { $0["sender"] }
            if case .refused = expected.opening {
                #expect(senders == [])
            } else {
                #expect(senders == ["client", "server"])
            }
            for row in found.streams {
                if let client = expected.client { #expect(row["client"] == client) }
                if let server = expected.server { #expect(row["server"] == server) }
                if let target = expected.target { #expect(row["target"] == target) }
            }
            for (sender, direction) in expected.directions {
                try check(found.filter { $0["sender"] == sender.name }, direction)
            }
        }
    }

    private func check(_ rows: [Row], _ expected: CaptureNote.Direction) throws {
        let verdict = expected.expectation
        let stream = try #require(rows.streams.first)
        #expect(rows.streams.count == 1)
        #expect(stream["state"] == verdict.state.name)
        #expect(stream.number("frames") == verdict.frames)
        #expect(stream.number("messages") == verdict.messages)
        #expect(stream.number("bytes") == UInt64(verdict.bytes))
        #expect(stream.raw("closed") == String(verdict.closed))
        #expect(stream.number("closeCode") == (verdict.violation?.closeCode.rawValue).map { UInt64($0) })
        #expect(rows.notices.contains("missing-bytes") == (expected.gap != nil))
        #expect(rows.violations.count == (verdict.violation == nil ? 0 : 1))
        guard let fault = verdict.violation, let row = rows.violations.first else { return }
        #expect(row["rule"] == fault.rule.name)
        #expect(row["section"] == fault.rule.entry.section.description)
        #expect(row.number("offset") == fault.offset)
        #expect(row.number("length") == UInt64(fault.length))
        #expect(row.number("frame") == fault.frame)
        #expect(row.number("frameOffset") == fault.frameOffset)
        #expect(row["header"] == fault.headerHex)
        #expect(row.number("closeCode") == UInt64(fault.closeCode.rawValue))
        if let packet = expected.packet { #expect(row.number("packet") == packet) }
    }

    /// All in one run, and through standard input: the same rows.
    @Test func allAtOnceIsTheSameAsOneByOne() throws {
        let paths = CaptureCorpus.paths.filter { $0.hasPrefix("violations/") || $0.hasPrefix("tcp/") }
        let names = paths.map { CaptureCorpus.folder + "/" + $0 }
        let together = try Command.run(["validate", "--format", "jsonl"] + names)
        #expect(together.status == 3)
        let bySource = Dictionary(grouping: try together.rows()) { $0["source"] ?? "" }
        for path in paths.filter({ $0.hasPrefix("violations/") }) {
            let capture = try CaptureCorpus.load(path)
            let alone = try Command.run(["validate", "--format", "jsonl", "-"], stdin: .bytes(capture.bytes)).rows()
            let rows = bySource[CaptureCorpus.folder + "/" + path]
            #expect(rows?.map(\.withoutSource) == alone.map(\.withoutSource), "\(path)")
        }
    }
}
