import FixtureCorpus
import Foundation
import SeededRandom
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Legal fixtures, each damaged at random: whatever is called certain is the damage that was done.
@Suite struct RandomDamageTests {
    @Test func noCertainCauseIsAnotherThanTheDamageMade() throws {
        let fixtures = try FixtureCorpus.loadAll().filter {
            $0.expectation.state == .complete && $0.expectation.frames > 1 && (40...8_000).contains($0.bytes.count)
        }
        #expect(fixtures.count > 60)
        // `Tests/Calibration/run` asks for that many of each fixture; otherwise 1,000 in all.
        let asked = ProcessInfo.processInfo.environment["DAMAGES_OF_EACH"].flatMap { Int($0) }
        var random = SplitMix64(seed: 0xDA_3A6E)
        var broken = 0
        var certain: [String: Int] = [:]
        var wrong: [String] = []
        for round in 0..<(asked.map { $0 * fixtures.count } ?? 1_000) {
            let fixture = fixtures[asked.map { round / $0 } ?? random.below(fixtures.count)]
            let damage = RandomDamage.allCases[round % RandomDamage.allCases.count]
            guard let stream = damage.applied(to: fixture.bytes, random: &random),
                let evidence = Evidence(
                    stream: stream,
                    validator: InflatingValidator(
                        sender: fixture.sender, extensions: fixture.extensions, limits: fixture.limits),
                    extensions: fixture.extensions)
            else { continue }
            broken += 1
            guard let found = Diagnosis.of(evidence), found.certainty == .certain else { continue }
            certain[found.name, default: 0] += 1
            guard !damage.right.contains(found.name) else { continue }
            wrong.append("round \(round), \(fixture.path), \(damage): \(found.name), \(found.message)")
        }
        let certainInAll = certain.values.reduce(0, +)
        if asked != nil {
            print(wrong.joined(separator: "\n"))
            print(
                "\(wrong.count) wrong: \(fixtures.count) fixtures, \(broken) broken streams, \(certainInAll) certain: \(certain)"
            )
        }
        // Among tens of thousands, some happen to have the bytes of another damage.
        #expect(asked == nil ? wrong.isEmpty : wrong.count * 1_000 <= certainInAll, "\(wrong)")
        // The test would be void if few streams were broken, or none certain.
        #expect(broken > 400 && certainInAll > 40, "\(broken) broken, \(certain) certain")
    }
}

/// Random damage to the bytes of a stream.
enum RandomDamage: CaseIterable {
    case payloadBitFlipped, payloadZeroed, payloadCut, inserted, repeated, headerByteChanged, endCut

    /// The diagnoses that may be certain: the damage itself, or another one that makes exactly the same bytes.
    var right: Set<String> {
        switch self {
        case .payloadBitFlipped, .endCut: []
        // A Close with a payload of zeros, which no sender writes.
        case .payloadZeroed: ["close-code-is-masking-key"]
        case .payloadCut: ["bytes-lost"]
        // Random bytes may begin like a frame whose payload is then incomplete.
        case .inserted: ["lost-step", "bytes-behind-handshake", "bytes-lost"]
        case .repeated: ["bytes-written-twice", "lost-step"]
        // A wrong byte in a header is also what a faulty sender writes.
        case .headerByteChanged:
            [
                "bytes-lost", "lost-step", "length-in-one-byte", "little-endian-length", "32-bit-length",
                "16-bit-length-behind-127", "mask-bit-forgotten", "mask-key-missing", "masking-server",
                "empty-frames-unmasked", "unmasked-control-frames", "fin-too-early", "fin-never-set", "opcode-missing",
                "opcode-repeated", "concurrent-writers", "deflate-not-agreed", "rsv1-on-plain-message",
                "deflate-without-rsv1", "close-code-missing", "wrong-length-form",
            ]
        }
    }

    /// The damaged stream; nil if there is nothing to damage in this way.
    func applied(to stream: [UInt8], random: inout SplitMix64) -> [UInt8]? {
        let frames = PlainFrame.all(in: stream)
        guard !frames.isEmpty else { return nil }
        let frame = frames[random.below(frames.count)]
        let payload = frame.payload
        var bytes = stream
        switch self {
        case .payloadBitFlipped:
            guard !payload.isEmpty else { return nil }
            bytes[payload.lowerBound + random.below(payload.count)] ^= 1 << UInt8(random.below(8))
        case .payloadZeroed:
            guard !payload.isEmpty else { return nil }
            let start = payload.lowerBound + random.below(payload.count)
            for index in start..<min(start + random.within(1...8), payload.upperBound) { bytes[index] = 0 }
        case .payloadCut:
            guard !payload.isEmpty else { return nil }
            let start = payload.lowerBound + random.below(payload.count)
            bytes.removeSubrange(start..<min(start + random.within(1...40), payload.upperBound))
        case .inserted:
            let place = random.oneIn(2) ? frame.start : frame.start + random.below(payload.upperBound - frame.start)
            bytes.insert(contentsOf: random.bytes(random.within(1...40)), at: place)
        case .repeated:
            let end = frame.start + random.below(payload.upperBound - frame.start) + 1
            let start = max(end - random.within(4...40), 0)
            bytes.insert(contentsOf: stream[start..<end], at: end)
        case .headerByteChanged:
            bytes[frame.start + random.below(min(2, payload.lowerBound - frame.start))] = random.byte()
        case .endCut: bytes.removeLast(random.within(1...min(40, bytes.count)))
        }
        return bytes
    }
}

/// A frame of a legal stream.
private struct PlainFrame {
    let start: Int
    let payload: Range<Int>

    static func all(in stream: [UInt8]) -> [PlainFrame] {
        var frames: [PlainFrame] = []
        var at = 0
        while at + 2 <= stream.count {
            let form = Int(stream[at + 1] & 0x7F)
            let wide = form == 126 ? 2 : form == 127 ? 8 : 0
            let length = wide == 0 ? form : stream[(at + 2)..<(at + 2 + wide)].reduce(0) { $0 << 8 | Int($1) }
            let start = at + 2 + wide + (stream[at + 1] & 0x80 != 0 ? 4 : 0)
            frames.append(PlainFrame(start: at, payload: start..<(start + length)))
            at = start + length
        }
        return frames
    }
}
