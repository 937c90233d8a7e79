import WebSocketCaptures
import WebSocketFrames

/// Judges all conversations of one input.
///
/// The findings of a conversation are reported together, in the order in which the conversations began: those of the
/// first that is still open as they are found, the others when their turn has come. Until then they are kept, up to a
/// ceiling.
final class ConversationTable {
    /// The most findings that are kept: beyond that they are reported at once, out of turn.
    static let maximumKept = 65_536

    private let source: String
    private let settings: InspectionSettings
    private let budget = HistoryBudget()
    private var open: [Int: ConversationInspector] = [:]
    /// The conversation that was used last: packets come in bursts.
    private var latest: (index: Int, conversation: ConversationInspector)?
    private var kept: [Int: [Finding]] = [:]
    private var keptCount = 0
    /// The conversation whose turn it is.
    private var turn = 0
    /// The number of conversations that have begun.
    private var count = 0
    /// Whether the input is at its end: conversations that end now may have continued.
    private var isAtEnd = false
    /// The last packet of the input.
    private var last: PacketPosition?

    private let hops: HopLedger?
    /// The input's number in the ledger.
    private let input: Int

    /// - Parameter hops: receives every conversation.
    init(source: String, settings: InspectionSettings, hops: HopLedger? = nil) {
        self.source = source
        self.settings = settings
        self.hops = hops
        input = hops?.beginInput() ?? 0
    }

    /// Notes that the input has ended with that packet: what follows are the ends of all conversations.
    func beginEnd(at last: PacketPosition?) {
        isAtEnd = true
        self.last = last
    }

    /// Judges the next bytes of an endpoint in a conversation.
    func feed(
        _ index: Int, _ sender: Endpoint, _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>,
        _ visit: (Finding) -> Void
    ) {
        let isTurn = settings.mingles || index == turn
        conversation(index)?.feed(pieces, of: buffer, from: sender) { give($0, of: index, isTurn, visit) }
    }

    /// Handles the next event of a conversation, except bytes.
    func feed(_ index: Int, _ event: ConversationEvent, _ visit: (Finding) -> Void) {
        let isTurn = settings.mingles || index == turn
        switch event {
        case .opened(let head):
            let origin = StreamOrigin(source: source, connection: index, sender: nil)
            let conversation = ConversationInspector(
                origin: origin, head: head, settings: settings, budget: budget,
                hop: hops?.follow(head, origin, input: input))
            count = max(count, index + 1)
            open[index] = conversation
            conversation.open { give($0, of: index, isTurn, visit) }
        case .closed:
            latest = nil
            let hop = open.removeValue(forKey: index)?.end(sourceEnded: isAtEnd, last: last) {
                give($0, of: index, isTurn, visit)
            }
            if let hop { hops?.keep(hop) }
            if isTurn, !settings.mingles { passTurn(visit) }
        default: conversation(index)?.feed(event) { give($0, of: index, isTurn, visit) }
        }
    }

    @inline(__always)
    private func conversation(_ index: Int) -> ConversationInspector? {
        if let latest, latest.index == index { return latest.conversation }
        latest = open[index].map { (index, $0) }
        return latest?.conversation
    }

    /// Stops waiting: reports what was found with what is known now, if it is its conversation's turn.
    func flush(_ visit: (Finding) -> Void) {
        guard open.contains(where: { $0.value.isWaiting }) else { return }
        for index in open.keys.sorted() {
            guard let conversation = open[index], conversation.isWaiting else { continue }
            conversation.flush { give($0, of: index, settings.mingles || index == turn, visit) }
        }
    }

    @inline(__always)
    private func give(_ finding: Finding, of index: Int, _ isTurn: Bool, _ visit: (Finding) -> Void) {
        if isTurn {
            visit(finding)
        } else {
            keep(finding, of: index, visit)
        }
    }

    private func keep(_ finding: Finding, of index: Int, _ visit: (Finding) -> Void) {
        kept[index, default: []].append(finding)
        keptCount += 1
        guard keptCount > Self.maximumKept else { return }
        let all = kept
        kept = [:]
        keptCount = 0
        for index in all.keys.sorted() { all[index]?.forEach(visit) }
    }

    /// Passes the turn on after the conversation that had it has ended.
    private func passTurn(_ visit: (Finding) -> Void) {
        // They are numbered in the order in which they began, so one that is no longer open has ended.
        while turn < count, open[turn] == nil {
            turn += 1
            guard let findings = kept.removeValue(forKey: turn) else { continue }
            keptCount -= findings.count
            findings.forEach(visit)
        }
    }
}
