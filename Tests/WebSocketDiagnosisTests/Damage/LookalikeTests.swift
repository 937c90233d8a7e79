import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Damage that resembles another cause, which must not be called certain. Found by `Tests/Calibration/run`.
@Suite struct LookalikeTests {
    private func json(_ count: Int, _ number: Int = 1) -> [UInt8] {
        Array(
            "{\"n\":\(number),\"of\":\"\(String(repeating: "words and ", count: count / 10 + 1).prefix(count - 15))\"}"
                .utf8)
    }

    private func key(_ sender: Endpoint, _ number: UInt8) -> [UInt8]? {
        sender == .client ? [0x3A ^ number, 0xC1, 0x05 &+ number, 0x96] : nil
    }

    private func found(_ stream: [UInt8], _ sender: Endpoint) -> Diagnosis? {
        Evidence(stream: stream, validator: FrameValidator(sender: sender)).flatMap(Diagnosis.of)
    }

    private func texts(_ sender: Endpoint) -> [UInt8] {
        (0..<4).flatMap { MadeFrame.bytes(0x81, json(60 + $0, $0), key: key(sender, UInt8(7 + $0))) }
    }

    /// A NUL after an empty ping could be a header that is too long; a NUL after messages with payload could not.
    @Test(arguments: [Endpoint.client, .server]) func nulAfterAnEmptyPingAndAfterTexts(sender: Endpoint) {
        var stream = MadeFrame.bytes(0x81, json(40), key: key(sender, 1))
        stream += MadeFrame.bytes(0x89, key: key(sender, 2)) + [0]
        for number in 3..<8 {
            stream += MadeFrame.bytes(0x81, json(50 + number), key: key(sender, UInt8(number))) + [0]
        }
        let diagnosis = found(stream, sender)
        #expect(diagnosis?.name == "bytes-behind-payloads", "\(String(describing: diagnosis))")
    }

    /// As many bytes are lost as the next header has, so that its JSON begins where a frame should, though it has a header.
    @Test(arguments: [40, 90, 300]) func aHeaderThatWasSwallowed(count: Int) {
        let next = MadeFrame.bytes(0x81, json(count, 2))
        let lost = next.count - count
        let noise = (0..<200).map { UInt8(truncatingIfNeeded: $0 * 7 + 128) }
        let cut = Array(MadeFrame.bytes(0x82, noise).dropLast(lost))
        let stream = cut + next + texts(.server)
        let diagnosis = found(stream, .server)
        #expect(diagnosis?.name != "unframed-json", "\(String(describing: diagnosis))")
        // Without the header before it, it is unframed.
        let bare = MadeFrame.bytes(0x82, [9, 9, 9]) + json(count, 2) + texts(.server)
        #expect(found(bare, .server)?.name == "unframed-json")
    }

    /// A longer payload is cut 126 bytes after byte 1: either a length of 126 was meant, or bytes were lost.
    @Test(arguments: [Endpoint.client, .server]) func aLossAfter126Bytes(sender: Endpoint) {
        let noise = (0..<1_500).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 3 + 101) }
        let whole = MadeFrame.bytes(0x82, noise, key: key(sender, 1))
        let start = sender == .client ? 6 : 2
        let stream = MadeFrame.bytes(0x81, json(40), key: key(sender, 2)) + whole.prefix(start + 126) + texts(sender)
        let diagnosis = found(stream, sender)
        #expect(diagnosis.map { $0.certainty != .certain } ?? true, "\(String(describing: diagnosis))")
    }

    /// Zeros after the key shift the text against the key: the header is too long, but the key is applied correctly.
    @Test(arguments: 2...3) func zerosAfterAKey(count: Int) {
        // Bytes of the key that turn the zeros into text.
        let own: [UInt8] = count == 2 ? [0xC1, 0x96, 0x41, 0x42] : [0xC1, 0x41, 0x42, 0x43]
        let text = json(200)
        let whole = MadeFrame.bytes(0x81, text, key: own)
        let header = whole.dropLast(text.count)
        let stream = header + [UInt8](repeating: 0, count: count) + whole.suffix(text.count) + texts(.client)
        let diagnosis = found(Array(stream), .client)
        #expect(diagnosis?.name != "mask-out-of-phase", "\(String(describing: diagnosis))")
        // Without the zeros, a key that is applied from another byte is just that.
        let turned = MadeFrame.masked(text, Array(own[1...] + own[..<1]))
        #expect(found(Array(header + turned + texts(.client)), .client)?.name == "mask-out-of-phase")
    }

    // MARK: - What the rest of the stream says

    /// A server that repeats one message: bytes lost from one are not the beginning of the next one written twice.
    @Test func aLossAmongEqualMessages() {
        let frame = MadeFrame.bytes(0x82, (0..<80).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 3 + 101) })
        for lost in [20..<38, 43..<70, 76..<80] {
            let stream = frame + frame[..<lost.lowerBound] + frame[lost.upperBound...] + frame + texts(.server)
            let diagnosis = found(stream, .server)
            #expect(
                diagnosis?.name != "bytes-written-twice" || diagnosis?.certainty != .certain,
                "\(lost): \(String(describing: diagnosis))")
        }
    }

    /// The length is short by the number of two-byte characters. A sender that counts bytes elsewhere does not count characters.
    @Test(arguments: [true, false]) func bytesThatLookLikeCharacters(countsBytes: Bool) {
        let other = Array((countsBytes ? "Grüße von weit her" : "Greetings from afar").utf8)
        let text = Array("größer, höher, früher, später, übler".utf8)
        let counted = String(decoding: text, as: UTF8.self).count
        let stream =
            MadeFrame.bytes(0x81, other) + [0x81, UInt8(counted)] + text + MadeFrame.bytes(0x81, other) + texts(.server)
        let diagnosis = found(stream, .server)
        #expect(diagnosis?.name != "length-counts-characters" || (diagnosis?.certainty == .certain) != countsBytes)
        #expect(countsBytes || diagnosis?.name == "length-counts-characters")
    }

    /// The payload of a frame is lost, and the next frame happens to be as long: no evidence of double framing.
    @Test func aFrameAsLongAsAPayload() {
        let inner = MadeFrame.bytes(0x81, json(40))
        let outer = [0x81, UInt8(inner.count)] + inner
        let lost = found(MadeFrame.bytes(0x81, json(30)) + outer + texts(.server), .server)
        #expect(lost?.certainty != .certain, "\(String(describing: lost))")
        let twice = found(MadeFrame.bytes(0x81, json(30)) + outer + outer + outer, .server)
        #expect(twice?.name == "double-framing" && twice?.certainty == .certain, "\(String(describing: twice))")
    }
}
