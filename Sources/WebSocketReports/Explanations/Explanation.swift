import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// Explanations of close codes, rules, diagnoses and notices, for people.
public enum Explanation {
    /// Returns the explanation of every topic, in that order.
    ///
    /// Two close codes are shown side by side if there is room for it (80 columns); all other topics are shown one
    /// below the other.
    /// - Parameters:
    ///   - topics: close codes (`1002`, anything from 0 to 65535) and the names of ``ExplanationList/names``: rules
    ///     (`reserved-bits`), diagnoses (`http-response`) and notices (`no-close`).
    ///   - usesColor: whether to highlight with colour.
    ///   - width: the number of columns a line may take, at least 40.
    public static func text(of topics: [String], usesColor: Bool, width: Int) -> Result<String, UnknownTopic> {
        var found: [Topic] = []
        for name in topics {
            guard let topic = Topic(name) else { return .failure(UnknownTopic(name)) }
            found.append(topic)
        }
        let width = max(width, 40)
        let lines: [StyledLine]
        if found.count == 2, width >= 80, case .closeCode(let left) = found[0], case .closeCode(let right) = found[1] {
            let column = (width - SideBySide.gap) / 2
            lines = SideBySide.lines(
                CloseCodePage.sections(for: left, isNarrow: true), CloseCodePage.sections(for: right, isNarrow: true),
                column: column)
        } else {
            let pages = found.map { $0.sections.lines(width: width) }
            lines = Array(pages.joined(separator: [StyledLine()]))
        }
        return .success(lines.text(usesColor: usesColor))
    }
}

/// Something that can be explained.
enum Topic {
    case closeCode(CloseCode)
    case rule(Rule)
    case diagnosis(KnownPattern)
    case notice(NoticeKind)

    init?(_ name: String) {
        if name.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let code = UInt16(name) {
            self = .closeCode(CloseCode(rawValue: code))
            return
        }
        let name = name.lowercased()
        if let rule = Rule(name: name) {
            self = .rule(rule)
        } else if let pattern = Diagnosis.patterns.first(where: { $0.name == name }) {
            self = .diagnosis(pattern)
        } else if let notice = NoticeKind.named(name) {
            self = .notice(notice)
        } else {
            return nil
        }
    }

    var sections: [Section] {
        switch self {
        case .closeCode(let code): CloseCodePage.sections(for: code, isNarrow: false)
        case .rule(let rule): RulePage.sections(for: rule)
        case .diagnosis(let pattern): DiagnosisPage.sections(for: pattern)
        case .notice(let entry): NoticePage.sections(for: entry)
        }
    }
}

/// A topic that is neither a close code nor a known name.
public struct UnknownTopic: Error, Sendable, Hashable {
    /// The topic as it was given.
    public let topic: String
    /// The nearest of ``ExplanationList/names``; nil if none is near.
    public let nearest: String?

    init(_ topic: String) {
        self.topic = topic
        self.nearest = Self.isNumber(topic) ? nil : NearestName.to(topic.lowercased(), in: ExplanationList.names)
    }

    /// What is wrong, in one line without a full stop.
    public var message: String {
        let name = Escaping.quoted(topic)
        return Self.isNumber(topic)
            ? "\(name) is not a close code: they are 16 bits, 0 to 65535"
            : "\(name) is not a close code, and no rule, diagnosis or notice has that name"
    }

    /// What to do about it, in one line without a full stop.
    public var hint: String {
        if let nearest { return "did you mean \(nearest)?" }
        return "give a close code such as 1002, or a name from wsframes explain --list such as reserved-bits"
    }

    private static func isNumber(_ topic: String) -> Bool {
        let digits = topic.hasPrefix("-") ? topic.dropFirst() : topic[...]
        return !digits.isEmpty && digits.allSatisfy(\.isNumber)
    }
}
