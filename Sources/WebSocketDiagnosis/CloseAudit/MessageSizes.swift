import WebSocketFrames

/// How large the messages of one endpoint were: a peer that refuses one for its size says so with 1009.
struct MessageSizes: Sendable {
    /// A message as its frames declare it.
    struct Message: Sendable {
        /// Its place among the endpoint's messages, from 0.
        var index: UInt64
        /// Bytes of payload, as far as its frames have come.
        var size: UInt64
        /// The largest of its frames, in bytes of payload.
        var largestFrame: UInt64
        var frames: UInt64 = 1
        var place: Place
        /// It has RSV1: its size is that of what was compressed.
        var isCompressed: Bool

        mutating func add(_ header: EncodedFrameHeader) {
            size = size.addingReportingOverflow(header.payloadLength).overflow ? .max : size + header.payloadLength
            largestFrame = max(largestFrame, header.payloadLength)
            frames &+= 1
        }
    }

    /// The last message.
    private(set) var last: Message?
    /// The one that is larger than all before it.
    private(set) var record: Message?
    /// The largest size, and the largest frame, of those before ``record``.
    private(set) var beforeRecord: (size: UInt64, frame: UInt64)?
    /// The largest frame of all messages but ``last``.
    private var largestFrame: UInt64 = 0

    /// A data frame has come.
    mutating func see(_ header: EncodedFrameHeader, index: UInt64, at place: Place) {
        if header.opcode != .continuation {
            settle()
            last = Message(
                index: index, size: header.payloadLength, largestFrame: header.payloadLength, place: place,
                isCompressed: header.reservedBits.contains(.rsv1))
        } else {
            last?.add(header)
        }
    }

    /// The last message has ended: the next one begins.
    private mutating func settle() {
        guard let last else { return }
        if record.map({ last.size > $0.size }) ?? true {
            if let record { beforeRecord = (record.size, largestFrame) }
            record = last
        }
        largestFrame = max(largestFrame, last.largestFrame)
    }

    /// The message that was refused, if one was, and the largest that was taken before it.
    ///
    /// - Parameters:
    ///   - frame: the frame that was on its way when it was refused.
    ///   - isRecent: the record came so late that the refusal can be about it.
    func refused(
        inside frame: (header: EncodedFrameHeader, place: Place)?, index: UInt64, isRecent: (Message) -> Bool
    ) -> (message: Message, taken: (size: UInt64, frame: UInt64)?)? {
        var sizes = self
        if let frame { sizes.see(frame.header, index: index, at: frame.place) }
        guard let last = sizes.last else { return nil }
        sizes.settle()
        guard let record = sizes.record else { return nil }
        if record.index == last.index || isRecent(record) { return (record, sizes.beforeRecord) }
        return (last, (record.size, sizes.largestFrame))
    }
}
