import Foundation
import Testing

/// The Swift code of the README, the articles and the comments compiles as shown.
@Suite struct SwiftExampleTests {
    /// A single test, so that the interfaces of the libraries are built only once.
    @Test func everyExampleCompiles() throws {
        let compiler = try ExampleCompiler()
        for page in try Page.all() { try compile(page, with: compiler) }
        for path in try Page.libraries.flatMap(ExampleCompiler.sources) {
            try compileComments(of: Page(path: path), with: compiler)
        }

        // Checks the test itself: an error is found and attributed to its place in the page.
        let wrong = CodeBlock(
            language: "swift", lines: ["import WebSocketFrames", "let code: Int = CloseCode.goingAway"],
            page: "Page.md", line: 7, source: nil)
        #expect(try compiler.complaints(about: wrong.located).contains("Page.md:8:"))
    }

    /// The blocks of a page are compiled as one file: a later one may use declarations of an earlier one.
    private func compile(_ page: Page, with compiler: ExampleCompiler) throws {
        let blocks = page.codeBlocks.filter { $0.language == "swift" && $0.source == nil }
        guard !blocks.isEmpty else { return }
        let complaints = try compiler.complaints(about: blocks.map(\.located).joined())
        #expect(complaints == "", "\(page.path)")
    }

    /// Examples in comments are parts of a function, and use names that they do not declare.
    private func compileComments(of source: Page, with compiler: ExampleCompiler) throws {
        let surroundings = """
            import WebSocketCaptures
            import WebSocketDiagnosis
            import WebSocketFrames
            func close(with code: CloseCode) {}
            func use(_ bytes: borrowing MutableSpan<UInt8>, _ range: Range<Int>) {}
            func use(_ payload: Span<UInt8>) {}
            func answer(_ frame: ControlFrame) {}

            """
        let comments = source.lines.map { line in
            let text = line.drop { $0 == " " }
            return text.hasPrefix("/// ") ? String(text.dropFirst(4)) : ""
        }
        for block in CodeBlock.all(in: comments, of: source.path) where block.language == "swift" {
            let example = """
                func example(_ received: inout [UInt8], _ segment: TCPSegment, at packetPosition: PacketPosition) throws {
                \(block.located)}

                """
            let complaints = try compiler.complaints(about: surroundings + example)
            #expect(complaints == "", "\(block.place)")
        }
    }

    @Test func thePagesHaveExamples() throws {
        let pages = try Page.all().filter { $0.codeBlocks.contains { $0.language == "swift" } }.map(\.path)
        #expect(pages.contains("README.md"))
        #expect(pages.count > 5)
    }

    /// A block that is copied from a file has the lines of that file, in order. `// …` stands for lines that are left
    /// out.
    @Test func everyExcerptStandsInItsFile() throws {
        for block in try Page.all().flatMap(\.codeBlocks) {
            guard let source = block.source else { continue }
            var rest = try Page(path: source).lines.map(Self.trimmed)[...]
            for line in block.lines.map(Self.trimmed) where !line.isEmpty && line != "// …" {
                guard let found = rest.firstIndex(of: line) else {
                    Issue.record("\(block.place): \(source) has no such line, or has it elsewhere: \(line)")
                    break
                }
                rest = rest[(found + 1)...]
            }
        }
    }

    private static func trimmed(_ line: String) -> String { line.trimmingCharacters(in: .whitespaces) }
}
