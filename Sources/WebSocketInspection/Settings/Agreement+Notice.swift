import WebSocketCaptures

extension Agreement {
    /// Returns the notice that is due if a stream has used what is only assumed.
    func notice(aboutCapture isCapture: Bool) -> Notice? {
        guard isAssumed else { return nil }
        let why =
            isCapture
            ? "Whether permessage-deflate was agreed on is not in this capture: RSV1 is taken as legal where it would be. "
            : "The request offers permessage-deflate, and whether the server agreed is not in this dump: RSV1 is taken as "
                + "legal. "
        return Notice(.deflateAssumed, about: nil, why + "With --no-deflate it is a violation.")
    }
}
