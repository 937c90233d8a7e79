import WebSocketCaptures
import WebSocketFrames

/// Events of an input's conversations with their bytes, and findings that have already been made, recorded in order
/// and judged together, perhaps by another thread.
///
/// Pass the batches of an input to one ``ConversationJudge``, in order.
public struct ConversationBatch: Sendable {
    enum Item: Sendable {
        /// Consecutive bytes that an endpoint of the conversation sent, as indices of their pieces: by far the most
        /// frequent item.
        case bytes(Int, Endpoint, Range<Int>)
        /// Any other event of the conversation. It is large, so it is stored indirectly.
        indirect case event(Int, ConversationEvent)
        /// The input has ended with that packet.
        case end(PacketPosition?)
        indirect case finding(Finding)
    }

    fileprivate private(set) var items: [Item] = []
    fileprivate private(set) var pieces: [StreamPiece] = []
    fileprivate private(set) var bytes: [UInt8] = []
    /// The conversation and sender of the last pieces, and the index of the first; nil if all pieces belong to items.
    private var run: (index: Int, sender: Endpoint, first: Int)?
    /// The number of bytes of messages among the findings.
    private var messageSize = 0
    /// The number of conversations that have begun, in this batch and those before it.
    fileprivate(set) var count = 0

    /// Creates an empty batch.
    public init() {}

    /// The approximate memory that it takes, in bytes.
    public var size: Int {
        bytes.count + messageSize + pieces.count * MemoryLayout<StreamPiece>.stride
            + items.count * MemoryLayout<Item>.stride
    }
    /// Whether it holds about as much as one read of a file returns, and is to be judged.
    public var isFull: Bool { size >= 3 << 15 }

    /// Adds the next event of a conversation, and has the batch judged if it is full.
    ///
    /// - Parameter judge: judges the batch; nil if it is judged elsewhere.
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

    /// Has everything judged, and empties the batch.
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

/// Records the events of an input's conversations, to be judged batch by batch.
public final class ConversationRecorder {
    private var batch = ConversationBatch()

    /// Creates an empty recorder.
    public init() {}

    /// Whether the current batch is to be judged.
    public var isFull: Bool { batch.isFull }
    /// The number of conversations that have begun.
    var count: Int { batch.count }

    /// Returns the current batch, and starts the next one.
    public func takeBatch() -> ConversationBatch {
        var taken = ConversationBatch()
        taken.count = batch.count
        swap(&taken, &batch)
        taken.endRun()
        return taken
    }

    /// Adds a finding after everything that was recorded.
    public func add(_ finding: Finding) { batch.add(.finding(finding)) }

    /// Calls `body` with the current batch, which is accessed once for many packets.
    func record<Fault: Error>(_ body: (inout ConversationBatch) throws(Fault) -> Void) throws(Fault) {
        try body(&batch)
    }
}

/// Judges what an ``Inspector`` has recorded, which lets one thread read a capture while another one judges its
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

    /// Stops waiting: reports what was found with what is known now.
    func flush(_ visit: (Finding) -> Void) { conversations.flush(visit) }
}
