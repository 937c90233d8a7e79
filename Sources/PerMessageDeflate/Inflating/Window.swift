/// What was inflated last: where matches copy from, and where the caller reads the output.
///
/// A ring, somewhat longer than the window: the fast loop writes whole words, and what it writes too much lies where no
/// distance that was agreed can reach.
struct Window: Sendable {
    // With room after the ring's end, so that the fast loop need not look at every byte where it ends.
    private(set) var bytes: [UInt8]
    /// The ring's length in bytes.
    let ring: Int
    /// The longest distance that was agreed.
    let size: Int
    /// Where the next byte goes: `handed <= head < ring + slack`
    var head = 0
    /// Where what the caller has not seen begins.
    private(set) var handed = 0
    /// How many bytes before `handed` a distance may reach. `known <= size`
    private(set) var known = 0

    /// The longest match, three literals, and what whole words write too much.
    static let slack = 258 + 3 + 27
    /// A window is never smaller in memory: it would be handed over too often.
    private static let leastRing = 2048

    init(size: Int) {
        self.size = size
        ring = max(size, Self.leastRing) + Self.slack
        bytes = [UInt8](repeating: 0, count: ring + Self.slack)
    }

    /// What the caller has not seen, in bytes.
    var pending: Int { head &- handed }

    /// Bytes that fit in before the ring's end.
    var room: Int { ring &- head }

    /// How far back a distance may reach.
    var reach: Int { min(size, known &+ pending) }

    /// Hands what is pending over, and goes back to the ring's beginning where its end is reached.
    ///
    /// - Returns: the index of the byte that was refused.
    mutating func hand(_ take: (Span<UInt8>) -> Int?) -> Int? {
        guard head > handed else { return nil }
        let refused = take(bytes.span.extracting(handed..<head))
        known = reach
        if head >= ring {
            head &-= ring
            let (count, ring) = (head, ring)
            var target = bytes.mutableSpan
            for index in 0..<count { target[index] = target[ring &+ index] }
        }
        handed = head
        return refused
    }

    /// No distance reaches back to before this place.
    mutating func forget() { known = 0 }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        bytes[head] = byte
        head &+= 1
    }

    /// Appends `count` bytes, which must fit in, from `distance` bytes ago.
    mutating func copy(_ count: Int, from distance: Int) {
        var from = head &- distance
        if from < 0 { from &+= ring }
        for _ in 0..<count {
            bytes[head] = bytes[from]
            head &+= 1
            from &+= 1
            if from == ring { from = 0 }
        }
    }

    /// Inflates with the fast loop as far as it comes.
    ///
    /// - Parameter left: how many bytes the message may still have.
    mutating func runFast(
        _ cursor: inout InflateCursor, _ input: Span<UInt8>, left: UInt64, _ literals: borrowing DecodingTable,
        _ distances: borrowing DecodingTable
    ) {
        let mostWritten = Int(truncatingIfNeeded: min(left, UInt64(truncatingIfNeeded: ring))) &- Self.slack
        let start = head
        var loop = FastLoop(
            bits: cursor.bits, bitCount: cursor.bitCount, index: cursor.index, head: start,
            stop: min(ring, start &+ mostWritten), origin: handed &- known, size: size, ring: ring,
            literalMask: literals.mask, distanceMask: distances.mask)
        var target = bytes.mutableSpan
        loop.run(input, &target, literals.entries.span, distances.entries.span)
        head = loop.head
        cursor.bits = loop.bits & (1 << UInt64(truncatingIfNeeded: loop.bitCount) &- 1)
        cursor.bitCount = loop.bitCount
        cursor.index = loop.index
        cursor.inflated &+= UInt64(truncatingIfNeeded: loop.head &- start)
    }

    /// Appends bytes, which must fit in.
    mutating func append(_ piece: Span<UInt8>) {
        let start = head
        head &+= piece.count
        var target = bytes.mutableSpan
        precondition(start >= 0 && start <= target.count &- piece.count)
        for index in 0..<piece.count { target[start &+ index] = piece[index] }
    }
}
