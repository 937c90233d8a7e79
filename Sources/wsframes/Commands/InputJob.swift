import WebSocketInspection

/// An input that is judged by one thread while others judge other inputs: findings wait here until it is the input's
/// turn.
///
/// One thread calls ``run(until:)``, another one ``next()``.
struct InputJob: Sendable {
    /// The outcome for an input besides its findings.
    struct Outcome: Sendable {
        /// Whether it was begun; false if the run was interrupted before.
        var hasBegun = true
        /// Whether it was not recognised, and is only to be counted.
        var isSkipped = false
        /// What is kept to compare hops.
        var hops = HopLedger.Page()
    }

    /// What has been found since the last call.
    struct Part: Sendable {
        var findings: [Finding] = []
        /// The number of bytes of the input that were judged, and the total.
        var size: UInt64 = 0
        var total: UInt64?
        /// Set in the last part.
        var outcome: Outcome?
    }

    let path: FilePath
    let settings: InspectionSettings
    /// Whether one thread reads the input and another judges its conversations.
    let isSplit: Bool

    private struct State: Sendable {
        var part = Part()
        var weight = 0
        var hasNews = false
    }

    private let state = Monitor(State())

    /// The most that waits for its turn: about this many findings, where each KiB of a message counts as one more. A
    /// thread that has more waits.
    private static let maximumWeight = 8_192
    /// The number of findings that are handed over at once.
    private static let batch = 256

    init(_ path: FilePath, _ settings: InspectionSettings, isSplit: Bool = false) {
        self.path = path
        self.settings = settings
        self.isSplit = isSplit
    }

    /// Waits for findings, or for the end, and takes them, which makes room for more.
    func next() -> Part {
        state.use(when: { $0.hasNews }) { state in
            let part = state.part
            state.part.findings = []
            state.weight = 0
            state.hasNews = false
            return part
        }
    }

    /// Judges the input.
    ///
    /// - Parameter isOver: whether nobody waits for more. What is known by then is handed over.
    func run(until isOver: @escaping @Sendable () -> Bool) {
        // The file is closed before this is reported, since its descriptor may then be reused.
        let outcome = isOver() ? Outcome(hasBegun: false) : judge(until: isOver)
        state.use { state in
            state.part.outcome = outcome
            state.hasNews = true
        }
    }

    private func judge(until isOver: @escaping @Sendable () -> Bool) -> Outcome {
        let hops = HopLedger()
        if isSplit, let isSkipped = judgeSplit(until: isOver, hops) {
            return Outcome(isSkipped: isSkipped, hops: hops.page)
        }
        let file: FileHandle
        do throws(SystemError) {
            file = try FileHandle(path)
        } catch {
            put([.error(.unopened(path, error))])
            return Outcome()
        }
        state.use { $0.part.total = file.size }
        var findings: [Finding] = []
        var inspector = Inspector(settings, source: path.text, hops: hops)
        InputReading.read(file, into: &inspector, until: isOver) { size in
            put(findings, size: size)
            findings = []
        } _: {
            add($0, to: &findings)
        }
        put(findings)
        return Outcome(isSkipped: inspector.isSkipped, hops: hops.page)
    }

    /// Judges the input with an additional thread, which reads it.
    ///
    /// - Returns: whether the input was not recognised; nil if it is to be judged here, because it cannot be opened
    ///   or there is no thread.
    private func judgeSplit(until isOver: @escaping @Sendable () -> Bool, _ hops: HopLedger) -> Bool? {
        let reading = ReadingThread(path, settings)
        guard let file = try? FileHandle(path) else { return nil }
        state.use { $0.part.total = file.size }
        guard reading.start(until: isOver) else { return nil }
        let judge = ConversationJudge(settings, source: path.text, hops: hops)
        var findings: [Finding] = []
        while true {
            var size: UInt64?
            for part in reading.next() {
                judge.judge(part.batch) { add($0, to: &findings) }
                if let isSkipped = part.isSkipped {
                    put(findings)
                    return isSkipped
                }
                size = part.size
            }
            put(findings, size: size)
            findings = []
        }
    }

    private func add(_ finding: Finding, to findings: inout [Finding]) {
        findings.append(finding)
        guard findings.count >= Self.batch || finding.weight > Self.batch else { return }
        put(findings)
        findings = []
    }

    private func put(_ findings: [Finding], size: UInt64? = nil) {
        let weight = findings.reduce(0) { $0 + $1.weight }
        state.use(when: { findings.isEmpty || $0.weight < Self.maximumWeight }) { state in
            state.part.findings += findings
            state.part.size = size ?? state.part.size
            state.weight += weight
            state.hasNews = true
        }
    }
}

extension Finding {
    /// The approximate size: 1 for something small.
    fileprivate var weight: Int {
        if case .message(let message) = self { 1 + message.bytes.count / 1024 } else { 1 }
    }
}

extension InputError {
    /// Creates the error for a file that the system does not open.
    static func unopened(_ path: FilePath, _ error: SystemError) -> InputError {
        InputError(source: path.text, message: "cannot be opened: \(error.message)")
    }
}
