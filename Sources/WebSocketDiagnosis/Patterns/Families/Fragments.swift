internal import WebSocketFrames

// Fragmented messages that do not fit together (RFC 6455 §5.4): the frames behind the first wrong one tell why.

enum Fragments {
    /// Two writers: every message that was begun is ended, only not one after the other.
    static func concurrentWriters(_ scene: Scene) -> Match? {
        guard scene.rule == .interleavedMessage, scene.isInStep, let frame = scene.frame else { return nil }
        let behind = shapes(from: frame, in: scene)
        // The open message, and the one that came in between.
        var open = 1
        var largest = 1
        for (index, shape) in behind.enumerated() {
            switch shape {
            case .start: open += 1
            case .end: open -= 1
            case .whole, .middle: break
            }
            largest = max(largest, open)
            guard open == 0 else { continue }
            // A later message that is in order shows that the account is settled.
            let isSettled = index + 1 == behind.count ? scene.reachesEnd : behind[index + 1].begins
            guard isSettled, behind[...index].contains(.end) else { return nil }
            let what =
                largest > 1
                ? "\(largest) messages are open at once, and each of them is ended"
                : "a whole message stands between the fragments of another one, which goes on behind it and ends"
            return Match(
                certainty: largest > 1 ? .certain : .likely,
                message:
                    "at \(scene.place(scene.start)) another message begins inside of one, and \(what): two writers "
                    + "share the connection.")
        }
        return nil
    }

    /// Every fragment carries the opcode of the message, and only the last has FIN.
    static func opcodeRepeated(_ scene: Scene) -> Match? {
        guard scene.rule == .interleavedMessage, scene.isInStep, let frame = scene.frame, let before = scene.before,
            before.header.opcode == frame.header.opcode, !before.header.isFinal
        else { return nil }
        let behind = shapes(from: frame, in: scene)
        guard !behind.contains(.middle), !behind.contains(.end) else { return nil }
        // Again: begun, begun …, whole.
        let messages = behind.split(separator: .whole, omittingEmptySubsequences: true).count
        let ends = behind.count { $0 == .whole }
        guard ends >= 2, messages >= 2 else { return nil }
        return Match(
            certainty: .likely,
            message: "from \(scene.place(before.start)) on no frame is a continuation, and only some have FIN: every "
                + "fragment repeats the opcode \(frame.header.opcode.name) of its message.")
    }

    /// No frame has FIN.
    static func finNeverSet(_ scene: Scene) -> Match? {
        guard scene.rule == .interleavedMessage, scene.isInStep, let frame = scene.frame, let before = scene.before,
            !before.header.isFinal, !before.header.opcode.isControl
        else { return nil }
        let behind = shapes(from: frame, in: scene)
        guard behind.count >= 3, behind.allSatisfy({ $0 == .start }) else { return nil }
        return Match(
            certainty: .likely,
            message:
                "none of the \(Wording.count(behind.count + 1, "data frame")) from \(scene.place(before.start)) on "
                + "has FIN, and none is a continuation: the messages are whole, and nobody says so.")
    }

    /// Every message begins with opcode 0.
    static func opcodeMissing(_ scene: Scene) -> Match? {
        guard scene.rule == .unexpectedContinuation, scene.isInStep, scene.isFirstFrame, let frame = scene.frame else {
            return nil
        }
        let behind = shapes(from: frame, in: scene)
        let ends = behind.count { $0 == .end }
        guard ends >= 2, behind.allSatisfy({ $0 == .end || $0 == .middle }) else { return nil }
        return Match(
            certainty: .likely,
            message: "all \(Wording.count(behind.count, "data frame")) from \(scene.place(scene.start)) on are "
                + "continuations, and \(ends) of them end a message: no message says whether it is text or binary.")
    }

    /// The first fragment has FIN already, in one message after the other.
    static func finTooEarly(_ scene: Scene) -> Match? {
        guard scene.rule == .unexpectedContinuation, scene.isInStep, let frame = scene.frame, let before = scene.before,
            before.header.isFinal, before.header.opcode == .text || before.header.opcode == .binary
        else { return nil }
        let behind = shapes(from: frame, in: scene)
        let pairs = zip(behind, behind.dropFirst()).count { $0 == .whole && ($1 == .middle || $1 == .end) }
        guard pairs >= 1, !behind.contains(.start), behind.last == .end || behind.last == .middle || pairs >= 2 else {
            return nil
        }
        return Match(
            certainty: .likely,
            message:
                "from \(scene.place(before.start)) on, \(Wording.count(pairs + 1, "message")) begin with a frame that "
                + "has FIN already and go on with continuations.")
    }

    /// What a data frame is to its message.
    private enum Shape {
        case start, middle, end, whole
        var begins: Bool { self == .start || self == .whole }
    }

    /// The data frames from one on, as far as they are whole and each stands where the one before ends.
    private static func shapes(from first: FramePlace, in scene: Scene) -> [Shape] {
        var shapes: [Shape] = []
        var place: FramePlace? = first
        while let frame = place, frame.end <= scene.bytes.count, shapes.count < 64 {
            let header = frame.header
            guard header.reservedBits.isSubset(of: scene.evidence.extensions.claimedBits), !header.opcode.isReserved,
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
            place = FramePlace(at: frame.end, in: scene.bytes)
        }
        return shapes
    }
}
