import WebSocketFrames

/// The sizes of the messages of one endpoint: a peer that refuses one for its size closes with 1009.
struct MessageSizes: Sendable {
    /// A message as declared by its frames.
    struct Message: Sendable {
        /// Its index among the endpoint's messages, from 0.
        var index: UInt64
        /// The number of payload bytes declared by the frames that have arrived.
        var size: UInt64
        /// The payload length of its largest frame, in bytes.
        var largestFrame: UInt64
        var frames: UInt64 = 1
        var position: EventPosition
        /// Whether it has RSV1: its size is then the compressed one.
        var isCompressed: Bool

        mutating func add(_ header: EncodedFrameHeader) {
            size = size.addingReportingOverflow(header.payloadLength).overflow ? .max : size + header.payloadLength
            largestFrame = max(largestFrame, header.payloadLength)
            frames &+= 1
        }
    }

    /// The last message.
    private(set) var last: Message?
    /// The largest message so far.
    private(set) var record: Message?
    /// The largest size, and the largest frame, of the messages before ``record``.
    private(set) var beforeRecord: (size: UInt64, frame: UInt64)?
    /// The largest frame of all messages except ``last``.
    private var largestFrame: UInt64 = 0

    /// Notes a data frame.
    mutating func add(_ header: EncodedFrameHeader, index: UInt64, at position: EventPosition) {
        if header.opcode != .continuation {
            settle()
            last = Message(
                index: index, size: header.payloadLength, largestFrame: header.payloadLength, position: position,
                isCompressed: header.reservedBits.contains(.rsv1))
        } else {
            last?.add(header)
        }
    }

    /// Settles the last message when the next one begins.
    private mutating func settle() {
        guard let last else { return }
        if record.map({ last.size > $0.size }) ?? true {
            if let record { beforeRecord = (record.size, largestFrame) }
            record = last
        }
        largestFrame = max(largestFrame, last.largestFrame)
    }

    /// Returns the message that was refused, if one was, and the largest size and frame that were accepted before it.
    ///
    /// - Parameters:
    ///   - frame: the frame that was being sent when it was refused.
    ///   - isRecent: whether a message came so late that the refusal can be about it.
    func refused(
        inside frame: (header: EncodedFrameHeader, position: EventPosition)?, index: UInt64, isRecent: (Message) -> Bool
    ) -> (message: Message, taken: (size: UInt64, frame: UInt64)?)? {
        var sizes = self
        if let frame { sizes.add(frame.header, index: index, at: frame.position) }
        guard let last = sizes.last else { return nil }
        sizes.settle()
        guard let record = sizes.record else { return nil }
        if record.index == last.index || isRecent(record) { return (record, sizes.beforeRecord) }
        return (last, (record.size, sizes.largestFrame))
    }
}
