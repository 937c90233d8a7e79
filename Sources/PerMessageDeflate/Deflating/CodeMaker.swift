/// Makes a Huffman code for symbols of known frequency (RFC 1951 §3.2.2): complete, with at least two symbols, and no
/// code longer than allowed.
struct CodeMaker: Sendable {
    /// How often each symbol occurs in the block.
    var frequencies: [UInt32]
    /// The bits of each symbol's code; 0 for none.
    private(set) var lengths: [UInt8]
    /// Each symbol's code, its first bit lowest.
    private(set) var codes: [UInt16]
    private let longest: Int
    // The symbols in the order of their frequency, and the tree above them, as its leaves and then its inner nodes.
    private var order: [UInt32]
    private var tree: [UInt32]

    init(symbols: Int, longest: Int) {
        frequencies = [UInt32](repeating: 0, count: symbols)
        lengths = [UInt8](repeating: 0, count: symbols)
        codes = [UInt16](repeating: 0, count: symbols)
        order = [UInt32](repeating: 0, count: symbols)
        tree = [UInt32](repeating: 0, count: symbols)
        self.longest = longest
    }

    /// Creates a code with given lengths.
    init(lengths: [UInt8]) {
        self.init(symbols: lengths.count, longest: 15)
        self.lengths = lengths
        assignCodes()
    }

    mutating func clear() {
        for symbol in frequencies.indices { frequencies[symbol] = 0 }
    }

    /// How many bits the symbols take in the block.
    var cost: Int {
        var cost = 0
        for symbol in frequencies.indices {
            cost &+= Int(truncatingIfNeeded: frequencies[symbol]) &* Int(lengths[symbol])
        }
        return cost
    }

    /// Makes the code for the frequencies.
    mutating func make() {
        let used = sort()
        growTree(used)
        var counts = SIMD16<UInt16>()
        for leaf in 0..<used { counts[min(Int(tree[leaf]), longest)] &+= 1 }
        limit(&counts)
        // The rarest symbols have the longest codes.
        var next = 0
        for length in (1...longest).reversed() {
            for _ in 0..<counts[length] {
                lengths[Int(order[next] & 0x1FF)] = UInt8(truncatingIfNeeded: length)
                next &+= 1
            }
        }
        assignCodes()
    }

    /// Sorts the symbols that are used by their frequency, and gives lengths of 0 to all.
    private mutating func sort() -> Int {
        var used = 0
        for symbol in frequencies.indices {
            lengths[symbol] = 0
            guard frequencies[symbol] > 0 else { continue }
            order[used] = frequencies[symbol] << 9 | UInt32(truncatingIfNeeded: symbol)
            used &+= 1
        }
        // Two symbols at least: not every receiver accepts a code with only one.
        var symbol: UInt32 = 0
        while used < 2 {
            if used == 0 || order[0] & 0x1FF != symbol {
                order[used] = symbol
                used &+= 1
            }
            symbol &+= 1
        }
        var gap = 1
        while gap < used { gap = gap &* 3 &+ 1 }
        while gap > 0 {
            for index in stride(from: gap, to: used, by: 1) {
                let entry = order[index]
                var place = index
                while place >= gap, order[place &- gap] > entry {
                    order[place] = order[place &- gap]
                    place &-= gap
                }
                order[place] = entry
            }
            gap /= 3
        }
        return used
    }

    /// The depth of each leaf, in `tree`, found in place: weights become the parents' indices, and those become depths
    /// (Moffat and Katajainen).
    private mutating func growTree(_ used: Int) {
        for leaf in 0..<used { tree[leaf] = order[leaf] >> 9 }
        var leaf = 0
        var root = 0
        for node in 0..<(used &- 1) {
            var weight: UInt32 = 0
            for _ in 0..<2 {
                if leaf >= used || root < node && tree[root] < tree[leaf] {
                    weight &+= tree[root]
                    tree[root] = UInt32(truncatingIfNeeded: node)
                    root &+= 1
                } else {
                    weight &+= tree[leaf]
                    leaf &+= 1
                }
            }
            tree[node] = weight
        }
        tree[used &- 2] = 0
        for node in stride(from: used &- 3, through: 0, by: -1) { tree[node] = tree[Int(tree[node])] &+ 1 }
        var (free, depth, next) = (1, UInt32(0), used &- 1)
        root = used &- 2
        while free > 0 {
            var inner = 0
            while root >= 0, tree[root] == depth {
                inner &+= 1
                root &-= 1
            }
            while free > inner {
                tree[next] = depth
                next &-= 1
                free &-= 1
            }
            free = 2 &* inner
            depth &+= 1
        }
    }

    /// Makes the code complete again after lengths were cut to the longest that is allowed.
    private func limit(_ counts: inout SIMD16<UInt16>) {
        var room = 1 << longest
        for length in 1...longest { room &-= Int(counts[length]) << (longest &- length) }
        while room < 0 {
            // One of the longest moves next to a shorter one, which becomes one bit longer to make room.
            var length = longest &- 1
            while counts[length] == 0 { length &-= 1 }
            counts[length] &-= 1
            counts[length &+ 1] &+= 2
            counts[longest] &-= 1
            room &+= 1
        }
    }

    private mutating func assignCodes() {
        var counts = SIMD16<UInt16>()
        for length in lengths where length > 0 { counts[Int(length & 15)] &+= 1 }
        var next = SIMD16<UInt16>()
        for length in 1..<15 { next[length &+ 1] = (next[length] &+ counts[length]) << 1 }
        for symbol in lengths.indices where lengths[symbol] > 0 {
            let length = Int(lengths[symbol] & 15)
            codes[symbol] = Self.reversed(next[length]) >> UInt16(truncatingIfNeeded: 16 &- length)
            next[length] &+= 1
        }
    }

    private static func reversed(_ value: UInt16) -> UInt16 {
        var bits = value.byteSwapped
        bits = (bits & 0x0F0F) << 4 | bits >> 4 & 0x0F0F
        bits = (bits & 0x3333) << 2 | bits >> 2 & 0x3333
        return (bits & 0x5555) << 1 | bits >> 1 & 0x5555
    }
}
