// The careful steps: one element of the message at a time, judged with its last bit. An element is one of those that
// RFC 1951 §3.2 names: a block's three bits, each number of codes, each code length with its repetition, a literal, a
// length, a distance; and each byte of a stored block's length.

extension InflateEngine {
    /// Consumes the next element.
    ///
    /// - Returns: false if more bytes are needed.
    @inline(__always)
    mutating func step(
        _ input: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>, _ words: inout MutableSpan<UInt32>
    ) throws(InflateFault) -> Bool {
        switch cursor.phase {
        case .symbol: try symbol(input, &bytes, words.span)
        case .distance: try distance(input, words.span)
        case .match: try match(&bytes)
        default: try blockStep(input, &bytes, &words)
        }
    }

    private mutating func blockStep(
        _ input: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>, _ words: inout MutableSpan<UInt32>
    ) throws(InflateFault) -> Bool {
        switch cursor.phase {
        case .block: try block(input)
        case .storedLength: try storedLength(input)
        case .stored: stored(input, &bytes)
        case .literalCount, .distanceCount, .codeLengthCount: try codeCount(input, &words)
        case .codeLengthCode: try codeLengthCode(input, &words)
        case .ended: false
        default: try codeLength(input, &words)
        }
    }

    private mutating func block(_ input: Span<UInt8>) throws(InflateFault) -> Bool {
        guard cursor.need(3, input) else { return false }
        cursor.isFinal = cursor.take(1) != 0
        switch cursor.take(2) {
        case 0:
            // The rest of the byte is skipped (RFC 1951 §3.2.4).
            cursor.drop(cursor.bitCount & 7)
            cursor.count = 0
            cursor.storedLength = 0
            cursor.phase = .storedLength
        case 1:
            literals = .fixedLiterals
            distances = .fixedDistances
            cursor.phase = .symbol
        case 2:
            literals = .literals
            distances = .distances
            cursor.phase = .literalCount
        default: throw cursor.fault(.reservedBlockType)
        }
        return true
    }

    /// Ends a block.
    mutating func endBlock() {
        // The next stream begins at a byte boundary (RFC 7692 §7.2.3.4).
        if cursor.isFinal { cursor.drop(cursor.bitCount & 7) }
        cursor.phase = cursor.isFinal && endsWithFinalBlock ? .ended : .block
        cursor.isFinal = false
    }
}

// MARK: - Stored blocks

extension InflateEngine {
    private mutating func storedLength(_ input: Span<UInt8>) throws(InflateFault) -> Bool {
        while cursor.count < 4 {
            guard cursor.need(8, input) else { return false }
            let byte = UInt32(truncatingIfNeeded: cursor.take(8))
            let place = cursor.count
            cursor.count &+= 1
            if place < 2 {
                cursor.storedLength |= byte << UInt32(truncatingIfNeeded: place &* 8)
            } else {
                let complement = cursor.storedLength >> UInt32(truncatingIfNeeded: (place &- 2) &* 8) & 0xFF
                guard byte ^ 0xFF == complement else { throw cursor.fault(.storedLengthMismatch) }
            }
        }
        try checkLimit(Int(truncatingIfNeeded: cursor.storedLength))
        cursor.count = Int(truncatingIfNeeded: cursor.storedLength)
        cursor.phase = .stored
        if cursor.count == 0 { endBlock() }
        return true
    }

    private mutating func stored(_ input: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>) -> Bool {
        if cursor.bitCount == 0, cursor.index == input.count { return false }
        var copied = 1
        if cursor.bitCount > 0 {
            let byte = cursor.take(8)
            if !isReplay { window.append(UInt8(truncatingIfNeeded: byte), to: &bytes) }
        } else if isReplay {
            cursor.index &+= 1
        } else {
            copied = min(cursor.count, min(input.count &- cursor.index, window.room))
            window.append(input.extracting(cursor.index..<(cursor.index &+ copied)), to: &bytes)
            cursor.index &+= copied
        }
        cursor.count &-= copied
        cursor.inflated &+= UInt64(truncatingIfNeeded: copied)
        if cursor.count == 0 { endBlock() }
        return true
    }

    /// Checks that this many more bytes are within the caller's limit.
    @inline(__always)
    func checkLimit(_ count: Int) throws(InflateFault) {
        guard UInt64(truncatingIfNeeded: count) <= messageLimit &- min(messageLimit, cursor.inflated) else {
            throw cursor.fault(.tooBig)
        }
    }
}

// MARK: - The codes of a block

extension InflateEngine {
    private mutating func codeCount(
        _ input: Span<UInt8>, _ words: inout MutableSpan<UInt32>
    ) throws(InflateFault) -> Bool {
        let width = cursor.phase == .codeLengthCount ? 4 : 5
        guard cursor.need(width, input) else { return false }
        let count = cursor.take(width)
        switch cursor.phase {
        case .literalCount:
            lengths.literalCount = count &+ 257
            guard lengths.literalCount <= 286 else { throw cursor.fault(.tooManyCodes) }
            cursor.phase = .distanceCount
        case .distanceCount:
            lengths.distanceCount = count &+ 1
            guard lengths.distanceCount <= 30 else { throw cursor.fault(.tooManyCodes) }
            cursor.phase = .codeLengthCount
        default:
            lengths.codeLengthCount = count &+ 4
            lengths.begin(&words)
            cursor.phase = .codeLengthCode
        }
        return true
    }

    private mutating func codeLengthCode(
        _ input: Span<UInt8>, _ words: inout MutableSpan<UInt32>
    ) throws(InflateFault) -> Bool {
        while lengths.count < lengths.codeLengthCount {
            guard cursor.need(3, input) else { return false }
            let length = UInt8(truncatingIfNeeded: cursor.take(3))
            if let reason = lengths.appendCodeLength(length, &words) { throw cursor.fault(reason) }
        }
        lengths.build(codeLengths: &codeLengthTable, &words)
        lengths.begin(&words)
        cursor.phase = .codeLengths
        return true
    }

    private mutating func codeLength(
        _ input: Span<UInt8>, _ words: inout MutableSpan<UInt32>
    ) throws(InflateFault) -> Bool {
        // Local copies, which stay in registers.
        var cursor = cursor
        var lengths = lengths
        defer {
            self.cursor = cursor
            self.lengths = lengths
        }
        let table = codeLengthTable
        while lengths.count < lengths.total {
            cursor.readAhead(input)
            // Missing bits are read as 0: the entry is right if its code needs none of them.
            let (entry, codeBits) = table.look(words.span, cursor.bits)
            let symbol = Int(truncatingIfNeeded: entry >> 16)
            let bits = Int(truncatingIfNeeded: entry & 63)
            if symbol == 16, lengths.count == 0, codeBits <= cursor.bitCount {
                cursor.drop(codeBits)
                throw cursor.fault(.invalidRepeat)
            }
            guard bits <= cursor.bitCount else { return false }
            var length = UInt8(truncatingIfNeeded: symbol)
            var times = 1
            if symbol >= 16 {
                length = symbol == 16 ? lengths.last : 0
                times = (symbol == 18 ? 11 : 3) &+ cursor.peek(bits) >> codeBits
            }
            cursor.drop(bits)
            guard times <= lengths.total &- lengths.count else { throw cursor.fault(.invalidRepeat) }
            if let reason = lengths.append(length, times: times, &words) { throw cursor.fault(reason) }
        }
        lengths.build(literals: &literals, distances: &distances, &words)
        cursor.phase = .symbol
        return true
    }
}
