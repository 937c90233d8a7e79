internal import WebSocketFrames

/// A header buffer that was longer than the header in it: the rest of it was sent as well.
enum OversizedHeader {
    /// The most bytes of such a buffer beyond a header of two bytes.
    private static let maximumExtra = 14

    static func of(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        guard place.start >= 0, place.payloadStart < scene.bytes.count, place.end < scene.bytes.count else { return [] }
        var found: [Hypothesis] = []
        for count in 1...maximumExtra where scene.chains.mayResume(at: place.end + count) {
            let start = place.payloadStart + count
            let extra = scene.bytes[place.payloadStart..<min(start, scene.bytes.count)]
            // Four zeros of a client are a masking key.
            if count == 4, scene.chains.isMasked, !place.header.isMasked, extra.allSatisfy({ $0 == 0 }) { continue }
            guard let (bits, what) = oddity(of: extra, suspect, start, scene) else { continue }
            let again = repeats(of: extra, from: place.end + count, after: suspect, scene)
            found.append(
                scene.hypothesis(
                    "oversized-header", suspect, resume: again.resume, state: scene.state(after: suspect),
                    evidence: bits + again.bits, cost: 4, choices: maximumExtra,
                    atMost: again.times > 0 || isDistinctive(extra, of: place, scene) ? .certain : .likely,
                    says:
                        "after the header of the \(place.header.opcode.name) frame at \(scene.place(place.start)) "
                        + "\(count == 1 ? "is 1 byte that belongs" : "are \(count) bytes that belong") to nothing "
                        + "(\(Wording.hex(extra)), \(what))"
                        + (again.times > 0 ? ", and \(Wording.count(again.times, "more time")) after it" : "") + ": "
                        + "without them legal frames follow"))
        }
        return found
    }

    /// Returns whether the bytes are zeros that nothing else explains, or the rest of bytes that were sent before.
    private static func isDistinctive(_ extra: ArraySlice<UInt8>, of place: LocatedFrame, _ scene: HypothesisScene)
        -> Bool
    {
        guard extra.allSatisfy({ $0 == 0 }) else {
            return scene.comesTwice(extra.startIndex..<extra.endIndex)
                && !scene.isOneOfTwo(extra.startIndex..<extra.endIndex)
        }
        // If keys are zero, they may be one.
        let next = LocatedFrame(at: place.end + extra.count, in: scene.bytes)
        return extra.count > 1
            && ![place, next].contains { $0?.keyBytes == [0, 0, 0, 0] }
    }

    /// Returns where frames continue after further frames without payload that have the same zeros, and the evidence
    /// of that.
    private static func repeats(
        of extra: ArraySlice<UInt8>, from resume: Int, after suspect: SuspectFrame, _ scene: HypothesisScene
    ) -> (resume: Int, bits: Int, times: Int) {
        var found = (resume: resume, bits: 0, times: 0)
        guard suspect.place.header.payloadLength == 0, extra.allSatisfy({ $0 == 0 }) else { return found }
        while found.times < maximumRepeats {
            let chain = scene.chains.chain(from: found.resume, scene.state(after: suspect))
            let next = chain.end + extra.count
            guard chain.ending == .broken, chain.frames > 0, scene.chains.mayResume(at: next),
                scene.bytes[chain.end..<next].allSatisfy({ $0 == 0 }),
                isEmptyFrame(before: chain.end, from: found.resume, scene)
            else { break }
            // It broke off there, and no longer does.
            found = (next, found.bits + chain.bits + 40, found.times + 1)
        }
        return found
    }

    private static let maximumRepeats = 16

    /// Returns whether the last of the frames that end there has no payload: bytes after one with payload are another
    /// fault.
    private static func isEmptyFrame(before end: Int, from start: Int, _ scene: HypothesisScene) -> Bool {
        var last: LocatedFrame?
        while (last?.end ?? start) < end, let next = LocatedFrame(at: last?.end ?? start, in: scene.bytes) {
            last = next
        }
        return last?.end == end && last?.header.payloadLength == 0
    }

    /// Returns what shows that bytes are left over, and how strong that evidence is.
    private static func oddity(
        of extra: ArraySlice<UInt8>, _ suspect: SuspectFrame, _ start: Int, _ scene: HypothesisScene
    ) -> (Int, String)? {
        let place = suspect.place
        let header = place.header
        let isText = scene.isText(suspect)
        let payload = ExplainedPayload.bits(
            header, [scene.known(start, place.end + extra.count)], key: header.maskingKey, isText: isText,
            in: scene.bytes)
        if extra.allSatisfy({ $0 == 0 }) {
            return ((isFullOfZeros(place, start, scene) ? -1 : min(6 + 3 * extra.count, 20)) + payload, "all zero")
        }
        // Stale bytes before a text that is text only without them.
        let isPlain = extra.allSatisfy { CleanText.isASCII($0) }
        let isRepeated =
            extra.elementsEqual(scene.bytes[scene.known(start, start + extra.count)])
            || place.payloadStart >= extra.count
                && extra.elementsEqual(scene.bytes[(place.payloadStart - extra.count)..<place.payloadStart])
        guard !isPlain, !isRepeated, payload > 0, isText else { return nil }
        let with = ExplainedPayload.bits(
            header, [scene.known(place.payloadStart, place.end)], key: header.maskingKey, isText: isText,
            in: scene.bytes)
        return with < payload ? (min(payload, 8), "left from something else") : nil
    }

    /// Returns whether the payload consists of numbers, which may well begin with zeros. Masked, it would not show
    /// them.
    private static func isFullOfZeros(_ place: LocatedFrame, _ start: Int, _ scene: HypothesisScene) -> Bool {
        guard !place.header.isMasked || place.keyBytes.contains(0) else { return false }
        return scene.bytes[scene.known(start, min(start + 64, place.end))].count { $0 == 0 } > 2
    }
}
