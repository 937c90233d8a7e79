internal import FrameKernels

// Plain frames, many or one at a time: they have no RSV bit, stand where they may in their message, and as far as they have
// come there is nothing in them that some rule could mind. The kernels skip those and stop before any other, so
// that no rule is judged here.

extension FrameMachine {
    /// The opcodes that plain frames begin with, two bits each: 2 for text, which must be UTF-8, 1 for binary, ping and
    /// pong, 0 for all others. A continuation is of the kind of its message.
    private static var plainKinds: UInt32 {
        2 << (UInt32(Opcode.text.rawValue) &* 2) | 1 << (UInt32(Opcode.binary.rawValue) &* 2)
            | 1 << (UInt32(Opcode.ping.rawValue) &* 2) | 1 << (UInt32(Opcode.pong.rawValue) &* 2)
    }

    /// Where the stream stands, if what comes next may be plain; nil after a fragment that cannot be judged, in a header or
    /// a Close, after a Close or a violation, or before the sender is known.
    @inline(__always)
    private var plainPlace: fk_place? {
        switch phase {
        case .idle: place(kind: 0, key: 0)
        case .text: place(kind: 2, key: turnedKey)
        case .payload where message != .opaque && marks.isDisjoint(with: .ofOddPayload):
            place(kind: 1, key: turnedKey)
        default: nil
        }
    }

    @inline(__always)
    private func place(kind: UInt8, key: UInt32) -> fk_place {
        fk_place(
            rest: remaining, key: key, open_kind: message.rawValue, kind: kind, byte0: header[0], lead: progress.lead)
    }

    @inline(__always)
    private var plainTerms: fk_terms {
        fk_terms(
            open_length: messageLength, limit: min(limits.frame, limits.message), kinds: Self.plainKinds,
            mask_bit: sender == .client ? 0x80 : 0)
    }

    /// The masking key as it stands at the next byte of the payload; 0 where nothing is masked.
    @inline(__always)
    private var turnedKey: UInt32 {
        guard let key = header.maskingKey else { return 0 }
        return UInt32(truncatingIfNeeded: key.repeated(from: header.payloadLength &- remaining))
    }

    /// Skips plain frames at `bytes[index...]`, as far as they have come.
    @inline(__always)
    mutating func skimPlainFrames(_ bytes: Span<UInt8>, _ index: inout Int) {
        guard let place = plainPlace else { return }
        let run = Kernels.skim(bytes, from: index, place: place, terms: plainTerms)
        index &+= run.bytes
        pass(run)
    }

    /// So many bytes are payload, and so are those after them.
    @inline(__always)
    private func payloadGoesOn(after count: Int) -> Bool {
        (phase == .text || phase == .payload) && remaining > UInt64(truncatingIfNeeded: count)
    }

    /// Skips all of `bytes`, if they are plain and the payload goes on after them: the shortest way through a long
    /// frame.
    @inline(__always)
    mutating func passPlainPayload(_ bytes: Span<UInt8>) -> Bool {
        guard payloadGoesOn(after: bytes.count) else { return false }
        var progress = progress
        if phase == .text {
            let count = Kernels.textPrefix(bytes, from: 0, key: turnedKey, progress: &progress)
            guard count == bytes.count else { return false }
        } else {
            Kernels.ask(bytes, ahead: remaining)
        }
        passPayload(bytes.count, progress)
        advance(by: bytes.count)
        return true
    }

    /// Takes all of `bytes` in the same way: judged, and unmasked in place. Not to be called in a control frame.
    @inline(__always)
    mutating func takePlainPayload(_ bytes: inout MutableSpan<UInt8>) -> Bool {
        guard header.isMasked else { return passPlainPayload(bytes.span) }
        guard payloadGoesOn(after: bytes.count) else { return false }
        let key = turnedKey
        var progress = progress
        if phase == .text {
            let count = Kernels.unmaskText(&bytes, 0..<bytes.count, key: key, progress: &progress)
            guard count == bytes.count else {
                // As it came.
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

    /// Takes plain frames at `bytes[index...]`, as many as there are words: judged, unmasked in place, counted, and their
    /// headers written down; before them the rest of one that had begun, and after them what has come of the next. Not to
    /// be called in a control frame.
    ///
    /// - Returns: how many ended.
    @inline(__always)
    mutating func takePlainFrames(
        _ bytes: inout MutableSpan<UInt8>, _ index: inout Int, into words: inout HeaderWords
    ) -> Int {
        guard let place = plainPlace else { return 0 }
        let run = Kernels.take(&bytes, from: index, place: place, terms: plainTerms, into: &words)
        index &+= run.bytes
        pass(run)
        return Int(truncatingIfNeeded: run.frames)
    }

    /// Takes one plain frame at `bytes[index...]`, or as much of it as has come: then the machine is not ``isInHeader``.
    ///
    /// - Returns: its header; nil when the next frame is not plain, its header not whole, or one has begun.
    @inline(__always)
    mutating func takePlainFrame(_ bytes: inout MutableSpan<UInt8>, _ index: inout Int) -> EncodedFrameHeader? {
        guard phase == .idle, let place = plainPlace else { return nil }
        var word: UInt64 = 0
        let run = Kernels.take(&bytes, from: index, place: place, terms: plainTerms, into: &word)
        guard run.bytes > 0 else { return nil }
        index &+= run.bytes
        pass(run)
        return run.frames > 0 ? HeaderWord(bytes: word).header : header
    }

    /// Takes plain text at `bytes[index...]`: payload of a text message that is judged and unmasked in one pass, as far
    /// as it is well-formed. What is left is for ``judgePayload(_:_:)``.
    @inline(__always)
    mutating func takePlainText(_ bytes: inout MutableSpan<UInt8>, _ index: inout Int) {
        guard phase == .text, header.isMasked else { return }
        let end = index &+ Int(truncatingIfNeeded: min(remaining, UInt64(truncatingIfNeeded: bytes.count &- index)))
        var progress = progress
        let count = Kernels.unmaskText(&bytes, index..<end, key: turnedKey, progress: &progress)
        index &+= count
        passPayload(count, progress)
    }
}
