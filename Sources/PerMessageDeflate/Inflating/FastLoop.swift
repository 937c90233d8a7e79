// Most of a block, while there is room on both sides: symbols that are legal and complete. Everything else (the end of
// the block, an impossible code, a distance too far, a match around the ring's end) is left to the careful steps, so
// that no fault is found here.

struct FastLoop {
    var bits: UInt64
    var bitCount: Int
    var index: Int
    var head: Int
    /// No symbol begins at or after this position of the output.
    let stop: Int
    /// The position of the output beyond which no distance refers; negative if the ring has more.
    let origin: Int
    /// The longest distance that was agreed.
    let size: Int
    /// The ring's length.
    let ring: Int
    let literalMask: UInt64
    let distanceMask: UInt64

    /// How many bytes of input a round may read ahead.
    static let inputSlack = 16

    @inline(__always)
    mutating func refill(_ input: Span<UInt8>) {
        bits |= load8(input, at: index) << UInt64(truncatingIfNeeded: bitCount)
        index &+= (63 &- bitCount) >> 3
        bitCount |= 56
    }

    @inline(__always)
    mutating func drop(_ entry: UInt32) {
        bits >>= UInt64(truncatingIfNeeded: entry & 63)
        bitCount &-= Int(truncatingIfNeeded: entry & 63)
    }

    @inline(__always)
    mutating func run(
        _ input: Span<UInt8>, _ window: inout MutableSpan<UInt8>, _ literals: Span<UInt32>, _ distances: Span<UInt32>
    ) {
        let lastIndex = input.count &- Self.inputSlack
        while head < stop {
            if index <= lastIndex {
                refill(input)
            } else {
                refillAtEnd(input)
                if bitCount < Self.mostBits {
                    // The last bits of the chunk: a symbol is consumed only if it is complete.
                    let entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
                    guard entry & SymbolEntry.literal != 0, Int(truncatingIfNeeded: entry & 63) <= bitCount else {
                        return
                    }
                    put(entry, &window)
                    continue
                }
            }
            var entry = literals[Int(truncatingIfNeeded: bits & literalMask)]
            // Three literals at most, of eleven bits at most.
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
                if index <= lastIndex {
                    refill(input)
                } else if bitCount < Self.mostBits {
                    continue
                }
            }
            guard take(entry, &window, literals, distances) else { return }
        }
    }

    /// The bits of the longest length and distance.
    private static let mostBits = 15 + 5 + 15 + 13

    /// Refills the bits with as many bytes as there are, and no more than fit.
    @inline(__always)
    private mutating func refillAtEnd(_ input: Span<UInt8>) {
        while bitCount < 56, index < input.count {
            bits |= UInt64(input[index]) << UInt64(truncatingIfNeeded: bitCount)
            bitCount &+= 8
            index &+= 1
        }
    }

    /// Consumes a literal.
    @inline(__always)
    private mutating func put(_ entry: UInt32, _ window: inout MutableSpan<UInt8>) {
        drop(entry)
        window[head] = UInt8(truncatingIfNeeded: entry >> 16)
        head &+= 1
    }

    /// Consumes a symbol that is not in the first table, or no literal; false, and nothing is consumed, if it needs the
    /// careful steps.
    @inline(__always)
    private mutating func take(
        _ first: UInt32, _ window: inout MutableSpan<UInt8>, _ literals: Span<UInt32>, _ distances: Span<UInt32>
    ) -> Bool {
        let before = (bits, bitCount)
        var entry = first
        if entry & SymbolEntry.odd != 0 {
            guard entry & SymbolEntry.second != 0 else { return false }
            entry = deeper(entry, literals)
            if entry & SymbolEntry.literal != 0 {
                put(entry, &window)
                return true
            }
        }
        let length = Int(truncatingIfNeeded: entry >> 16) &+ number(entry)
        drop(entry)
        var far = distances[Int(truncatingIfNeeded: bits & distanceMask)]
        if far & SymbolEntry.second != 0 { far = deeper(far, distances) }
        let distance = Int(truncatingIfNeeded: far >> 16) &+ number(far)
        drop(far)
        var from = head &- distance
        let isPlain = (entry | far) & SymbolEntry.odd == 0 && distance <= size && from >= origin
        if isPlain, from < 0 { from &+= ring }
        guard isPlain, from &+ length <= ring || from < head else {
            (bits, bitCount) = before
            return false
        }
        copy(&window, from: from, length: length, distance: distance)
        return true
    }

    /// The entry in the second table.
    @inline(__always)
    private mutating func deeper(_ entry: UInt32, _ table: Span<UInt32>) -> UInt32 {
        drop(entry)
        let mask: UInt64 = 1 << UInt64(truncatingIfNeeded: entry >> 8 & 15) &- 1
        return table[Int(truncatingIfNeeded: entry >> 16 & 0x7FFF) &+ Int(truncatingIfNeeded: bits & mask)]
    }

    /// The value of the extra bits after a code: the entry contains the base value.
    @inline(__always)
    private func number(_ entry: UInt32) -> Int {
        let all = bits & (1 << UInt64(truncatingIfNeeded: entry & 63) &- 1)
        return Int(truncatingIfNeeded: all >> UInt64(truncatingIfNeeded: entry >> 8 & 15))
    }

    /// Appends a match, in whole words: up to 23 bytes too many.
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
            repeat {
                window[to] = window[from]
                from &+= 1
                to &+= 1
            } while to < end
        }
    }
}

/// Sixteen bytes, in a single load and a single store: all are read before the first is written.
@inline(__always)
private func copy16(_ bytes: inout MutableSpan<UInt8>, from: Int, to: Int) {
    // Checked once, so that the bytes are not checked one by one.
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

/// Eight times the same byte, in a single store.
@inline(__always)
private func fill8(_ bytes: inout MutableSpan<UInt8>, at to: Int, _ byte: UInt8) {
    precondition(to >= 0 && to <= bytes.count &- 8)
    for index in 0..<8 { bytes[to &+ index] = byte }
}
