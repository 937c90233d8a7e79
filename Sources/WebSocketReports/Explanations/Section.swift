/// A part of an explanation: a heading and the items below it.
struct Section: Sendable {
    enum Item: Sendable {
        case prose(String)
        case bullet(String)
    }

    let heading: String
    let items: [Item]

    /// Returns the heading on its own line, and the items below it.
    func lines(width: Int) -> [StyledLine] {
        guard !items.isEmpty else { return [] }
        let body = items.flatMap { item in
            switch item {
            case .prose(let text): Paragraph.prose(text, width: width - 2)
            case .bullet(let text): Paragraph.bullets([text], width: width - 2)
            }
        }
        return Paragraph.prose(heading, width: width, style: .strong) + body.indented(by: 2)
    }
}

extension [Section] {
    /// Returns the sections one below the other, separated by blank lines.
    func lines(width: Int) -> [StyledLine] {
        let parts = map { $0.lines(width: width) }.filter { !$0.isEmpty }
        return Array<StyledLine>(parts.joined(separator: [StyledLine()]))
    }
}

/// Two explanations in two columns; sections with the same heading begin on the same line.
enum SideBySide {
    /// The number of columns between the two.
    static let gap = 3

    static func lines(_ left: [Section], _ right: [Section], column: Int) -> [StyledLine] {
        var parts: [[StyledLine]] = []
        for index in 0..<max(left.count, right.count) {
            let leftLines = index < left.count ? left[index].lines(width: column) : []
            let rightLines = index < right.count ? right[index].lines(width: column) : []
            let rows = (0..<max(leftLines.count, rightLines.count)).map { row in
                joined(
                    row < leftLines.count ? leftLines[row] : nil, row < rightLines.count ? rightLines[row] : nil,
                    column: column)
            }
            if !rows.isEmpty { parts.append(rows) }
        }
        return Array(parts.joined(separator: [joined(nil, nil, column: column)]))
    }

    private static func joined(_ left: StyledLine?, _ right: StyledLine?, column: Int) -> StyledLine {
        var line = left ?? StyledLine()
        line.pad(to: column + 1)
        line.append("│", .quiet)
        if let right, right.width > 0 {
            line.append(" ")
            line.append(right)
        }
        return line
    }
}
