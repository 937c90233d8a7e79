import WebSocketFrames

/// What a message carries, so that it can be found again on another connection: inflated where that is possible, since
/// whoever passes it on may compress it anew.
public struct DigestedMessage: Sendable, Hashable {
    /// Of the message's bytes, or of a control frame's payload.
    public var content: ContentDigest
    /// It was sent compressed.
    public var isCompressed: Bool
    /// An extension has changed the bytes, and what they stand for is not known.
    public var isOpaque: Bool
}

/// Digests the messages and control frames of a stream, piece by piece.
struct MessageDigester: Sendable {
    /// As it was sent, unmasked.
    private var sent = ContentDigest()
    private(set) var inflated = ContentDigest()
    private var control = ContentDigest()
    private var reservedBits: ReservedBits = []
    /// Messages that could not be inflated before this one.
    private var uninflatedCount: UInt64 = 0

    /// A frame begins at that byte, and this many messages before it could not be inflated.
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

    /// The open message was inflated so far.
    mutating func setInflated(_ digest: ContentDigest) { inflated = digest }

    /// The next bytes of a payload, as they arrived.
    ///
    /// - Parameter start: the payload byte that stands first in them.
    mutating func add(_ payload: Span<UInt8>, of header: EncodedFrameHeader, from start: UInt64) {
        guard !payload.isEmpty else { return }
        let key = header.maskingKey?.repeated(from: start) ?? 0
        if header.opcode.isControl {
            control.add(payload, key: key)
        } else {
            sent.add(payload, key: key)
        }
    }

    /// What has ended with that frame; nil if a message goes on after it.
    ///
    /// - Parameters:
    ///   - inflates: compressed messages are inflated.
    ///   - uninflatedCount: how many messages up to this one could not be inflated.
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
