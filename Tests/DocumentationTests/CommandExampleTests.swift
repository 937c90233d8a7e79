import Foundation
import Testing

/// The commands in the README and the articles do what the page shows.
@Suite struct CommandExampleTests {
    @Test func everyOptionExists() throws {
        var helps: [String: String] = [:]
        var count = 0
        for (use, _) in try Page.all().flatMap(\.commandUses) {
            let key = ([use.program] + use.help).joined(separator: " ")
            if helps[key] == nil {
                let outcome = try Outcome.of(Self.program(use.program), use.help)
                #expect(outcome.status == 0, "\(use.place): \(key)")
                helps[key] = outcome.output
            }
            let help = helps[key]?.components(separatedBy: "\n") ?? []
            for option in use.options {
                count += 1
                let line = help.first { $0.hasPrefix("  \(option.name) ") || $0 == "  \(option.name)" }
                guard let line else {
                    Issue.record("\(use.place): \(key) knows no \(option.name)")
                    continue
                }
                // `--format text|jsonl`: one of these words.
                let words = line.split(separator: " ").dropFirst().first?.split(separator: "|").map(String.init) ?? []
                if words.count > 1 { #expect(words.contains(option.next ?? ""), "\(use.place): \(option.name)") }
            }
        }
        #expect(count > 0)
    }

    /// If a page shows the output of a command, it is the actual output; a line `…` stands for any lines.
    @Test func everyOutputIsTheProgramsOwn() throws {
        var count = 0
        for (use, shown) in try Page.all().flatMap(\.commandUses) where use.isWhole && !shown.isEmpty {
            count += 1
            let outcome = try Outcome.of(Self.program(use.program), use.arguments)
            let printed = outcome.output.components(separatedBy: "\n").dropLast()
            #expect(Self.fits(Array(printed), shown), "\(use.place): \(printed.joined(separator: "\n"))")
        }
        #expect(count > 0)
    }

    /// Each part of what is shown occurs in the output, in order; the first at the beginning, the last at the end.
    private static func fits(_ printed: [String], _ shown: [String]) -> Bool {
        let parts = shown.split(separator: "…", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return printed == shown }
        guard printed.starts(with: first), printed.count >= first.count + last.count, printed.suffix(last.count) == last
        else { return false }
        var rest = printed.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() {
            while !rest.starts(with: part) { if rest.popFirst() == nil { return false } }
            rest = rest.dropFirst(part.count)
        }
        return true
    }

    @Test func dotsStandForLines() {
        #expect(Self.fits(["a", "b", "c"], ["a", "…", "c"]) && Self.fits(["a", "b", "c"], ["a", "…"]))
        #expect(Self.fits(["a", "b", "c", "d"], ["…", "b", "…", "d"]) && Self.fits(["a"], ["a"]))
        #expect(!Self.fits(["a", "b", "c"], ["a", "…", "b"]) && !Self.fits(["a"], ["a", "…", "a"]))
        #expect(!Self.fits(["a", "b", "c"], ["a", "…", "x", "…", "c"]) && !Self.fits(["a", "b"], ["a"]))
    }

    /// Every path of the package that a page names exists.
    @Test func everyPathExists() throws {
        for page in try Page.all() + [Page(path: "CONTRIBUTING.md")] {
            for span in page.codeSpans {
                guard let path = span.text.split(separator: " ").first, !path.contains(/[…<*]/),
                    path.contains(/^(Sources|Tests|Fixtures|Benchmarks|\.ci)\//)
                else { continue }
                let exists = FileManager.default.fileExists(atPath: Page.root.appendingPathComponent(String(path)).path)
                #expect(exists, "\(page.path):\(span.line): \(path)")
            }
        }
    }

    private static func program(_ name: String) throws -> URL {
        try #require(BuiltProduct.url(of: name), "\(name) was not found beside the tests")
    }
}
