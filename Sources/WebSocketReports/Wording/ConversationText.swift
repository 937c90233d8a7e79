import WebSocketCaptures

/// What all reports for people say about a conversation, and about positions in a capture.
enum ConversationText {
    /// Returns a sentence that says how the conversation was opened.
    static func opening(_ opening: ConversationHead.Opening) -> String {
        switch opening {
        case .upgrade: "By its HTTP handshake."
        case .extendedConnect: "By an extended CONNECT on a stream of HTTP/2."
        case .refused(nil): "Never: the server's answer was not HTTP, so there are no frames."
        case .refused(let status?): "Never: the server refused with HTTP status \(status), so there are no frames."
        case .middle(let client, let server):
            "Before the capture began. The first frame boundary was found by trying: "
                + "\(Numbers.count(client, "byte")) of the client and \(Numbers.count(server, "byte")) of the server "
                + "were skipped."
        }
    }

    /// Returns `packet 1200, 2026-03-01T12:34:56.123456Z`: both can be searched for in other programs.
    static func packetPosition(_ packetPosition: PacketPosition) -> String {
        "packet \(packetPosition.packet)" + (packetPosition.time.map { ", \($0)" } ?? "")
    }

    /// Returns `packet 12, +0.000250 s`.
    static func packetPosition(_ packetPosition: PacketPosition, since start: CaptureTime?) -> String {
        var text = "packet \(Numbers.grouped(packetPosition.packet))"
        if let start, let time = packetPosition.time { text += ", \(TimeText.since(start, time)) s" }
        return text
    }
}
