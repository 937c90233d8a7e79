import WebSocketDiagnosis

/// The page about one diagnosis in general.
enum DiagnosisPage {
    static func sections(for pattern: KnownPattern) -> [Section] {
        [
            Section(
                heading: "\(pattern.name): \(pattern.title)",
                items: [
                    .prose(
                        "A diagnosis: it says what probably happened where a rule is broken, how sure that is (certain, "
                            + "likely, possible), and where to look first.")
                ]),
            Section(heading: "What it looks like", items: [.prose(pattern.signs)]),
            Section(heading: "What to check", items: pattern.checks.map { .bullet($0) }),
        ]
    }
}
