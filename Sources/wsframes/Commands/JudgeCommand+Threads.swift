import WebSocketInspection
import WebSocketReports

extension JudgeCommand {
    /// The size in bytes from which on a single file is read by one thread and judged by another: 16 MiB.
    private static let minimumToSplit: UInt64 = 16 << 20

    /// Returns the threads that the user wants; nil if a second one would have nothing to do, or not be worth it.
    static func threads(_ arguments: ParsedArguments, _ console: Console) throws(UsageError) -> InputThreads? {
        let limit = arguments.number("--jobs").map { Int(clamping: $0) } ?? System.processorCount
        guard limit > 0 else {
            throw UsageError(message: "--jobs takes 1 or more", hint: "leave it out to use every processor")
        }
        let mayBeMany = arguments.operands.count > 1 || arguments.operands.contains { System.kind(of: $0) == .folder }
        guard limit > 1, !arguments.has("--join"), mayBeMany || isLarge(arguments.operands.first) else { return nil }
        return InputThreads(limit: mayBeMany ? limit : 1, isInterrupted: console.isInterrupted)
    }

    private static func isLarge(_ path: FilePath?) -> Bool {
        guard let path, System.kind(of: path) == .file, let file = try? FileHandle(path) else { return false }
        return (file.size ?? 0) >= minimumToSplit
    }

    /// Starts to judge a file beside others, or, if it is the only one, while it is being read.
    ///
    /// - Returns: false if it has to be judged here: it may not end, or no thread is available.
    mutating func judgeBeside(_ path: FilePath, _ settings: InspectionSettings) -> Bool {
        guard let threads, System.kind(of: path) == .file,
            threads.add(InputJob(path, settings, isSplit: threads.limit == 1))
        else { return false }
        while threads.isFull { takeFirst() }
        return true
    }

    /// Reports the findings of all inputs in progress.
    mutating func takeAll() { while takeFirst() {} }

    /// Reports the findings of the first of them.
    @discardableResult
    private mutating func takeFirst() -> Bool {
        guard let job = threads?.takeFirst() else { return false }
        var progress = Progress(of: nil, named: job.path.text, console)
        var outcome: InputJob.Outcome?
        while outcome == nil {
            let part = job.next()
            outcome = part.outcome
            progress.total = part.total
            if !part.findings.isEmpty { progress.clear() }
            for finding in part.findings where !console.isClosed { give(finding) }
            if outcome == nil { progress.show(part.size) }
            if console.isClosed { threads?.abandon() }
        }
        progress.clear()
        guard let outcome, outcome.hasBegun else { return true }
        totals.inputs += 1
        end(isSkipped: outcome.isSkipped, outcome.hops)
        console.flush()
        return true
    }
}
