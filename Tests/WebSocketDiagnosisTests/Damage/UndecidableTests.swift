import SeededRandom
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Two damages that leave the same bytes: neither may be called certain.
@Suite struct UndecidableTests {
    /// A large random payload happens to contain what looks like an empty ping. If its frame ends too late by as many bytes, either
    /// a ping was written inside it, or it declares too few bytes.
    @Test(arguments: [false, true]) func shortPingInNoise(isMasked: Bool) {
        var random = SplitMix64(seed: 0x51_1117)
        for round in 0..<6 {
            let key = isMasked ? random.bytes(4) : nil
            var bytes = MadeFrame.bytes(0x81, Array("{\"n\":1,\"of\":\"a few\"}".utf8), key: key)
            let ping = MadeFrame.bytes(0x89, key: key)
            var noise = MadeFrame.bytes(0x82, random.bytes(70_000), key: key)
            let at = 20_000 + random.below(20_000)
            if round.isMultiple(of: 2) {
                noise.insert(contentsOf: ping, at: at)
            } else {
                // Declares too few bytes, by the length of a ping that its payload happens to contain.
                noise.replaceSubrange(at..<(at + ping.count), with: ping)
                noise += random.bytes(ping.count)
            }
            bytes += noise
            for count in 2..<6 {
                bytes += MadeFrame.bytes(0x81, Array("{\"n\":\(count),\"of\":\"a few more\"}".utf8), key: key)
            }
            guard
                let evidence = Evidence(
                    stream: bytes, validator: FrameValidator(sender: isMasked ? .client : .server)),
                let found = Diagnosis.of(evidence)
            else { continue }
            #expect(found.certainty != .certain, "\(found.name): \(found.message)")
        }
    }

    /// Four zeros after a client's header are a key whose MASK bit was forgotten.
    @Test func fourZerosOfAClientAreAKey() throws {
        let texts = (1...4).map { Array("{\"n\":\($0),\"of\":\"the client's texts\"}".utf8) }
        var bytes = MadeFrame.bytes(0x81, texts[0], key: [1, 2, 3, 4])
        bytes += [0x81, UInt8(texts[1].count), 0, 0, 0, 0] + texts[1]
        for text in texts[2...] { bytes += MadeFrame.bytes(0x81, text, key: [5, 6, 7, 8]) }
        let evidence = try #require(Evidence(stream: bytes, validator: FrameValidator(sender: .client)))
        #expect(Diagnosis.of(evidence)?.name == "mask-bit-forgotten")
    }
}
