import WebSocketCaptures
import WebSocketInspection

/// The conversations of all captures, those with trouble first: one line each if there is room, and below it what is
/// wrong.
struct ConversationList {
    /// The most conversations listed, both of those with trouble and of those without. The others are counted.
    static let maximumRows = 2_000
    /// The number of lines of a usual terminal.
    private static let screen = 24
    private static let maximumReminders = 12

    private var rows: [Row] = []
    /// The row of each conversation, by its input and its number.
    private var places: [String: [Int: Int]] = [:]
    private var shown: [Bool: Int] = [:]
    private var leftOut: [Bool: UInt64] = [:]

    private struct Row {
        let source: String
        let number: String
        var verdict: ConversationVerdict
        let cells: [String]
        let trouble: String
        var hopsCount: UInt64 = 0

        /// What is wrong, and what the other hop shows.
        var inWords: String {
            guard hopsCount > 0 else { return trouble }
            let name = NoticeKind.hopsDiffer.name
            let hops = hopsCount == 1 ? "notice \(name)" : "notices \(name) (\(Numbers.grouped(hopsCount)) in all)"
            return trouble.isEmpty ? hops : "\(trouble); \(hops)"
        }
    }

    private static let titles = ["client → server", "target", "frames", "messages", "lasted", "ended"]
    private static let isRight = [false, false, true, true, true, false]
    private static let peers = 0
    private static let target = 1
    private static let ended = titles.count - 1
    /// The columns to drop, in order, if there is no room for all: each of them is in the conversation's own lines,
    /// too.
    private static let dispensable = [3, 4, 2]

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ tally: ConversationTally) {
        let verdict = tally.verdict
        let isTrouble = verdict.isTrouble
        guard shown[isTrouble, default: 0] < Self.maximumRows else {
            leftOut[isTrouble, default: 0] &+= 1
            return
        }
        shown[isTrouble, default: 0] += 1
        places[tally.source, default: [:]][tally.number] = rows.count
        rows.append(
            Row(
                source: tally.source, number: String(tally.number), verdict: verdict,
                cells: [
                    tally.peers, tally.target, Numbers.grouped(tally.frames), Numbers.grouped(tally.messages),
                    tally.duration, tally.end,
                ],
                trouble: tally.trouble))
    }

    /// Adds what both hops of a proxy show, which is known when all conversations have been listed.
    mutating func add(_ hops: HopsFinding) {
        for notice in hops.notices {
            guard let place = notice.origin.connection.flatMap({ places[notice.origin.source]?[$0] }) else { continue }
            rows[place].verdict = rows[place].verdict.withNotice
            rows[place].hopsCount &+= 1
        }
    }

    func lines(width: Int) -> [StyledLine] {
        let trouble = rows.filter(\.verdict.isTrouble)
        let sorted =
            ConversationVerdict.allCases.flatMap { verdict in trouble.filter { $0.verdict == verdict } }
            + rows.filter { !$0.verdict.isTrouble }
        guard let first = sorted.first else { return [] }
        let namesSources = rows.contains { $0.source != first.source }
        let numberWidth = max(rows.map(\.number.count).max() ?? 1, 2)
        let layout = Layout(rows.map(\.cells), room: width - ReportLabel.width - numberWidth - 2)
        let indentation = ReportLabel.width + numberWidth + 2

        var lines: [StyledLine] = []
        if let layout {
            var title = StyledLine(Columns.spaces(ReportLabel.width + numberWidth - 1) + "#", .quiet)
            title.pad(to: indentation)
            title.append(layout.line(Self.titles), .quiet)
            lines.append(title)
        }
        var source: String?
        for row in sorted {
            if namesSources, row.source != source {
                lines += Paragraph.prose(OriginText.source(row.source), width: width, style: .strong)
                source = row.source
            }
            var line = StyledLine(row.verdict.label, row.verdict.style)
            line.pad(to: indentation - 2 - row.number.count)
            line.append(row.number, .strong)
            line.pad(to: indentation)
            if let layout {
                line.append(layout.line(row.cells))
                lines.append(line)
            } else {
                lines += Self.narrow(
                    line, row.cells, isShort: !row.verdict.isTrouble, indentation: indentation, width: width)
            }
            if !row.inWords.isEmpty {
                lines += Paragraph.prose(row.inWords, width: width - indentation, style: .quiet).indented(
                    by: indentation)
            }
        }
        return lines + more(width)
            + reminder(trouble.filter { $0.verdict == .broken }, sorted.count, namesSources, width)
    }

    /// Returns lines that name the broken conversations again at the end of a list that is longer than a screen.
    private func reminder(_ broken: [Row], _ count: Int, _ namesSources: Bool, _ width: Int) -> [StyledLine] {
        guard !broken.isEmpty, !namesSources, count - broken.count > Self.screen else { return [] }
        let numbers = broken.prefix(Self.maximumReminders).map(\.number).joined(separator: ", ")
        let more = broken.count - Self.maximumReminders
        let text = (broken.count == 1 ? "broken: conversation " : "broken: conversations ") + numbers
        return Paragraph.prose(
            text + (more > 0 ? " and \(more) more" : "")
                + ", at the top of the list; --only violations shows no others",
            width: width, style: .quiet)
    }

    /// Returns lines for when there is no room for columns: the peers on one line, everything else below. One line is
    /// enough for a conversation without findings.
    private static func narrow(
        _ start: StyledLine, _ cells: [String], isShort: Bool, indentation: Int, width: Int
    ) -> [StyledLine] {
        if isShort {
            var line = start
            line.append([peers, ended, target].map { cells[$0] }.filter { !$0.isEmpty }.joined(separator: "  "))
            return [line.cut(to: width)]
        }
        var clauses: [String] = []
        for (index, cell) in cells.enumerated() where index != peers && !cell.isEmpty {
            switch titles[index] {
            case "frames": clauses.append(cell + (cell == "1" ? " frame" : " frames"))
            case "messages": clauses.append(cell + (cell == "1" ? " message" : " messages"))
            default: clauses.append(cell)
            }
        }
        let texts =
            Columns.wrapped(cells[peers], width: width - indentation)
            + Columns.wrapped(clauses.joined(separator: ", "), width: width - indentation)
        return texts.filter { !$0.isEmpty }.enumerated().map { index, text in
            var line = index == 0 ? start : StyledLine()
            line.pad(to: indentation)
            line.append(text)
            return line
        }
    }

    private func more(_ width: Int) -> [StyledLine] {
        let parts = [(true, "with trouble"), (false, "without")].compactMap { isTrouble, what in
            leftOut[isTrouble].map { "\(Numbers.count($0, "more conversation")) \(what)" }
        }
        guard !parts.isEmpty else { return [] }
        return Paragraph.prose("and " + parts.joined(separator: ", "), width: width, style: .quiet)
    }

    /// The widths of the columns.
    private struct Layout {
        private static let gap = 2
        /// The narrowest width that a target is cut to.
        private static let minimumTarget = 8

        private var widths: [Int]

        /// Nil if a line of the table does not fit, whatever is left out.
        init?(_ rows: [[String]], room: Int) {
            widths = titles.indices.map { column in
                let isEmpty = rows.allSatisfy { $0[column].isEmpty }
                return isEmpty
                    ? 0 : max(Columns.count(in: titles[column]), rows.map { Columns.count(in: $0[column]) }.max() ?? 0)
            }
            for column in dispensable where minimumWidth > room { widths[column] = 0 }
            guard minimumWidth <= room else { return nil }
            widths[target] -= max(used - room, 0)
        }

        private var used: Int { widths.filter { $0 > 0 }.reduce(0) { $0 + $1 + Self.gap } - Self.gap }

        private var minimumWidth: Int { used - max(widths[target] - Self.minimumTarget, 0) }

        func line(_ cells: [String]) -> String {
            var text = ""
            for (column, cell) in cells.enumerated() where widths[column] > 0 {
                if !text.isEmpty { text += Columns.spaces(Layout.gap) }
                let cell = Columns.cut(cell, to: widths[column])
                let space = Columns.spaces(widths[column] - Columns.count(in: cell))
                text += isRight[column] ? space + cell : cell + space
            }
            while text.last == " " { text.removeLast() }
            return text
        }
    }
}

extension ConversationVerdict {
    fileprivate var style: Style {
        switch self {
        case .broken: .fault
        case .cutOff, .doubtful, .refused, .unread: .doubt
        case .empty: .plain
        case .clean: .good
        }
    }
}
