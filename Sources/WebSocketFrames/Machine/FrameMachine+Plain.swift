internal import FrameKernels

// Plain frames, many or one at a time: they are there as a whole, have no RSV bit, stand where they may in their message,
// and there is nothing in them that some rule could mind. The kernels pass over those and stop in front of any other, so
// that no rule is judged here.

extension FrameMachine {
    /// The opcodes that plain frames begin with, two bits each: 2 for text, which must be UTF-8, 1 for binary, ping and
    /// pong, 0 for all others. A continuation is of the kind of its message.
    private static var plainKinds: UInt32 {
        2 << (UInt32(Opcode.text.rawValue) &* 2) | 1 << (UInt32(Opcode.binary.rawValue) &* 2)
            | 1 << (UInt32(Opcode.ping.rawValue) &* 2) | 1 << (UInt32(Opcode.pong.rawValue) &* 2)
    }

    /// What is plain now; nil when nothing is: inside a frame, behind a fragment that ends inside a character or cannot be
    /// judged, after a Close or a violation, or before the sender is known.
    @inline(__always)
    private var plainTerms: fk_terms? {
        guard phase == .idle else { return nil }
        return fk_terms(
            limit: min(limits.frame, limits.message), open_length: messageLength, kinds: Self.plainKinds,
            open_kind: Self.kind(of: message), mask_bit: sender == .client ? 0x80 : 0)
    }

    /// The kinds of ``plainKinds``, and 0 where no message is open.
    @inline(__always)
    private static func kind(of message: OpenMessage) -> UInt32 {
        switch message {
        case .text: 2
        case .binary: 1
        case .none, .opaque: 0
        }
    }

    /// Passes over plain frames at `bytes[index...]`, as far as they are whole.
    @inline(__always)
    mutating func skimPlainFrames(_ bytes: Span<UInt8>, _ index: inout Int) {
        guard let terms = plainTerms else { return }
        let run = Kernels.skim(bytes, from: index, terms: terms)
        index &+= run.bytes
        count(run)
    }

    /// Takes plain frames at `bytes[index...]`, as many as there are words: judged, unmasked in place, counted, and their
    /// headers written down.
    ///
    /// - Returns: how many there were; 0 when the next frame is not plain, or not whole.
    @inline(__always)
    mutating func takePlainFrames(
        _ bytes: inout MutableSpan<UInt8>, _ index: inout Int, into words: inout HeaderWords
    ) -> Int {
        guard let terms = plainTerms else { return 0 }
        let run = Kernels.take(&bytes, from: index, terms: terms, into: &words)
        index &+= run.bytes
        count(run)
        return Int(truncatingIfNeeded: run.frames)
    }

    /// Takes one plain frame at `bytes[index...]`.
    ///
    /// - Returns: its header; nil when the next frame is not plain, or not whole.
    @inline(__always)
    mutating func takePlainFrame(_ bytes: inout MutableSpan<UInt8>, _ index: inout Int) -> HeaderBytes? {
        guard let terms = plainTerms else { return nil }
        var word: UInt64 = 0
        let run = Kernels.take(&bytes, from: index, terms: terms, into: &word)
        guard run.frames > 0 else { return nil }
        index &+= run.bytes
        count(run)
        return HeaderWord(bytes: word).header
    }

    @inline(__always)
    private mutating func count(_ run: fk_run) {
        let open: OpenMessage = run.open_kind == 0 ? .none : run.open_kind == 1 ? .binary : .text
        countPlain(frames: run.frames, messages: run.messages, open: open, openLength: run.open_length)
    }

    /// Takes plain text at `bytes[index...]`: payload of a text message that is judged and unmasked in one pass, as far
    /// as it is well-formed and its characters are whole. What is left is for ``judgePayload(_:_:)``.
    @inline(__always)
    mutating func takePlainText(_ bytes: inout MutableSpan<UInt8>, _ index: inout Int) throws(Broken) {
        guard phase == .text, let key = header.maskingKey else { return }
        if progress != .boundary {
            // A character is open: the few bytes that it lacks come first, or a whole read would be gone over twice.
            let start = index
            let position = payloadPosition
            let missing = min(UInt64(truncatingIfNeeded: progress.missing), remaining)
            let end = min(index &+ Int(truncatingIfNeeded: missing), bytes.count)
            try judgeText(bytes.span.extracting(index..<end), &index)
            key.apply(to: &bytes, start..<index, from: position)
        }
        guard progress == .boundary else { return }
        let end = index &+ Int(truncatingIfNeeded: min(remaining, UInt64(truncatingIfNeeded: bytes.count &- index)))
        let turned = key.repeated(from: payloadPosition)
        let count = Kernels.unmaskText(&bytes, index..<end, key: UInt32(truncatingIfNeeded: turned))
        index &+= count
        passPayload(count)
    }
}
