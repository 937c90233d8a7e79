// What this endpoint sends of its own accord, even while the connection is being read.

#if !hasFeature(Embedded)
    extension Connection {
        /// Returns the header of a data frame whose payload the caller sends, masked with the header's
        /// ``EncodedFrameHeader/maskingKey`` if it has one: for payloads that should not be copied.
        ///
        /// - Parameters:
        ///   - part: which part of its message the frame is.
        ///   - payloadLength: bytes of payload that will follow, below 2⁶³.
        ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
        public mutating func header(
            _ part: MessagePart, payloadLength: UInt64, reservedBits: ReservedBits = []
        ) throws(SendError) -> EncodedFrameHeader {
            try checkIsNotOver()
            return try answers.writer.header(part, payloadLength: payloadLength, reservedBits: reservedBits)
        }

        /// Appends one data frame.
        ///
        /// - Parameters:
        ///   - part: which part of its message the frame is.
        ///   - payload: the frame's payload. The caller vouches for a text message being UTF-8.
        ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
        ///   - output: where the frame is appended.
        /// - Throws: the reason why it may not be sent now; nothing is appended then.
        @inlinable
        public mutating func send(
            _ part: MessagePart, _ payload: Span<UInt8>, reservedBits: ReservedBits = [],
            to output: inout some FrameOutput
        ) throws(SendError) {
            try checkIsNotOver()
            try answers.writer.write(part, payload, reservedBits: reservedBits, to: &output)
        }

        /// Appends one data frame whose payload is a collection.
        @inlinable
        public mutating func send(
            _ part: MessagePart, _ payload: some Collection<UInt8>, reservedBits: ReservedBits = [],
            to output: inout some FrameOutput
        ) throws(SendError) {
            try checkIsNotOver()
            try answers.writer.write(part, payload, reservedBits: reservedBits, to: &output)
        }

        /// Appends a whole text message in one frame.
        @inlinable
        public mutating func send(text: String, to output: inout some FrameOutput) throws(SendError) {
            try send(.whole(.text), text.utf8, to: &output)
        }

        /// Appends a ping, a pong or a Close: 2…131 bytes. A Close begins the closing handshake.
        ///
        /// - Throws: ``SendError/closed`` if the connection is over, and for a second Close.
        @inlinable
        public mutating func send(_ control: ControlFrame, to output: inout some FrameOutput) throws(SendError) {
            try checkIsNotOver()
            try answers.writer.write(control, to: &output)
        }

        /// Begins the closing handshake. Continue reading until the peer has answered.
        ///
        /// - Parameters:
        ///   - code: why the connection ends (RFC 6455 §7.4); nil for a Close without a code.
        ///   - reason: a text for logs. It is truncated to 123 bytes of UTF-8, never inside a character.
        ///   - output: where the Close is appended, 2…131 bytes.
        /// - Throws: ``SendError/forbiddenCloseCode(_:)``; or ``SendError/closed`` if a Close has been sent already.
        @inlinable
        public mutating func close(
            _ code: CloseCode? = .normalClosure, reason: String = "", to output: inout some FrameOutput
        ) throws(SendError) {
            guard let code else { return try send(.close, to: &output) }
            guard let close = ControlFrame.close(code, reason: reason) else { throw .forbiddenCloseCode(code) }
            try send(close, to: &output)
        }

        /// Ends the connection because of an error on **this** side: Close with 1011. A ``Violation`` passed here is
        /// still the peer's fault and closes with its own code (``CloseCode/init(answering:)``).
        ///
        /// The connection is ``State-swift.enum/closed`` afterwards. If this endpoint has already sent its Close, or
        /// the peer is gone, nothing is written.
        ///
        /// - Parameters:
        ///   - error: what went wrong. Only the close code is sent to the peer.
        ///   - output: where the Close is appended, 4…8 bytes.
        public mutating func fail(_ error: any Error, to output: inout some FrameOutput) {
            let close = ControlFrame.close(CloseCode(answering: error)) ?? .close
            if let close = answers.lastWord(close) { answers.write(close, to: &output) }
        }

        @usableFromInline
        func checkIsNotOver() throws(SendError) {
            if answers.isOver { throw .closed }
        }
    }

    extension Answers {
        /// Writes a reply that ``reply(to:)`` returned.
        @inlinable
        mutating func write(_ reply: ControlFrame, to output: inout some FrameOutput) {
            // A second Close is never due, and no other reply can be refused.
            try? writer.write(reply, to: &output)
        }
    }
#endif
