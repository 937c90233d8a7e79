import Foundation

/// The figures for people: one line each, with the ratio as a bar.
enum Table {
    /// The number of cells of the bar that stand for 1.0, the limit.
    private static let cellsToLimit = 16

    /// Returns the lines above the figures.
    ///
    /// - Parameter isQuick: whether the workloads are too small for their figures to mean anything.
    static func head(isQuick: Bool) -> String {
        var head = "\(Machine.processor) · \(Machine.swift)"
        head += " · limits with \(Limit.registers)\n"
        if Machine.isDebugBuild { head += "A debug build: the answers are checked, the figures say nothing.\n" }
        if isQuick { head += "A quick run: the answers are checked, the figures say little.\n" }
        if let busyWarning { head += busyWarning }
        return head + "\n" + columns + "\n"
    }

    /// The lines below the figures: what the columns mean.
    static let legend = """
        chunk   bytes a read: whole is the stream at once; the others are fed in pieces of so many bytes
        ±       from the first quartile of the runs to the third, relative to the median
        limit   what no parser can beat on the same bytes, measured in the same run: hop jumps from header to header, load
                loads every byte, xor loads, XORs and stores each in place, memcpy copies them in the fastest of three
                ways: the C library's, the processor's, and past the caches
        ratio   speed over the limit's speed: 1.00 is the limit; the bar has its stroke there
        goal    ≥ a ratio; or how much longer a frame may take than with the whole stream at once: +31 % ≤ 40 % takes 31 %
                longer, and may take 40 %

        """

    /// A warning if other programs need the processors as well: figures and limits suffer, and not equally.
    static var busyWarning: String? {
        guard let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8),
            let load = text.split(separator: " ").first.flatMap({ Double($0) })
        else { return nil }
        let count = ProcessInfo.processInfo.activeProcessorCount
        guard load > Double(count) / 2 else { return nil }
        return
            "The machine is busy: a load of \(load.places(1)) on \(count) processors. Figures are slower, and vary more, "
            + "than on a quiet one.\n"
    }

    private static let columns = line([
        "workload", "API", "chunk", "ns/frame", "GB/s", "±", "limit", "GB/s", "ratio",
        "0".filled(to: cellsToLimit) + "1", "goal",
    ])

    /// - Parameter whole: the same workload and API, with the whole stream at once.
    static func line(_ row: Row, whole: Row?) -> String {
        line([
            row.workload, row.api.rawValue, row.chunk == 0 ? "whole" : String(row.chunk),
            row.nsPerFrame.digits(3), row.gigabytesPerSecond.digits(3), (row.spread * 100).places(0) + " %",
            row.limit.rawValue, row.limitGigabytesPerSecond.digits(3), row.ratio.places(2), bar(row.ratio),
            goal(row, whole: whole),
        ])
    }

    private static func line(_ fields: [String]) -> String {
        let widths = [16, 10, 6, 9, 6, 4, 6, 6, 5, cellsToLimit * 2 + 1, 0]
        let isRight = [false, false, true, true, true, true, false, true, true, false, false]
        let filled = fields.enumerated().map { index, field in field.filled(to: widths[index], right: isRight[index]) }
        return String(filled.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()) + "\n"
    }

    /// Returns a bar in eighths of a cell, with a mark at the limit.
    private static func bar(_ ratio: Double) -> String {
        let eighths = Int((min(max(ratio, 0), 2) * Double(cellsToLimit) * 8).rounded())
        var cells = [Character](repeating: "█", count: eighths / 8)
        if eighths % 8 > 0, cells.count < cellsToLimit * 2 { cells.append(Array("▏▎▍▌▋▊▉")[eighths % 8 - 1]) }
        while cells.count <= cellsToLimit { cells.append(" ") }
        if cells[cellsToLimit] == " " { cells[cellsToLimit] = "│" }
        return String(cells)
    }

    private static func goal(_ row: Row, whole: Row?) -> String {
        if let goal = row.goal { return "≥ \(goal.places(2))".filled(to: 17) + verdict(row.ratio >= goal) }
        guard let whole, let allowed = Goal.allowedCost(ofChunk: row.chunk) else { return "" }
        let cost = row.nsPerFrame / whole.nsPerFrame - 1
        let text = "\(cost < 0 ? "−" : "+")\((abs(cost) * 100).places(0)) % ≤ \((allowed * 100).places(0)) %"
        return text.filled(to: 17) + verdict(cost <= allowed)
    }

    private static func verdict(_ isMet: Bool) -> String {
        let text = isMet ? "met" : "not met"
        return usesColor ? "\u{1B}[\(isMet ? 32 : 33)m\(text)\u{1B}[0m" : text
    }

    private static let usesColor: Bool = {
        let environment = ProcessInfo.processInfo.environment
        return isatty(1) == 1 && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }()
}

extension String {
    /// Returns the text padded with spaces, after or before it, to this many characters.
    func filled(to width: Int, right: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, width - count))
        return right ? spaces + self : self + spaces
    }
}
