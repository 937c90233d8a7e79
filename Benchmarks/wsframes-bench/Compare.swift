import Foundation

/// What changed between two files of `--json`, and whether that is more than noise.
///
/// A figure has changed if both its time and its ratio have, in the same direction and by more than noise. A machine
/// that is slower today also slows the limit down, and the ratio stays; if other programs only compete for memory,
/// the limits that depend on it suffer, and the parser's time stays. Between two processors only the ratio counts.
enum Compare {
    static func text(old: [Row], new: [Row]) -> String {
        var text = line(["workload", "API", "chunk", "ns/frame", "", "ratio", "", "change", "noise", ""])
        var moved = 0
        var matched = 0
        for after in new {
            guard let before = old.first(where: { $0.isSameFigure(as: after) }) else {
                text += "\(after.workload) \(after.api.rawValue) \(after.chunk): only in the new file\n"
                continue
            }
            matched += 1
            let change = after.ratio / before.ratio - 1
            let noise = Self.noise([before.spread, before.limitSpread, after.spread, after.limitSpread])
            let verdict = Self.verdict(before, after, change: change, noise: noise)
            if !verdict.isEmpty { moved += 1 }
            text += line([
                after.workload, after.api.rawValue, after.chunk == 0 ? "whole" : String(after.chunk),
                before.nsPerFrame.digits(3), "→ " + after.nsPerFrame.digits(3),
                before.ratio.places(2), "→ " + after.ratio.places(2),
                percent(change), "± " + (noise * 100).places(0) + " %",
                verdict,
            ])
        }
        for before in old where !new.contains(where: before.isSameFigure) {
            text += "\(before.workload) \(before.api.rawValue) \(before.chunk): only in the old file\n"
        }
        text +=
            "\nA figure has moved if its ratio to the limit and its time have both changed the same way, each by more than noise:\n"
        text +=
            "the spreads of both runs together (the root of the sum of their squares), and 3 % at least. Between two\n"
        text += "processors the ratio alone counts.\n"
        text += "\n\(moved) of \(matched) figures moved by more than noise"
        if let before = old.first, let after = new.first,
            (before.processor, before.compiler) != (after.processor, after.compiler)
        {
            text += "; mind that one is of \(before.processor), \(before.compiler), "
            text += "the other of \(after.processor), \(after.compiler)"
        }
        return text + "\n"
    }

    private static func verdict(_ before: Row, _ after: Row, change: Double, noise: Double) -> String {
        guard abs(change) > noise else { return "" }
        let speedup = before.nsPerFrame / after.nsPerFrame - 1
        let isSpeedupReal = abs(speedup) > Self.noise([before.spread, after.spread]) && speedup * change > 0
        guard isSpeedupReal || before.processor != after.processor else { return "" }
        return change > 0 ? "faster" : "SLOWER"
    }

    /// Returns by how much two figures may differ by chance: the medians' spreads added up, and never less than 3 %,
    /// by which two runs of the same program differ on a quiet machine.
    private static func noise(_ spreads: [Double]) -> Double {
        max(0.03, spreads.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }

    private static func percent(_ change: Double) -> String {
        (change < 0 ? "−" : "+") + (abs(change) * 100).places(1) + " %"
    }

    private static func line(_ fields: [String]) -> String {
        let widths = [13, 8, 6, 8, 10, 5, 6, 9, 7, 0]
        let isRight = [false, false, true, true, false, true, false, true, true, false]
        let filled = fields.enumerated().map { index, field in field.filled(to: widths[index], right: isRight[index]) }
        return String(filled.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()) + "\n"
    }
}

extension Row {
    fileprivate func isSameFigure(as other: Row) -> Bool {
        workload == other.workload && api == other.api && chunk == other.chunk
    }
}
