import WebSocketCaptures
import WebSocketFrames

/// Events of an input's conversations with their bytes, and findings that were already made, recorded in order so that
/// they can be judged together, perhaps by another thread.
///
/// Pass the batches of an input to one ``ConversationJudge``, in order.
public struct ConversationBatch: Sendable {
    enum Item: Sendable {
        /// The next bytes that an endpoint of the conversation sent, while nothing else happened: by far the most frequent
        /// item.
        case bytes(Int, Endpoint, Range<Int>)
        /// Anything else that happens in the conversation. It is large, so it is stored indirectly.
        indirect case event(Int, ConversationEvent)
        /// The input has ended with that packet.
        case end(PacketPosition?)
        indirect case finding(Finding)
    }

    fileprivate private(set) var items: [Item] = []
    fileprivate private(set) var pieces: [StreamPiece] = []
    fileprivate private(set) var bytes: [UInt8] = []
    /// Whose the last pieces are, and the first of them, as long as there is no item of them.
    private var run: (index: Int, sender: Endpoint, first: Int)?
    /// Bytes of the messages among the findings.
    private var messageSize = 0
    /// How many conversations have begun, in this batch and those before it.
    fileprivate(set) var count = 0

    /// Creates an empty batch.
    public init() {}

    /// About how much memory it takes, in bytes.
    public var size: Int {
        bytes.count + messageSize + pieces.count * MemoryLayout<StreamPiece>.stride
            + items.count * MemoryLayout<Item>.stride
    }
    /// It holds about as much as one read of a file gives, and is to be judged.
    public var isFull: Bool { size >= 3 << 15 }

    /// Adds the next event of a conversation, and has the batch judged if it is full.
    ///
    /// - Parameter judge: nil if somebody else judges it.
    @inline(__always)
    mutating func add(
        _ index: Int, _ event: ConversationEvent, _ bytes: Span<UInt8>, for judge: ConversationJudge?,
        _ visit: (Finding) -> Void
    ) {
        if case .bytes(let sender, let packetPosition) = event {
            add(bytes, of: index, from: sender, at: packetPosition)
        } else {
            if case .opened = event { count = max(count, index + 1) }
            add(.event(index, event))
        }
        if let judge, isFull { hand(to: judge, visit) }
    }

    mutating func add(_ item: Item) {
        endRun()
        if case .finding(.message(let message)) = item { messageSize += message.bytes.count }
        items.append(item)
    }

    private mutating func add(
        _ part: Span<UInt8>, of index: Int, from sender: Endpoint, at packetPosition: PacketPosition?
    ) {
        if bytes.capacity == 0 { bytes.reserveCapacity(Self.usualSize) }
        let start = bytes.count
        bytes.append(part)
        if run?.index != index || run?.sender != sender {
            endRun()
            run = (index, sender, pieces.count)
        }
        pieces.append(StreamPiece(range: start..<bytes.count, packetPosition: packetPosition))
    }

    fileprivate mutating func endRun() {
        guard let run else { return }
        items.append(.bytes(run.index, run.sender, run.first..<pieces.count))
        self.run = nil
    }

    /// Has everything judged, and begins anew.
    mutating func hand(to judge: ConversationJudge, _ visit: (Finding) -> Void) {
        endRun()
        judge.judge(self, visit)
        items.removeAll(keepingCapacity: true)
        pieces.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        (run, messageSize) = (nil, 0)
    }

    /// The number of bytes that a new batch has room for.
    private static let usualSize = 1 << 17
}

/// Holds what happens in the conversations of an input, to be judged batch by batch.
public final class ConversationRecorder {
    private var batch = ConversationBatch()

    /// Creates an empty recorder.
    public init() {}

    /// The current batch is to be judged.
    public var isFull: Bool { batch.isFull }
    /// How many conversations have begun.
    var count: Int { batch.count }

    /// Returns the current batch, and starts the next one.
    public func takeBatch() -> ConversationBatch {
        var taken = ConversationBatch()
        taken.count = batch.count
        swap(&taken, &batch)
        taken.endRun()
        return taken
    }

    /// Adds a finding after all that was recorded.
    public func add(_ finding: Finding) { batch.add(.finding(finding)) }

    /// Fills the current batch: it is reached once for many packets.
    func record<Fault: Error>(_ body: (inout ConversationBatch) throws(Fault) -> Void) throws(Fault) {
        try body(&batch)
    }
}

/// Judges what an ``Inspector`` has recorded, so that one thread can read a capture while another judges its
/// conversations. The findings are the same, in the same order.
public final class ConversationJudge {
    private let conversations: ConversationTable

    /// - Parameters:
    ///   - settings: the settings of the inspector.
    ///   - source: the source of the inspector.
    ///   - hops: the ledger in which the other hops of conversations are searched for; nil for no search.
    public init(_ settings: InspectionSettings = InspectionSettings(), source: String = "-", hops: HopLedger? = nil) {
        conversations = ConversationTable(source: source, settings: settings, hops: hops)
    }

    /// Judges the next batch.
    ///
    /// - Parameter visit: receives each finding.
    public func judge(_ batch: ConversationBatch, _ visit: (Finding) -> Void) {
        let bytes = batch.bytes.span
        for item in batch.items {
            switch item {
            case .bytes(let index, let sender, let pieces):
                conversations.feed(index, sender, batch.pieces[pieces], of: bytes, visit)
            case .event(let index, let event): conversations.feed(index, event, visit)
            case .end(let last): conversations.beginEnd(at: last)
            case .finding(let finding): visit(finding)
            }
        }
    }

    /// No more is waited for: reports what is known.
    func flush(_ visit: (Finding) -> Void) { conversations.flush(visit) }
}
