import WebSocketCaptures
import WebSocketFrames
import WebSocketReports

/// What is known of a stream at its end, and what of it is doubtful without breaking a rule.
struct StreamFacts {
    let summary: StreamSummary
    let inputSize: UInt64
    let handshake: Handshake?
    let closeCode: CloseCode?
    let usedReservedBits: Bool
    let deflateIsAssumed: Bool

    var notices: [Notice] {
        var notices: [Notice] = []
        func add(_ name: String, _ message: String) {
            notices.append(Notice(origin: summary.origin, name: name, message: message))
        }
        if inputSize == 0 {
            add("empty-input", "The input is empty: there is nothing to judge.")
        }
        if let status = handshake?.status, status != 101 {
            add(
                "handshake-refused",
                "The server answered the handshake with HTTP status \(status), not 101: no frames can follow.")
        }
        for name in handshake?.otherExtensions ?? [] {
            add(
                "unknown-extension",
                "The handshake agrees to the extension \(quoted(name)). What it claims is not known here: its RSV bits are "
                    + "judged as claimed by nobody.")
        }
        if deflateIsAssumed, usedReservedBits {
            add(
                "deflate-assumed",
                "The request offers permessage-deflate, and whether the server agreed is not in this dump: RSV1 is taken "
                    + "as legal. --no-deflate judges otherwise.")
        }
        if let closeCode, let sender = summary.origin.sender, !Self.fits(closeCode, sender) {
            add(
                "unusual-close-code",
                "The \(sender.name) closes with \(closeCode.rawValue) (\(closeCode.name)), which by its meaning only a "
                    + "\(sender.peer.name) has a reason to send.")
        }
        return notices
    }

    private static func fits(_ code: CloseCode, _ sender: Endpoint) -> Bool {
        switch code.sender {
        case .either: true
        case .client: sender == .client
        case .server: sender == .server
        case .nobody: false
        }
    }
}
