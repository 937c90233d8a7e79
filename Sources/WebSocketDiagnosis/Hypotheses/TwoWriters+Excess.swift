internal import WebSocketFrames

// In a large payload that is not text, something that looks like a whole frame occurs by chance. What is known is how
// much longer the frame is than it declares: the other writer's frame must be exactly that long.
extension TwoWriters {
    /// Returns whether a payload is too large to try every place in it.
    static func isLarge(_ place: LocatedFrame) -> Bool { place.header.payloadLength > 32_768 }

    static func frameOfExcess(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let outer = suspect.place
        guard suspect.back > 0, isLarge(outer), outer.header.opcode != .text, outer.payloadStart >= 0,
            outer.end < scene.bytes.count,
            let next = scene.bestResume(
                (outer.end + 1)..<min(scene.bytes.count, outer.end + longest),
                cost: { HypothesisScene.logarithm(of: $0) })
        else { return [] }
        let count = next.index - outer.end
        guard let form = HeaderForm(frame: count, isMasked: scene.chains.isMasked),
            let inner = best(form, in: outer.payloadStart..<outer.end, scene)
        else { return [] }
        let payload = inner.place.payload(in: scene.bytes)
        return [
            scene.hypothesis(
                name, suspect, resume: next.index, state: scene.state(after: suspect), evidence: inner.bits,
                cost: 5,
                choices: outer.end - outer.payloadStart,
                says:
                    "the \(outer.header.opcode.name) frame at \(scene.place(outer.start)) ends "
                    + "\(Wording.count(count, "byte")) later than it declares, and in its payload, at "
                    + "\(scene.place(inner.place.start)), is a whole frame of exactly that size, "
                    + "\(inner.place.header.opcode.name)"
                    + (CleanText.holds(payload) ? ", \(Wording.quoted(payload, atMost: 24))" : "")
                    + ". Two writers share the connection")
        ]
    }

    /// The longest frame that is searched for.
    private static let longest = 65_536

    /// Returns the frame of that size that is most likely to be one.
    private static func best(
        _ form: HeaderForm, in range: Range<Int>, _ scene: HypothesisScene
    ) -> (place: LocatedFrame, bits: Int)? {
        var best: (place: LocatedFrame, bits: Int)?
        let bytes = scene.bytes
        for start in range.lowerBound..<max(range.upperBound - 1, range.lowerBound)
        where bytes[start + 1] == form.afterFirst[0] && openings.contains(bytes[start]) {
            guard bytes[(start + 1)...].starts(with: form.afterFirst),
                case .whole = scene.chains.frame(at: start, .between), let place = LocatedFrame(at: start, in: bytes)
            else { continue }
            var bits = 6 + 8 * form.afterFirst.count
            let payload = place.payload(in: bytes)
            if CleanText.holds(payload) {
                bits += min(payload.count * 7 / 5, 24)
            } else if place.header.opcode == .text {
                continue
            }
            if bits > best?.bits ?? 0 { best = (place, bits) }
        }
        return best
    }

    /// The possible first bytes of a whole message, a ping or a pong.
    private static let openings: [UInt8] = [0x81, 0x82, 0x89, 0x8A, 0xC1]

    /// The bytes after the first one in a frame of some size, up to its key.
    private struct HeaderForm {
        let afterFirst: [UInt8]

        init?(frame count: Int, isMasked: Bool) {
            let short = count - (isMasked ? 6 : 2)
            let mask: UInt8 = isMasked ? 0x80 : 0
            if (0...125).contains(short) {
                afterFirst = [mask | UInt8(short)]
            } else if (126...65_535).contains(short - 2) {
                let length = UInt16(short - 2)
                afterFirst = [mask | 126, UInt8(length >> 8), UInt8(truncatingIfNeeded: length)]
            } else {
                return nil
            }
        }
    }
}
