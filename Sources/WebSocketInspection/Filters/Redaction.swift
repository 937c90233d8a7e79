import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Removes from findings what others must not read: payloads, close reasons, queries and long words of targets, keys.
/// What is removed is replaced with its length.
public enum Redaction {
    /// The longest word in a path or a subprotocol that is kept: longer ones may be tokens.
    private static let longestWord = 24

    /// Returns the finding without confidential parts.
    public static func redacted(_ finding: Finding) -> Finding {
        switch finding {
        case .error: return finding
        case .stream(var summary):
            summary.sentCloseReason = summary.sentCloseReason.map { length($0.utf8.count, "bytes") }
            return .stream(summary)
        case .conversation(var conversation):
            conversation.head = redacted(conversation.head)
            return .conversation(conversation)
        case .frame(var frame):
            let keepsCode = frame.frame.record.header.opcode == .close && frame.frame.isWhole
            frame.frame.payload = keepsCode ? Array(frame.frame.payload.prefix(2)) : []
            frame.frame.inflated = nil
            return .frame(frame)
        case .message(var message):
            message.bytes = []
            return .message(message)
        case .violation(var violation):
            violation.context = headerOnly(of: violation)
            violation.contextOffset = violation.violation.frameOffset
            violation.diagnosis = violation.diagnosis.map(redacted)
            return .violation(violation)
        case .notice(var notice):
            notice.notice.message = withoutQuotes(notice.notice.message)
            notice.diagnosis = notice.diagnosis.map(redacted)
            return .notice(notice)
        case .hops(var hops):
            hops.frontHead = redacted(hops.frontHead)
            hops.backHead = redacted(hops.backHead)
            hops.comparison.redact(withoutQuotes)
            return .hops(hops)
        case .ending(var ending):
            ending.ending.message = withoutQuotes(ending.ending.message)
            return .ending(ending)
        }
    }

    private static func headerOnly(of finding: ViolationFinding) -> [UInt8] {
        (0..<finding.violation.header.count).map { finding.violation.header[$0] }
    }

    private static func redacted(_ head: ConversationHead) -> ConversationHead {
        var head = head
        head.target = head.target.map(redacted(target:))
        head.key = nil
        head.subprotocol = head.subprotocol.map(redacted(word:))
        head.otherExtensions = head.otherExtensions.map(redacted(word:))
        return head
    }

    /// Returns `/chat/[36 characters]?[20 characters]`.
    static func redacted(target: String) -> String {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: "/", omittingEmptySubsequences: false).map { redacted(word: String($0)) }
        let query = parts.count > 1 ? "?" + length(parts[1].count, "characters") : ""
        return path.joined(separator: "/") + query
    }

    private static func redacted(word: String) -> String {
        word.count > longestWord ? length(word.count, "characters") : word
    }

    private static func redacted(_ diagnosis: Diagnosis) -> Diagnosis {
        var diagnosis = diagnosis
        diagnosis.message = withoutQuotes(diagnosis.message)
        diagnosis.checks = diagnosis.checks.map(withoutQuotes)
        return diagnosis
    }

    /// Returns a sentence in which everything between quotes is replaced, since it comes from the input.
    static func withoutQuotes(_ text: String) -> String {
        var result = ""
        var quoted: String?
        var isEscaped = false
        for character in text {
            guard var inside = quoted else {
                if character == "\"" || character == "“" { quoted = "" } else { result.append(character) }
                continue
            }
            if !isEscaped, character == "\"" || character == "”" {
                result += length(inside.count, "characters")
                quoted = nil
                continue
            }
            isEscaped = !isEscaped && character == "\\"
            inside.append(character)
            quoted = inside
        }
        // A quote that does not end comes from the input, too.
        return result + (quoted.map { length($0.count, "characters") } ?? "")
    }

    private static func length(_ count: Int, _ noun: String) -> String { "[\(count) \(noun)]" }
}
