import Foundation
import Testing

/// The page for contributors says where things are, and files move.
@Suite struct ContributorPageTests {
    private static let folders = ["Sources", "Tests", "Benchmarks", "Fixtures", ".ci"]

    @Test func everyPathExists() throws {
        var paths: Set<String> = []
        for folder in Self.folders {
            paths.insert("/\(folder)")
            let inside = FileManager.default.enumerator(atPath: Page.root.appendingPathComponent(folder).path)
            while let path = inside?.nextObject() as? String { paths.insert("/\(folder)/\(path)") }
        }
        let named = try Page(path: "CONTRIBUTING.md").codeSpans.filter { Self.isPath($0.text) }
        #expect(named.count > 50)
        for (name, line) in named {
            let end = "/" + (name.hasSuffix("/") ? String(name.dropLast()) : name)
            #expect(paths.contains { $0.hasSuffix(end) }, "CONTRIBUTING.md:\(line) names \(name), which does not exist")
        }
    }

    /// A file with its extension, or a path in one of the package's folders.
    private static func isPath(_ text: String) -> Bool {
        guard text.allSatisfy({ $0.isLetter || $0.isNumber || "/+-_.".contains($0) }) else { return false }
        let endings = [".swift", ".h", ".c", ".md", ".hex", ".py", ".json"]
        return endings.contains { text.hasSuffix($0) && text != $0 } || folders.contains { text.hasPrefix("\($0)/") }
    }
}
