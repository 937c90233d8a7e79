import FixtureCorpus
import SeededRandom
import Testing
import WebSocketFrames

@testable import WebSocketDiagnosis

/// Evidence that is truncated, corrupted or inconsistent: there is an answer, or none, but never a trap.
@Suite struct HostileEvidenceTests {
    @Test func everyPrefixAndEverySuffix() throws {
        for (index, fixture) in try diagnosable().enumerated() {
            guard let evidence = Evidence(fixture) else { continue }
            // The first cut differs from fixture to fixture, so that together they cover every length.
            let step = max(evidence.bytes.count / Sample.rounds(8, debug: 2), 1)
            for cut in stride(from: index % step, through: evidence.bytes.count, by: step) {
                var shorter = evidence
                shorter.bytes = Array(evidence.bytes[..<cut])
                _ = Diagnosis.of(shorter)
                shorter.reachesEnd.toggle()
                _ = Diagnosis.of(shorter)
                shorter = evidence
                shorter.bytes = Array(evidence.bytes[cut...])
                shorter.offset += UInt64(cut)
                _ = Diagnosis.of(shorter)
            }
        }
    }

    @Test func everyByteSpoilt() throws {
        var random = SplitMix64(seed: 0x5701_1750)
        for fixture in try diagnosable() {
            guard let evidence = Evidence(fixture), !evidence.bytes.isEmpty else { continue }
            for _ in 0..<Sample.rounds(6, debug: 2) {
                var spoilt = evidence
                for _ in 0...random.below(4) {
                    spoilt.bytes[random.below(spoilt.bytes.count)] ^= random.byte()
                }
                _ = Diagnosis.of(spoilt)
            }
        }
    }

    @Test func offsetsThatDoNotFit() throws {
        let far: [UInt64] = [0, 5, 1 << 40, 1 << 60, 1 << 63, .max]
        for (index, fixture) in try diagnosable().enumerated() {
            guard let evidence = Evidence(fixture) else { continue }
            let (first, second) = (far[index % far.count], far[(index + 3) % far.count])
            for offset in Sample.cases([first, second], debug: [first]) {
                var other = evidence
                other.offset = offset
                _ = Diagnosis.of(other)
                other = evidence
                other.lastGoodFrame = FrameRecord(index: 0, offset: offset, header: other.lastGoodFrame?.header ?? long)
                _ = Diagnosis.of(other)
                other.lastGoodFrame?.header = long
                _ = Diagnosis.of(other)
                other = evidence
                for header in [long, EncodedFrameHeader()] {
                    other.cause = .unfinishedFrame(FrameRecord(index: 3, offset: offset, header: header))
                    _ = Diagnosis.of(other)
                    other.offset = offset
                    _ = Diagnosis.of(other)
                }
                for sender in [Endpoint.client, .server, nil] {
                    other = evidence
                    other.sender = sender
                    other.extensions = .permessageDeflate.claiming(.rsv2)
                    _ = Diagnosis.of(other)
                }
            }
        }
    }

    /// The worst case for a search that tries every byte: frames begin at each one, and none leads far.
    @Test func whatIsLookedAtIsBounded() {
        let rows: [[UInt8]] = [
            [0x82, 0x7E], [0x82, 0xFE, 0x0F], [0x81, 0x41], [0x81, 0xC1, 0, 0, 0, 0], [0x01, 0x00], [0x89, 0x00],
            [0x82], [0x82, 0xFE, 0x08, 0x00, 0, 0, 0, 0], [0x82, 0x7E, 0x10, 0x00],
            [0x00], [0xFF], [0x0D, 0x0A], [0x20], [0x7B, 0x22],
        ]
        var sample = Sample(oneIn: 5)
        for row in rows {
            // An impossible header from a client, and a text from a server that is invalid from its first byte.
            for (sender, first) in [(Endpoint.client, 0x83), (.server, 0x81)] as [(Endpoint, UInt8)]
            where sample.takes() {
                var stream: [UInt8] = sender == .client ? [0x82, 0xFE, 3, 0xE8, 1, 2, 3, 4] : [0x82, 0x7E, 3, 0xE8]
                for index in 0..<1_000 { stream.append(row[index % row.count]) }
                stream += [first, sender == .client ? 0x85 : 0x05]
                while stream.count < 9_000 { stream += row }
                guard let evidence = Evidence(stream: stream, validator: FrameValidator(sender: sender)) else {
                    continue
                }
                _ = Diagnosis.of(evidence)
                // The steps are counted, not timed.
                guard let context = ViolationContext(evidence), let scene = HypothesisScene(context) else { continue }
                _ = HypothesisTable.conclusion(scene)
                #expect(scene.chains.steps <= FrameChains.budget + 4_096, "\(row) from the \(sender.name)")
            }
        }
    }

    /// In a debug build, a sample of them.
    private func diagnosable() throws -> [Fixture] {
        var sample = Sample(oneIn: 4)
        return try FixtureCorpus.loadAll().filter { $0.section == "diagnosis" && sample.takes() }
    }

    private let long = EncodedFrameHeader(opcode: .binary, payloadLength: .max >> 1)
}
