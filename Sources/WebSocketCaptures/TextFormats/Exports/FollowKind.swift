/// What a follow of TShark shows: the `tcp,raw` in its head.
enum FollowKind {
    /// How the rows of a follow are written.
    enum Rows: Sendable {
        /// A line of digits for each record.
        case raw
        /// Lines of an offset, bytes, and the same as characters.
        case hex
    }

    /// Returns how the rows are written; or why they are of no use, with what to export instead.
    static func rows(of kind: Span<UInt8>) -> Result<Rows, Refusal> {
        let comma = kind.firstIndex(of: ASCII.comma)
        let followed = kind.extracting(0..<comma)
        if let reason = refusal(of: followed) { return .failure(Refusal(sentence: reason)) }
        if kind.is(",raw", from: comma) { return .success(.raw) }
        if kind.is(",hex", from: comma) { return .success(.hex) }
        return .failure(
            Refusal(
                sentence: """
                    a conversation that TShark printed as characters: what cannot be printed has become dots, and the \
                    bytes are lost; print it with \(advice)
                    """))
    }

    /// The reason why an export cannot be judged.
    struct Refusal: Error {
        let sentence: String
    }

    private static let advice = "tshark -q -z follow,tcp,raw,N, or give the capture itself"

    private static func refusal(of followed: Span<UInt8>) -> String? {
        // What TLS carried is as good as what TCP carried: the application's bytes. It used to be called SSL.
        if followed.is("tcp") || followed.is("tls") || followed.is("ssl") { return nil }
        if followed.is("websocket") {
            return """
                the output of follow,websocket: payloads, already unmasked and without their frame headers, so there is \
                no frame left to judge; print the connection's bytes with \(advice)
                """
        }
        if followed.is("http") {
            return """
                the output of follow,http: it ends with the handshake, and the frames after it are not there; print the \
                connection's bytes with \(advice)
                """
        }
        if followed.is("http2") || followed.is("quic") || followed.is("http3") {
            return """
                the output of follow,\(followed.is("quic") ? "quic" : "http2"): its bytes are wrapped in another \
                protocol's frames, which are not taken apart; WebSocket on TCP is printed with \(advice)
                """
        }
        return """
            a follow of something that is not a TCP connection, and WebSocket needs one; print the connection's bytes with \
            \(advice)
            """
    }
}

extension Span<UInt8> {
    /// Returns whether the bytes from `start` on are exactly those of `text`.
    func `is`(_ text: String, from start: Int = 0) -> Bool {
        count &- start == text.utf8.count && has(text, at: start)
    }
}
