import WebSocketFrames

/// The page about one close code: what the guide says, and the rules whose violation ends with it.
enum CloseCodePage {
    /// - Parameter isNarrow: whether the page has only half a line's width, so rules are listed by name only.
    static func sections(for code: CloseCode, isNarrow: Bool) -> [Section] {
        let entry = CloseCodeGuide.entry(for: code)
        return [
            Section(heading: "\(code.rawValue): \(code.name)", items: [.prose(entry.means)]),
            Section(heading: "At fault", items: [.prose(entry.fault)]),
            Section(heading: "When it appears", items: entry.appears.map { .bullet($0) }),
            Section(heading: "What to do", items: entry.remedies.map { .bullet($0) }),
            Section(heading: "Do not confuse", items: entry.confusions.map { .bullet($0) }),
            Section(heading: "In a Close frame", items: [.prose(wire(code))]),
            Section(heading: "Rules that end with it", items: rules(code, isNarrow: isNarrow)),
        ]
    }

    private static func wire(_ code: CloseCode) -> String {
        switch code.sender {
        case .either: "Either endpoint may send it."
        case .client: "By its meaning only a client sends it."
        case .server: "By its meaning only a server sends it."
        case .nobody: "Nobody may send it: a Close that carries it breaks \(Rule.invalidCloseCode.name)."
        }
    }

    private static func rules(_ code: CloseCode, isNarrow: Bool) -> [Section.Item] {
        let rules = Rule.allCases.filter { $0.closeCode == code }
        guard !rules.isEmpty else {
            return code == .internalError ? [.prose("None. No rule about the peer's bytes ends with 1011.")] : []
        }
        return isNarrow
            ? [.prose(rules.map(\.name).joined(separator: ", "))]
            : rules.map { .bullet("\($0.name): \($0.entry.brokenWhen)") }
    }
}
