import WebSocketFrames
import WebSocketReports

/// Findings in the order in which they belong, although violations are known only when the bytes after them are.
struct OrderedFindings {
    /// No more findings wait for a violation before them; then it is reported when it comes.
    static let mostWaiting = 4096

    private enum Item {
        case known(Finding)
        /// The place of a violation of that endpoint.
        case awaited(Endpoint?)
    }

    private var items: [Item] = []
    private var awaitedCount = 0

    /// The next finding.
    mutating func add(_ finding: Finding) {
        items.append(.known(finding))
    }

    /// A violation of an endpoint was met here.
    mutating func holdPlace(for sender: Endpoint?) {
        items.append(.awaited(sender))
        awaitedCount += 1
    }

    /// All is known of the next violation of an endpoint: it goes to its place.
    mutating func add(_ violation: ViolationFinding, of sender: Endpoint?) {
        let place = items.firstIndex { if case .awaited(sender) = $0 { true } else { false } }
        guard awaitedCount > 0, let place else { return add(.violation(violation)) }
        items[place] = .known(.violation(violation))
        awaitedCount -= 1
    }

    /// What can be reported now: all up to a violation that is still awaited.
    mutating func take() -> [Finding] {
        guard !items.isEmpty else { return [] }
        let mayGoOn = awaitedCount == 0 || items.count > Self.mostWaiting
        let count =
            mayGoOn ? items.count : items.firstIndex { if case .awaited = $0 { true } else { false } } ?? items.count
        defer {
            items.removeFirst(count)
            if mayGoOn { awaitedCount = 0 }
        }
        return items.prefix(count).compactMap { if case .known(let finding) = $0 { finding } else { nil } }
    }
}
