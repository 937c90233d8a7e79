import Testing
import WebSocketDiagnosis
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct FrameSelectionTests {
    private func frame(_ index: Int) -> FrameFinding {
        FrameFinding(
            origin: StreamOrigin(source: "", connection: 0, sender: .client),
            frame: SeenFrame(
                record: FrameRecord(index: UInt64(index), offset: 0, header: EncodedFrameHeader()), payload: [],
                payloadCount: 0, isWhole: true, packetPosition: nil))
    }

    /// The items, one word each.
    private func words(_ items: [TimeLineItem]) -> [String] {
        items.map { item in
            switch item {
            case .frame(let frame): "\(frame.frame.record.index)"
            case .violation(let index): "v\(index)"
            case .leftOut(let count): "-\(count)"
            }
        }
    }

    /// The same with hindsight: the frames that are near enough to something.
    private func naive(_ count: Int, violationsBefore: [Int], first: Int, around: Int) -> [String] {
        var words: [String] = []
        var leftOut = 0
        for index in 0...count {
            for (number, before) in violationsBefore.enumerated() where before == index {
                if leftOut > 0 { words.append("-\(leftOut)") }
                leftOut = 0
                words.append("v\(number)")
            }
            guard index < count else { break }
            let isNear = violationsBefore.contains { (-around..<around).contains(index - $0) }
            guard index < first || isNear || index >= count - around else {
                leftOut += 1
                continue
            }
            if leftOut > 0 { words.append("-\(leftOut)") }
            leftOut = 0
            words.append("\(index)")
        }
        return words
    }

    @Test func theFirstThoseAroundViolationsAndTheLastArePicked() {
        for first in [0, 1, 5, 20] {
            for around in [1, 2, 4] {
                for violations in [[], [0], [3], [9, 9], [9, 10, 14], [12, 30], [30]] {
                    let quota = FrameSelection.Quota(first: first, around: around)
                    var selection = FrameSelection(quota)
                    var next = 0
                    for index in 0...30 {
                        while next < violations.count, violations[next] == index {
                            selection.addViolation(next)
                            next += 1
                        }
                        if index < 30 { selection.add(frame(index)) }
                    }
                    let expected = naive(30, violationsBefore: violations, first: first, around: around)
                    #expect(words(selection.finished()) == expected)
                    #expect(selection.frameCount == expected.filter { !$0.hasPrefix("v") && !$0.hasPrefix("-") }.count)
                    // Narrowing to the same quota changes nothing; narrowing further equals having been narrow from the start.
                    #expect(words(selection.narrowed(to: quota).finished()) == expected)
                    let narrow = FrameSelection.Quota(first: first / 2, around: 1)
                    #expect(
                        words(selection.narrowed(to: narrow).finished())
                            == naive(30, violationsBefore: violations, first: first / 2, around: 1))
                }
            }
        }
    }
}
