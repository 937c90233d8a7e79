/// What two lists of messages have in common, in order: the longest common subsequence, found with Myers' algorithm
/// ("An O(ND) Difference Algorithm", 1986), with a bound on the number of differences.
struct HopAlignment {
    /// A piece of both lists: equal messages, or what lies between such pieces.
    struct Piece: Hashable {
        let one: Range<Int>
        let other: Range<Int>
        let isEqual: Bool
    }

    /// The pieces in order; together they cover both lists.
    private(set) var pieces: [Piece] = []
    /// The number of equal messages.
    private(set) var equalCount = 0

    /// The most messages that may be in only one of the lists: with 64 Ki places kept for backtracking, and as many
    /// steps for each message, it stays fast.
    static let maximumDifferences = 256

    /// - Returns: nil if the lists differ by more than ``maximumDifferences``.
    init?(_ one: [HopMessage], _ other: [HopMessage]) {
        var start = 0
        while start < min(one.count, other.count), one[start].isSame(as: other[start]) { start += 1 }
        var ends = (one.count, other.count)
        while ends.0 > start, ends.1 > start, one[ends.0 - 1].isSame(as: other[ends.1 - 1]) {
            ends = (ends.0 - 1, ends.1 - 1)
        }
        guard let inner = Self.equalRuns(one[start..<ends.0], other[start..<ends.1]) else { return nil }
        var runs = [(0, 0, start)] + inner
        runs.append((ends.0, ends.1, one.count - ends.0))
        var place = (0, 0)
        for run in runs where run.2 > 0 {
            append(place.0..<run.0, place.1..<run.1, isEqual: false)
            append(run.0..<(run.0 + run.2), run.1..<(run.1 + run.2), isEqual: true)
            place = (run.0 + run.2, run.1 + run.2)
        }
        append(place.0..<one.count, place.1..<other.count, isEqual: false)
    }

    private mutating func append(_ one: Range<Int>, _ other: Range<Int>, isEqual: Bool) {
        guard !one.isEmpty || !other.isEmpty else { return }
        if isEqual {
            equalCount += one.count
            if let last = pieces.last, last.isEqual {
                pieces[pieces.count - 1] = Piece(
                    one: last.one.lowerBound..<one.upperBound, other: last.other.lowerBound..<other.upperBound,
                    isEqual: true)
                return
            }
        }
        pieces.append(Piece(one: one, other: other, isEqual: isEqual))
    }

    /// Returns the runs of equal messages, each by its positions in both lists and its length.
    private static func equalRuns(
        _ one: ArraySlice<HopMessage>, _ other: ArraySlice<HopMessage>
    ) -> [(Int, Int, Int)]? {
        guard !one.isEmpty, !other.isEmpty else { return one.count + other.count > maximumDifferences ? nil : [] }
        // reach[k + d]: how far d differences get in `one` on diagonal k (index in one - index in other).
        var steps: [[Int]] = []
        var reach = [0]
        for differences in 0...maximumDifferences {
            var next = [Int](repeating: 0, count: 2 * differences + 1)
            for slot in stride(from: 0, through: 2 * differences, by: 2) {
                let diagonal = slot - differences
                var x = differences == 0 ? 0 : Self.begin(reach, diagonal, differences).x
                while x < one.count, x - diagonal < other.count, x - diagonal >= 0,
                    one[one.startIndex + x].isSame(as: other[other.startIndex + x - diagonal])
                { x += 1 }
                next[slot] = x
                if diagonal == one.count - other.count, x >= one.count {
                    steps.append(next)
                    return runs(back: steps, one, other, diagonal, differences)
                }
            }
            steps.append(next)
            reach = next
        }
        return nil
    }

    /// Returns where a diagonal continues, from the better of its neighbours with one difference less.
    private static func begin(_ reach: [Int], _ diagonal: Int, _ differences: Int) -> (x: Int, isDown: Bool) {
        // reach contains the diagonals -(differences - 1)...(differences - 1).
        let index = diagonal + differences - 1
        let down = index + 1 < reach.count ? reach[index + 1] : -1
        let right = index - 1 >= 0 ? reach[index - 1] : -1
        return down > right ? (down, true) : (right + 1, false)
    }

    private static func runs(
        back steps: [[Int]], _ one: ArraySlice<HopMessage>, _ other: ArraySlice<HopMessage>, _ last: Int, _ count: Int
    ) -> [(Int, Int, Int)] {
        var runs: [(Int, Int, Int)] = []
        var diagonal = last
        for differences in stride(from: count, through: 0, by: -1) {
            let end = steps[differences][diagonal + differences]
            let begin =
                differences == 0 ? (x: 0, isDown: false) : Self.begin(steps[differences - 1], diagonal, differences)
            if end > begin.x {
                runs.append((one.startIndex + begin.x, other.startIndex + begin.x - diagonal, end - begin.x))
            }
            diagonal += begin.isDown ? 1 : -1
        }
        return runs.reversed()
    }
}
