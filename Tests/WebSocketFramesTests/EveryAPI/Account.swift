import FixtureCorpus
import WebSocketFrames

/// What an API reports about a stream, and what it hands over.
struct Account: Equatable {
    /// What is handed over, in order.
    enum Item: Equatable {
        case message(Opcode, isCompressed: Bool, [UInt8])
        case control(Opcode, [UInt8])
    }

    /// The counters, for APIs that have them.
    struct Standing: Equatable {
        var state: StreamState
        var position: UInt64
        var frames: UInt64
        var messages: UInt64
        var isClosed: Bool
    }

    var violation: Violation?
    /// nil for APIs without counters.
    var standing: Standing?
    var items: [Item] = []
    /// The part of the open message that was handed over. After a violation, how much that is depends on the API.
    var open: [UInt8] = []
    private var openIsCompressed = false

    init() {}

    mutating func beginMessage(isCompressed: Bool) { openIsCompressed = isCompressed }

    mutating func add(_ slice: DataSlice, _ payload: Span<UInt8>) {
        if slice.beginsMessage { beginMessage(isCompressed: slice.header.reservedBits.contains(.rsv1)) }
        add(payload, slice.messageOpcode, endsMessage: slice.endsMessage)
    }

    mutating func add(_ payload: Span<UInt8>, _ opcode: Opcode, endsMessage: Bool) {
        for index in payload.indices { open.append(payload[index]) }
        guard endsMessage else { return }
        items.append(.message(opcode, isCompressed: openIsCompressed, open))
        open = []
    }

    mutating func add(_ frame: ControlFrame) {
        items.append(.control(frame.opcode, Array(frame.payload)))
    }

    mutating func add(_ message: Message) {
        items.append(.message(message.opcode, isCompressed: message.isCompressed, message.bytes))
    }
}

extension Account {
    /// The naive account: the frames one after the other, up to the one that breaks a rule.
    init(naive stream: [UInt8], _ conversation: Conversation) {
        let judgement = NaiveJudge(
            stream: stream, reported: conversation.sender, extensions: conversation.extensions,
            limits: conversation.limits
        ).judge()
        var opcode = Opcode.text
        var start = 0
        let end = judgement.expectation.violation == nil ? stream.count : Int(judgement.frameOffset)
        while start < end {
            let frame = NaiveFrame(stream, at: start)
            let isWhole = frame.end != nil
            start = frame.end ?? end
            if !frame.isData {
                if isWhole { items.append(.control(Opcode(rawValue: frame.opcode), frame.payload)) }
                continue
            }
            if frame.opcode != 0 {
                opcode = Opcode(rawValue: frame.opcode)
                beginMessage(isCompressed: frame.rsv & 0x40 != 0)
            }
            add(frame.payload.span, opcode, endsMessage: isWhole && frame.isFinal)
        }
    }
}
