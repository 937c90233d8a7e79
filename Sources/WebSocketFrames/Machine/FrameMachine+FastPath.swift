internal import FrameKernels

// Fast-path frames (see FrameKernels.h), one or many at a time. The kernels accept only those and stop before any
// other frame, so no rule is judged here.

extension FrameMachine {
    /// The kind that the kernels judge a fast-path frame's payload as, by its opcode: two bits each; from bit 32 on,
    /// the same table for frames with RSV1. A continuation has the kind of its message; a Close is never a fast-path
    /// frame.
    ///
    /// RSV1 may be claimed by an extension that has changed the payload, which is then not judged. The first frame that
    /// has it set is left to the machine, which records that it was used; so is every frame that will be inflated.
    @inline(__always)
    var fastPathKinds: UInt64 {
        let text = UInt64(Opcode.text.rawValue) &* 2
        let binary = UInt64(Opcode.binary.rawValue) &* 2
        let pings =
            UInt64(WSK_OPAQUE) << (UInt64(Opcode.ping.rawValue) &* 2)
            | UInt64(WSK_OPAQUE) << (UInt64(Opcode.pong.rawValue) &* 2)
        let data = UInt64(WSK_TEXT) << text | UInt64(WSK_OPAQUE) << binary
        guard marks.contains(.usedReservedBits), extensions.claimedBits.contains(.rsv1) else { return data | pings }
        if marks.contains(.inflates) { return data | pings }
        let changed = UInt64(WSK_OPAQUE_TEXT) << text | UInt64(WSK_OPAQUE) << binary
        return data | pings | changed << 32
    }

    /// The state of the stream for the kernels, if a fast-path frame, or more of one, may come next; nil inside a
    /// header or a Close, after a Close or a violation, or before the sender is known.
    @inline(__always)
    private var fastPathState: wsk_stream_state? {
        switch phase {
        case .idle: state(kind: UInt8(WSK_NONE), key: 0)
        case .text: state(kind: UInt8(WSK_TEXT), key: rotatedKey)
        case .payload where marks.isDisjoint(with: .ofOddPayload): state(kind: UInt8(WSK_OPAQUE), key: rotatedKey)
        default: nil
        }
    }

    @inline(__always)
    private func state(kind: UInt8, key: UInt32) -> wsk_stream_state {
        wsk_stream_state(
            remaining: remaining, key: key, open_kind: message.rawValue, kind: kind, byte0: header[0],
            utf8_pending_lead: progress.pendingLead)
    }

    @inline(__always)
    private var fastPathRules: wsk_fast_path_rules {
        wsk_fast_path_rules(
            open_length: messageLength, limit: min(limits.frame, limits.message), kinds: fastPathKinds,
            mask_bit: sender == .client ? 0x80 : 0)
    }

    /// The masking key as it applies from the next byte of the payload on; 0 if nothing is masked.
    @inline(__always)
    private var rotatedKey: UInt32 {
        guard let key = header.maskingKey else { return 0 }
        return UInt32(truncatingIfNeeded: key.repeated(from: header.payloadLength &- remaining))
    }

    // MARK: One whole frame

    /// The control opcodes in the table of kinds.
    private static var controlKinds: UInt64 { 0xFFFF_0000_FFFF_0000 }

    /// Returns a kernel's verdict on the frame that begins at an index, given the kinds, the limit and the MASK bit.
    @inline(__always)
    private mutating func single(_ goOver: (UInt64, UInt64, UInt32) -> wsk_frame) -> SingleFrame {
        let frame = goOver(fastPathKinds, min(limits.frame, limits.message), sender == .client ? 0x80 : 0)
        guard frame.size > 0 else { return .none }
        let word = HeaderWord(bytes: frame.header)
        guard word.isFinal else { return fragment(word, count: frame.size) }
        passSingle(isControl: word.opcode.isControl, count: frame.size)
        return SingleFrame(header: word, count: frame.size, message: .text)
    }

    /// Handles a frame that is the first fragment of a message.
    @inline(never)
    private mutating func fragment(_ word: HeaderWord, count: Int) -> SingleFrame {
        passFragment(word, count: count)
        return SingleFrame(header: word, count: count, message: .text)
    }

    /// Handles a frame while a message is open: its next fragment, or a control frame.
    @inline(__always)
    private mutating func singleInMessage(_ goOver: (UInt64, UInt64, UInt32) -> wsk_frame) -> SingleFrame {
        guard messageLength <= limits.message else { return .none }
        // A kernel cannot begin inside a character.
        let continuation = progress == .boundary ? UInt64(message.rawValue) : 0
        let limit = min(limits.frame, limits.message &- messageLength)
        let frame = goOver(fastPathKinds & Self.controlKinds | continuation, limit, sender == .client ? 0x80 : 0)
        guard frame.size > 0 else { return .none }
        let word = HeaderWord(bytes: frame.header)
        let open: Opcode = message == .binary ? .binary : .text
        passFragment(word, count: frame.size)
        return SingleFrame(header: word, count: frame.size, message: open)
    }

    /// Judges the frame that begins at `bytes[index...]` if it is complete, as it is in most reads. `advance` must
    /// not be called for it.
    @inline(__always)
    mutating func validateSingleFrame(_ bytes: Span<UInt8>, from index: Int) -> SingleFrame {
        guard phase == .idle else { return .none }
        guard message == .none else { return validateSingleInMessage(bytes, from: index) }
        return single { kinds, limit, maskBit in
            Kernels.validateFrame(bytes, from: index, kinds: kinds, limit: limit, maskBit: maskBit)
        }
    }

    /// Judges one frame as the function above does, and unmasks its payload in place.
    @inline(__always)
    mutating func unmaskSingleFrame(_ bytes: inout MutableSpan<UInt8>, from index: Int) -> SingleFrame {
        guard phase == .idle else { return .none }
        guard message == .none else { return unmaskSingleInMessage(&bytes, from: index) }
        return single { kinds, limit, maskBit in
            Kernels.unmaskFrame(&bytes, from: index, kinds: kinds, limit: limit, maskBit: maskBit)
        }
    }

    // Neither is ever inlined, to keep the path of whole messages short.

    @inline(never)
    private mutating func validateSingleInMessage(_ bytes: Span<UInt8>, from index: Int) -> SingleFrame {
        singleInMessage { kinds, limit, maskBit in
            Kernels.validateFrame(bytes, from: index, kinds: kinds, limit: limit, maskBit: maskBit)
        }
    }

    @inline(never)
    private mutating func unmaskSingleInMessage(_ bytes: inout MutableSpan<UInt8>, from index: Int) -> SingleFrame {
        singleInMessage { kinds, limit, maskBit in
            Kernels.unmaskFrame(&bytes, from: index, kinds: kinds, limit: limit, maskBit: maskBit)
        }
    }

    // MARK: Many frames, and parts of them

    /// Judges fast-path frames at `bytes[index...]`, as far as they have arrived.
    @inline(__always)
    mutating func validateFastPathFrames(_ bytes: Span<UInt8>, _ index: inout Int) {
        guard let state = fastPathState else { return }
        let result = Kernels.validateFrames(bytes, from: index, state: state, rules: fastPathRules)
        index &+= result.bytes
        pass(result)
    }

    /// Returns whether this many bytes are payload, and so is at least one more.
    @inline(__always)
    private func payloadContinues(after count: Int) -> Bool {
        (phase == .text || phase == .payload) && remaining > UInt64(truncatingIfNeeded: count)
    }

    /// Judges all of `bytes` if the open payload continues after them: the shortest path through a long frame.
    @inline(__always)
    mutating func validateFastPathPayload(_ bytes: Span<UInt8>) -> Bool {
        guard payloadContinues(after: bytes.count) else { return false }
        var progress = progress
        if phase == .text {
            let count = Kernels.textPrefix(bytes, from: 0, key: rotatedKey, progress: &progress)
            guard count == bytes.count else { return false }
        } else {
            Kernels.prefetch(bytes, ahead: remaining)
        }
        passPayload(bytes.count, progress)
        advance(by: bytes.count)
        return true
    }

    /// Judges all of `bytes` in the same way, and unmasks them in place. Must not be called in a control frame.
    @inline(__always)
    mutating func unmaskFastPathPayload(_ bytes: inout MutableSpan<UInt8>) -> Bool {
        guard header.isMasked else { return validateFastPathPayload(bytes.span) }
        guard payloadContinues(after: bytes.count) else { return false }
        let key = rotatedKey
        var progress = progress
        if phase == .text {
            let count = Kernels.unmaskText(&bytes, 0..<bytes.count, key: key, progress: &progress)
            guard count == bytes.count else {
                // Masks them again, as they arrived.
                MaskingKey(bytes: key).apply(to: &bytes, 0..<count)
                return false
            }
        } else {
            MaskingKey(bytes: key).apply(to: &bytes, 0..<bytes.count)
        }
        passPayload(bytes.count, progress)
        advance(by: bytes.count)
        return true
    }

    /// Judges fast-path frames at `bytes[index...]`, at most as many as there are words: unmasks them in place,
    /// counts them and records their headers, together with the rest of an open frame before them and the part of the
    /// next one after them. Must not be called in a control frame.
    ///
    /// - Returns: the number of frames that ended.
    @inline(__always)
    mutating func unmaskFastPathFrames(
        _ bytes: inout MutableSpan<UInt8>, _ index: inout Int, into words: inout HeaderWords
    ) -> Int {
        guard let state = fastPathState else { return 0 }
        let result = Kernels.unmaskFrames(&bytes, from: index, state: state, rules: fastPathRules, into: &words)
        index &+= result.bytes
        pass(result)
        return Int(truncatingIfNeeded: result.frames)
    }

    /// Judges one fast-path frame at `bytes[index...]`, or the part of it that has arrived; in the latter case the
    /// machine is not ``isInHeader`` afterwards.
    ///
    /// - Returns: its header; nil if the next frame is not a fast-path frame, its header is incomplete, or a frame is
    ///   open.
    @inline(__always)
    mutating func unmaskFastPathFrame(_ bytes: inout MutableSpan<UInt8>, _ index: inout Int) -> EncodedFrameHeader? {
        guard phase == .idle, let state = fastPathState else { return nil }
        var word: UInt64 = 0
        let result = Kernels.unmaskFrames(&bytes, from: index, state: state, rules: fastPathRules, into: &word)
        guard result.bytes > 0 else { return nil }
        index &+= result.bytes
        pass(result)
        return result.frames > 0 ? HeaderWord(bytes: word).header : header
    }

    /// Judges and unmasks payload of a text message at `bytes[index...]` in one pass, as far as it is well-formed. The
    /// rest is left to ``judgePayload(_:_:)``.
    @inline(__always)
    mutating func unmaskFastPathText(_ bytes: inout MutableSpan<UInt8>, _ index: inout Int) {
        guard phase == .text, header.isMasked else { return }
        let end = index &+ Int(truncatingIfNeeded: min(remaining, UInt64(truncatingIfNeeded: bytes.count &- index)))
        var progress = progress
        let count = Kernels.unmaskText(&bytes, index..<end, key: rotatedKey, progress: &progress)
        index &+= count
        passPayload(count, progress)
    }
}

/// One whole frame that a kernel has accepted.
@usableFromInline
struct SingleFrame {
    @usableFromInline let header: HeaderWord
    /// The length of header and payload in bytes; 0 if no frame was accepted.
    @usableFromInline let count: Int
    /// The kind of the message that was open before it; text if none was.
    @usableFromInline let message: Opcode

    static var none: SingleFrame { SingleFrame(header: HeaderWord(bytes: 0), count: 0, message: .text) }

    /// Returns the range of its payload, if the frame begins at `start`.
    @inlinable @inline(__always)
    func payload(from start: Int) -> Range<Int> {
        let end = start &+ count
        return (end &- header.payloadLength)..<end
    }
}
