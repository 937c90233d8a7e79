extension FrameReader {
    /// Judges all of `bytes`, unmasks the payloads among them in place, and hands everything over, in order: the fastest
    /// way to read, for whoever need not stop in the middle.
    ///
    /// ```swift
    /// var reader = FrameReader(peer: .client)
    /// var bytes = received.mutableSpan
    /// try reader.read(&bytes) { slice, payload in
    ///     use(payload)
    /// } control: { frame in
    ///     answer(frame)
    /// }
    /// ```
    ///
    /// It hands over what ``next(in:from:)`` would, and may be mixed with it. Frames are judged and unmasked many at a
    /// time, so when one is handed over those behind it may be unmasked already.
    ///
    /// - Parameters:
    ///   - bytes: what was received. Payloads are unmasked in place, all else stays as it is.
    ///   - data: is given each piece of a data frame's payload: what it is part of, and its bytes, unmasked.
    ///   - control: is given each Close, ping and pong, whole.
    /// - Throws: the stream's first ``Violation``, when all before it has been handed over; from then on every call throws
    ///   it again.
    @inlinable @inline(__always)
    public mutating func read(
        _ bytes: inout MutableSpan<UInt8>, data: (DataSlice, Span<UInt8>) -> Void, control: (ControlFrame) -> Void
    ) throws(Violation) {
        var words = HeaderWords()
        var index = 0
        repeat {
            var start = index
            let taken = takePlainFrames(&bytes, &index, into: &words)
            var message = taken.message
            for frame in 0..<taken.count {
                let word = words[frame]
                let payload = start &+ word.count(isMasked: taken.areMasked)
                start = payload &+ word.payloadLength
                bytes.withTakenPayload(from: payload, to: start) { range, payload in
                    if word.opcode.isControl {
                        noteControlFrame(word.opcode, payload)
                        control(controlFrame)
                    } else {
                        data(DataSlice(header: word.header, range: range, continuing: message), payload)
                        message = word.opcode == .continuation ? message : word.opcode
                    }
                }
            }
            // Then what is not plain, or not whole.
            guard taken.count < HeaderWords.capacity else { continue }
            switch try next(in: &bytes, from: &index) {
            case .data(let slice): data(slice, bytes.span.extracting(slice.range))
            case .control: control(controlFrame)
            case nil: return
            }
        } while index < bytes.count
    }

    @usableFromInline @inline(never)
    mutating func takePlainFrames(
        _ bytes: inout MutableSpan<UInt8>, _ index: inout Int, into words: inout HeaderWords
    ) -> TakenFrames {
        let start = index
        let message = messageOpcode
        let count = machine.takePlainFrames(&bytes, &index, into: &words)
        machine.advance(by: index &- start)
        return TakenFrames(count: count, areMasked: machine.sender == .client, message: message)
    }
}

/// Plain frames that were taken at once.
@usableFromInline
struct TakenFrames {
    @usableFromInline let count: Int
    @usableFromInline let areMasked: Bool
    /// The kind of the message that was open in front of them.
    @usableFromInline let message: Opcode
}
