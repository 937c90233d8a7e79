import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

/// The contents of the page: collected in the order of the inputs, within the ceilings.
struct PageContents {
    /// What is reported about an input besides its conversations.
    struct Input {
        let source: String
        var notices: [NoticeFinding] = []
        var noticeCount: UInt64 = 0
        var errors: [InputError] = []
    }

    /// A conversation in the list, and in full if there is room.
    struct Entry {
        let input: Int
        let number: Int
        /// Its index within its input.
        let connection: Int?
        var row: ConversationRow
        var severity: ConversationRecord.Severity
        var detail: Detail?
        var frameCount = 0
    }

    /// A conversation in full.
    struct Detail {
        let heading: Markup
        let body: Markup
    }

    private(set) var inputs: [Input] = []
    /// The hops of proxies that are shown.
    private(set) var hops: [HopsFinding] = []
    private(set) var hopsCount: UInt64 = 0
    private(set) var conversationCount: UInt64 = 0
    private(set) var brokenCount: UInt64 = 0
    /// The number of times each rule was broken.
    private(set) var ruleCounts: [Rule: UInt64] = [:]
    /// The conversations that are listed; nil if one had to make room for another.
    private var slots: [Entry?] = []
    private var listedCount = 0
    private var frameCount = 0
    private var remarkCount = 0
    private var messageBytes = 0
    /// By severity, the slots that are shown in full, in order.
    private var inFull: [[Int]] = ConversationRecord.Severity.allCases.map { _ in [] }
    /// Slots of clean conversations that are only listed.
    private var replaceable: [Int] = []

    var entries: [Entry] { slots.compactMap { $0 } }

    mutating func add(_ rule: Rule) {
        ruleCounts[rule, default: 0] &+= 1
    }

    mutating func add(_ notice: NoticeFinding) {
        let index = input(notice.origin.source)
        inputs[index].noticeCount &+= 1
        guard inputs[index].notices.count < PageCeilings.notices, remarkCount < PageCeilings.remarks else { return }
        inputs[index].notices.append(notice)
        remarkCount += 1
    }

    mutating func add(_ finding: HopsFinding) {
        hopsCount &+= 1
        guard hops.count < PageCeilings.hops else { return }
        hops.append(finding)
        for notice in finding.notices {
            guard let slot = slots.firstIndex(where: { $0.map { isOf(notice.origin, $0) } ?? false }) else { continue }
            slots[slot]?.row.add(notice)
            if slots[slot]?.severity == .clean { slots[slot]?.severity = .doubtful }
        }
    }

    /// Returns the place at which a conversation is shown in full; nil if it is not.
    func anchor(of origin: StreamOrigin) -> Anchor? {
        entries.first { $0.detail != nil && isOf(origin, $0) }.map { .conversation($0.number) }
    }

    private func isOf(_ origin: StreamOrigin, _ entry: Entry) -> Bool {
        entry.connection == origin.connection && inputs[entry.input].source == origin.source
    }

    mutating func add(_ error: InputError) {
        let index = input(error.source)
        guard remarkCount < PageCeilings.remarks else { return }
        inputs[index].errors.append(error)
        remarkCount += 1
    }

    mutating func add(_ record: ConversationRecord) {
        conversationCount &+= 1
        if record.severity == .broken { brokenCount &+= 1 }
        guard makeRoomInList(for: record.severity) else { return }
        var entry = Entry(
            input: input(record.source), number: record.number, connection: record.connection,
            row: ConversationRow(record), severity: record.severity)
        let slot = slots.count
        if makeRoomInFull(for: record.severity) {
            var record = record
            makeRoom(forFrames: record.frames.frameCount, of: record.severity)
            if frameCount + record.frames.frameCount > PageCeilings.frames { record.narrow() }
            messageBytes += record.messages.reduce(0) { $0 + $1.bytes.count }
            if messageBytes > PageCeilings.allMessageBytes { record.dropMessages() }
            let view = ConversationView(record)
            entry.detail = Detail(heading: view.heading, body: view.body)
            entry.frameCount = record.frames.frameCount
            frameCount += entry.frameCount
            inFull[record.severity.rawValue].append(slot)
        } else if record.severity == .clean {
            replaceable.append(slot)
        }
        slots.append(entry)
        listedCount += 1
    }

    /// Returns the index of the input that is being reported; adds one if the name has changed.
    private mutating func input(_ source: String) -> Int {
        if inputs.last?.source != source { inputs.append(Input(source: source)) }
        return inputs.count - 1
    }

    // MARK: - Room

    /// Makes room in the list if necessary; returns whether one more conversation may be listed.
    private mutating func makeRoomInList(for severity: ConversationRecord.Severity) -> Bool {
        if listedCount < PageCeilings.rows { return true }
        guard severity != .clean, let slot = replaceable.popLast() else { return false }
        slots[slot] = nil
        listedCount -= 1
        return true
    }

    /// Makes room if necessary; returns whether one more conversation may be shown in full.
    private mutating func makeRoomInFull(for severity: ConversationRecord.Severity) -> Bool {
        let count = inFull.reduce(0) { $0 + $1.count }
        return count < PageCeilings.conversationsInFull || foldOne(lighterThan: severity)
    }

    private mutating func makeRoom(forFrames count: Int, of severity: ConversationRecord.Severity) {
        while frameCount + count > PageCeilings.frames, foldOne(lighterThan: severity) {}
    }

    /// Reduces the last conversation that matters less to its row; returns false if there is none.
    private mutating func foldOne(lighterThan severity: ConversationRecord.Severity) -> Bool {
        for lighter in ConversationRecord.Severity.allCases where lighter.rawValue < severity.rawValue {
            guard let slot = inFull[lighter.rawValue].popLast() else { continue }
            frameCount -= slots[slot]?.frameCount ?? 0
            slots[slot]?.detail = nil
            if lighter == .clean { replaceable.append(slot) }
            return true
        }
        return false
    }
}
