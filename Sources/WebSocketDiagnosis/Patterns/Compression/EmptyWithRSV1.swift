internal import PerMessageDeflate
internal import WebSocketFrames

/// A message with RSV1 and no bytes: compressed, an empty message is one byte 00 (RFC 7692 §7.2.3.6).
enum EmptyWithRSV1 {
    static func found(_ context: ViolationContext) -> Match? {
        guard context.violation?.deflateFault == .emptyPayload else { return nil }
        return Match(
            certainty: .certain,
            message:
                "the message that ends at \(context.place(context.start)) has RSV1 and no payload: compressed, an empty "
                + "message is one byte 00; sent without RSV1 it needs none.")
    }
}
