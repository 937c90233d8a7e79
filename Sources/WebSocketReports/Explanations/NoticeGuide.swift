/// What is known of one kind of notice.
struct NoticeEntry: Sendable {
    /// What the notice is about.
    enum Subject: String, Sendable, CaseIterable {
        case input = "an input as a whole"
        case handshake = "a handshake"
        case stream = "a stream"
        case ending = "how a conversation ended"
    }

    /// Lower case and hyphens. Stable: users and tests rely on it.
    let name: String
    let subject: Subject
    /// What was found, in a few words that begin in lower case.
    let title: String
    /// What that means, and what follows from it.
    let means: String
    /// What to check next, one thing each.
    let checks: [String]

    init(_ name: String, _ subject: Subject, _ title: String, means: String, checks: [String]) {
        self.name = name
        self.subject = subject
        self.title = title
        self.means = means
        self.checks = checks
    }
}

/// The one table of notices: every name that a notice can have, with what it means and what to check.
///
/// A test compares it with the sources that give notices.
enum NoticeGuide {
    static let all = input + handshake + stream + ending

    static func entry(named name: String) -> NoticeEntry? {
        all.first { $0.name == name }
    }
}
