import WebSocketCaptures
import WebSocketFrames
import WebSocketReports

/// Judges all conversations of one input, and keeps what is found in each together.
///
/// Findings of a conversation are reported in one piece, in the order in which the conversations began: those of the first
/// that is still open as they are found, the others when their turn has come. Until then they are kept, up to a ceiling.
struct ConversationsJudge {
    /// No more findings are kept: then they are reported at once, whosever turn it is.
    static let mostKept = 65_536
    /// So many conversations at a time keep as many bytes around a violation as help to explain it, at most 10 KiB for each
    /// direction. Those that are opened while there are more keep few.
    static let mostWithWideReach = 2_048

    private let source: String
    private let options: JudgingOptions
    private var judges: [Int: ConversationJudge] = [:]
    private var kept: [Int: [Finding]] = [:]
    private var keptCount = 0
    private let budget = WaitingBudget()
    private let keptBytes = WaitingBudget()
    /// The conversation whose turn it is.
    private var turn = 0
    /// How many conversations began.
    private(set) var count = 0
    /// What can be reported now.
    private var reported: [Finding] = []
    /// The input is at its end: what closes now may have gone on.
    var isAtEnd = false
    /// The last packet of the input.
    var last: PacketPosition?

    init(source: String, options: JudgingOptions) {
        self.source = source
        self.options = options
    }

    /// What was found since the last call, as far as it can be reported.
    mutating func takeFindings() -> [Finding] {
        defer { reported = [] }
        return reported
    }

    /// Takes the next event of a conversation.
    mutating func see(_ conversation: Int, _ event: ConversationEvent, _ bytes: Span<UInt8>) {
        switch event {
        case .opened(let head):
            let judge = ConversationJudge(
                source: source, index: conversation, head: head, options: options,
                reach: judges.count < Self.mostWithWideReach ? options.reach : .narrow, budget: budget, kept: keptBytes)
            count += 1
            add([judge.opening], of: conversation)
            judges[conversation] = judge
        case .closed:
            let findings = judges[conversation]?.end(sourceEnded: isAtEnd, last: last) ?? []
            judges[conversation] = nil
            add(findings, of: conversation)
            passTurn()
        default:
            let findings = judges[conversation]?.see(event, bytes) ?? []
            add(findings, of: conversation)
        }
    }

    private mutating func add(_ findings: [Finding], of conversation: Int) {
        guard !findings.isEmpty else { return }
        if conversation == turn {
            reported += findings
        } else {
            kept[conversation, default: []] += findings
            keptCount += findings.count
            if keptCount > Self.mostKept { tellAll() }
        }
    }

    /// The conversation whose turn it is has ended: the next ones can be reported.
    private mutating func passTurn() {
        // They are numbered in the order in which they began, so one that has no judge any more has ended.
        while turn < count, judges[turn] == nil {
            turn += 1
            guard let findings = kept.removeValue(forKey: turn) else { continue }
            keptCount -= findings.count
            reported += findings
        }
    }

    private mutating func tellAll() {
        for conversation in kept.keys.sorted() { reported += kept[conversation] ?? [] }
        kept = [:]
        keptCount = 0
    }
}
