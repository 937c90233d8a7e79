/// Findings in their proper order, although violations are complete only when the bytes after them are known: what
/// comes after such a violation waits.
struct FindingSequence {
    private enum Item {
        case known(Finding)
        case pending(PendingViolation)
    }

    private var items: [Item] = []

    /// The number of findings that wait.
    var count: Int { items.count }

    /// Adds the next finding.
    mutating func add(_ finding: Finding, _ visit: (Finding) -> Void) {
        if items.isEmpty {
            visit(finding)
        } else {
            items.append(.known(finding))
        }
    }

    /// Adds a violation in its place.
    mutating func add(_ violation: PendingViolation) {
        items.append(.pending(violation))
    }

    /// Reports all findings up to the first violation that is not ready.
    mutating func release(_ visit: (Finding) -> Void) {
        guard !items.isEmpty else { return }
        var count = 0
        loop: for item in items {
            switch item {
            case .known(let finding): visit(finding)
            case .pending(let violation) where violation.isReady: visit(.violation(violation.finding))
            case .pending: break loop
            }
            count += 1
        }
        items.removeFirst(count)
    }
}
