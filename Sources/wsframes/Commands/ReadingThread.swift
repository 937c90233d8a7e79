import WebSocketInspection

/// A thread that reads one capture and reassembles its connections, while another one judges their contents.
///
/// At most ``maximumWaiting`` batches of about 128 KiB wait to be judged, and as many are in hand.
struct ReadingThread: Sendable {
    /// What was read next.
    struct Part: Sendable {
        var batch = ConversationBatch()
        /// The number of bytes of the input that were read.
        var size: UInt64 = 0
        /// Set in the last part: whether the input was not recognised.
        var isSkipped: Bool?
    }

    private static let maximumWaiting = 4

    private let path: FilePath
    private let settings: InspectionSettings
    private let waiting = Monitor<[Part]>([])

    init(_ path: FilePath, _ settings: InspectionSettings) {
        self.path = path
        self.settings = settings
    }

    /// Starts to read.
    ///
    /// - Parameter isOver: whether nobody needs more.
    /// - Returns: false if the system has no thread available.
    func start(until isOver: @escaping @Sendable () -> Bool) -> Bool {
        let (path, settings, waiting) = (path, settings, waiting)
        return System.startThread {
            Self.read(path, settings, until: isOver) { part in
                waiting.use(when: { $0.count < Self.maximumWaiting }) { $0.append(part) }
            }
        }
    }

    /// Waits for what was read next, and takes all of it, so the threads wake each other only once for several
    /// batches.
    func next() -> [Part] {
        waiting.use(when: { !$0.isEmpty }) { waiting in
            defer { waiting = [] }
            return waiting
        }
    }

    private static func read(
        _ path: FilePath, _ settings: InspectionSettings, until isOver: () -> Bool,
        _ put: @escaping (Part) -> Void
    ) {
        let recorder = ConversationRecorder()
        var isSkipped = false
        do throws(SystemError) {
            let file = try FileHandle(path)
            var inspector = Inspector(settings, source: path.text, recorder: recorder)
            var size: UInt64 = 0
            func putFullBatch() {
                guard recorder.isFull else { return }
                put(Part(batch: recorder.takeBatch(), size: size))
            }
            InputReading.read(file, into: &inspector, until: isOver) {
                size = $0
                putFullBatch()
            } _: {
                // A finding about the input itself follows what was recorded.
                recorder.add($0)
                putFullBatch()
            }
            isSkipped = inspector.isSkipped
        } catch {
            recorder.add(.error(.unopened(path, error)))
        }
        put(Part(batch: recorder.takeBatch(), isSkipped: isSkipped))
    }
}
