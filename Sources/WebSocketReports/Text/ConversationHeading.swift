import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

/// The heading above the findings of a conversation: who it was between, what was asked for, and how it began.
enum ConversationHeading {
    /// The most columns that one value of the handshake takes.
    private static let valueWidth = 160

    static func lines(for finding: ConversationFinding, width: Int) -> [StyledLine] {
        let head = finding.head
        let number = finding.origin.connection.map { "conversation \($0)" } ?? "conversation"
        let facts = [opening(of: head), agreement(in: head)].filter { !$0.isEmpty }
        return title(
            number, [ConversationText.peers(head), request(in: head) ?? ""].filter { !$0.isEmpty }, width: width)
            + facts.flatMap { Paragraph.prose($0, width: width - 2, style: .quiet).indented(by: 2) }
    }

    /// Returns the title on one line, or if that is too long, one line for each part.
    private static func title(_ number: String, _ parts: [String], width: Int) -> [StyledLine] {
        var line = StyledLine(number, .strong)
        for part in parts { line.append("  " + part) }
        guard line.width > width else { return [line] }
        return [StyledLine(number, .strong)]
            + parts.flatMap { Paragraph.prose($0, width: width - 2).indented(by: 2) }
    }

    private static func request(in head: ConversationHead) -> String? {
        head.target.map { (head.opening == .extendedConnect ? "CONNECT" : head.method ?? "GET") + " " + value($0) }
    }

    private static func opening(of head: ConversationHead) -> String {
        let packet = head.packetPosition.map { " in packet \($0.packet)" } ?? ""
        let place = packet + (head.packetPosition?.time.map { " at \($0)" } ?? "")
        switch head.opening {
        case .upgrade: return "upgraded" + place
        case .extendedConnect: return "opened over HTTP/2" + place
        case .refused(let status?): return "refused with \(status)" + place
        case .refused(nil): return "not answered in HTTP" + place
        case .middle(0, 0): return "found in the middle" + place
        case .middle(let client, let server):
            return "found in the middle\(place), \(Numbers.count(client, "byte")) of the client and "
                + "\(Numbers.count(server, "byte")) of the server skipped"
        }
    }

    /// Returns what client and server asked for and agreed on.
    private static func agreement(in head: ConversationHead) -> String {
        var facts: [String] = []
        if let host = head.host { facts.append("host " + value(host)) }
        if let subprotocol = head.subprotocol { facts.append("subprotocol " + value(subprotocol)) }
        facts += head.otherExtensions.prefix(8).map { "extension \(value($0)) agreed" }
        guard head.opening == .upgrade || head.opening == .extendedConnect else { return facts.joined(separator: ", ") }
        switch head.agreedDeflate {
        case true?: facts.append("permessage-deflate agreed")
        case false? where head.offeredDeflate: facts.append("permessage-deflate offered and not agreed")
        case false?: facts.append("no permessage-deflate")
        case nil: facts.append("the response was not captured")
        }
        return facts.joined(separator: ", ")
    }

    /// Returns a value as it was sent, between quotes if it could be mistaken for words of the report.
    private static func value(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy(isOfWord)
        return Columns.cut(isPlain ? text : Escaping.quoted(text), to: valueWidth)
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: "-._~:/?#[]@!$&'*+;=%".unicodeScalars.contains(scalar)
        }
    }
}
