internal import WebSocketFrames

/// A data message, over all its frames (RFC 6455 §5.4).
struct DataMessage: Sendable {
    let opcode: Opcode
    /// Whether RSV1 is set on its first frame (RFC 7692 §6).
    let isCompressed: Bool
    /// The index of its first frame's first byte.
    let start: Int
    /// The number of messages before it.
    let index: Int
    /// The index after its last frame, or after the known part of it.
    fileprivate(set) var end: Int
    /// The known part of its payload, unmasked.
    fileprivate(set) var payload: [UInt8] = []
    /// Whether all of it is known.
    fileprivate(set) var isWhole = false
    /// The number of its frames.
    fileprivate(set) var frames = 0

    var isText: Bool { opcode == .text }
}

/// The data messages among the bytes of a stream, from its start on, or from a frame on if the start is not known.
struct DataMessages: Sendable {
    let bytes: [UInt8]
    /// The index of the first frame.
    let first: Int
    /// Whether there may be messages before the first one.
    let missesEarlier: Bool

    /// - Parameter frame: the index of a frame's first byte, used if the stream's start is not among the bytes.
    init(_ stream: StreamBytes, orFrom frame: Int) {
        bytes = stream.bytes
        missesEarlier = stream.offset != 0
        first = missesEarlier ? max(frame, 0) : 0
    }

    /// Visits one message after the other, as long as frames follow each other, up to the end of the bytes.
    ///
    /// - Parameter body: receives each message, the last one as far as it is known; returns whether to continue.
    /// - Returns: false if something that is not a frame comes before the end.
    @discardableResult
    func visit(_ body: (DataMessage) -> Bool) -> Bool {
        var open: DataMessage?
        var count = 0
        var at = first
        while at < bytes.count {
            guard LocatedFrame.canBegin[Int(bytes[at])] else { return false }
            guard let place = LocatedFrame(at: at, in: bytes) else { break }
            at = place.end
            let header = place.header
            if header.opcode.isControl { continue }
            if header.opcode != .continuation {
                open = DataMessage(
                    opcode: header.opcode, isCompressed: header.reservedBits == .rsv1, start: place.start,
                    index: count, end: place.end)
                count += 1
            }
            guard var message = open else { continue }
            message.frames += 1
            message.end = min(place.end, bytes.count)
            open = nil
            message.payload += place.payload(in: bytes)
            message.isWhole = header.isFinal && place.end <= bytes.count
            if header.isFinal || place.end > bytes.count {
                guard body(message) else { return true }
            } else {
                open = message
            }
        }
        if let open { _ = body(open) }
        return true
    }

    /// Returns the message that contains a byte.
    func message(at index: Int) -> DataMessage? {
        var found: DataMessage?
        visit { message in
            if message.end > index || !message.isWhole { found = message }
            return message.end <= index
        }
        return found.flatMap { $0.start <= index ? $0 : nil }
    }
}
