import SeededRandom
import Testing
import WebSocketFrames

@testable import WebSocketDiagnosis

/// What two lists of messages have in common, compared with the textbook algorithm.
@Suite struct HopAlignmentTests {
    private static func messages(_ letters: [UInt8]) -> [HopMessage] {
        letters.enumerated().map { index, letter in
            var content = ContentDigest()
            content.add([letter].span)
            return HopMessage(
                DigestedMessage(content: content, isCompressed: false, isOpaque: false), opcode: .text,
                index: UInt32(index), frameCount: 1, maskingKey: 0, at: nil)
        }
    }

    /// The length of the longest common subsequence, by dynamic programming.
    private static func longest(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = [Int](repeating: 0, count: other.count + 1)
        for letter in one {
            var above = 0
            for index in other.indices {
                let kept = row[index + 1]
                row[index + 1] = letter == other[index] ? above + 1 : max(kept, row[index])
                above = kept
            }
        }
        return row[other.count]
    }

    @Test func itIsTheLongestCommonList() throws {
        var random = SplitMix64(seed: 7)
        for round in 0..<2_000 {
            func letters() -> [UInt8] {
                (0..<Int.random(in: 0...24, using: &random)).map { _ in
                    UInt8.random(in: 0...UInt8(round % 5 + 1), using: &random)
                }
            }
            let (one, other) = (letters(), letters())
            let alignment = try #require(HopAlignment(Self.messages(one), Self.messages(other)))
            #expect(alignment.equalCount == Self.longest(one, other), "\(one) \(other)")
            // The pieces cover both lists in order, and what they call equal is equal.
            var ends = (0, 0)
            for piece in alignment.pieces {
                #expect(piece.one.lowerBound == ends.0 && piece.other.lowerBound == ends.1)
                ends = (piece.one.upperBound, piece.other.upperBound)
                if piece.isEqual { #expect(Array(one[piece.one]) == Array(other[piece.other])) }
            }
            #expect(ends == (one.count, other.count))
        }
    }

    @Test func whatDiffersByMoreThanTheBoundIsNotAligned() {
        let bound = HopAlignment.maximumDifferences
        let one = [UInt8](repeating: 1, count: 20)
        func other(_ count: Int) -> [UInt8] { one + [UInt8](repeating: 2, count: count) + one }
        #expect(HopAlignment(Self.messages(one + one), Self.messages(other(bound))) != nil)
        #expect(HopAlignment(Self.messages(one + one), Self.messages(other(bound + 1))) == nil)
    }
}
