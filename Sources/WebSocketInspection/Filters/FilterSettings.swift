public import WebSocketCaptures
public import WebSocketFrames

/// What is to be shown of what was found. What is left empty leaves nothing out.
public struct FilterSettings: Sendable, Hashable {
    /// Conversations by what was found in them.
    public enum Only: String, Sendable, Hashable, CaseIterable {
        /// Those in which a rule was broken, without their notices.
        case violations
        /// Those with a notice, without their violations.
        case notices
        /// Those in which nothing was found.
        case clean
    }

    /// A point in time.
    public enum TimeBound: Sendable, Hashable {
        case at(CaptureTime)
        /// This many nanoseconds after each conversation was opened.
        case afterOpening(UInt64)
        /// A time of day in UTC, in nanoseconds since midnight, on the day on which each conversation was opened.
        case clock(UInt64)
    }

    /// Conversations by their numbers.
    public var conversations: Set<Int> = []
    /// Those whose Host header, or one of whose addresses, contains one of these.
    public var hosts: [String] = []
    /// Those with one of these ports on either side.
    public var ports: Set<UInt16> = []
    /// Those whose target begins with one of these.
    public var paths: [String] = []
    /// What this endpoint sent; of dumps, those of this sender.
    public var sender: Endpoint?
    /// Frames of these opcodes; of messages, the opcode of the first frame.
    public var opcodes: [Opcode] = []
    /// What was captured at this time or after it.
    public var from: TimeBound?
    /// What was captured up to this time.
    public var to: TimeBound?
    /// Messages in which these bytes stand, their frames, and what was found in their conversations.
    public var contains: [UInt8] = []
    /// Conversations by what was found in them.
    public var only: Only?

    /// Nothing is left out.
    public init() {}

    /// Nothing is left out.
    public var isEmpty: Bool { self == FilterSettings() }
    /// Frames must be findings for this to be decided.
    public var needsFrames: Bool { !opcodes.isEmpty || from != nil || to != nil || needsMessages }
    /// Messages must be findings for this to be decided.
    public var needsMessages: Bool { !contains.isEmpty }
    /// It is known only at its end whether a conversation is shown.
    var decidesAtTheEnd: Bool { only != nil || needsFrames }

    /// What is known of a conversation at its beginning speaks for it.
    ///
    /// - Parameter head: nil for a dump of one direction.
    func admits(_ number: Int?, _ head: ConversationHead?) -> Bool {
        if !conversations.isEmpty, !conversations.contains(number ?? -1) { return false }
        if !ports.isEmpty {
            guard [head?.client, head?.server].contains(where: { $0.map { ports.contains($0.port) } ?? false }) else {
                return false
            }
        }
        if !hosts.isEmpty {
            let names = [head?.host, head?.client?.description, head?.server?.description].compactMap {
                $0?.lowercased()
            }
            guard hosts.contains(where: { host in names.contains { $0.contains(host.lowercased()) } }) else {
                return false
            }
        }
        if !paths.isEmpty {
            guard let target = head?.target, paths.contains(where: target.hasPrefix) else { return false }
        }
        return true
    }

    /// The time lies between the two; nothing is left out for want of a time.
    func admits(_ position: PacketPosition?, openedAt start: CaptureTime?) -> Bool {
        guard let time = position?.time else { return true }
        if let from, let bound = from.time(openedAt: start), time < bound { return false }
        if let to, let bound = to.time(openedAt: start), bound < time { return false }
        return true
    }
}

extension FilterSettings.TimeBound {
    private static let day: UInt64 = 86_400_000_000_000

    fileprivate func time(openedAt start: CaptureTime?) -> CaptureTime? {
        switch self {
        case .at(let time): return time
        case .afterOpening(let nanoseconds):
            return start.map { CaptureTime(nanoseconds: Self.sum($0.nanoseconds, nanoseconds)) }
        case .clock(let nanoseconds):
            return start.map {
                CaptureTime(nanoseconds: Self.sum($0.nanoseconds / Self.day * Self.day, nanoseconds))
            }
        }
    }

    private static func sum(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
