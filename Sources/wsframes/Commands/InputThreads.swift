/// Threads that judge inputs, several at once; what they find is taken in the order in which the inputs were added.
///
/// There are at most as many inputs in hand as `mostWaiting` for each thread, and each of them keeps what `InputJob` allows:
/// whatever is in a folder, memory is bounded.
final class InputThreads {
    private struct Work: Sendable {
        var jobs: ArraySlice<InputJob> = []
        var isOver = false
    }

    private static let mostWaiting = 4

    let most: Int
    private let work = Monitor(Work())
    private let isInterrupted: @Sendable () -> Bool
    private var started = 0
    /// Added, and not taken yet, in their order.
    private var waiting: ArraySlice<InputJob> = []

    /// - Parameters:
    ///   - most: no more threads are started.
    ///   - isInterrupted: what is in hand is to end where it is.
    init(most: Int, isInterrupted: @escaping @Sendable () -> Bool) {
        self.most = most
        self.isInterrupted = isInterrupted
    }

    deinit { work.use { $0.isOver = true } }

    /// The next input is to be judged.
    ///
    /// - Returns: false if there is no thread that could.
    func add(_ job: InputJob) -> Bool {
        if started < most, start() { started += 1 }
        guard started > 0 else { return false }
        waiting.append(job)
        work.use { $0.jobs.append(job) }
        return true
    }

    /// Something is to be taken before more is added.
    var isFull: Bool { waiting.count >= most * Self.mostWaiting }

    /// The first input that has not been taken: its findings come until its outcome does.
    func takeFirst() -> InputJob? { waiting.popFirst() }

    /// Nobody waits for findings any more.
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
