import WebSocketFrames
import WebSocketInspection

/// The names of an input, a conversation and its directions.
enum OriginText {
    static func source(_ source: String) -> String {
        source.isEmpty ? "\"\"" : Escaping.visible(source)
    }

    /// Returns `capture.pcapng, conversation 2, client → server`, or `dump.bin, client → server` for a dump of one
    /// stream. If it is about a whole input, or about both directions of a conversation, no direction is named.
    static func place(of origin: StreamOrigin, inCapture: Bool = false) -> String {
        var text = source(origin.source)
        guard let connection = origin.connection else {
            return origin.sender == nil ? text : text + ", " + direction(of: origin)
        }
        if inCapture {
            text += ", conversation \(connection)"
            return origin.sender == nil ? text : text + ", " + direction(of: origin)
        }
        if connection != 0 { text += ", conversation \(connection)" }
        return text + ", " + direction(of: origin)
    }

    /// Returns `client → server`.
    static func direction(of origin: StreamOrigin) -> String {
        guard let sender = origin.sender else { return "sender not known" }
        return "\(sender.name) → \(sender.peer.name)"
    }
}
