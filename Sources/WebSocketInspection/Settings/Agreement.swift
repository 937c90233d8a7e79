import WebSocketCaptures
import WebSocketFrames

/// What was agreed on about permessage-deflate (RFC 7692 §7): the one place where that is decided, for dumps, exports and
/// captures alike.
struct Agreement {
    /// What of the handshake was seen.
    enum Heads: Equatable {
        /// Neither head, in a dump that begins with frames: what nobody mentions was not agreed on.
        case unmentioned
        /// Neither head, in a capture or export that began after them.
        case missed
        /// The request alone, and whether it offers permessage-deflate.
        case request(offers: Bool)
        /// The response, with the request or without it, and whether it agrees to permessage-deflate.
        case response(agrees: Bool)
    }

    /// Frames may have RSV1 set where RFC 7692 allows it.
    let deflate: Bool
    /// Neither the handshake nor the user says so: a notice is due where a frame makes use of it.
    let isAssumed: Bool
    /// The request is known to have offered it.
    let wasOffered: Bool

    var extensions: AgreedExtensions { deflate ? .permessageDeflate : .none }

    /// - Parameter said: what the user says, or a dump of itself; nil if the handshake is to tell.
    init(said: Bool?, _ heads: Heads, wasOffered: Bool) {
        self.wasOffered = wasOffered
        if let said {
            deflate = said
            isAssumed = false
            return
        }
        switch heads {
        case .unmentioned:
            deflate = false
            isAssumed = false
        case .missed:
            deflate = true
            isAssumed = true
        case .request(let offers):
            // Whoever offers nothing cannot have got anything.
            deflate = offers
            isAssumed = offers
        case .response(let agrees):
            deflate = agrees
            isAssumed = false
        }
    }

    init(said: Bool?, _ head: ConversationHead) {
        let heads: Heads =
            if let agreed = head.agreedDeflate {
                .response(agrees: agreed)
            } else if case .middle = head.opening {
                .missed
            } else {
                .request(offers: head.offeredDeflate)
            }
        self.init(said: said, heads, wasOffered: head.offeredDeflate)
    }

    init(said: Bool?, _ handshake: Handshake?) {
        let heads: Heads =
            if handshake?.status != nil {
                .response(agrees: handshake?.agreedDeflate ?? false)
            } else if let handshake {
                .request(offers: handshake.offeredDeflate)
            } else {
                .unmentioned
            }
        self.init(said: said, heads, wasOffered: handshake?.offeredDeflate ?? false)
    }

    /// The notice that is due where a stream has made use of what is only assumed.
    func notice(aboutCapture isCapture: Bool) -> Notice? {
        guard isAssumed else { return nil }
        let why =
            isCapture
            ? "Whether permessage-deflate was agreed on is not in this capture: RSV1 is taken as legal where it would be. "
            : "The request offers permessage-deflate, and whether the server agreed is not in this dump: RSV1 is taken as "
                + "legal. "
        return Notice(.deflateAssumed, about: nil, why + "--no-deflate judges otherwise.")
    }
}
