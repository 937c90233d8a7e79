extension FrameReader {
    /// Judges all of `bytes`, unmasks the payloads among them in place, and hands everything over, in order: the
    /// fastest way to read, for callers that never stop early.
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
    /// It hands over what ``next(in:from:)`` would, and the two may be mixed. Frames are judged and unmasked in
    /// batches, so when one is handed over, later ones may already be unmasked.
    ///
    /// - Parameters:
    ///   - bytes: what was received. Payloads are unmasked in place; nothing else is changed.
    ///   - data: receives each piece of a data frame's payload: its slice, and its bytes, unmasked.
    ///   - control: receives each Close, ping and pong, complete.
    /// - Throws: the stream's first ``Violation``, after everything before it has been handed over; from then on every
    ///   call throws it again.
    @inlinable @inline(__always)
    public mutating func read(
        _ bytes: inout MutableSpan<UInt8>, data: (DataSlice, Span<UInt8>) -> Void, control: (ControlFrame) -> Void
    ) throws(Violation) {
        var index = 0
        // Most reads of a server bring a few whole frames.
        for _ in 0..<Self.maximumSingleFrames {
            let single = unmaskSingleFrame(&bytes, from: index)
            guard single.count > 0 else { break }
            let start = index
            index = start &+ single.count
            let payload = single.payload(from: start)
            bytes.withUnmaskedPayload(from: payload.lowerBound, to: payload.upperBound) { range, payload in
                if single.header.opcode.isControl {
                    noteControlFrame(single.header.opcode, payload)
                    control(controlFrame)
                } else {
                    data(DataSlice(header: single.header.header, range: range, continuing: single.message), payload)
                }
            }
            if index == bytes.count { return }
        }
        if index == 0, let slice = unmaskFastPathPayload(&bytes) {
            data(slice, bytes.span)
            return
        }
        var words = HeaderWords()
        repeat {
            var start = index
            let unmasked = unmaskFastPathFrames(&bytes, &index, into: &words)
            if let slice = unmasked.rest {
                data(slice, bytes.span.extracting(slice.range))
                start = slice.range.upperBound
            }
            var message = unmasked.message
            for frame in unmasked.first..<unmasked.end {
                let word = words[frame]
                let payload = start &+ word.count(isMasked: unmasked.areMasked)
                start = payload &+ word.payloadLength
                bytes.withUnmaskedPayload(from: payload, to: start) { range, payload in
                    if word.opcode.isControl {
                        noteControlFrame(word.opcode, payload)
                        control(controlFrame)
                    } else {
                        data(DataSlice(header: word.header, range: range, continuing: message), payload)
                        message = word.opcode == .continuation ? message : word.opcode
                    }
                }
            }
            if let slice = unmasked.begun { data(slice, bytes.span.extracting(slice.range)) }
            if unmasked.areAll { return }
            // Whatever is left is not a fast-path frame.
            guard unmasked.end < HeaderWords.capacity else { continue }
            switch try next(in: &bytes, from: &index) {
            case .data(let slice): data(slice, bytes.span.extracting(slice.range))
            case .control: control(controlFrame)
            case nil: return
            }
        } while index < bytes.count
    }

    /// How many frames are judged one by one before the batch path begins, which costs more to start.
    @usableFromInline static var maximumSingleFrames: Int { 3 }

    @usableFromInline @inline(never)
    mutating func unmaskSingleFrame(_ bytes: inout MutableSpan<UInt8>, from index: Int) -> SingleFrame {
        machine.unmaskSingleFrame(&bytes, from: index)
    }

    /// Handles all of `bytes`, if the open payload continues after them.
    @usableFromInline @inline(never)
    mutating func unmaskFastPathPayload(_ bytes: inout MutableSpan<UInt8>) -> DataSlice? {
        let header = machine.header
        let offset = machine.payloadPosition
        guard !bytes.isEmpty, !header.opcode.isControl, machine.unmaskFastPathPayload(&bytes) else { return nil }
        return DataSlice(
            header: header, range: 0..<bytes.count, payloadOffset: offset, messageOpcode: messageOpcode,
            beginsFrame: false, endsFrame: false)
    }

    @usableFromInline @inline(never)
    mutating func unmaskFastPathFrames(
        _ bytes: inout MutableSpan<UInt8>, _ index: inout Int, into words: inout HeaderWords
    ) -> UnmaskedFrames {
        let start = index
        var unmasked = UnmaskedFrames(message: messageOpcode)
        let header = machine.header
        let offset = machine.payloadPosition
        let wasInFrame = !machine.isInHeader
        // A control frame that arrives in pieces is collected.
        if wasInFrame && header.opcode.isControl { return unmasked }
        unmasked.end = machine.unmaskFastPathFrames(&bytes, &index, into: &words)
        machine.advance(by: index &- start)

        let isRestWhole = wasInFrame && unmasked.end > 0
        unmasked.first = isRestWhole ? 1 : 0
        unmasked.areMasked = machine.sender == .client
        unmasked.areAll = index == bytes.count && machine.phase != .failed
        if wasInFrame && index > start {
            let end = isRestWhole ? start &+ Int(truncatingIfNeeded: header.payloadLength &- offset) : index
            unmasked.rest = DataSlice(
                header: header, range: start..<end, payloadOffset: offset, messageOpcode: unmasked.message,
                beginsFrame: false, endsFrame: isRestWhole)
        }
        if !machine.isInHeader && (isRestWhole || !wasInFrame) {
            let count = Int(truncatingIfNeeded: machine.payloadPosition)
            unmasked.begun = DataSlice(
                header: machine.header, range: (index &- count)..<index, continuing: messageOpcode, endsFrame: false)
        }
        return unmasked
    }
}

/// Fast-path frames that were unmasked in one batch.
@usableFromInline
struct UnmaskedFrames {
    /// The indices of the words of the complete ones.
    @usableFromInline var first = 0
    @usableFromInline var end = 0
    @usableFromInline var areMasked = false
    /// Whether the bytes contain nothing else.
    @usableFromInline var areAll = false
    /// The kind of the message that was open before them.
    @usableFromInline let message: Opcode
    /// More of the frame that was open before them.
    @usableFromInline var rest: DataSlice?
    /// The part of the next frame that has arrived.
    @usableFromInline var begun: DataSlice?
}
