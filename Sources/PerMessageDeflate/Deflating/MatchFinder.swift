/// The last bytes of the messages, and where sequences of four bytes occurred in them.
///
/// Both are in memory that is lent to each call: `byteCount` bytes for the window, followed by new bytes, and slack
/// for reads of whole words; and `placeCount` words: for each hash the two positions where it last occurred, 0 for
/// none.
struct MatchFinder: Sendable {
    private var end = 0
    private var next = 0
    /// The position of `bytes[0]`, counted from 1 over all messages.
    private var base: UInt32
    /// The oldest position that a match may refer to.
    private var oldest: UInt32
    private let windowSize: Int

    /// The most bytes of one block: a stored block must be able to hold them.
    static let blockSize = 32768
    private static let slack = 16
    private static let longest = 258

    /// - Parameter base: the position of the first byte, counted from 1; a test begins shortly before positions wrap
    ///   around.
    init(windowSize: Int, base: UInt32 = 1) {
        self.windowSize = windowSize
        self.base = base
        oldest = base
    }

    var byteCount: Int { windowSize &+ Self.blockSize &+ Self.slack }
    var placeCount: Int { 2 << hashBits }

    /// The base-2 logarithm of the number of hashes: together they have as many positions as the window has bytes,
    /// but no more than fit well into the first-level cache.
    private var hashBits: Int { min(max(windowSize.trailingZeroBitCount &- 1, 9), 13) }

    var hasPending: Bool { next < end }

    /// Makes later matches refer to nothing before this position.
    mutating func forget() { oldest = base &+ UInt32(truncatingIfNeeded: next) }

    /// Copies as many new bytes as there is room for; all earlier ones must have been processed.
    mutating func fill(
        _ input: Span<UInt8>, from index: Int, _ bytes: inout MutableSpan<UInt8>, _ places: inout MutableSpan<UInt32>
    ) -> Int {
        let count = min(input.count &- index, Self.blockSize)
        if end &+ count > byteCount &- Self.slack { slide(&bytes, &places) }
        let start = end
        end &+= count
        precondition(start >= 0 && start <= bytes.count &- count)
        let piece = input.extracting(index..<(index &+ count))
        for place in 0..<count { bytes[start &+ place] = piece[place] }
        return count
    }

    private mutating func slide(_ bytes: inout MutableSpan<UInt8>, _ places: inout MutableSpan<UInt32>) {
        let kept = min(windowSize, next)
        let moved = next &- kept
        if base > 1 << 31 {
            // Positions are counted in 32 bits: long before they overflow, all of them are cleared.
            for index in places.indices { places[index] = 0 }
            base = 1
            oldest = 1 &+ UInt32(truncatingIfNeeded: kept)
        } else {
            base &+= UInt32(truncatingIfNeeded: moved)
        }
        next = kept
        end = kept
        precondition(moved >= 0 && kept >= 0 && moved <= bytes.count &- kept)
        for index in 0..<kept { bytes[index] = bytes[moved &+ index] }
    }

    /// Turns pending bytes into literals and matches, until the bytes end or the tokens are full.
    ///
    /// - Returns: the range of the bytes that were processed, and the number of tokens they became.
    mutating func find(
        _ bytes: Span<UInt8>, _ places: inout MutableSpan<UInt32>, _ tokens: inout MutableSpan<UInt32>
    ) -> (bytes: Range<Int>, tokenCount: Int) {
        let start = next
        var search = Search(
            next: start, end: end, base: base, oldest: oldest, windowSize: windowSize, shift: UInt32(32 - hashBits))
        let count = search.run(bytes, &places, &tokens)
        next = search.next
        return (start..<next, count)
    }

    /// The state of the search loop.
    private struct Search {
        var next: Int
        let end: Int
        let base: UInt32
        let oldest: UInt32
        let windowSize: Int
        let shift: UInt32

        /// - Returns: the number of tokens that were written.
        @inline(__always)
        mutating func run(
            _ bytes: Span<UInt8>, _ table: inout MutableSpan<UInt32>, _ tokens: inout MutableSpan<UInt32>
        ) -> Int {
            var count = 0
            var misses = 0
            while next < end, count < tokens.count {
                guard end &- next >= 4 else {
                    tokens[count] = UInt32(bytes[next])
                    count &+= 1
                    next &+= 1
                    continue
                }
                let found = match(bytes, &table)
                if found.length >= 4 {
                    tokens[count] = Tokens.match(length: found.length, distance: found.distance)
                    count &+= 1
                    let stop = next &+ found.length
                    // Another match may begin where this one ends; of the positions inside it, recording two is
                    // enough.
                    if end &- stop >= 4 {
                        note(next &+ 1, bytes, &table)
                        note(stop &- 1, bytes, &table)
                    }
                    next = stop
                    misses = 0
                    continue
                }
                // The longer nothing is found, the more bytes are skipped.
                let step = min(1 &+ misses >> 5, min(end &- next, tokens.count &- count))
                misses &+= 1
                for _ in 0..<step {
                    tokens[count] = UInt32(bytes[next])
                    count &+= 1
                    next &+= 1
                }
            }
            return count
        }

        @inline(__always)
        private func slot(_ word: UInt32) -> Int {
            Int(truncatingIfNeeded: (word &* 0x9E37_79B1) >> shift) &* 2
        }

        @inline(__always)
        private func note(_ index: Int, _ bytes: Span<UInt8>, _ table: inout MutableSpan<UInt32>) {
            let slot = slot(load4(bytes, at: index))
            table[slot &+ 1] = table[slot]
            table[slot] = base &+ UInt32(truncatingIfNeeded: index)
        }

        /// Returns the longer of the two matches at `next`; shorter than 4 if there is none.
        @inline(__always)
        private func match(_ bytes: Span<UInt8>, _ table: inout MutableSpan<UInt32>) -> (length: Int, distance: Int) {
            let word = load4(bytes, at: next)
            let slot = slot(word)
            let here = base &+ UInt32(truncatingIfNeeded: next)
            let first = table[slot]
            let second = table[slot &+ 1]
            table[slot &+ 1] = first
            table[slot] = here
            let limit = max(max(oldest, base), here &- min(here, UInt32(truncatingIfNeeded: windowSize)))
            var best = (length: 0, distance: 0)
            consider(first, word, limit, bytes, &best)
            consider(second, word, limit, bytes, &best)
            return best
        }

        @inline(__always)
        private func consider(
            _ place: UInt32, _ word: UInt32, _ limit: UInt32, _ bytes: Span<UInt8>,
            _ best: inout (length: Int, distance: Int)
        ) {
            guard place >= limit else { return }
            let index = Int(truncatingIfNeeded: place &- base)
            guard load4(bytes, at: index) == word else { return }
            let length = length(bytes, index)
            if length > best.length { best = (length, next &- index) }
        }

        @inline(__always)
        private func length(_ bytes: Span<UInt8>, _ index: Int) -> Int {
            let most = min(MatchFinder.longest, end &- next)
            var length = 4
            while length < most {
                let difference = load8(bytes, at: index &+ length) ^ load8(bytes, at: next &+ length)
                if difference != 0 { return min(most, length &+ difference.trailingZeroBitCount >> 3) }
                length &+= 8
            }
            return most
        }
    }
}
