import FixtureCorpus
import SeededRandom
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Random bytes: nothing traps, noise gets no confident diagnosis, and real damage is what gets reported.
@Suite struct DiagnosisOfNoiseTests {
    @Test(arguments: [Endpoint.client, .server, nil]) func noiseIsNeverCertain(sender: Endpoint?) {
        var random = SplitMix64(seed: 0x0D1A_6005)
        var guesses = 0
        let rounds = Sample.rounds(450, debug: 200)
        for round in 0..<rounds {
            let stream = random.bytes(random.within(1...(round % 75 == 0 ? 9_000 : 700)))
            let extensions: AgreedExtensions = random.oneIn(4) ? .permessageDeflate : .none
            let validator = FrameValidator(sender: sender, extensions: extensions)
            guard
                let evidence = Evidence(
                    stream: stream, validator: validator, extensions: extensions, offeredDeflate: random.oneIn(2)),
                let diagnosis = Diagnosis.of(evidence)
            else { continue }
            // Binary data in a text frame is rightly reported as such.
            if diagnosis.name == "binary-as-text" { continue }
            #expect(diagnosis.certainty != .certain, "\(diagnosis) of \(stream.prefix(40))")
            // Four characters in a row are reported as text, even if they came by chance.
            if diagnosis.certainty == .likely { guesses += 1 }
        }
        #expect(guesses * 100 <= rounds, "\(guesses) of \(rounds)")
    }

    @Test func noiseAfterGoodFramesIsNeverCertain() {
        var random = SplitMix64(seed: 0x600D_F00D)
        var guesses = 0
        for _ in 0..<Sample.rounds(800, debug: 300) {
            let sender: Endpoint = random.oneIn(2) ? .client : .server
            let stream =
                Self.conversation(&random, sender: sender, frames: 4) + random.bytes(random.within(20...400))
            guard let evidence = Evidence(stream: stream, validator: FrameValidator(sender: sender)),
                let diagnosis = Diagnosis.of(evidence), diagnosis.name != "binary-as-text"
            else { continue }
            #expect(diagnosis.certainty != .certain, "\(diagnosis)")
            if diagnosis.certainty == .likely { guesses += 1 }
        }
        #expect(guesses < 8, "\(guesses)")
    }

    @Test func damageIsCalledByItsName() {
        var random = SplitMix64(seed: 0xDA_3A6E)
        var right = 0
        var reported = 0
        let rounds = Sample.rounds(400, debug: 150)
        for _ in 0..<rounds {
            let sender: Endpoint = random.oneIn(2) ? .client : .server
            let whole = Self.conversation(&random, sender: sender, frames: 14)
            let at = random.within((whole.count / 4)...(whole.count / 2))
            let count = random.within(3...12)
            let damage = random.below(3)
            var stream = Array(whole[..<at])
            switch damage {
            case 0: stream += whole[(at + count)...]
            case 1: stream += random.bytes(count) + whole[at...]
            default: stream += whole[(at - count)...]
            }
            guard let evidence = Evidence(stream: stream, validator: FrameValidator(sender: sender)),
                let diagnosis = Diagnosis.of(evidence)
            else { continue }
            reported += 1
            // If the lost bytes included a header, no more can be seen than that the framing was lost.
            let fitting: Set<String> =
                switch damage {
                case 0: ["bytes-lost", "lost-step"]
                case 1: ["lost-step"]
                default: ["bytes-written-twice", "lost-step"]
                }
            if fitting.contains(diagnosis.name) { right += 1 }
            let known: Set<String> = ["bytes-lost", "lost-step", "bytes-written-twice"]
            if diagnosis.certainty == .certain, !known.contains(diagnosis.name) {
                Issue.record("damage \(damage) at \(at): \(diagnosis)")
            }
        }
        #expect(reported * 100 > rounds * 95, "\(reported) of \(rounds)")
        #expect(right * 100 > reported * 90, "\(right) of \(reported)")
    }

    @Test func twoWritersAreCalledByTheirName() {
        var random = SplitMix64(seed: 0x2_3417E5)
        var right = 0
        var certain = 0
        let rounds = Sample.rounds(300, debug: 100)
        for _ in 0..<rounds {
            let sender: Endpoint = random.oneIn(2) ? .client : .server
            let outer = Self.conversation(&random, sender: sender, frames: 1)
            let inner = Self.conversation(&random, sender: sender, frames: random.within(1...2))
            // After the header, and before the end.
            let at = random.within((sender == .client ? 6 : 2)...(outer.count - 1))
            let before = Self.conversation(&random, sender: sender, frames: 2)
            let stream =
                before + outer[..<at] + inner + outer[at...] + Self.conversation(&random, sender: sender, frames: 5)
            guard let evidence = Evidence(stream: stream, validator: FrameValidator(sender: sender)),
                let diagnosis = Diagnosis.of(evidence)
            else { continue }
            if diagnosis.name == "concurrent-writers" {
                right += 1
                if diagnosis.certainty == .certain { certain += 1 }
                #expect(diagnosis.message.contains("at offset \(before.count + at)"), "\(diagnosis)")
            } else if diagnosis.certainty == .certain, diagnosis.name != "lost-step" {
                Issue.record("\(diagnosis)")
            }
        }
        #expect(right * 100 > rounds * 90, "\(right) of \(rounds)")
        #expect(certain * 100 > right * 80, "\(certain) of \(right)")
    }

    /// Legal frames of one sender, of all kinds and lengths.
    private static func conversation(_ random: inout SplitMix64, sender: Endpoint, frames: Int) -> [UInt8] {
        var stream: [UInt8] = []
        for _ in 0..<frames {
            let opcode: Opcode = random.oneIn(3) ? .binary : random.oneIn(5) ? .ping : .text
            var payload = random.bytes(random.within(8...(opcode == .ping ? 40 : 90)))
            if opcode == .text { payload = payload.map { 0x61 + $0 % 26 } }
            var key: MaskingKey?
            if sender == .client { key = MaskingKey(random.byte(), random.byte(), random.byte(), random.byte()) }
            stream += EncodedFrameHeader(opcode: opcode, payloadLength: UInt64(payload.count), maskingKey: key)
            var masked = payload.mutableSpan
            key?.apply(to: &masked, 0..<masked.count)
            stream += payload
        }
        return stream
    }
}
