import Foundation
import Testing
import WebSocketDiagnosis
import WebSocketFrames

@testable import WebSocketReports

/// The table of notices holds every notice that the sources give, and no other.
@Suite struct NoticeGuideTests {
    /// Where notices are given.
    private static let folders = [
        "WebSocketCaptures/Conversations", "WebSocketCaptures/HTTP", "WebSocketDiagnosis/CloseAudit", "wsframes",
    ]

    /// Words of that form that are no notices: ways to end, which a stream's row names, an extension, headers of HTTP.
    private static let others = Set(
        Ending.Kind.allCases.map(\.rawValue) + ["permessage-deflate", "content-length", "transfer-encoding"]
            + ["accept", "extensions", "key", "protocol", "version"].map { "sec-websocket-\($0)" })

    /// The texts of the source files that give notices.
    private static func sources() throws -> [(path: String, text: String)] {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources")
        return try folders.flatMap { folder in
            let place = root.appendingPathComponent(folder)
            let files = try FileManager.default.subpathsOfDirectory(atPath: place.path)
            return try files.filter { $0.hasSuffix(".swift") }.sorted().map {
                ("\(folder)/\($0)", try String(contentsOf: place.appendingPathComponent($0), encoding: .utf8))
            }
        }
    }

    /// The literals that name a notice: the first argument of what makes one, or what a `name` is set to. A value within
    /// them, as in `"unfounded-\(code)"`, stands as `*`.
    private static func names(in text: String) -> [String] {
        let literal = /"((?:\\\([^()]*\)|[a-z0-9-])+)"/
        let call = /(?:\badd|\bnotice|\bCaptureNotice|\bAuditNote|\bNotice)\((?:\s*)/
        var found: [String] = []
        for match in text.matches(of: call) {
            // `origin: …, name: "…"`: the name stands in the call's first lines.
            let start = text[match.range.upperBound...].prefix(120)
            let label = start.firstRange(of: "name: ")?.upperBound ?? start.endIndex
            guard let name = start.prefixMatch(of: literal) ?? start[label...].prefixMatch(of: literal) else {
                continue
            }
            found.append(String(name.1))
        }
        for line in text.split(separator: "\n") where line.contains(/^(?: *)name =/) {
            found += line.matches(of: literal).map { String($0.1) }
        }
        return found.map { $0.replacing(/\\\([^()]*\)/, with: "*") }
    }

    private static func fits(_ name: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return name == pattern }
        return name.hasPrefix(parts[0]) && name.hasSuffix(parts[1]) && name.count > pattern.count - 1
    }

    @Test func everyNoticeOfTheSourcesIsInTheTable() throws {
        var used: Set<String> = []
        for (path, text) in try Self.sources() {
            for pattern in Self.names(in: text) {
                used.insert(pattern)
                let isKnown = NoticeGuide.all.contains { Self.fits($0.name, pattern) }
                #expect(isKnown, "\(path): \(pattern) is missing from NoticeGuide")
            }
        }
        for entry in NoticeGuide.all {
            #expect(used.contains { Self.fits(entry.name, $0) }, "nothing gives the notice \(entry.name)")
        }
    }

    /// However the sources give a name: a literal that looks like one is one, or is known to be something else.
    @Test(arguments: folders.prefix(3)) func everyWordThatLooksLikeANameIsKnown(_ folder: String) throws {
        for (path, text) in try Self.sources() where path.hasPrefix(folder + "/") {
            for match in text.matches(of: /"([a-z0-9]+(?:-[a-z0-9]+)+)"/) {
                let word = String(match.1)
                #expect(
                    NoticeGuide.entry(named: word) != nil || Self.others.contains(word),
                    "\(path): \(word) is neither in NoticeGuide nor known as something else")
            }
        }
    }

    @Test func theTestSeesWhatItShouldSee() {
        let text = """
            add("one-a", "message")
            add(
                "two-b",
            visit(.notice(CaptureNotice(name: "three-c", message: message), about: sender), Span())
            return AuditNote(
                name: "four-\\(code.rawValue)", endpoint: closer)
                name = end.isReset ? "five-e" : "six-f"
            Notice(
                origin: origin, name: "seven-g",
            notice(
                "eight",
            """
        #expect(
            Set(Self.names(in: text))
                == ["one-a", "two-b", "three-c", "four-*", "five-e", "six-f", "seven-g", "eight"])
        #expect(Self.fits("unfounded-1002", "unfounded-*") && !Self.fits("unfounded", "unfounded-*"))
    }

    @Test func everyEntrySaysWhatToDo() {
        for entry in NoticeGuide.all {
            #expect(entry.name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(entry.name)")
            #expect(!entry.title.hasSuffix(".") && entry.title.count <= 72, "\(entry.name)")
            #expect(entry.means.hasSuffix(".") || entry.means.hasSuffix(".)"), "\(entry.name)")
            #expect(!entry.means.contains("  "), "\(entry.name)")
            #expect((1...4).contains(entry.checks.count), "\(entry.name)")
            for check in entry.checks { #expect(check.hasSuffix("."), "\(entry.name): \(check)") }
        }
    }
}
