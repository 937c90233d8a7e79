import Foundation
import RivalWorkloads
import WebSocketFrames

/// The results as Markdown that is readable as it is.
struct Report {
    let rivals: [any Rival]
    let results: [Race.Result]
    let coverage: Coverage

    var markdown: String {
        """
        # The parser beside others

        Made by `Benchmarks/Rivals/run` on \(Versions.processor); not edited. All on the same bytes, in the same run, in
        pieces of 64 KiB, on one thread and by its own time; the median of several runs. Every answer was checked:
        messages, payload bytes, and their sum where they are unmasked.

        \(legend)
        ## Nanoseconds a frame

        \(table { $0.nanosecondsPerFrame.digits(3) })
        ## Gigabytes a second

        \(table { $0.gigabytesPerSecond.digits(3) })
        ## Rules that are not checked

        Measured, in the way each is used here: more than half of the rule's rejecting fixtures were let pass.

        \(unchecked)
        ## What each refuses

        Every rejecting fixture of the corpus was fed to each. The figures say how many were refused, for whatever
        reason; **bold** where some were let pass. Which rule was named, and where, does not count. Who stops listening
        after a Close lets pass what comes after it. Streams that end with the byte at fault have a line of their own:
        who waits for the rest of the header, or of the payload, lets them pass. Of the legal streams refused, some hold
        compressed bytes that cannot be inflated (Boost.Beast inflates what it reads), some are compressed at all
        (WebSocket++ is built without permessage-deflate here), some declare 2³² bytes or more.

        \(rules)
        """
    }

    private var legend: String {
        rivals.map { "- **\($0.name)**: \($0.summary)\n" }.joined()
    }

    private func table(_ figure: (Race.Result) -> String) -> String {
        var workloads: [String] = []
        for result in results where !workloads.contains(result.workload) { workloads.append(result.workload) }
        return rows(head: "workload") {
            workloads.map { workload in
                (
                    workload,
                    rivals.map { rival in
                        results.first { $0.workload == workload && $0.rival == rival.name }.map(figure) ?? ""
                    }
                )
            }
        }
    }

    private var unchecked: String {
        rivals.enumerated().map { index, rival in
            let rules = coverage.unchecked(by: index).map { "`\($0.name)`" }.joined(separator: ", ")
            return "- **\(rival.name)**: \(rules.isEmpty ? "none" : rules)\n"
        }.joined()
    }

    private var rules: String {
        rows(head: "rule") {
            Rule.allCases.compactMap { rule in
                coverage.shares[rule].map { shares in ("`\(rule.name)`", shares.map { cell($0) }) }
            } + [
                ("judged at the byte at fault", coverage.atOnce.map { cell($0) }),
                (
                    "legal streams refused",
                    coverage.wronglyRefused.map { $0.refused == 0 ? "0/\($0.all)" : "**\($0.refused)/\($0.all)**" }
                ),
            ]
        }
    }

    private func cell(_ share: Coverage.Share) -> String {
        let text = "\(share.refused)/\(share.all)"
        return share.refused == share.all ? text : "**\(text)**"
    }

    /// Returns a table with a column for each rival, with aligned columns.
    private func rows(head: String, _ body: () -> [(String, [String])]) -> String {
        let lines = [[head] + rivals.map(\.name)] + body().map { [$0.0] + $0.1 }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        func line(_ fields: [String]) -> String {
            "| "
                + zip(fields, widths).enumerated().map { index, field in
                    let spaces = String(repeating: " ", count: field.1 - field.0.count)
                    return index == 0 ? field.0 + spaces : spaces + field.0
                }.joined(separator: " | ") + " |\n"
        }
        let rule =
            "|"
            + widths.enumerated().map { index, width in
                String(repeating: "-", count: width + 1) + (index == 0 ? "-" : ":")
            }.joined(separator: "|") + "|\n"
        return line(lines[0]) + rule + lines.dropFirst().map(line).joined()
    }
}

extension Double {
    /// Returns the number with this many significant digits.
    fileprivate func digits(_ count: Int) -> String {
        let magnitude = self > 0 ? Int(log10(self).rounded(.down)) : 0
        return String(format: "%.\(max(0, count - 1 - magnitude))f", self)
    }
}
