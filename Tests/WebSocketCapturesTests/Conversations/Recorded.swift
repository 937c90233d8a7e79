import SeededRandom
import WebSocketCaptures
import WebSocketFrames

/// Bytes of one side, or another event of it.
struct Sent {
    enum Kind {
        case bytes([UInt8])
        case gap(UInt64?)
        case finish
        case reset
    }
    let side: TCPPeer
    let kind: Kind

    static func bytes(_ side: TCPPeer, _ bytes: some Sequence<UInt8>) -> Sent {
        Sent(side: side, kind: .bytes(Array(bytes)))
    }
    static func text(_ side: TCPPeer, _ text: String) -> Sent { .bytes(side, text.utf8) }
    static func gap(_ side: TCPPeer, _ count: UInt64? = nil) -> Sent { Sent(side: side, kind: .gap(count)) }
    static func finish(_ side: TCPPeer) -> Sent { Sent(side: side, kind: .finish) }
    static func reset(_ side: TCPPeer) -> Sent { Sent(side: side, kind: .reset) }
}

/// A conversation as the reader reports it.
struct Conversation: Equatable {
    var head: ConversationHead
    var client: [UInt8] = []
    var server: [UInt8] = []
    var notices: [String] = []
    var messages: [String] = []
    /// `gap client`, `finished server`, …, preceded by `bytes client` if bytes came before.
    var steps: [String] = []
    var isClosed = false
    /// The packets of the pieces, in order of arrival.
    var packets: [UInt64] = []

    static func == (left: Conversation, right: Conversation) -> Bool {
        var (leftHead, rightHead) = (left.head, right.head)
        (leftHead.packetPosition, rightHead.packetPosition) = (nil, nil)
        // Whether a client was too early depends on how its bytes were split into packets.
        func notices(_ conversation: Conversation) -> [String] {
            conversation.notices.filter { !$0.hasPrefix("too-early") }
        }
        return leftHead == rightHead && left.client == right.client && left.server == right.server
            && notices(left) == notices(right) && left.isClosed == right.isClosed
    }

    subscript(endpoint: Endpoint) -> [UInt8] { endpoint == .client ? client : server }
}

/// What a reader reports for a connection. Each part is a packet, numbered from 1.
struct Recorded: Equatable {
    var conversations: [Conversation] = []
    var outcome = ConversationReader.Outcome.undecided
    /// Set by an event outside of a conversation, or by a second `opened` within one.
    var isDisorderly = false
    var maximumHeld = 0

    init(
        _ sent: [Sent], isSeenFromStart: Bool = true, options: ConversationOptions = ConversationOptions(),
        ports: (UInt16, UInt16)? = (50_000, 8080)
    ) {
        let address = IPAddress.v4(0x7F00_0001)
        var reader = ConversationReader(
            first: ports.map { SocketAddress(address: address, port: $0.0) },
            second: ports.map { SocketAddress(address: address, port: $0.1) },
            isSeenFromStart: isSeenFromStart, options: options)
        for (index, part) in sent.enumerated() {
            let packetPosition = PacketPosition(packet: UInt64(index + 1), time: nil)
            switch part.kind {
            case .bytes(let bytes): reader.read(bytes.span, from: part.side, at: packetPosition) { see($0, $1) }
            case .gap(let count):
                reader.gap(from: part.side, count: count, reason: .notCaptured, at: packetPosition) { see($0, $1) }
            case .finish: reader.finish(part.side, at: packetPosition) { see($0, $1) }
            case .reset: reader.reset(by: part.side, at: packetPosition) { see($0, $1) }
            }
            maximumHeld = max(maximumHeld, reader.heldCount)
        }
        reader.finish { see($0, $1) }
        outcome = reader.outcome
        if let last = conversations.last, !last.isClosed { isDisorderly = true }
    }

    var only: Conversation? { conversations.count == 1 && !isDisorderly ? conversations[0] : nil }

    static func == (left: Recorded, right: Recorded) -> Bool {
        left.conversations == right.conversations && left.outcome == right.outcome
            && left.isDisorderly == right.isDisorderly
    }

    private mutating func see(_ event: ConversationEvent, _ bytes: Span<UInt8>) {
        if case .opened(var head) = event {
            // Which packet the request began in depends on how it was split.
            head.requestPosition = nil
            if let last = conversations.last, !last.isClosed { isDisorderly = true }
            conversations.append(Conversation(head: head))
            return
        }
        guard let last = conversations.indices.last, !conversations[last].isClosed else {
            isDisorderly = true
            return
        }
        switch event {
        case .opened: break
        case .bytes(let endpoint, let packetPosition):
            var copy: [UInt8] = []
            for index in bytes.indices { copy.append(bytes[index]) }
            if endpoint == .client { conversations[last].client += copy } else { conversations[last].server += copy }
            if let packetPosition { conversations[last].packets.append(packetPosition.packet) }
            let step = "bytes \(endpoint)"
            if conversations[last].steps.last != step { conversations[last].steps.append(step) }
        case .gap(let endpoint, _, let reason, _, _): conversations[last].steps.append("gap \(endpoint) \(reason)")
        case .contradiction(let endpoint, let offset, _):
            conversations[last].steps.append("contradiction \(endpoint) \(offset)")
        case .finished(let endpoint, _): conversations[last].steps.append("finished \(endpoint)")
        case .reset(let endpoint, _): conversations[last].steps.append("reset \(endpoint)")
        case .notice(let notice):
            conversations[last].notices.append(notice.kind.name + (notice.endpoint.map { " \($0)" } ?? ""))
            conversations[last].messages.append(notice.message)
        case .closed: conversations[last].isClosed = true
        }
    }
}

/// The frames of one side.
struct FrameMaker {
    let sender: Endpoint
    var numbers: SplitMix64
    private(set) var bytes: [UInt8] = []
    /// Offsets where a frame ends and no message is open.
    private(set) var boundaries: Set<Int> = [0]
    /// Offsets where a frame ends.
    private(set) var frameEnds: Set<Int> = [0]

    init(_ sender: Endpoint, seed: UInt64 = 1) {
        self.sender = sender
        numbers = SplitMix64(seed: seed)
    }

    mutating func add(
        _ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true, isDeflated: Bool = false, opensMessage: Bool = false
    ) {
        let word = UInt32(truncatingIfNeeded: numbers.next())
        let key = MaskingKey(
            UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8),
            UInt8(truncatingIfNeeded: word >> 16),
            UInt8(truncatingIfNeeded: word >> 24))
        let header = EncodedFrameHeader(
            opcode: opcode, isFinal: isFinal, reservedBits: isDeflated ? .rsv1 : [],
            payloadLength: UInt64(payload.count), maskingKey: sender == .client ? key : nil)
        bytes += Array(header)
        bytes += payload.enumerated().map { sender == .client ? $1 ^ key[UInt64($0)] : $1 }
        frameEnds.insert(bytes.count)
        if opcode.isControl ? !opensMessage : isFinal { boundaries.insert(bytes.count) }
    }

    mutating func add(_ text: String) { add(.text, Array(text.utf8)) }

    mutating func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: numbers.next()) } }
}
