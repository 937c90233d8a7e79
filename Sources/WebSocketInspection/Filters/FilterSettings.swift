public import WebSocketCaptures
public import WebSocketFrames

/// Which findings to show. Criteria that are left empty leave nothing out.
public struct FilterSettings: Sendable, Hashable {
    /// Conversations, selected by what was found in them.
    public enum Only: String, Sendable, Hashable, CaseIterable {
        /// Those in which a rule was broken, without their notices.
        case violations
        /// Those with a notice, without their violations.
        case notices
        /// Those in which nothing was found.
        case clean
    }

    /// A bound on the time of findings.
    public enum TimeBound: Sendable, Hashable {
        case at(CaptureTime)
        /// This many nanoseconds after each conversation was opened.
        case afterOpening(UInt64)
        /// A time of day in UTC, in nanoseconds since midnight, on the day on which each conversation was opened.
        case clock(UInt64)
    }

    /// The numbers of the conversations to show.
    public var conversations: Set<Int> = []
    /// Texts of which the Host header or an address of a conversation must contain one.
    public var hosts: [String] = []
    /// Ports of which a conversation must have one on either side.
    public var ports: Set<UInt16> = []
    /// Prefixes; a conversation's target must begin with one of them.
    public var paths: [String] = []
    /// The endpoint whose stream is shown; for dumps, only those of this sender.
    public var sender: Endpoint?
    /// The opcodes of the frames to show; for messages, the opcode of the first frame.
    public var opcodes: [Opcode] = []
    /// The time from which on findings are shown.
    public var from: TimeBound?
    /// The time up to which findings are shown.
    public var to: TimeBound?
    /// Bytes that a message must contain to be shown, with its frames and what was found in its conversation.
    public var contains: [UInt8] = []
    /// Which conversations to show, by what was found in them.
    public var only: Only?

    /// Creates settings that leave nothing out.
    public init() {}

    /// Whether nothing is left out.
    public var isEmpty: Bool { self == FilterSettings() }
    /// Whether frames must be findings to decide this.
    public var needsFrames: Bool { !opcodes.isEmpty || from != nil || to != nil || needsMessages }
    /// Whether messages must be findings to decide this.
    public var needsMessages: Bool { !contains.isEmpty }
    /// Whether a conversation must end before it is known whether it is shown.
    var decidesAtTheEnd: Bool { only != nil || needsFrames }

    /// Returns whether a conversation may be shown, by what is known at its beginning.
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

    /// Returns whether the time is between the two bounds; nothing is left out for lack of a time.
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
