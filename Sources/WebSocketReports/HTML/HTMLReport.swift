import WebSocketCaptures
import WebSocketFrames
public import WebSocketInspection

/// Findings as one self-contained page for a browser, which can be sent to somebody as it is.
///
/// The page has no script, loads nothing, and forbids both with a content security policy. Everything that comes from
/// an input is escaped (``Markup``). Its size is bounded (``PageCeilings``), and so is what this report keeps until
/// the end: ``closing(_:)`` returns the whole page, with the verdict at its top.
public struct HTMLReport: Report {
    private var contents = PageContents()
    private var open: ConversationRecord?
    private var conversationCount = 0

    /// Creates a report.
    public init() {}

    /// Returns an empty text: the finding is kept for the page.
    public mutating func text(for finding: Finding) -> String {
        switch finding {
        case .conversation(let finding): begin(finding.origin, finding.head)
        case .frame(let finding):
            join(finding.origin)
            open?.add(finding)
        case .message(let message):
            join(message.origin)
            open?.add(message)
        case .violation(let finding):
            join(finding.origin)
            open?.add(finding)
            contents.add(finding.violation.rule)
        case .stream(let summary):
            join(summary.origin)
            open?.add(summary)
        case .ending(let finding):
            join(finding.origin)
            open?.add(finding)
        case .notice(let notice):
            if notice.origin.connection == nil {
                contents.add(notice)
            } else {
                join(notice.origin, isRemark: true)
                open?.add(notice)
            }
        case .hops(let hops):
            end()
            contents.add(hops)
        case .error(let error):
            end()
            contents.add(error)
        }
        return ""
    }

    /// Returns the page.
    public mutating func closing(_ totals: Totals) -> String {
        end()
        return Page(contents, totals: totals).source
    }

    /// Makes the conversation that a finding is about the current one.
    private mutating func join(_ origin: StreamOrigin, isRemark: Bool = false) {
        if let open, open.source == origin.source, open.connection == origin.connection {
            // A dump of one direction has one stream: what follows belongs to the next dump, even if the name is the
            // same.
            guard open.head == nil, !open.streams.isEmpty, !isRemark else { return }
        }
        begin(origin, nil)
    }

    private mutating func begin(_ origin: StreamOrigin, _ head: ConversationHead?) {
        end()
        open = ConversationRecord(number: conversationCount, origin: origin, head: head)
        conversationCount += 1
    }

    private mutating func end() {
        if let open { contents.add(open) }
        open = nil
    }
}
