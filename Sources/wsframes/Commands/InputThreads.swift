/// Threads that judge several inputs at once; their findings are taken in the order in which the inputs were added.
///
/// There are at most `maximumWaiting` inputs for each thread, each of which keeps what `InputJob` allows: memory is
/// bounded whatever is in a folder.
final class InputThreads {
    private struct Work: Sendable {
        var jobs: ArraySlice<InputJob> = []
        var isOver = false
    }

    private static let maximumWaiting = 4

    let limit: Int
    private let work = Monitor(Work())
    private let isInterrupted: @Sendable () -> Bool
    private var started = 0
    /// The inputs that were added and not yet taken, in order.
    private var waiting: ArraySlice<InputJob> = []

    /// - Parameters:
    ///   - most: the most threads that are started.
    ///   - isInterrupted: whether the inputs in progress are to end where they are.
    init(limit: Int, isInterrupted: @escaping @Sendable () -> Bool) {
        self.limit = limit
        self.isInterrupted = isInterrupted
    }

    deinit { work.use { $0.isOver = true } }

    /// Adds an input to be judged.
    ///
    /// - Returns: false if no thread is available.
    func add(_ job: InputJob) -> Bool {
        if started < limit, start() { started += 1 }
        guard started > 0 else { return false }
        waiting.append(job)
        work.use { $0.jobs.append(job) }
        return true
    }

    /// Whether something has to be taken before more is added.
    var isFull: Bool { waiting.count >= limit * Self.maximumWaiting }

    /// Removes and returns the first input that has not been taken: its findings arrive until its outcome does.
    func takeFirst() -> InputJob? { waiting.popFirst() }

    /// Tells the threads that nobody waits for findings any more.
    func abandon() { work.use { $0.isOver = true } }

    private func start() -> Bool {
        let work = work
        let isInterrupted = isInterrupted
        return System.startThread {
            while true {
                let job = work.use(when: { $0.isOver || !$0.jobs.isEmpty }) { $0.jobs.popFirst() }
                guard let job else { return }
                job.run { isInterrupted() || work.use(\.isOver) }
            }
        }
    }
}
