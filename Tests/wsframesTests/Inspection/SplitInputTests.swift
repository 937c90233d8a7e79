import FixtureCorpus
import Foundation
import Testing
import WebSocketInspection
import WebSocketReports

@testable import wsframes

/// A capture read by one thread and judged by another gives the same findings in the same order as with one thread.
@Suite struct SplitInputTests {
    private static let captures: [String] = {
        let folder = FixtureCorpus.folder + "/captures"
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted().map { "\(folder)/\($0)" }
    }()

    /// Packets are not judged together while messages are gathered.
    private static func settings(gathersMessages: Bool = true) -> InspectionSettings {
        var settings = InspectionSettings()
        settings.showsFrames = true
        settings.gathersMessages = gathersMessages
        settings.reportsAll = !gathersMessages
        return settings
    }

    private struct Lines: Equatable {
        private var report = JSONLinesReport(showsFrames: true, messages: .whole)
        private(set) var lines: [String] = []

        static func == (left: Lines, right: Lines) -> Bool { left.lines == right.lines }

        mutating func add(_ finding: Finding) { lines += report.text(for: finding).lines }
    }

    @Test(arguments: [true, false]) func batchesAreJudgedAsTheWholeIs(gathersMessages: Bool) throws {
        #expect(Self.captures.count > 50)
        let settings = Self.settings(gathersMessages: gathersMessages)
        for path in Self.captures {
            let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
            var whole = Lines()
            var inspector = Inspector(settings)
            try? inspector.feed(bytes.span) { whole.add($0) }
            inspector.finish { whole.add($0) }

            var split = Lines()
            let recorder = ConversationRecorder()
            let judge = ConversationJudge(settings)
            var reader = Inspector(settings, recorder: recorder)
            for start in stride(from: 0, to: bytes.count, by: 300) {
                let piece = bytes[start..<min(start + 300, bytes.count)]
                try? reader.feed(piece.span) { recorder.add($0) }
                judge.judge(recorder.takeBatch()) { split.add($0) }
            }
            reader.finish { recorder.add($0) }
            judge.judge(recorder.takeBatch()) { split.add($0) }
            #expect(split == whole, "\(path)")
        }
    }

    @Test func twoThreadsGiveWhatOneGives() throws {
        for path in Self.captures.prefix(40) {
            let outcomes = try [true, false].map { isSplit in
                let job = InputJob(FilePath(path), Self.settings(), isSplit: isSplit)
                try #require(System.startThread { job.run { false } })
                var lines = Lines()
                while true {
                    let part = job.next()
                    for finding in part.findings { lines.add(finding) }
                    if part.outcome != nil { return lines }
                }
            }
            #expect(outcomes[0] == outcomes[1], "\(path)")
        }
    }
}
