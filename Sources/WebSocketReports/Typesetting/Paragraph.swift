/// Prose, laid out in lines.
enum Paragraph {
    /// Returns lines of at most `width` columns.
    static func prose(_ text: String, width: Int, style: Style = .plain) -> [StyledLine] {
        Columns.wrapped(text, width: width).map { StyledLine($0, style) }
    }

    /// Returns a line that begins with some words in their own style; what does not fit goes below, indented by two
    /// columns.
    static func headed(_ head: String, _ style: Style, space: Int = 2, rest: String, width: Int) -> [StyledLine] {
        labelled(StyledLine(head, style), column: Columns.count(in: head) + space, hanging: 2, rest, width: width)
    }

    /// Returns text beside a label; what does not fit on the first line goes below the text.
    static func beside(_ label: String, column: Int, _ text: String, width: Int) -> [StyledLine] {
        labelled(StyledLine(label, .strong), column: column, hanging: column, text, width: width)
    }

    /// Returns a list with a bullet before each item.
    static func bullets(_ items: [String], width: Int) -> [StyledLine] {
        items.flatMap { labelled(StyledLine("·", .quiet), column: 2, hanging: 2, $0, width: width) }
    }

    /// Returns lines beside a label.
    static func beside(_ label: String, column: Int, _ lines: [StyledLine]) -> [StyledLine] {
        lines.enumerated().map { index, line in
            var labelled = StyledLine(index == 0 ? label : "", .strong)
            labelled.pad(to: column)
            labelled.append(line)
            return labelled
        }
    }

    private static func labelled(
        _ label: StyledLine, column: Int, hanging: Int, _ text: String, width: Int
    ) -> [StyledLine] {
        let texts = Columns.wrapped(text, width: width - hanging, firstWidth: width - column)
        return texts.enumerated().map { index, text in
            var line = index == 0 ? label : StyledLine()
            line.pad(to: index == 0 ? column : hanging)
            line.append(text)
            return line
        }
    }
}
