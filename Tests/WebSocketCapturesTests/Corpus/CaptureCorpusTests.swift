import FixtureCorpus
import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketFrames

/// Every capture of the corpus, checked against its note.
@Suite struct CaptureCorpusTests {
    @Test func everyCaptureHasANote() {
        #expect(CaptureCorpus.strayFiles == [])
        #expect(CaptureCorpus.paths.count > 100)
    }

    /// Notices of the audit, of the command line and of its survey do not come from the library.
    private static let openingNotices: Set<String> = ["wrong-accept", "unknown-extension", "start-skipped"]

    @Test(arguments: CaptureCorpus.paths) func everyCaptureIsWhatItsNoteSays(_ path: String) throws {
        let capture = try CaptureCorpus.load(path)
        let note = capture.note
        let run = CaptureRun(capture.bytes, isExport: capture.isExport, keyLog: capture.keyLog)
        let conversations = try #require(JudgedConversation.all(of: run))
        #expect((run.fault != nil) == (note.status == 3), "\(run.fault ?? "")")
        let isViolated = conversations.contains { $0.client.packet != nil || $0.server.packet != nil }
        if !capture.isExport, note.status < 3 { #expect(isViolated == (note.status == 1)) }
        if let count = note.conversationCount { #expect(conversations.count == count) }
        let areClosed = conversations.allSatisfy { $0.isClosed }
        #expect(areClosed)
        if note.notices.contains("tls") { #expect(run.survey.tls > 0) }
        if note.notices.contains("ip-fragments") { #expect(run.survey.fragments > 0) }
        if note.notices.contains("no-websocket") { #expect(conversations.isEmpty) }

        for (index, expected) in note.conversations {
            try #require(index < conversations.count)
            check(conversations[index], expected)
        }
    }

    private func check(_ found: JudgedConversation, _ expected: CaptureNote.Conversation) {
        switch (found.head.opening, expected.opening) {
        case (.upgrade, .upgrade), (.middle, .middle), (.extendedConnect, .http2): break
        case (.refused(let status), .refused(let expected)): #expect(status == expected)
        default: Issue.record("opened by \(found.head.opening), not \(expected.opening)")
        }
        if let client = expected.client { #expect(found.head.client?.description == client) }
        if let server = expected.server { #expect(found.head.server?.description == server) }
        if let target = expected.target { #expect(found.head.target == target) }
        if let deflate = expected.deflate { #expect(found.head.agreedDeflate == deflate) }
        let notices = expected.notices.filter(Self.openingNotices.contains)
        #expect(Set(notices).isSubset(of: found.notices), "\(found.notices)")
        for (sender, direction) in expected.directions { check(found[sender], direction, sender) }
    }

    private func check(
        _ found: JudgedConversation.Direction, _ expected: CaptureNote.Direction, _ sender: Endpoint
    ) {
        #expect(found.expectation == expected.expectation, "\(sender)")
        if let packet = expected.packet { #expect(found.packet == packet, "\(sender)") }
        if let skipped = expected.skipped { #expect(found.skipped == skipped, "\(sender)") }
        switch expected.gap {
        case "not-captured": #expect(found.gap == .notCaptured, "\(sender)")
        case "snapped": #expect(found.gap == .snapped, "\(sender)")
        default: #expect(found.gap == nil, "\(sender)")
        }
    }

    /// All events, and the place where the file is broken.
    @Test(arguments: CaptureCorpus.paths) func piecesChangeNothing(_ path: String) throws {
        let capture = try CaptureCorpus.load(path)
        let whole = CaptureRun(capture.bytes, isExport: capture.isExport, keyLog: capture.keyLog)
        var sizes = Sample.cases([61, 1_000, 4_096], debug: [capture.bytes.count % 2 == 0 ? 61 : 1_000])
        if capture.bytes.count < 6_000 { sizes.append(1) }
        for size in sizes {
            let cut = CaptureRun(capture.bytes, isExport: capture.isExport, pieces: size, keyLog: capture.keyLog)
            #expect(cut.seen == whole.seen, "pieces of \(size)")
            #expect(cut.fault == whole.fault, "pieces of \(size)")
            #expect(cut.survey == whole.survey, "pieces of \(size)")
        }
    }
}
