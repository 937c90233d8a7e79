#if !hasFeature(Embedded)
    extension Connection {
        /// Consumes all of `bytes` at once, and hands everything over in order: the fast way to read (see
        /// ``FrameReader/read(_:data:control:)``), with the same events and replies as ``next(in:from:replies:)``.
        ///
        /// ```swift
        /// var connection = Connection(role: .server)
        /// var output: [UInt8] = []
        /// var bytes = received.mutableSpan
        /// connection.read(&bytes, replies: &output) { slice, payload, writer, output in
        ///     (try? writer.write(slice.part, payload, to: &output)) != nil
        /// } control: { event, _, _ in
        ///     true
        /// }
        /// ```
        ///
        /// Either closure may write: both are passed the connection's writer and the buffer of the replies. Either
        /// may stop: once one returns `false`, the connection is ``State-swift.enum/closed`` and nothing more is
        /// handed over. To pause and continue later, handle one event at a time with ``next(in:from:replies:)``.
        ///
        /// - Parameters:
        ///   - bytes: what was received. Payloads are unmasked in place; nothing else is changed.
        ///   - replies: where what must be sent is appended.
        ///   - data: receives each piece of a message, its unmasked bytes, the writer, and `replies`; returns whether
        ///     to continue.
        ///   - control: receives every other event, after its reply has been written.
        @inlinable
        public mutating func read<Output: FrameOutput>(
            _ bytes: inout MutableSpan<UInt8>, replies: inout Output,
            data: (DataSlice, Span<UInt8>, inout FrameWriter, inout Output) -> Bool,
            control: (Event, inout FrameWriter, inout Output) -> Bool
        ) {
            guard !answers.isOver else { return }
            // Kept apart from the reader, which is being accessed while the closures run.
            var answers = self.answers
            do throws(Violation) {
                try reader.read(&bytes) { slice, payload in
                    guard !answers.isOver else { return }
                    if answers.hasTooManyFragments(with: slice) {
                        answers.answer(.exceeded(.fragments), to: &replies, control)
                    } else if !data(slice, payload, &answers.writer, &replies) {
                        answers.isOver = true
                    }
                } control: { frame in
                    guard !answers.isOver else { return }
                    answers.answer(answers.event(of: frame), to: &replies, control)
                }
            } catch {
                if !answers.isOver { answers.answer(.violation(error), to: &replies, control) }
            }
            self.answers = answers
        }
    }

    extension Answers {
        @inlinable
        mutating func answer<Output: FrameOutput>(
            _ event: Connection.Event, to replies: inout Output,
            _ control: (Connection.Event, inout FrameWriter, inout Output) -> Bool
        ) {
            if let reply = reply(to: event) { write(reply, to: &replies) }
            if !control(event, &writer, &replies) { isOver = true }
        }
    }
#endif
