import Foundation
import SeededRandom
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Streams with known damage: of the certain diagnoses at most one in a thousand may be wrong, of the likely ones at most
/// one in twenty.
@Suite struct DamageCalibrationTests {
    @Test func certaintyIsCalibrated() {
        // `Tests/Calibration/run` asks for more streams, and prints the figures.
        let environment = ProcessInfo.processInfo.environment
        let asked = environment["DAMAGED_STREAMS"].flatMap { Int($0) }
        var random = SplitMix64(seed: environment["DAMAGE_SEED"].flatMap { UInt64($0) } ?? 0x0CA1_1B8A)
        var count = DamageCount()
        for round in 0..<(asked ?? Sample.rounds(1_080, debug: 60)) {
            let kind = DamageKind.allCases[round % DamageKind.allCases.count]
            count.add(DamagedStream(kind, scale: 0, random: &random))
        }
        if asked != nil { print(count.summary) }
        #expect(count.wrongCertain * 1_000 <= count.certain, "\(count.wrong)")
        // With so few, one may be wrong.
        #expect((count.wrongLikely - 1) * 20 <= count.likely, "\(count.wrong)")
        #expect(count.named * 10 >= count.broken * 8, "\(count.named) of \(count.broken)")
    }

    /// The size of the damaged frame does not matter.
    @Test(arguments: [1, 2]) func largeFrames(scale: Int) {
        var random = SplitMix64(seed: 0x1A26E + UInt64(scale))
        var count = DamageCount()
        var sample = Sample(oneIn: 2)
        for kind in DamageKind.allCases where kind != .inOneByte && kind != .sixteenAfter127 {
            // Misreadings of the header cost the same each time.
            let isSearch = [.frameInside, .payloadCut, .characters, .wordsRepeated, .littleEndian].contains(kind)
            if scale == 2, !isSearch || !sample.takes() { continue }
            count.add(DamagedStream(kind, scale: scale, random: &random))
        }
        #expect(count.wrongCertain == 0, "\(count.wrong)")
        // With so few, one may be missed.
        #expect((count.named + 1) * 10 >= count.broken * 7, "\(count.named) of \(count.broken): \(count.missed)")
    }
}

/// The diagnoses of many damaged streams, counted.
struct DamageCount {
    private(set) var broken = 0
    private(set) var named = 0
    private(set) var certain = 0
    private(set) var likely = 0
    private(set) var wrongCertain = 0
    private(set) var wrongLikely = 0
    private(set) var wrong: [String] = []
    private(set) var missed: [DamageKind: Int] = [:]

    /// The figures quoted in CONTRIBUTING.
    var summary: String {
        "\(broken) broken streams: \(named) get their name; \(certain) for certain, \(wrongCertain) of these wrong; "
            + "\(likely) likely, \(wrongLikely) of these wrong\nmissed: \(missed)\n"
            + wrong.prefix(40).joined(separator: "\n")
    }

    mutating func add(_ stream: DamagedStream) {
        guard let evidence = Evidence(stream: stream.bytes, validator: FrameValidator(sender: stream.sender)) else {
            return
        }
        broken += 1
        let found = Diagnosis.of(evidence)
        let isRight = found.map { stream.kind.right.contains($0.name) } ?? false
        if isRight { named += 1 } else { missed[stream.kind, default: 0] += 1 }
        guard let found else { return }
        let isWrong = !isRight && !DamageKind.general.contains(found.name)
        switch found.certainty {
        case .certain:
            certain += 1
            if isWrong { wrongCertain += 1 }
        case .likely:
            likely += 1
            if isWrong { wrongLikely += 1 }
        case .possible: break
        }
        if isWrong { wrong.append("\(stream.kind), \(found.certainty) \(found.name): \(found.message.prefix(150))") }
    }
}
