import WebSocketInspection

/// The line that sums up all inputs.
enum ClosingLine {
    static func line(for totals: Totals) -> StyledLine {
        var line = StyledLine(Numbers.count(totals.judgedStreams, "stream") + " judged, ")
        if totals.violations == 0 {
            line.append("no violation", totals.judgedStreams == 0 ? .plain : .good)
        } else {
            line.append(Numbers.count(totals.violations, "violation"), .fault)
        }
        if totals.notices > 0 {
            line.append(", ")
            line.append(Numbers.count(totals.notices, "notice"), .doubt)
        }
        if totals.errors > 0 {
            line.append(", ")
            line.append(Numbers.count(totals.errors, "input") + " not read", .fault)
        }
        return line
    }
}
