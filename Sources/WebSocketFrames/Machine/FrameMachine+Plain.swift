internal import FrameKernels

// Plain frames, many or one at a time: whole in themselves, FIN set, no RSV bit, and nothing in them that some rule
// could mind. The kernels pass over those and stop in front of any other, so that no rule is judged here.

extension FrameMachine {
    /// The opcodes of plain frames between two messages, two bits each: 2 for text, which must be UTF-8, 1 for binary,
    /// ping and pong, 0 for all others.
    private static var plainKinds: UInt32 {
        2 << (UInt32(Opcode.text.rawValue) &* 2) | 1 << (UInt32(Opcode.binary.rawValue) &* 2)
            | 1 << (UInt32(Opcode.ping.rawValue) &* 2) | 1 << (UInt32(Opcode.pong.rawValue) &* 2)
    }

    /// What is plain now; nil when nothing is: inside a frame or a message, after a Close or a violation, or before the
    /// sender is known.
    @inline(__always)
    private var plainTerms: fk_terms? {
        guard phase == .idle else { return nil }
        return fk_terms(
            kinds: Self.plainKinds, mask_bit: sender == .client ? 0x80 : 0, limit: min(limits.frame, limits.message))
    }

    /// Passes over plain frames at `bytes[index...]`, as far as they are whole.
    @inline(__always)
    mutating func skimPlainFrames(_ bytes: Span<UInt8>, _ index: inout Int) {
        guard let terms = plainTerms else { return }
        let run = Kernels.skim(bytes, from: index, terms: terms)
        index &+= run.bytes
        countPlain(frames: run.frames, messages: run.messages)
    }

    /// Takes one plain frame at `bytes[index...]`: judged, unmasked in place, and counted.
    ///
    /// - Returns: its header and where its payload is; nil when the next frame is not plain, or not whole.
    @inline(__always)
    mutating func takePlainFrame(
        _ bytes: inout MutableSpan<UInt8>, _ index: inout Int
    ) -> (header: HeaderBytes, payload: Range<Int>)? {
        guard let terms = plainTerms else { return nil }
        let frame = Kernels.take(&bytes, from: index, terms: terms)
        guard frame.header > 0 else { return nil }
        let start = index &+ Int(truncatingIfNeeded: frame.header)
        let end = start &+ Int(truncatingIfNeeded: frame.payload)
        let header = HeaderBytes(short: frame.bytes, count: frame.header)
        index = end
        countPlain(frames: 1, messages: header.opcode.isControl ? 0 : 1)
        return (header, start..<end)
    }

    /// Takes plain text at `bytes[index...]`: payload of a text message that is judged and unmasked in one pass, as far
    /// as it is well-formed and its characters are whole. What is left is for ``judgePayload(_:_:)``.
    @inline(__always)
    mutating func takePlainText(_ bytes: inout MutableSpan<UInt8>, _ index: inout Int) {
        guard phase == .text, progress == .boundary, let key = header.maskingKey else { return }
        let end = index &+ Int(truncatingIfNeeded: min(remaining, UInt64(truncatingIfNeeded: bytes.count &- index)))
        let turned = key.repeated(from: payloadPosition)
        let count = Kernels.unmaskText(&bytes, index..<end, key: UInt32(truncatingIfNeeded: turned))
        index &+= count
        passPayload(count)
    }
}
