/// The latest output: matches copy from it, and the caller reads it there.
///
/// It is a ring, somewhat longer than the window: the fast loop writes whole words, and its excess bytes lie where no
/// agreed distance can reach. The bytes themselves are lent to each call, `byteCount` of them.
struct Window: Sendable {
    /// The ring's length in bytes.
    let ring: Int
    /// The longest agreed distance.
    let size: Int
    /// Where the next byte goes: `handed <= head < ring + slack`
    var head = 0
    /// Where the output that has not been handed over begins.
    private(set) var handed = 0
    /// How many bytes before `handed` a distance may reach. `known <= size`
    private(set) var known = 0

    /// The longest match, three literals, and the excess of whole words.
    static let slack = 258 + 3 + 27
    /// The ring is never smaller than this, or it would be handed over too often.
    private static let leastRing = 2048

    init(size: Int) {
        self.size = size
        ring = max(size, Self.leastRing) + Self.slack
    }

    /// How many bytes each call must be lent: with room after the ring's end, so that the fast loop need not check
    /// every byte where it ends.
    var byteCount: Int { ring &+ Self.slack }

    /// How many bytes have not been handed over.
    var pending: Int { head &- handed }

    /// The bytes that have not been handed over.
    var piece: Range<Int> { handed..<head }

    /// How many bytes fit before the ring's end.
    var room: Int { ring &- head }

    /// How far back a distance may reach.
    var reach: Int { min(size, known &+ pending) }

    /// Records that the pending bytes were handed over. At the ring's end, goes back to its start.
    mutating func noteHanded(_ bytes: inout MutableSpan<UInt8>) {
        known = reach
        if head >= ring {
            head &-= ring
            for index in 0..<head { bytes[index] = bytes[ring &+ index] }
        }
        handed = head
    }

    /// Makes no distance refer to anything before this position.
    mutating func forget() {
        known = 0
        handed = head
    }

    @inline(__always)
    mutating func append(_ byte: UInt8, to bytes: inout MutableSpan<UInt8>) {
        bytes[head] = byte
        head &+= 1
    }

    /// Appends `count` bytes, which must fit, from `distance` bytes ago.
    mutating func copy(_ count: Int, from distance: Int, in bytes: inout MutableSpan<UInt8>) {
        var from = head &- distance
        if from < 0 { from &+= ring }
        for _ in 0..<count {
            bytes[head] = bytes[from]
            head &+= 1
            from &+= 1
            if from == ring { from = 0 }
        }
    }

    /// Appends bytes, which must fit.
    mutating func append(_ piece: Span<UInt8>, to bytes: inout MutableSpan<UInt8>) {
        let start = head
        head &+= piece.count
        precondition(start >= 0 && start <= bytes.count &- piece.count)
        for index in 0..<piece.count { bytes[start &+ index] = piece[index] }
    }

    /// Inflates with the fast loop as far as that gets.
    ///
    /// - Parameter left: how many bytes the message may still have.
    mutating func runFast(
        _ cursor: inout InflateCursor, _ input: Span<UInt8>, left: UInt64, _ literals: DecodingTable,
        _ distances: DecodingTable, _ bytes: inout MutableSpan<UInt8>, _ words: Span<UInt32>
    ) {
        let mostWritten = Int(truncatingIfNeeded: min(left, UInt64(truncatingIfNeeded: ring))) &- Self.slack
        let start = head
        var loop = FastLoop(
            cursor, self, stop: min(ring, start &+ mostWritten), literals: literals, distances: distances)
        let literals = words.extracting(literals.start..<words.count)
        let distances = words.extracting(distances.start..<words.count)
        var rest = input.extracting(cursor.index..<input.count)
        // Of its own, so that the place of the bytes stays in registers.
        #if compiler(>=6.3)
            var target = bytes._mutatingExtracting(0..<bytes.count)
        #else
            var target = bytes.extracting(0..<bytes.count)
        #endif
        loop.run(&rest, &target, literals, distances)
        if rest.count < FastLoop.inputSlack {
            // A copy: what another function may change does not stay in registers.
            var end = loop
            end.runAtEnd(&rest, &target, literals, distances)
            loop = end
        }
        head = loop.head
        loop.update(&cursor, left: rest.count, of: input.count)
        cursor.inflated &+= UInt64(truncatingIfNeeded: loop.head &- start)
    }
}
