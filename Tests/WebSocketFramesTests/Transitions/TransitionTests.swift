import FixtureCorpus
import Foundation
import SeededRandom
import Testing
import WebSocketFrames

/// Every state × every first two bytes × agreement × sender: the machine and the naive judge agree with each other and
/// with `Fixtures/exhaustive/transitions.txt`.
@Suite struct TransitionTests {
    @Test(arguments: TransitionSetting.all) func theNaiveJudgeSaysTheSame(setting: TransitionSetting) {
        let validator = setting.validator
        // In a debug build: few pairs with an illegal byte 0, and few payloads of 64 KiB.
        var illegal = Sample(oneIn: 1_200)
        var legal = Sample(oneIn: 96)
        var frames = Sample(oneIn: 8)
        var long = Sample(oneIn: 20)
        for byte0 in UInt8.min...UInt8.max {
            var first = validator
            let isLegal = first.feed([byte0]) == nil
            for byte1 in UInt8.min...UInt8.max where isLegal ? legal.takes() : illegal.takes() {
                let pair = [byte0, byte1]
                let expected = setting.judgement(pair)
                for cuts in [[], [1]] {
                    var copy = validator
                    _ = copy.feed(pair, cuts: cuts)
                    let found = NaiveJudge.Judgement(copy, bytes: setting.beginning.count + 2)
                    if found != expected {
                        Issue.record("\(pair.hex), cut at \(cuts): found \(found), expected \(expected)")
                        return
                    }
                }
                guard expected.expectation.violation == nil, frames.takes(), byte1 & 0x7F != 127 || long.takes() else {
                    continue
                }
                let found = setting.transition(byte0, byte1, from: validator)
                let wanted = Transition(byte0, byte1, setting) { TransitionAnswer(setting.judgement($0)) }
                if found != wanted {
                    Issue.record("\(pair.hex): \(found), expected \(wanted)")
                    return
                }
            }
        }
    }

    @Test func theTableShowsAllTransitions() throws {
        try compare(TransitionTable.text(), with: "transitions.txt")
    }

    /// All 65,536 codes in a Close of either sender, by the validator, the naive judge and the table.
    @Test func theTableShowsAllCloseCodes() throws {
        var sample = Sample(oneIn: 8)
        var lines: [(codes: ClosedRange<UInt16>, text: String)] = []
        let unmasked = FrameValidator(sender: .server)
        let masked = FrameValidator(sender: .client)
        for code in UInt16.min...UInt16.max {
            let payload = [UInt8(code >> 8), UInt8(code & 0xFF)]
            let reading = unmasked.reading([0x88, 0x02] + payload)
            let other = masked.reading([0x88, 0x82, 0, 0, 0, 0] + payload)
            #expect(reading.violation?.rule == other.violation?.rule && reading.closeCode == other.closeCode, "\(code)")
            if sample.takes() {
                let stream = [0x88, 0x02] + payload
                let naive = NaiveJudge(stream: stream, reported: .server, extensions: .none, limits: .none).judge()
                #expect(naive.expectation.violation?.rule == reading.violation?.rule, "\(code)")
                #expect(naive.closeCode == reading.closeCode?.rawValue, "\(code)")
            }
            let name = CloseCode(rawValue: code).name
            let text = (reading.violation.map { "\($0.rule.name) (\($0.closeCode.rawValue))" } ?? "legal") + ", \(name)"
            if let last = lines.last, last.text == text {
                lines[lines.count - 1].codes = last.codes.lowerBound...code
            } else {
                lines.append((code...code, text))
            }
        }
        let text = lines.map { line in
            let ends = line.codes.count == 1 ? [line.codes.lowerBound] : [line.codes.lowerBound, line.codes.upperBound]
            let codes = ends.map(String.init).joined(separator: "-")
            return codes + String(repeating: " ", count: 14 - codes.count) + line.text + "\n"
        }
        try compare(
            """
            # What every close code is judged in a Close, and its name.
            #
            # RENEW=1 swift test --filter TransitionTests writes this file. The same test compares every code with the naive
            # judge: in a release build all, in a debug build a sample.


            """ + text.joined(), with: "close-codes.txt")
    }

    /// With `RENEW=1` in the environment, writes the file instead.
    private func compare(_ text: String, with name: String) throws {
        let path = FixtureCorpus.folder + "/exhaustive/" + name
        if ProcessInfo.processInfo.environment["RENEW"] != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        let file = try String(contentsOfFile: path, encoding: .utf8)
        let found = text.split(separator: "\n", omittingEmptySubsequences: false)
        let written = file.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(found, written).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, written.count)
        #expect(
            text == file,
            "\(name):\(line + 1) is not what the validator says; if the validator is right, RENEW=1 swift test --filter TransitionTests"
        )
    }
}
