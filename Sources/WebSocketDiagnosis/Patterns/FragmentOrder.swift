internal import WebSocketFrames

/// Fragments of one message that were sent in a different order (RFC 6455 §5.4).
enum FragmentOrder {
    /// Messages of more fragments are not examined.
    private static let maximumFragments = 256

    /// The last fragment comes first, and the first one last: something takes them from the wrong end of a queue.
    static func lastFirst(_ context: ViolationContext) -> Match? {
        guard context.rule == .unexpectedContinuation, context.startInStream >= 0 else { return nil }
        let bytes = context.evidence.bytes
        var parts: [LocatedFrame] = []
        var at = context.startInStream
        while parts.count < maximumFragments, let place = LocatedFrame(at: at, in: bytes), place.end <= bytes.count {
            let header = place.header
            guard header.reservedBits.isSubset(of: context.evidence.extensions.claimedBits), !header.opcode.isReserved
            else { return nil }
            at = place.end
            if header.opcode.isControl { continue }
            let isLast = header.opcode == .continuation && header.isFinal
            guard isLast == parts.isEmpty else { return nil }
            parts.append(place)
            if header.opcode != .continuation { break }
        }
        guard let first = parts.last?.header, first.opcode != .continuation, !first.isFinal, parts.count > 1 else {
            return nil
        }
        // What follows must not continue the message that seems to be open.
        if let next = LocatedFrame(at: at, in: bytes), next.header.opcode == .continuation { return nil }
        let text = parts.reversed().flatMap { $0.payload(in: bytes) }
        let isText = first.opcode == .text && first.reservedBits.isEmpty && CleanText.holds(text)
        let closes = isText && JSONExtent.end(of: text[...]) == text.count
        return Match(
            certainty: closes || parts.count > 2 ? .certain : .likely,
            message:
                "the \(Wording.count(parts.count, "fragment")) of a message from \(context.place(context.start)) on are in "
                + "reverse order: the last one first, and the one with the opcode \(first.opcode.name) at the end"
                + (closes ? "; put in order, they are one JSON value." : ".")
                + " Something seems to take them from the wrong end of a queue.")
    }
}
