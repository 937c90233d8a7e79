import WebSocketCaptures
import WebSocketFrames

/// Events of an input's conversations with their bytes, and findings that were already made, recorded in order so that
/// another thread can judge them.
///
/// Give the batches of an input to one ``ConversationJudge``, in their order.
public struct ConversationBatch: Sendable {
    enum Item: Sendable {
        /// The next bytes that an endpoint of the conversation sent: by far the most frequent item.
        case bytes(Int, Endpoint, PacketPosition?, Range<Int>)
        /// Anything else that happens in the conversation. It is large, so it is stored indirectly.
        indirect case event(Int, ConversationEvent)
        /// The input has ended with that packet.
        case end(PacketPosition?)
        indirect case finding(Finding)
    }

    fileprivate(set) var items: [Item] = []
    fileprivate(set) var bytes: [UInt8] = []
    /// Bytes of the messages among the findings.
    private var messageSize = 0

    /// Creates an empty batch.
    public init() {}

    /// About how much memory it takes, in bytes.
    public var size: Int { bytes.count + messageSize + items.count * MemoryLayout<Item>.stride }

    fileprivate mutating func add(_ finding: Finding) {
        if case .message(let message) = finding { messageSize += message.bytes.count }
        items.append(.finding(finding))
    }

    fileprivate mutating func add(
        _ part: Span<UInt8>, of index: Int, from sender: Endpoint, at position: PacketPosition?
    ) {
        let start = bytes.count
        if bytes.capacity == 0 {
            bytes.reserveCapacity(Self.usualSize)
            items.reserveCapacity(Self.usualCount)
        }
        bytes.append(part)
        items.append(.bytes(index, sender, position, start..<bytes.count))
    }

    /// Bytes that a new batch has room for.
    private static let usualSize = 1 << 17
    private static let usualCount = 1 << 8
}

/// Records what happens in the conversations of an input instead of judging it.
public final class ConversationRecorder: ConversationFollower {
    private var batch = ConversationBatch()
    private(set) var count = 0

    /// Creates an empty recorder.
    public init() {}

    /// About how much memory the current batch takes, in bytes.
    public var size: Int { batch.size }

    /// Returns the current batch, and begins the next one.
    public func takeBatch() -> ConversationBatch {
        var taken = ConversationBatch()
        swap(&taken, &batch)
        return taken
    }

    /// Adds a finding after all that was recorded.
    public func add(_ finding: Finding) { batch.add(finding) }

    func beginEnd(at last: PacketPosition?) { batch.items.append(.end(last)) }

    func feed(_ index: Int, _ event: ConversationEvent, _ bytes: Span<UInt8>, _ visit: (Finding) -> Void) {
        if case .bytes(let sender, let position) = event {
            return batch.add(bytes, of: index, from: sender, at: position)
        }
        if case .opened = event { count = max(count, index + 1) }
        batch.items.append(.event(index, event))
    }

    func give(_ finding: Finding, _ visit: (Finding) -> Void) { add(finding) }

    /// The judge reports what is known.
    func flush(_ visit: (Finding) -> Void) {}
}

/// Judges what an ``Inspector`` with a recorder has recorded, so that one thread reads a capture while another judges its
/// conversations. The findings are the same, in the same order.
public final class ConversationJudge {
    private let conversations: ConversationTable

    /// - Parameters:
    ///   - settings: those of the inspector.
    ///   - source: likewise.
    ///   - hops: where the conversations are looked for on the other side of a proxy; nil if they are not.
    public init(_ settings: InspectionSettings = InspectionSettings(), source: String = "-", hops: HopLedger? = nil) {
        conversations = ConversationTable(source: source, settings: settings, hops: hops)
    }

    /// Judges the next batch.
    ///
    /// - Parameter visit: is given each finding.
    public func judge(_ batch: ConversationBatch, _ visit: (Finding) -> Void) {
        let bytes = batch.bytes.span
        for item in batch.items {
            switch item {
            case .bytes(let index, let sender, let position, let range):
                conversations.feed(index, .bytes(from: sender, at: position), bytes.extracting(range), visit)
            case .event(let index, let event): conversations.feed(index, event, Span(), visit)
            case .end(let last): conversations.beginEnd(at: last)
            case .finding(let finding): visit(finding)
            }
        }
    }
}
