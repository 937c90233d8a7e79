// Inflates most of a block, while there is enough input and space: symbols that are legal and complete. Everything
// else (the end of the block, an impossible code, a distance too far, a match around the ring's end) is left to the
// careful steps, so no fault is found here.

struct FastLoop {
    private var bits: UInt64
    /// The number of bits available, in the low six bits. What consuming an entry leaves in the other bits does not
    /// matter.
    private var bitCounter: UInt64
    /// What comes next: a symbol; or the distance or the bytes of a match that are left to the careful steps.
    private var phase = InflateCursor.Phase.symbol
    private var length = 0
    private var distance = 0
    /// The position of the next byte of output.
    private(set) var head: Int
    /// No symbol begins at or after this position of the output.
    private let stop: Int
    /// The oldest output position that a distance may refer to; negative if the ring holds more.
    private let origin: Int
    /// The longest distance that was agreed.
    private let size: Int
    /// The ring's length.
    private let ring: Int
    private let literalMask: UInt64
    private let distanceMask: UInt64

    init(
        _ cursor: InflateCursor, _ window: Window, stop: Int, literals: DecodingTable, distances: DecodingTable
    ) {
        bits = cursor.bits
        bitCounter = UInt64(truncatingIfNeeded: cursor.bitCount)
        head = window.head
        self.stop = stop
        origin = window.handed &- window.known
        size = window.size
        ring = window.ring
        literalMask = literals.mask
        distanceMask = distances.mask
    }

    /// Updates the cursor to where the loop has stopped, with `left` bytes of the chunk not yet read.
    func update(_ cursor: inout InflateCursor, left: Int, of count: Int) {
        cursor.bits = bits & (1 &<< bitCounter &- 1)
        cursor.bitCount = bitCount
        cursor.index = count &- left
        cursor.phase = phase
        cursor.count = length
        cursor.distance = distance
    }

    private var bitCount: Int { Int(truncatingIfNeeded: bitCounter & 63) }

    /// The number of bits of the longest distance code with its extra bits.
    private static let distanceBits = 15 + 13

    /// The number of bytes of input that a round needs: its second refill loads eight, after the first has consumed
    /// up to seven.
    static let inputSlack = 15

    /// Inflates until fewer than `inputSlack` bytes of the input are left.
    ///
    /// - Parameter input: the bytes that have not been read; what is consumed is removed.
    @inline(__always)
    mutating func run(
        _ input: inout Span<UInt8>, _ window: inout MutableSpan<UInt8>, _ literals: Span<UInt32>,
        _ distances: Span<UInt32>
    ) {
        while head < stop, input.count >= Self.inputSlack {
            refill(&input)
            var entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
            // At most three literals, of at most eleven bits each.
            if entry & SymbolEntry.literal != 0 {
                put(entry, &window)
                entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
                if entry & SymbolEntry.literal != 0 {
                    put(entry, &window)
                    entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
                    if entry & SymbolEntry.literal != 0 {
                        put(entry, &window)
                        continue
                    }
                }
            }
            // Two literals leave 34 bits, which are enough for a length.
            if entry & SymbolEntry.odd != 0 {
                guard entry & SymbolEntry.second != 0 else { return }
                entry = deeper(entry, literals)
                if entry & SymbolEntry.literal != 0 {
                    put(entry, &window)
                    continue
                }
                guard entry & SymbolEntry.odd == 0 else { return }
            }
            let length = number(entry)
            if bitCount < Self.distanceBits { refill(&input) }
            guard copyMatch(length, &window, distances) else { return }
        }
    }

    /// Handles the last bytes of the input, where a symbol is consumed only if it is complete.
    mutating func runAtEnd(
        _ input: inout Span<UInt8>, _ window: inout MutableSpan<UInt8>, _ literals: Span<UInt32>,
        _ distances: Span<UInt32>
    ) {
        while head < stop, phase == .symbol {
            refillAtEnd(&input)
            var entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
            if entry & SymbolEntry.second != 0 { entry = deeper(entry, literals) }
            // Missing bits are read as 0: the entry is right if its code needs none of them.
            guard isComplete(entry) else { return }
            if entry & SymbolEntry.literal != 0 {
                put(entry, &window)
            } else {
                guard entry & SymbolEntry.odd == 0, copyMatch(number(entry), &window, distances) else { return }
            }
        }
    }

    /// Decodes a distance and appends the match; returns false if the careful steps must do one or the other.
    @inline(__always)
    private mutating func copyMatch(
        _ length: Int, _ window: inout MutableSpan<UInt8>, _ distances: Span<UInt32>
    ) -> Bool {
        var entry = distances[Int(truncatingIfNeeded: bits & distanceMask)]
        if entry & SymbolEntry.second != 0 { entry = deeper(entry, distances) }
        guard entry & SymbolEntry.odd == 0, isComplete(entry) else {
            self.length = length
            phase = .distance
            return false
        }
        let distance = number(entry)
        var from = head &- distance
        let isKnown = distance <= size && from >= origin
        // Without a branch, which would be unpredictable.
        from &+= ring & from &>> (Int.bitWidth &- 1)
        guard isKnown, from &+ length <= ring else {
            self.length = length
            self.distance = distance
            phase = .match
            return false
        }
        copy(&window, from: from, length: length, distance: distance)
        return true
    }

    /// Reads bytes until there are at least 56 bits.
    @inline(__always)
    private mutating func refill(_ input: inout Span<UInt8>) {
        bits |= load8(input, at: 0) &<< bitCounter
        input = input.extracting(droppingFirst: Int(truncatingIfNeeded: ~bitCounter >> 3 & 7))
        bitCounter |= 56
    }

    /// Reads as many bytes as there are, at most as many as fit.
    @inline(__always)
    private mutating func refillAtEnd(_ input: inout Span<UInt8>) {
        while bitCount < 56, !input.isEmpty {
            bits |= UInt64(input[0]) &<< bitCounter
            bitCounter &+= 8
            input = input.extracting(droppingFirst: 1)
        }
    }

    @inline(__always)
    private mutating func drop(_ entry: UInt32) {
        bits &>>= UInt64(truncatingIfNeeded: entry)
        bitCounter &-= UInt64(truncatingIfNeeded: entry)
    }

    /// Returns whether all bits of a code and its extra bits have been read.
    @inline(__always)
    private func isComplete(_ entry: UInt32) -> Bool { Int(truncatingIfNeeded: entry & 63) <= bitCount }

    /// Consumes a literal.
    @inline(__always)
    private mutating func put(_ entry: UInt32, _ window: inout MutableSpan<UInt8>) {
        drop(entry)
        window[head] = UInt8(truncatingIfNeeded: entry >> 16)
        head &+= 1
    }

    /// Returns the entry in the second table.
    @inline(__always)
    private func deeper(_ entry: UInt32, _ table: Span<UInt32>) -> UInt32 {
        let mask: UInt64 = 1 &<< UInt64(truncatingIfNeeded: entry >> 8 & 15) &- 1
        let rest = bits &>> UInt64(truncatingIfNeeded: entry) & mask
        return table[Int(truncatingIfNeeded: entry >> 16 & 0x7FFF) &+ Int(truncatingIfNeeded: rest)]
    }

    /// Consumes a length or a distance: its base value, which the entry contains, and its extra bits.
    @inline(__always)
    private mutating func number(_ entry: UInt32) -> Int {
        let all = bits & (1 &<< UInt64(truncatingIfNeeded: entry) &- 1)
        let extra = Int(truncatingIfNeeded: all &>> UInt64(truncatingIfNeeded: entry >> 8 & 15))
        drop(entry)
        return Int(truncatingIfNeeded: entry >> 16) &+ extra
    }

    /// Appends a match in whole words, which writes up to 23 bytes too many.
    @inline(__always)
    private mutating func copy(_ window: inout MutableSpan<UInt8>, from start: Int, length: Int, distance: Int) {
        var from = start
        var to = head
        let end = head &+ length
        head = end
        if distance >= 16 {
            repeat {
                copy16(&window, from: from, to: to)
                from &+= 16
                to &+= 16
            } while to < end
        } else if distance == 1 {
            let byte = window[from]
            repeat {
                fill8(&window, at: to, byte)
                to &+= 8
            } while to < end
        } else {
            // Of the bytes copied at once, only the first `distance` are valid; the others are overwritten.
            let step = min(distance, 8)
            repeat {
                store8(load8(window.span, at: from), &window, at: to)
                from &+= step
                to &+= step
            } while to < end
        }
    }
}

/// Copies sixteen bytes, in a single load and a single store: all are read before the first is written.
@inline(__always)
private func copy16(_ bytes: inout MutableSpan<UInt8>, from: Int, to: Int) {
    // Checked once, which spares a check for each byte.
    let last = bytes.count &- 16
    precondition(from >= 0 && from <= last && to >= 0 && to <= last)
    let (a0, a1, a2, a3) = (bytes[from], bytes[from &+ 1], bytes[from &+ 2], bytes[from &+ 3])
    let (a4, a5, a6, a7) = (bytes[from &+ 4], bytes[from &+ 5], bytes[from &+ 6], bytes[from &+ 7])
    let (b0, b1, b2, b3) = (bytes[from &+ 8], bytes[from &+ 9], bytes[from &+ 10], bytes[from &+ 11])
    let (b4, b5, b6, b7) = (bytes[from &+ 12], bytes[from &+ 13], bytes[from &+ 14], bytes[from &+ 15])
    (bytes[to], bytes[to &+ 1], bytes[to &+ 2], bytes[to &+ 3]) = (a0, a1, a2, a3)
    (bytes[to &+ 4], bytes[to &+ 5], bytes[to &+ 6], bytes[to &+ 7]) = (a4, a5, a6, a7)
    (bytes[to &+ 8], bytes[to &+ 9], bytes[to &+ 10], bytes[to &+ 11]) = (b0, b1, b2, b3)
    (bytes[to &+ 12], bytes[to &+ 13], bytes[to &+ 14], bytes[to &+ 15]) = (b4, b5, b6, b7)
}

/// Writes the same byte eight times, in a single store.
@inline(__always)
private func fill8(_ bytes: inout MutableSpan<UInt8>, at to: Int, _ byte: UInt8) {
    precondition(to >= 0 && to <= bytes.count &- 8)
    for index in 0..<8 { bytes[to &+ index] = byte }
}
