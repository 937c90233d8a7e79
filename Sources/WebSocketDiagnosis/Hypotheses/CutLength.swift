internal import WebSocketFrames

/// A length of which only the low bits are left, because its field is too small for it.
enum CutLength {
    /// The longest payload that is searched for: whoever writes a length of one byte tests with small messages.
    private static let maximumLength = 1 << 16

    /// Explains a length over 65,535 in the 16 bits after 126: 70,000 became 4,464.
    static func in16Bits(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        guard place.start >= 0, place.header[1] & 0x7F == 126, place.payloadStart <= scene.bytes.count,
            place.header.isMasked == scene.chains.isMasked
        else { return [] }
        let room = scene.bytes.count - place.payloadStart
        var best: Hypothesis?
        let unit = 1 << 16
        let lengths = stride(from: Int(clamping: place.header.payloadLength) + unit, through: room, by: unit)
        for (index, length) in lengths.enumerated() {
            let end = place.payloadStart + length
            guard scene.chains.mayResume(at: end), !scene.chains.isExhausted else { continue }
            let state = scene.state(after: suspect)
            guard end == scene.bytes.count || scene.chains.chain(from: end, state).frames > 0 else { continue }
            let text = ExplainedPayload.bits(
                place.header, [place.payloadStart..<end], key: place.header.maskingKey, in: scene.bytes)
            let found = scene.hypothesis(
                "length-cut-to-16-bits", suspect, resume: end, state: state, evidence: text, cost: 3,
                choices: index + 1,
                says:
                    "the frame at \(scene.place(place.start)) declares "
                    + "\(Wording.count(place.header.payloadLength, "byte")) in 16 bits, and legal frames follow after "
                    + "\(Wording.grouped(length)), which is \(index == 0 ? "" : "\(index + 1) times ")65,536 more: only the "
                    + "lowest 16 bits of the payload's length were written")
            if found.score > best?.score ?? 0 { best = found }
        }
        return best.map { [$0] } ?? []
    }

    /// Explains a length over 125 in byte 1: 300 became 44.
    static func inByte1(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        let bytes = scene.bytes
        let isMasked = scene.chains.isMasked
        let payloadStart = place.start + (isMasked ? 6 : 2)
        guard place.start >= 0, payloadStart <= bytes.count, !place.header.opcode.isControl else { return [] }
        let byte1 = bytes[place.start + 1]
        guard !isMasked || byte1 & 0x80 != 0 else { return [] }
        let start = place.start
        let key = isMasked ? MaskingKey(bytes[start + 2], bytes[start + 3], bytes[start + 4], bytes[start + 5]) : nil
        // In a client's frame bit 7 of byte 1 is MASK, whatever it was in the length.
        let (least, unit) = isMasked ? (Int(byte1 & 0x7F), 128) : (Int(byte1), 256)
        let most = min(maximumLength, bytes.count - payloadStart)
        var best: Hypothesis?
        for (index, length) in stride(from: least + unit, through: most, by: unit).enumerated() {
            let end = payloadStart + length
            guard scene.chains.mayResume(at: end), !scene.chains.isExhausted else { continue }
            let text = ExplainedPayload.bits(place.header, [payloadStart..<end], key: key, in: bytes)
            // If what it explains as one payload contains frames, they are frames.
            guard text > 0 || !scene.holdsFrames(min(max(place.end, scene.fault), end)..<end) else { continue }
            let found = scene.hypothesis(
                HeaderReading.inOneByte.name, suspect, resume: end, state: scene.state(after: suspect),
                evidence: text,
                // One length in 256 ends where frames continue by chance.
                cost: HeaderReading.inOneByte.cost + (text > 0 ? 1 : 7), choices: index + 1,
                atMost: text > 0 ? .certain : .likely,
                says:
                    "the length of the frame at \(scene.place(start)) was written into byte 1, which holds no more than 125: "
                    + "only the lowest bits of \(Wording.grouped(length)), after which legal frames continue, are left "
                    + "(\(Wording.hex([byte1])))")
            if found.score > best?.score ?? 0 { best = found }
        }
        return best.map { [$0] } ?? []
    }
}
