/// The latest output: matches are copied from it, and the caller reads it there.
///
/// It is a ring, somewhat longer than the window: the fast loop writes whole words, and its excess bytes lie where no
/// agreed distance can reach. The bytes themselves are lent to each call, `byteCount` of them.
struct Window: Sendable {
    /// The ring's length in bytes.
    let ring: Int
    /// The longest agreed distance.
    let size: Int
    /// The index of the next byte: `handed <= head < ring + slack`
    var head = 0
    /// The index of the first byte that has not been handed over.
    private(set) var handed = 0
    /// The number of bytes before `handed` that a distance may reach. `known <= size`
    private(set) var known = 0

    /// Space for the longest match, three literals, and the excess of whole words.
    static let slack = 258 + 3 + 27
    /// The smallest ring: a smaller one would have to be handed over too often.
    private static let minimumRing = 2048

    init(size: Int) {
        self.size = size
        ring = max(size, Self.minimumRing) + Self.slack
    }

    /// The number of bytes that must be lent to each call, with slack after the ring's end, so the fast loop need not
    /// check for the end with every byte.
    var byteCount: Int { ring &+ Self.slack }

    /// The number of bytes that have not been handed over.
    var pending: Int { head &- handed }

    /// The range of the bytes that have not been handed over.
    var piece: Range<Int> { handed..<head }

    /// The number of bytes that fit before the ring's end.
    var room: Int { ring &- head }

    /// The longest distance that has data to refer to.
    var reach: Int { min(size, known &+ pending) }

    /// Records that the pending bytes were handed over. At the ring's end, wraps around to its start.
    mutating func noteHanded(_ bytes: inout MutableSpan<UInt8>) {
        known = reach
        if head >= ring {
            head &-= ring
            for index in 0..<head { bytes[index] = bytes[ring &+ index] }
        }
        handed = head
    }

    /// Makes later distances refer to nothing before this position.
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

    /// Inflates with the fast loop as far as it gets.
    ///
    /// - Parameter left: the number of bytes that the message may still have.
    mutating func runFast(
        _ cursor: inout InflateCursor, _ input: Span<UInt8>, left: UInt64, _ literals: DecodingTable,
        _ distances: DecodingTable, _ bytes: inout MutableSpan<UInt8>, _ words: Span<UInt32>
    ) {
        let maximumWritten = Int(truncatingIfNeeded: min(left, UInt64(truncatingIfNeeded: ring))) &- Self.slack
        let start = head
        var loop = FastLoop(
            cursor, self, stop: min(ring, start &+ maximumWritten), literals: literals, distances: distances)
        let literals = words.extracting(literals.start..<words.count)
        let distances = words.extracting(distances.start..<words.count)
        var rest = input.extracting(cursor.index..<input.count)
        // A local copy, so that the address of the bytes stays in registers.
        #if compiler(>=6.3)
            var target = bytes._mutatingExtracting(0..<bytes.count)
        #else
            var target = bytes.extracting(0..<bytes.count)
        #endif
        loop.run(&rest, &target, literals, distances)
        if rest.count < FastLoop.inputSlack {
            // A copy: a variable that another function may change does not stay in registers.
            var end = loop
            end.runAtEnd(&rest, &target, literals, distances)
            loop = end
        }
        head = loop.head
        loop.update(&cursor, left: rest.count, of: input.count)
        cursor.inflated &+= UInt64(truncatingIfNeeded: loop.head &- start)
    }
}
