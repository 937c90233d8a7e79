/// A kind of notice: something doubtful that breaks no rule. Two kinds with the same name are equal.
///
/// The kinds are constants in the extensions of this type, one for each ``Subject``: that is the one table of what a
/// notice can be, what it means and what to check.
public struct NoticeKind: Sendable {
    /// What a notice is about.
    public enum Subject: String, Sendable, CaseIterable {
        /// An input as a whole.
        case input = "an input as a whole"
        /// A handshake (RFC 6455 §4).
        case handshake = "a handshake"
        /// One direction of a conversation.
        case stream = "a stream"
        /// How a conversation ended.
        case ending = "how a conversation ended"
        /// Both hops of a proxy.
        case hops = "both hops of a proxy"
    }

    /// The name: lower case and hyphens, for example `wrong-accept`. Stable: users filter by it.
    public let name: String
    /// What it is about.
    public let subject: Subject
    /// What was found, in a few words that begin in lower case.
    public let title: String
    /// What that means, and what follows from it.
    public let meaning: String
    /// What to check next, one item each.
    public let checks: [String]

    /// Creates a kind, whose name no other kind may have.
    public init(_ name: String, _ subject: Subject, _ title: String, means meaning: String, checks: [String]) {
        self.name = name
        self.subject = subject
        self.title = title
        self.meaning = meaning
        self.checks = checks
    }

    /// All kinds, by subject.
    public static let all = input + handshake + handshakeForm + stream + ending + hops

    /// The kind of that name; nil if there is none.
    public static func named(_ name: String) -> NoticeKind? {
        all.first { $0.name == name }
    }
}

extension NoticeKind: Hashable {
    /// Names are unique.
    public static func == (left: NoticeKind, right: NoticeKind) -> Bool { left.name == right.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
