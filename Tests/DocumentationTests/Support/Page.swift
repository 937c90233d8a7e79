import Foundation

/// A page with code in it: the README, or an article of a documentation catalogue.
struct Page {
    /// The path relative to the package.
    let path: String
    let text: String

    init(path: String) throws {
        self.path = path
        text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The package's folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The libraries with a catalogue, each after those that it imports.
    static let libraries = ["WebSocketFrames", "WebSocketCaptures", "WebSocketDiagnosis"]

    static func catalogue(of library: String) -> String { "Sources/\(library)/\(library).docc" }

    /// The README and every article.
    static func all() throws -> [Page] {
        let articles = try libraries.map(catalogue).flatMap { catalogue in
            let files = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(catalogue).path)
            return files.filter { $0.hasSuffix(".md") }.sorted().map { "\(catalogue)/\($0)" }
        }
        return try (["README.md"] + articles).map(Page.init)
    }

    var lines: [String] { text.components(separatedBy: "\n") }
    var codeBlocks: [CodeBlock] { CodeBlock.all(in: lines, of: path) }

    /// The text in single backquotes outside of code blocks, with its line.
    var codeSpans: [(text: String, line: Int)] {
        var spans: [(String, Int)] = []
        var isCode = false
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("```") { isCode.toggle() }
            if isCode || line.hasPrefix("```") { continue }
            for match in line.matches(of: /(?:^|[^`])`([^`]+)`(?!`)/) { spans.append((String(match.1), index + 1)) }
        }
        return spans
    }
}
