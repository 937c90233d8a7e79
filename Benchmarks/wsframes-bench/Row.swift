import BenchmarkWorkloads
import Foundation

/// One figure: a workload at an API, read in pieces of one size, beside its limit. It is also a line of `--json` and
/// of the files under `Records/`: keys may be added, but are never renamed.
struct Row: Codable {
    let workload: String
    let api: API
    /// The read size in bytes; 0 for the whole stream at once. If reads contain whole frames, the average size.
    let chunk: Int
    /// The median.
    let nsPerFrame: Double
    let gigabytesPerSecond: Double
    let limit: Limit
    let limitGigabytesPerSecond: Double
    /// The parser's speed relative to the limit's: 1.0 is the limit.
    let ratio: Double
    /// The ratio that is aimed at for the whole stream at once.
    let goal: Double?
    /// The range of the middle half of the runs, as a share of the median.
    let spread: Double
    let limitSpread: Double
    let runs: Int
    /// Outside the kernel, the least of all runs; nil if the machine does not count them, and in older files.
    let instructionsPerFrame: Double?
    let frames: UInt64
    let bytes: Int
    let processor: String
    let compiler: String

    init(
        kind: WorkloadKind, feeding: Feeding, workload: Workload, times: Sample, limitTimes: Sample,
        instructions: Int64?
    ) {
        let goal = Goal(kind, feeding.api)
        let size = Double(workload.bytes.count)
        self.workload = workload.name
        api = feeding.api
        chunk = workload.reads.isEmpty ? feeding.chunk : workload.bytes.count / workload.reads.count
        nsPerFrame = times.median / Double(workload.account.frames)
        gigabytesPerSecond = size / times.median
        limit = goal.limit
        limitGigabytesPerSecond = size / limitTimes.median
        ratio = limitTimes.median / times.median
        self.goal = feeding.chunk == 0 ? goal.ratio : nil
        spread = times.spread
        limitSpread = limitTimes.spread
        runs = times.count
        instructionsPerFrame = instructions.map { Double($0) / Double(workload.account.frames) }
        frames = workload.account.frames
        bytes = workload.bytes.count
        processor = Machine.processor
        compiler = Machine.swift
    }

    /// The row as one line of JSON, its keys always in the same order.
    var json: String {
        var line = "{\"workload\":\"\(workload)\",\"api\":\"\(api.rawValue)\",\"chunk\":\(chunk)"
        line += ",\"nsPerFrame\":\(nsPerFrame.digits(4)),\"gigabytesPerSecond\":\(gigabytesPerSecond.digits(4))"
        line += ",\"limit\":\"\(limit.rawValue)\",\"limitGigabytesPerSecond\":\(limitGigabytesPerSecond.digits(4))"
        line += ",\"ratio\":\(ratio.digits(3))"
        if let goal { line += ",\"goal\":\(goal.digits(3))" }
        line += ",\"spread\":\(spread.digits(2)),\"limitSpread\":\(limitSpread.digits(2)),\"runs\":\(runs)"
        if let instructionsPerFrame { line += ",\"instructionsPerFrame\":\(instructionsPerFrame.digits(4))" }
        line += ",\"frames\":\(frames),\"bytes\":\(bytes)"
        // The names of processors and compilers contain no characters that JSON has to escape except these two.
        let processor = processor.replacingOccurrences(of: "\\", with: "\\\\")
            .replacingOccurrences(of: "\"", with: "\\\"")
        return line + ",\"processor\":\"\(processor)\",\"compiler\":\"\(compiler)\"}"
    }

    /// Reads the rows of a file that `--json` wrote.
    static func load(_ path: String) throws(UnusableFile) -> [Row] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw UnusableFile(description: "\(path): cannot be read")
        }
        var rows: [Row] = []
        for (number, line) in text.split(separator: "\n").enumerated() {
            // Older files say `door`.
            let line = line.replacingOccurrences(of: "\"door\":", with: "\"api\":")
            guard let row = try? JSONDecoder().decode(Row.self, from: Data(line.utf8)) else {
                throw UnusableFile(description: "\(path): line \(number + 1) is not a row of wsframes-bench --json")
            }
            rows.append(row)
        }
        return rows
    }
}

/// A file that cannot be read or written, or is not what it should be.
struct UnusableFile: Error, CustomStringConvertible {
    let description: String
}

extension Double {
    /// Returns the number with this many significant digits, in plain decimal notation.
    func digits(_ count: Int) -> String {
        guard isFinite, self != 0 else { return "0" }
        let magnitude = Int(log10(abs(self)).rounded(.down))
        return places(max(0, count - 1 - magnitude))
    }

    /// Returns the number with this many digits after the decimal point.
    func places(_ count: Int) -> String {
        String(format: "%.\(count)f", self)
    }
}
