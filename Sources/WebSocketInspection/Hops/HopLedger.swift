import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// What is kept of all conversations, of one or several inputs, to find those that are two hops of one proxy.
///
/// Pass the same ledger to the inspector of each input, and ask for the findings when all have ended:
///
/// ```swift
/// let hops = HopLedger()
/// for (name, bytes) in [("front.pcap", front), ("back.pcap", back)] {
///     var inspector = Inspector(source: name, hops: hops)
///     try inspector.feed(bytes.span) { print($0) }
///     inspector.finish { print($0) }
/// }
/// hops.finish { print($0) }
/// ```
///
/// A digest is kept of each message, but no payload, and at most as many messages as `HopBudget` has room for. Beyond
/// that nothing is compared, and a notice says so.
public final class HopLedger {
    /// A conversation and its origin.
    struct Entry: Sendable {
        let origin: StreamOrigin
        /// Complete when the conversation has ended.
        fileprivate(set) var trace: HopTrace
        /// The input it belongs to. The conversations of one input have times from one clock.
        let input: Int
    }

    /// The most conversations that are compared. The table of connections (65,536) ends some before; a trace without
    /// messages is about 1 KiB.
    static let maximumConversations = 1 << 16

    private(set) var entries: [Entry] = []
    private let budget: HopBudget
    private var inputCount = 0
    private var isFull = false

    /// Creates an empty ledger.
    public convenience init() {
        self.init(budget: HopBudget())
    }

    init(budget: HopBudget) {
        self.budget = budget
    }

    /// All that is kept, as a value: inputs that are judged by several threads have a ledger each, which are combined
    /// in the order of the inputs.
    public struct Page: Sendable {
        fileprivate var entries: [Entry] = []
        fileprivate var inputCount = 0
        fileprivate var messageCount = 0
        fileprivate var isFull = false

        /// Creates an empty page.
        public init() {}
    }

    /// What is kept, once all inputs of this ledger have ended.
    public var page: Page {
        var page = Page()
        page.entries = entries
        page.inputCount = inputCount
        page.messageCount = budget.used
        page.isFull = isFull || budget.isExhausted
        return page
    }

    /// Adds what another ledger kept: its inputs come after those in this one.
    public func add(_ page: Page) {
        let inputsBefore = inputCount
        inputCount += page.inputCount
        guard !isFull else { return }
        isFull =
            page.isFull || !budget.take(page.messageCount)
            || entries.count + page.entries.count > Self.maximumConversations
        // Of conversations that are not compared only the last input is named.
        let added = isFull ? page.entries.suffix(1) : page.entries[...]
        if isFull, !added.isEmpty { entries = [] }
        entries += added.map { Entry(origin: $0.origin, trace: $0.trace, input: inputsBefore + $0.input) }
    }

    /// Begins a further input.
    ///
    /// - Returns: its number.
    func beginInput() -> Int {
        inputCount += 1
        return inputCount
    }

    /// A conversation that is followed.
    struct FollowedConversation {
        fileprivate let entry: Int
        fileprivate let budget: HopBudget
        var trace: HopTrace

        /// Notes that a frame has ended. It must have been digested.
        mutating func add(_ frame: SeenFrame, from endpoint: Endpoint) { trace.add(frame, from: endpoint, budget) }
    }

    /// Begins a conversation; returns nil if it is not to be followed.
    func follow(_ head: ConversationHead, _ origin: StreamOrigin, input: Int) -> FollowedConversation? {
        isFull = isFull || budget.isExhausted || entries.count >= Self.maximumConversations
        guard !isFull else { return nil }
        let trace = HopTrace(head)
        entries.append(Entry(origin: origin, trace: trace, input: input))
        return FollowedConversation(entry: entries.count - 1, budget: budget, trace: trace)
    }

    /// Keeps the trace of a conversation that has ended.
    func keep(_ followed: FollowedConversation) {
        if followed.entry < entries.count { entries[followed.entry].trace = followed.trace }
    }

    /// Ends all inputs: reports a finding for each pair, in the order of the conversations, and forgets everything.
    public func finish(_ visit: (Finding) -> Void) {
        defer { entries = [] }
        guard !isFull, !budget.isExhausted else {
            guard let source = entries.last?.origin.source else { return }
            let message =
                "There are more than \(CountedText.grouped(HopBudget.maximumMessages)) messages, or "
                + "\(CountedText.grouped(Self.maximumConversations)) conversations: whether two of them are hops of one "
                + "proxy was not looked into."
            let origin = StreamOrigin(source: source, connection: nil, sender: nil)
            return visit(.notice(NoticeFinding(origin: origin, Notice(.hopsCeiling, about: nil, message))))
        }
        for pair in HopPairing(entries).pairs {
            let (front, back) = (entries[pair.front], entries[pair.back])
            visit(
                .hops(
                    HopsFinding(
                        front: front.origin, back: back.origin, frontHead: front.trace.head, backHead: back.trace.head,
                        evidence: pair.evidence,
                        comparison: HopComparison(
                            front: front.trace, back: back.trace, sharesClock: front.input == back.input))))
        }
    }
}
