import WebSocketFrames

/// A digest of a message, which finds it again on another connection: inflated if possible, since whatever passes the
/// message on may compress it anew.
public struct DigestedMessage: Sendable, Hashable {
    /// The digest of the message's bytes, or of a control frame's payload.
    public var content: ContentDigest
    /// Whether it was sent compressed.
    public var isCompressed: Bool
    /// Whether an extension has changed the bytes, so that their meaning is not known.
    public var isOpaque: Bool
}

/// Digests the messages and control frames of a stream, piece by piece.
struct MessageDigester: Sendable {
    /// The digest of the bytes as they were sent, unmasked.
    private var sent = ContentDigest()
    private(set) var inflated = ContentDigest()
    private var control = ContentDigest()
    private var reservedBits: ReservedBits = []
    /// The number of messages before this one that could not be inflated.
    private var uninflatedCount: UInt64 = 0

    /// Begins a frame with that first byte; this many messages before it could not be inflated.
    @inline(__always)
    mutating func beginFrame(_ byte: UInt8, uninflatedCount: UInt64) {
        let opcode = Opcode(rawValue: byte & 0x0F)
        if opcode.isControl {
            control = ContentDigest()
        } else if opcode != .continuation {
            sent = ContentDigest()
            inflated = ContentDigest()
            reservedBits = ReservedBits(rawValue: byte & 0x70)
            self.uninflatedCount = uninflatedCount
        }
    }

    /// Sets the digest of what the open message has inflated to so far.
    mutating func setInflated(_ digest: ContentDigest) { inflated = digest }

    /// Adds the next bytes of a payload, as they arrived.
    ///
    /// - Parameter start: the index of the first of them within the payload.
    mutating func add(_ payload: Span<UInt8>, of header: EncodedFrameHeader, from start: UInt64) {
        guard !payload.isEmpty else { return }
        let key = header.maskingKey?.repeated(from: start) ?? 0
        if header.opcode.isControl {
            control.add(payload, key: key)
        } else {
            sent.add(payload, key: key)
        }
    }

    /// Returns the digest of what ended with that frame; nil if a message continues after it.
    ///
    /// - Parameters:
    ///   - inflates: whether compressed messages are inflated.
    ///   - uninflatedCount: the number of messages up to and including this one that could not be inflated.
    @inline(__always)
    func ended(with header: EncodedFrameHeader, inflates: Bool, uninflatedCount: UInt64) -> DigestedMessage? {
        guard !header.opcode.isControl else {
            return DigestedMessage(content: control, isCompressed: false, isOpaque: false)
        }
        guard header.isFinal else { return nil }
        let isInflated = reservedBits == .rsv1 && inflates && uninflatedCount == self.uninflatedCount
        return DigestedMessage(
            content: isInflated ? inflated : sent, isCompressed: reservedBits.contains(.rsv1),
            isOpaque: !reservedBits.isEmpty && !isInflated)
    }
}
