internal import WebSocketFrames

/// A header that was meant differently from how it is read.
enum Rereading {
    static func of(_ reading: HeaderReading, _ suspect: SuspectFrame, _ scene: HypothesisScene) -> Hypothesis? {
        let declared = suspect.place
        guard let frame = reading.frame(at: declared.start, in: scene.chains), frame.end != declared.end else {
            return nil
        }
        let isWhole = frame.end <= scene.bytes.count
        let said = ExplainedPayload.bits(
            frame.header, [scene.known(frame.payloadStart, frame.end)], key: frame.key, in: scene.bytes)
        // If the text would be the same with the length as it is, it proves nothing, unless it ends where frames
        // continue, or that length is implausible.
        let isOwn = isWhole || frame.payloadStart != declared.payloadStart || declared.header.payloadLength > 1 << 40
        let text = isOwn ? said : min(said, 0)
        guard !(reading == .bitWithoutKey && text <= 0) else { return nil }
        let shows =
            text > 0 && frame.header.opcode == .text && frame.header.reservedBits.isEmpty
            ? " of clean text" : isWhole ? ", and legal frames follow" : ""
        return scene.hypothesis(
            reading.name, suspect, resume: frame.end, state: scene.state(after: suspect), reading: reading,
            evidence: reading.evidence(frame, declared: declared.header.payloadLength)
                + (isWhole ? text : max(text, 0)),
            cost: reading.cost + (text > 0 ? 0 : unproved(reading, frame, declared)),
            says: "the frame at \(scene.place(declared.start)) declares "
                + "\(Wording.count(declared.header.payloadLength, "byte")), but \(reading.claim): read that way, it has "
                + Wording.count(frame.length, "byte") + shows)
    }
}

extension Rereading {
    /// Returns the additional cost of a reading that no text proves.
    private static func unproved(_ reading: HeaderReading, _ frame: HeaderReading.Frame, _ declared: LocatedFrame)
        -> Int
    {
        switch reading {
        // Four bytes more or less are easily found; a length that includes the key is as likely as a key that is
        // missing.
        case .keyWithoutBit, .bitWithoutKey:
            frame.end < declared.end ? max(12, HypothesisScene.logarithm(of: frame.end - declared.payloadStart)) : 12
        // Bytes lost from a frame may end there as well, and of all lengths only these two look like a longer form.
        case .inOneByte where frame.length < 128: 4
        default: 0
        }
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
                    "length-counts-characters", suspect, resume: end, state: scene.state(after: suspect),
                    // It is no coincidence that the text continues as text where a header should be.
                    evidence: text + min(end - place.end, 8), cost: 3,
                    atMost: scene.countsBytes(besides: suspect, after: end)
                        ? .possible : declared < few && end - place.end < few / 4 ? .likely : .certain,
                    says: "the \(header.opcode.name) frame at \(scene.place(place.start)) declares "
                        + "\(Wording.count(declared, "byte")), and its text has \(Wording.grouped(declared)) \(unit) in "
                        + "\(Wording.count(end - place.payloadStart, "byte")): the length counts characters, and "
                        + "is \(Wording.count(end - place.end, "byte")) short"))
        }
        return found
    }

    /// In a shorter text the same small number of bytes may be a coincidence.
    private static let few = 16

    /// Returns where a text with this many characters, or UTF-16 units, ends; none if it breaks off, or is ASCII.
    private static func ends(
        of place: LocatedFrame, _ declared: Int, _ scene: HypothesisScene
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
