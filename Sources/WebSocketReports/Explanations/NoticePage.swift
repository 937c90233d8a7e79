import WebSocketCaptures
import WebSocketInspection

/// The page about one kind of notice.
enum NoticePage {
    static func sections(for entry: NoticeKind) -> [Section] {
        [
            Section(
                heading: "\(entry.name): \(entry.title)",
                items: [
                    .prose(
                        "A notice about \(entry.subject.rawValue). It changes neither verdict nor exit status, unless "
                            + "--strict is given.")
                ]),
            Section(heading: "What it means", items: [.prose(entry.meaning)]),
            Section(heading: "What to check", items: entry.checks.map { .bullet($0) }),
        ]
    }
}
