// Literals, lengths and distances, one at a time.

extension InflateEngine {
    /// Returns the entry of the next code; nil if more bytes are needed.
    @inline(__always)
    mutating func look(
        _ table: DecodingTable, _ words: Span<UInt32>, _ input: Span<UInt8>
    ) -> (entry: UInt32, codeBits: Int)? {
        while true {
            let (entry, codeBits) = table.look(words, cursor.bits)
            // Missing bits are read as 0: the entry is right if its code needs none of them.
            if codeBits <= cursor.bitCount { return (entry, codeBits) }
            guard cursor.need(cursor.bitCount &+ 1, input) else { return nil }
        }
    }

    @inline(__always)
    mutating func symbol(
        _ input: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>, _ words: Span<UInt32>
    ) throws(InflateFault) -> Bool {
        guard let (entry, codeBits) = look(literals, words, input) else { return false }
        if entry & SymbolEntry.literal != 0 {
            cursor.drop(codeBits)
            try checkLimit(1)
            if !isReplay { window.append(UInt8(truncatingIfNeeded: entry >> 16), to: &bytes) }
            cursor.inflated &+= 1
            return true
        }
        if entry & SymbolEntry.odd != 0 {
            cursor.drop(codeBits)
            guard entry & SymbolEntry.end != 0 else { throw cursor.fault(.invalidSymbol) }
            endBlock()
            return true
        }
        guard let length = number(entry, codeBits, input) else { return false }
        try checkLimit(length)
        cursor.count = length
        cursor.phase = .distance
        return true
    }

    mutating func distance(_ input: Span<UInt8>, _ words: Span<UInt32>) throws(InflateFault) -> Bool {
        guard let (entry, codeBits) = look(distances, words, input) else { return false }
        guard entry & SymbolEntry.odd == 0 else {
            cursor.drop(codeBits)
            throw cursor.fault(.invalidSymbol)
        }
        guard let distance = number(entry, codeBits, input) else { return false }
        cursor.distance = distance
        cursor.phase = .match
        return true
    }

    mutating func match(_ bytes: inout MutableSpan<UInt8>) throws(InflateFault) -> Bool {
        if !isReplay, cursor.distance > window.reach {
            if cursor.distance > window.size { throw cursor.fault(.distanceBeyondWindow) }
            throw cursor.fault(missesEarlierMessages ? .needsEarlierMessage : .distanceBeyondOutput)
        }
        let count = isReplay ? cursor.count : min(cursor.count, window.room)
        if !isReplay { window.copy(count, from: cursor.distance, in: &bytes) }
        cursor.inflated &+= UInt64(truncatingIfNeeded: count)
        cursor.count &-= count
        if cursor.count == 0 { cursor.phase = .symbol }
        return true
    }

    /// Consumes a code and its extra bits; returns nil if more bytes are needed.
    @inline(__always)
    private mutating func number(_ entry: UInt32, _ codeBits: Int, _ input: Span<UInt8>) -> Int? {
        let extra = Int(truncatingIfNeeded: entry & 63) &- Int(truncatingIfNeeded: entry >> 8 & 15)
        guard cursor.need(codeBits &+ extra, input) else { return nil }
        let number = Int(truncatingIfNeeded: entry >> 16 & 0x7FFF) &+ cursor.peek(codeBits &+ extra) >> codeBits
        cursor.drop(codeBits &+ extra)
        return number
    }
}
