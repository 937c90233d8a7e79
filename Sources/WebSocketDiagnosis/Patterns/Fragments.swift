internal import WebSocketFrames

// Fragmented messages that do not fit together (RFC 6455 §5.4): the frames after the first wrong one show why.

enum Fragments {
    /// Two writers: every message that was started is finished, but not one after the other.
    static func concurrentWriters(_ context: ViolationContext) -> Match? {
        guard context.rule == .interleavedMessage, context.isInStep, let frame = context.frame else { return nil }
        let after = shapes(from: frame, in: context)
        // The open message, and the one that came in between.
        var open = 1
        var largest = 1
        for (index, shape) in after.enumerated() {
            switch shape {
            case .start: open += 1
            case .end: open -= 1
            case .whole, .middle: break
            }
            largest = max(largest, open)
            guard open == 0 else { continue }
            // A later message that is in order shows that all open ones have ended.
            let isSettled = index + 1 == after.count ? context.evidence.reachesEnd : after[index + 1].begins
            guard isSettled, after[...index].contains(.end) else { return nil }
            let what =
                largest > 1
                ? "\(largest) are open at once, and each of them is finished"
                : "a whole message is between the fragments of another one, which continues after it and ends"
            return Match(
                certainty: largest > 1 ? .certain : .likely,
                message:
                    "at \(context.place(context.start)) a message begins inside another: \(what). Two writers "
                    + "share the connection.")
        }
        return nil
    }

    /// Every fragment has the opcode of the message, and only the last has FIN.
    static func opcodeRepeated(_ context: ViolationContext) -> Match? {
        guard context.rule == .interleavedMessage, context.isInStep, let frame = context.frame,
            let before = context.before,
            before.header.opcode == frame.header.opcode, !before.header.isFinal
        else { return nil }
        let after = shapes(from: frame, in: context)
        guard !after.contains(.middle), !after.contains(.end) else { return nil }
        // The pattern repeats: started, started …, whole.
        let messages = after.split(separator: .whole, omittingEmptySubsequences: true).count
        let ends = after.count { $0 == .whole }
        guard ends >= 2, messages >= 2 else { return nil }
        return Match(
            certainty: .likely,
            message: "from \(context.place(before.start)) on no frame is a continuation, and only some have FIN: every "
                + "fragment repeats the opcode \(frame.header.opcode.name) of its message.")
    }

    /// No frame has FIN.
    static func finNeverSet(_ context: ViolationContext) -> Match? {
        guard context.rule == .interleavedMessage, context.isInStep, let frame = context.frame,
            let before = context.before,
            !before.header.isFinal, !before.header.opcode.isControl
        else { return nil }
        let after = shapes(from: frame, in: context)
        guard after.count >= 3, after.allSatisfy({ $0 == .start }) else { return nil }
        return Match(
            certainty: .likely,
            message:
                "none of the \(Wording.count(after.count + 1, "data frame")) from \(context.place(before.start)) on "
                + "has FIN, and none is a continuation: each looks like a whole message whose FIN is missing.")
    }

    /// Every message begins with opcode 0.
    static func opcodeMissing(_ context: ViolationContext) -> Match? {
        guard context.rule == .unexpectedContinuation, context.isInStep, context.isFirstFrame, let frame = context.frame
        else {
            return nil
        }
        let after = shapes(from: frame, in: context)
        let ends = after.count { $0 == .end }
        guard ends >= 2, after.allSatisfy({ $0 == .end || $0 == .middle }) else { return nil }
        return Match(
            certainty: .likely,
            message: "all \(Wording.count(after.count, "data frame")) from \(context.place(context.start)) on are "
                + "continuations, and \(ends) of them end a message: no message says whether it is text or binary.")
    }

    /// The first fragment already has FIN, in one message after the other.
    static func finTooEarly(_ context: ViolationContext) -> Match? {
        guard context.rule == .unexpectedContinuation, context.isInStep, let frame = context.frame,
            let before = context.before,
            before.header.isFinal, before.header.opcode == .text || before.header.opcode == .binary
        else { return nil }
        // Zeros between frames are read as continuations without payload.
        guard frame.header.payloadLength > 0 else { return nil }
        let after = shapes(from: frame, in: context)
        let pairs = zip(after, after.dropFirst()).count { $0 == .whole && ($1 == .middle || $1 == .end) }
        guard pairs >= 1, !after.contains(.start), after.last == .end || after.last == .middle || pairs >= 2 else {
            return nil
        }
        return Match(
            certainty: .likely,
            message:
                "from \(context.place(before.start)) on, \(Wording.count(pairs + 1, "message")) begin with a frame that "
                + "has FIN already, and continue with continuations.")
    }

    /// The role of a data frame in its message.
    private enum Shape {
        case start, middle, end, whole
        var begins: Bool { self == .start || self == .whole }
    }

    /// Returns the data frames from one on, as long as they are whole and each begins where the one before ends.
    private static func shapes(from first: LocatedFrame, in context: ViolationContext) -> [Shape] {
        let bytes = context.evidence.bytes
        var shapes: [Shape] = []
        var at = context.startInStream
        while let frame = LocatedFrame(at: at, in: bytes), frame.end <= bytes.count, shapes.count < 64 {
            let header = frame.header
            guard header.reservedBits.isSubset(of: context.evidence.extensions.claimedBits), !header.opcode.isReserved,
                header.isMasked == first.header.isMasked
            else { break }
            if !header.opcode.isControl {
                switch (header.opcode == .continuation, header.isFinal) {
                case (false, false): shapes.append(.start)
                case (false, true): shapes.append(.whole)
                case (true, false): shapes.append(.middle)
                case (true, true): shapes.append(.end)
                }
            }
            at = frame.end
        }
        return shapes
    }
}
