/// A fenced code block.
struct CodeBlock {
    /// The word after the opening fence; empty if there is none.
    let language: String
    let lines: [String]
    /// The path of the page.
    let page: String
    /// The number of the block's first line in the page, from 1.
    let line: Int
    /// The file that the block is copied from, if any, which a comment in the line before the block names:
    /// `<!-- From PATH -->`.
    let source: String?

    var text: String { lines.map { $0 + "\n" }.joined() }
    var place: String { "\(page):\(line)" }

    static func all(in lines: [String], of page: String) -> [CodeBlock] {
        var blocks: [CodeBlock] = []
        var start: Int?
        for (index, line) in lines.enumerated() where line.hasPrefix("```") {
            guard let opening = start else {
                start = index
                continue
            }
            let before = lines[..<opening].last { !$0.allSatisfy(\.isWhitespace) } ?? ""
            blocks.append(
                CodeBlock(
                    language: String(lines[opening].dropFirst(3)), lines: Array(lines[(opening + 1)..<index]),
                    page: page, line: opening + 2,
                    source: before.wholeMatch(of: /<!-- From (\S+) -->/).map { String($0.1) }))
            start = nil
        }
        return blocks
    }
}
