import WebSocketFrames

// What TLS says about a conversation that it carries.
extension ConversationReader {
    /// Notes that a side sent an alert.
    func note(
        _ alert: TLSAlert, of side: TCPPeer, at position: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard phase == .open else { return }
        let sender = endpoint(of: side)
        let message =
            "The \(sender.name) sent the TLS alert \(alert.name)"
            + (alert.isFatal ? ": TLS ended the connection with an error (RFC 8446 §6.2)." : ".")
        visit(.notice(Notice(.tlsAlert, about: sender, message, at: position)), Span())
    }

    /// Notes that a side of an HTTP/2 connection accepts no further streams.
    func noteGoAway(
        code: UInt32, by side: TCPPeer, at position: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard phase == .open else { return }
        let sender = endpoint(of: side)
        let message =
            "The \(sender.name) sent a GOAWAY frame with the HTTP/2 error code \(code)"
            + (code == 0 ? " (no error)" : "") + ": it ends the HTTP/2 connection (RFC 9113 §6.8)."
        visit(.notice(Notice(.goAway, about: sender, message, at: position)), Span())
    }

    /// Notes that a side ended TCP without announcing it in TLS.
    func noteUnclosed(
        _ side: TCPPeer, at position: PacketPosition?, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard phase == .open else { return }
        let sender = endpoint(of: side)
        let message =
            "The \(sender.name) ended TCP (FIN) without the TLS alert close_notify: to TLS, what it sent may have been "
            + "cut off (RFC 8446 §6.1)."
        visit(.notice(Notice(.noCloseNotify, about: sender, message, at: position)), Span())
    }
}
