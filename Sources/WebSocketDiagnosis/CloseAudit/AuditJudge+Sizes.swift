import WebSocketCaptures
import WebSocketFrames

// 1009: a message was too big for the endpoint that closed (RFC 6455 §7.4.1).
extension AuditJudge {
    func refusedMessage(closer: Endpoint) -> Notice? {
        let peer = closer.peer
        guard let close = self[closer].close, close.code == .messageTooBig, !isReply(close, of: closer),
            self[peer].violation == nil || self[peer].violation?.isLimit == true, isKnown(peer, upTo: close.position)
        else { return nil }
        let sizes = self[peer].sizesAtPeerClose ?? MessageSizes()
        let index = sizes.last.map { $0.index &+ 1 } ?? 0
        let refused = sizes.refused(inside: frameOnItsWay(from: peer, at: close.position), index: index) { record in
            record.position.nanoseconds(to: close.position.packetPosition).map { $0 < Self.gapTolerance } ?? false
        }
        guard let (message, taken) = refused else { return nil }
        var text = "The \(closer.name) refused message \(message.index) of the \(peer.name)"
        text += message.position.packetPosition.map { ", which begins in packet \($0.packet)," } ?? ""
        text += " with 1009 (RFC 6455 §7.4.1): it declares \(Wording.count(message.size, "byte"))"
        text += message.frames == 1 ? " in one frame" : " so far, in \(message.frames) frames"
        text += message.isCompressed ? ", compressed; most limits count what that inflates to." : "."
        if let taken {
            text += " The largest that the \(closer.name) took before has \(Wording.count(taken.size, "byte"))."
            if taken.size >= message.size { text += " So it is not the size alone." }
        }
        text += AuditWording.reason(close)
        text += Self.hints(message, taken) + " The limit is the \(closer.name)'s own, or that of a gateway before it."
        return Notice(.messageRefused1009, about: closer, text, at: message.position.packetPosition)
    }

    /// Returns the frame that `peer` was sending when it was refused.
    private func frameOnItsWay(from peer: Endpoint, at close: EventPosition) -> (
        header: EncodedFrameHeader, position: EventPosition
    )? {
        if let frame = self[peer].frameAtPeerClose { return frame }
        guard let frame = unfinishedFrames[peer], frame.record.header.isComplete,
            !frame.record.header.opcode.isControl
        else { return nil }
        if let began = frame.packetPosition?.packet, let closed = close.packetPosition?.packet, began > closed {
            return nil
        }
        return (frame.record.header, EventPosition(order: close.order, packetPosition: frame.packetPosition))
    }

    /// Returns a sentence about software whose default limits would have refused exactly this message.
    private static func hints(_ message: MessageSizes.Message, _ taken: (size: UInt64, frame: UInt64)?) -> String {
        guard !message.isCompressed else { return "" }
        let limits = KnownLimits.sizes(taken: taken, refused: message.size, refusedFrame: message.largestFrame)
        guard !limits.isEmpty else { return "" }
        let words = limits.map { "\(Wording.count($0.bytes, "byte"))\($0.isOfFrame ? " a frame" : "") (\($0.source))" }
        return " Defaults that would refuse it: \(words.joined(separator: ", "))."
    }
}
