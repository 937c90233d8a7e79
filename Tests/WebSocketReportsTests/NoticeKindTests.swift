import Foundation
import Testing
import WebSocketCaptures

/// The table of notices lists every declared kind, and the sources raise each of them.
@Suite struct NoticeKindTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources")

    private static func text(of folders: [String], except excluded: String? = nil) throws -> String {
        try folders.map { folder in
            let place = sources.appendingPathComponent(folder)
            let files = try FileManager.default.subpathsOfDirectory(atPath: place.path)
                .filter { $0.hasSuffix(".swift") && !(excluded.map($0.hasPrefix) ?? false) }
            return try files.map { try String(contentsOf: place.appendingPathComponent($0), encoding: .utf8) }.joined()
        }.joined()
    }

    @Test func everyKindThatIsDeclaredIsListedAndGiven() throws {
        let table = try Self.text(of: ["WebSocketCaptures/Notices"])
        let declared = table.matches(of: /static let (\w+) = NoticeKind\(\s*"([a-z0-9-]+)"/)
        #expect(declared.map { String($0.2) }.sorted() == NoticeKind.all.map(\.name).sorted())
        #expect(Set(NoticeKind.all).count == NoticeKind.all.count)
        let givers =
            try Self.text(of: ["WebSocketCaptures"], except: "Notices/")
            + Self.text(of: ["WebSocketDiagnosis", "WebSocketInspection"])
        for kind in declared {
            #expect(givers.contains(".\(kind.1)"), "nothing gives the notice \(kind.2)")
        }
    }

    @Test func everyKindSaysWhatToDo() {
        for kind in NoticeKind.all {
            #expect(kind.name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(kind.name)")
            #expect(!kind.title.hasSuffix(".") && kind.title.count <= 72, "\(kind.name)")
            #expect(kind.meaning.hasSuffix(".") || kind.meaning.hasSuffix(".)"), "\(kind.name)")
            #expect(!kind.meaning.contains("  "), "\(kind.name)")
            #expect((1...4).contains(kind.checks.count), "\(kind.name)")
            for check in kind.checks { #expect(check.hasSuffix("."), "\(kind.name): \(check)") }
        }
    }
}
