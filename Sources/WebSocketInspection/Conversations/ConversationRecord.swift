import WebSocketCaptures
import WebSocketFrames

/// What an input is judged by, taken down in order so that another thread can do it: the events of its conversations with
/// their bytes, and findings that are made already.
///
/// Give the batches of an input to one ``ConversationJudge``, in their order.
public struct ConversationBatch: Sendable {
    enum Item: Sendable {
        /// The next bytes of the conversation's endpoint: by far the most of all.
        case bytes(Int, Endpoint, PacketPosition?, Range<Int>)
        /// Anything else that happens in the conversation. It is large, so it stands elsewhere.
        indirect case event(Int, ConversationEvent)
        /// The input has ended with that packet.
        case end(PacketPosition?)
        indirect case finding(Finding)
    }

    fileprivate(set) var items: [Item] = []
    fileprivate(set) var bytes: [UInt8] = []
    /// What messages that were found take.
    private var messageSize = 0

    /// Creates a batch of nothing.
    public init() {}

    /// About what it takes, in bytes.
    public var size: Int { bytes.count + messageSize + items.count * MemoryLayout<Item>.stride }

    fileprivate mutating func add(_ finding: Finding) {
        if case .message(let message) = finding { messageSize += message.bytes.count }
        items.append(.finding(finding))
    }

    fileprivate mutating func add(
        _ part: Span<UInt8>, of index: Int, from sender: Endpoint, at position: PacketPosition?
    ) {
        let start = bytes.count
        if bytes.capacity == 0 { bytes.reserveCapacity(Self.usualSize) }
        bytes.append(part, part.indices)
        items.append(.bytes(index, sender, position, start..<bytes.count))
    }

    /// Room for so many bytes is made at once.
    private static let usualSize = 3 << 18
}

/// Takes down what happens in the conversations of an input, in place of judging it.
public final class ConversationRecorder: ConversationFollower {
    private var batch = ConversationBatch()
    private(set) var count = 0

    /// Creates a recorder of nothing.
    public init() {}

    /// About what has been taken down since somebody took it away, in bytes.
    public var size: Int { batch.size }

    /// Takes away what was taken down.
    public func takeBatch() -> ConversationBatch {
        var taken = ConversationBatch()
        swap(&taken, &batch)
        return taken
    }

    /// Adds a finding after all that was taken down.
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

    /// Who judges gives what is known.
    func flush(_ visit: (Finding) -> Void) {}
}

/// Judges what an ``Inspector`` with a recorder has taken down: so one thread reads a capture while another judges its
/// conversations, and the findings are the same, in the same order.
public final class ConversationJudge {
    private let conversations: ConversationTable

    /// - Parameters:
    ///   - settings: those of the inspector.
    ///   - source: likewise.
    ///   - hops: where the conversations are looked for on the other side of a proxy; nil if they are not.
    public init(_ settings: InspectionSettings = InspectionSettings(), source: String = "-", hops: HopLedger? = nil) {
        conversations = ConversationTable(source: source, settings: settings, hops: hops)
    }

    /// Judges what was taken down next.
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
