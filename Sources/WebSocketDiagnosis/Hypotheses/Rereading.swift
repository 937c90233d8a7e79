internal import WebSocketFrames

/// A header that was meant in another way than it is read.
enum Rereading {
    static func of(_ reading: HeaderReading, _ suspect: SuspectFrame, _ scene: HypothesisScene) -> Hypothesis? {
        let declared = suspect.place
        guard let frame = reading.frame(at: declared.start, in: scene.chains), frame.end != declared.end else {
            return nil
        }
        let text = ExplainedPayload.bits(
            frame.header, [scene.known(frame.payloadStart, frame.end)], key: frame.key, in: scene.bytes)
        let isWhole = frame.end <= scene.bytes.count
        let shows =
            text > 0 && frame.header.opcode == .text && frame.header.reservedBits.isEmpty
            ? " of clean text" : isWhole ? ", and legal frames follow" : ""
        return scene.hypothesis(
            reading.name, suspect, resume: frame.end, state: scene.state(after: frame.header), reading: reading,
            evidence: reading.evidence(frame, declared: declared.header.payloadLength)
                + (isWhole ? text : max(text, 0)),
            cost: reading.cost + (text > 0 || !reading.isAboutMask ? 0 : unproved(frame.end, declared)),
            says: "the frame at \(scene.place(declared.start)) declares "
                + "\(Wording.count(declared.header.payloadLength, "byte")), but \(reading.claim): read so, it has "
                + Wording.count(frame.length, "byte") + shows)
    }
}

extension Rereading {
    /// Four bytes more or less are soon found without a text to prove them; a length that counts the key as well is no
    /// less likely than a key that is missing.
    private static func unproved(_ end: Int, _ declared: FramePlace) -> Int {
        end < declared.end ? max(12, HypothesisScene.logarithm(of: end - declared.payloadStart)) : 12
    }
}

/// A length that counts the characters of a text, which has more bytes.
enum CountedCharacters {
    static func of(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        let header = place.header
        guard header.opcode == .text || header.opcode == .continuation, header.reservedBits.isEmpty,
            header.payloadLength > 0, place.payloadStart >= 0, place.end < scene.bytes.count
        else { return [] }
        let declared = place.end - place.payloadStart
        var found: [Hypothesis] = []
        for (end, unit) in ends(of: place, declared, scene) {
            let text = ExplainedPayload.bits(
                header, [place.payloadStart..<end], key: header.maskingKey, in: scene.bytes)
            found.append(
                scene.hypothesis(
                    "length-counts-characters", suspect, resume: end, state: scene.state(after: header),
                    // That the text goes on as text where a header should be is no chance.
                    evidence: text + min(end - place.end, 8), cost: 3,
                    says: "the \(header.opcode.name) frame at \(scene.place(place.start)) declares "
                        + "\(Wording.count(declared, "byte")), and its text has \(Wording.grouped(declared)) \(unit) in "
                        + "\(Wording.count(end - place.payloadStart, "byte")): the length counts characters, and "
                        + "\(Wording.count(end - place.end, "byte")) more follow than it says"))
        }
        return found
    }

    /// Where a text with this many characters, or UTF-16 units, ends; none if it breaks off, or is ASCII.
    private static func ends(
        of place: FramePlace, _ declared: Int, _ scene: HypothesisScene
    ) -> [(end: Int, unit: String)] {
        let key = place.header.maskingKey
        var characters = 0
        var units = 0
        var pending = 0
        var ends: [(Int, String)] = []
        var index = place.payloadStart
        while index < scene.bytes.count, characters <= declared, ends.count < 2 {
            let byte = scene.bytes[index] ^ (key.map { $0[UInt64(index - place.payloadStart)] } ?? 0)
            if pending == 0 {
                if index > place.end {
                    if units == declared { ends.append((index, "characters")) }
                    if characters == declared, units != characters { ends.append((index, "characters")) }
                }
                guard byte < 0x80 || (0xC2...0xF4).contains(byte) else { break }
                pending = byte < 0x80 ? 0 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
                characters += 1
                units += pending == 3 ? 2 : 1
            } else {
                guard byte & 0xC0 == 0x80 else { break }
                pending -= 1
            }
            index += 1
        }
        if index == scene.bytes.count, pending == 0, index > place.end, ends.isEmpty,
            units == declared || characters == declared
        {
            ends.append((index, "characters"))
        }
        return ends
    }
}

/// A header array that was longer than the header in it: what was left over was sent as well.
enum OversizedHeader {
    /// No array for headers is longer than this beyond a header of two bytes.
    private static let maximumExtra = 14

    static func of(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        guard place.start >= 0, place.payloadStart < scene.bytes.count, place.end < scene.bytes.count else { return [] }
        var found: [Hypothesis] = []
        for count in 1...maximumExtra where scene.chains.mayResume(at: place.end + count) {
            let start = place.payloadStart + count
            let extra = scene.bytes[place.payloadStart..<min(start, scene.bytes.count)]
            // A client's four zeros are a key.
            if count == 4, scene.chains.isMasked, !place.header.isMasked, extra.allSatisfy({ $0 == 0 }) { continue }
            guard let (bits, what) = oddity(of: extra, place, start, scene) else { continue }
            found.append(
                scene.hypothesis(
                    "oversized-header", suspect, resume: place.end + count, state: scene.state(after: place.header),
                    evidence: bits, cost: 4, choices: maximumExtra,
                    says:
                        "after the header of the \(place.header.opcode.name) frame at \(scene.place(place.start)) stand "
                        + "\(Wording.count(count, "byte")) that belong to nothing (\(Wording.hex(extra)), \(what)): "
                        + "without them legal frames follow"))
        }
        return found
    }

    /// What shows that bytes are left over, and how much it says.
    private static func oddity(
        of extra: ArraySlice<UInt8>, _ place: FramePlace, _ start: Int, _ scene: HypothesisScene
    ) -> (Int, String)? {
        let header = place.header
        let payload = ExplainedPayload.bits(
            header, [scene.known(start, place.end + extra.count)], key: header.maskingKey, in: scene.bytes)
        if extra.allSatisfy({ $0 == 0 }) {
            return ((isFullOfZeros(place, start, scene) ? -1 : min(6 + 3 * extra.count, 20)) + payload, "all zero")
        }
        // Stale bytes before a text that is one only without them.
        let isPlain = extra.allSatisfy { CleanText.isASCII($0) }
        let isRepeated =
            extra.elementsEqual(scene.bytes[scene.known(start, start + extra.count)])
            || place.payloadStart >= extra.count
                && extra.elementsEqual(scene.bytes[(place.payloadStart - extra.count)..<place.payloadStart])
        guard !isPlain, !isRepeated, payload > 0, header.opcode == .text else { return nil }
        let with = ExplainedPayload.bits(
            header, [scene.known(place.payloadStart, place.end)], key: header.maskingKey, in: scene.bytes)
        return with < payload ? (min(payload, 8), "left from something else") : nil
    }

    /// A payload of numbers, which begins with zeros as well as not. Masked, it would not show them.
    private static func isFullOfZeros(_ place: FramePlace, _ start: Int, _ scene: HypothesisScene) -> Bool {
        guard !place.header.isMasked || place.keyBytes.contains(0) else { return false }
        return scene.bytes[scene.known(start, min(start + 64, place.end))].count { $0 == 0 } > 2
    }
}
