public import WebSocketCaptures
public import WebSocketFrames

/// The budget for messages of all conversations that are kept for comparison.
public final class HopBudget {
    /// The most in all: 56 MiB.
    public static let maximumMessages = 1 << 20
    /// The most of one stream.
    public static let maximumMessagesPerStream = 1 << 14

    // Private, and read through other properties, so that exclusive access is not checked when a message is
    // remembered.
    private var room: Int
    private var taken = 0
    private var isRefused = false

    /// The number of messages that were remembered.
    public var used: Int { taken }
    /// Whether a message found no room: those that are kept do not represent all conversations.
    public var isExhausted: Bool { isRefused }

    /// - Parameter maximumMessages: the number of messages that there is room for.
    public init(maximumMessages: Int = HopBudget.maximumMessages) {
        room = maximumMessages
    }

    func take() -> Bool { take(1) }

    /// Reserves room for messages that were remembered elsewhere: for all of them or none.
    ///
    /// - Returns: whether there was room.
    public func take(_ count: Int) -> Bool {
        guard room >= count else {
            isRefused = true
            return false
        }
        room -= count
        taken += count
        return true
    }
}

/// How an endpoint ended its direction of a hop.
public struct HopEnd: Sendable, Hashable {
    /// The ways to end it.
    public enum Kind: Sendable, Hashable {
        /// With a Close and that code; nil if it has none.
        case close(CloseCode?)
        /// The TCP connection, or the HTTP/2 stream, was closed in order (FIN).
        case finished
        /// It was reset (RST).
        case reset
    }

    /// How it ended.
    public var kind: Kind
    /// Where it ended.
    public var packetPosition: PacketPosition?
}

/// What is kept of one direction of a conversation.
public struct HopStream: Sendable {
    /// The reason why nothing is known about what comes after the messages.
    enum Stop: Sendable, Hashable {
        /// The stream broke a rule.
        case violation(Violation, at: PacketPosition?)
        /// Bytes are missing, or exist in two versions.
        case gap
        /// There are more messages than are kept.
        case ceiling
    }

    /// The messages, in order.
    public private(set) var messages: [HopMessage] = []
    /// The pings, in order.
    public private(set) var pings: [HopMessage] = []
    /// The number of pongs that were sent.
    private(set) var pongCount = 0
    private(set) var stop: Stop?
    /// The first Close, the FIN and the RST, in order.
    private(set) var ends: [HopEnd] = []
    private var openFrameCount: UInt32 = 0
    private var openOpcode = Opcode.text
    private var openKey: UInt32 = 0
    private var openPosition: PacketPosition?

    mutating func add(_ frame: SeenFrame, _ budget: HopBudget) {
        guard stop == nil, frame.isWhole else { return }
        let header = frame.record.header
        switch header.opcode {
        case .close:
            guard ends.isEmpty else { return }
            let code = frame.payload.count < 2 ? nil : UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1])
            ends.append(
                HopEnd(kind: .close(code.map { CloseCode(rawValue: $0) }), packetPosition: frame.packetPosition))
        case .pong: pongCount += 1
        case .ping:
            guard let message = frame.message, keeps(pings.count, budget) else { return }
            pings.append(
                HopMessage(
                    message, opcode: .ping, index: UInt32(pings.count), frameCount: 1, maskingKey: header.keyWord,
                    at: frame.packetPosition))
        default: addData(frame, header, budget)
        }
    }

    private mutating func addData(_ frame: SeenFrame, _ header: EncodedFrameHeader, _ budget: HopBudget) {
        if header.opcode != .continuation {
            openOpcode = header.opcode
            openKey = header.keyWord
            openFrameCount = 0
            openPosition = frame.packetPosition
        }
        openFrameCount &+= 1
        guard let message = frame.message, keeps(messages.count, budget) else { return }
        messages.append(
            HopMessage(
                message, opcode: openOpcode, index: UInt32(messages.count), frameCount: openFrameCount,
                maskingKey: openKey, at: openPosition))
    }

    private mutating func keeps(_ count: Int, _ budget: HopBudget) -> Bool {
        guard count < HopBudget.maximumMessagesPerStream, budget.take() else {
            stop = .ceiling
            return false
        }
        return true
    }

    mutating func add(_ stop: Stop) { self.stop = self.stop ?? stop }

    /// Ends the stream: unused capacity is given back.
    mutating func finish() {
        messages = messages.map(\.self)
        pings = pings.map(\.self)
    }

    mutating func forget() {
        messages = []
        pings = []
        stop = .gap
    }

    mutating func add(_ end: HopEnd) {
        if !ends.contains(where: { $0.kind == end.kind }), ends.count < 3 { ends.append(end) }
    }
}

extension EncodedFrameHeader {
    /// The masking key as a word; 0 if there is none.
    fileprivate var keyWord: UInt32 {
        UInt32(truncatingIfNeeded: maskingKey?.repeated(from: 0) ?? 0)
    }
}
