import WebSocketProbe

extension ProbeReport {
    /// Returns the report for people.
    ///
    /// - Parameter width: the number of columns of the terminal.
    public func text(usesColor: Bool, width: Int) -> String {
        var lines: [StyledLine] = []
        for group in groups { lines += block(group, width) }
        lines += table(width)
        for (reason, count) in skipped { lines.append(StyledLine("\(count) skipped: \(reason)", .quiet)) }
        let isFine = results.allSatisfy(\.outcome.isFine)
        var last = StyledLine("\(Escaping.visible(target)): ", .strong)
        last.append(verdict, isFine ? .good : .fault)
        lines.append(last)
        return lines.text(usesColor: usesColor)
    }

    /// The most of the other cases of a group that are named.
    private static let maximumNamed = 12

    private func block(_ group: Group, _ width: Int) -> [StyledLine] {
        let result = group.first
        let (sentence, section) = Self.demand(of: result.probe)
        var lines = [StyledLine(group.title, group.outcome.isFine ? .strong : .fault)]
        var facts = [("rule", "“\(sentence)” (\(section))"), ("asked", result.probe.title)]
        if result.probe.rule == nil { facts = [("asked", "\(sentence) (\(section))")] }
        facts.append(("answer", Escaping.visible(result.detail)))
        if !result.sent.isEmpty { facts.append(("sent", Self.hex(result.sent, most: (width - 30) / 3))) }
        if !result.received.isEmpty { facts.append(("got", Self.hex(result.received, most: (width - 30) / 3))) }
        facts.append(("again", command(for: result)))
        let others = group.others
        if !others.isEmpty {
            let left = others.count - Self.maximumNamed
            let named = others.prefix(Self.maximumNamed).joined(separator: ", ")
            facts.append(("also", named + (left > 0 ? " and \(left) more" : "")))
        }
        let column = 10
        for (name, text) in facts {
            // A command is kept on one line, to be copied.
            let parts = name == "again" ? [text] : Columns.wrapped(text, width: width - column)
            for (index, part) in parts.enumerated() {
                var line = StyledLine(index == 0 ? "  " + name : "", .quiet)
                line.pad(to: column)
                line.append(part)
                lines.append(line)
            }
        }
        return lines + [StyledLine()]
    }

    private func table(_ width: Int) -> [StyledLine] {
        let sections = sections
        let used = Self.columns.filter { column in sections.contains { $0.counts[column] != nil } }
        let first = (sections.map(\.name.count).max() ?? 0) + 1
        var head = StyledLine("", .quiet)
        head.pad(to: first)
        for column in used { head.append("  " + column, .quiet) }
        var lines = [head]
        for section in sections {
            var line = StyledLine(section.name)
            line.pad(to: first)
            for column in used {
                let count = section.counts[column].map(String.init) ?? "·"
                line.append(Columns.spaces(2 + column.count - count.count))
                let isFine = ["strict", "late", "differs", "skipped"].contains(column)
                line.append(count, count == "·" ? .quiet : isFine ? .plain : .fault)
            }
            lines.append(line)
        }
        return lines + [StyledLine()]
    }
}
