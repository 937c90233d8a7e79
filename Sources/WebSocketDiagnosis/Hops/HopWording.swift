import WebSocketCaptures
import WebSocketFrames

/// The phrases that sentences about hops share.
enum HopWording {
    /// Returns `the client's hop`, between the client and the proxy, or `the server's hop`, between the proxy and the
    /// server.
    static func hop(isFront: Bool) -> String { isFront ? "the client's hop" : "the server's hop" }

    /// Returns a name for that endpoint of a hop.
    static func name(of endpoint: Endpoint, isFront: Bool) -> String {
        (endpoint == .client) == isFront ? "the \(endpoint.name)" : "the proxy"
    }

    /// Returns `message 3 of the client (1,400 bytes, packet 33)`.
    static func message(_ message: HopMessage, of sender: Endpoint) -> String {
        "message \(message.index) of the \(sender.name) (\(facts(of: message)))"
    }

    /// Returns `1,400 bytes, packet 33`.
    static func facts(of message: HopMessage) -> String {
        Wording.count(message.length, "byte") + packet(message.packetPosition)
    }

    /// Returns `, packet 33`.
    static func packet(_ packetPosition: PacketPosition?) -> String {
        packetPosition.map { ", packet \($0.packet)" } ?? ""
    }

    /// Returns ` in packet 33`.
    static func inPacket(_ packetPosition: PacketPosition?) -> String {
        packetPosition.map { " in packet \($0.packet)" } ?? ""
    }

    /// Returns `350 µs`, `2.5 ms`, `43.02 s`.
    static func span(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1_000_000: "\(nanoseconds / 1_000) µs"
        case ..<1_000_000_000: decimal(nanoseconds / 10_000) + " ms"
        default: decimal(nanoseconds / 10_000_000) + " s"
        }
    }

    /// Returns a number of hundredths, without trailing zeros.
    private static func decimal(_ hundredths: UInt64) -> String {
        let rest = hundredths % 100
        guard rest > 0 else { return Wording.grouped(hundredths / 100) }
        let digits = (rest < 10 ? "0" : "") + String(rest)
        return Wording.grouped(hundredths / 100) + "." + (digits.hasSuffix("0") ? String(digits.dropLast()) : digits)
    }

    /// Returns `closed with 1000 (normal closure) in packet 31`.
    static func ended(_ end: HopEnd) -> String {
        let what =
            switch end.kind {
            case .close(let code): "closed " + AuditWording.with(code)
            case .finished: "ended the connection without a Close"
            case .reset: "reset the connection"
            }
        return what + inPacket(end.packetPosition)
    }

    static func capitalised(_ sentence: String) -> String {
        sentence.prefix(1).uppercased() + sentence.dropFirst()
    }
}
