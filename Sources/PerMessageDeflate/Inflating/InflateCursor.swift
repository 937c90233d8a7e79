/// The inflater's position in a message: all of its state but the window and the tables of the block.
struct InflateCursor: Sendable {
    /// What the next bits mean.
    enum Phase: UInt8 {
        /// The three bits that begin a block; also before the message has begun.
        case block
        /// Four bytes: the length of a stored block, and its complement.
        case storedLength
        /// Bytes of a stored block.
        case stored
        /// The number of codes a block has, of each kind.
        case literalCount, distanceCount, codeLengthCount
        /// The lengths of the code that code lengths are written in.
        case codeLengthCode
        /// Code lengths.
        case codeLengths
        /// A literal, a length, or the end of the block.
        case symbol
        /// The distance of a match.
        case distance
        /// The bytes of a match.
        case match
        /// Nothing: a stream has ended with its final block.
        case ended
    }

    var phase = Phase.block
    /// Whether the block was declared the last one of a DEFLATE stream.
    var isFinal = false
    /// Bits that were read from the input and not yet used; the next one is the lowest.
    var bits: UInt64 = 0
    var bitCount = 0
    /// The index of the next byte of the chunk.
    var index = 0
    /// The number of bytes of the message before the chunk.
    var chunkOffset: UInt64 = 0
    /// The number of bytes of the stored block or match that are still to come; inside a stored block's length, the
    /// number of its bytes that have arrived.
    var count = 0
    var distance = 0
    /// The length of a stored block, as far as it has arrived.
    var storedLength: UInt32 = 0
    /// The number of inflated bytes of the message.
    var inflated: UInt64 = 0

    /// Reads until there are `wanted` bits, at most 56; returns false if the chunk has too few.
    @inline(__always)
    mutating func need(_ wanted: Int, _ input: Span<UInt8>) -> Bool {
        while bitCount < wanted {
            guard index < input.count else { return false }
            bits |= UInt64(input[index]) << UInt64(truncatingIfNeeded: bitCount)
            bitCount &+= 8
            index &+= 1
        }
        return true
    }

    /// Reads as many bytes as fit, or all that the chunk has.
    @inline(__always)
    mutating func readAhead(_ input: Span<UInt8>) {
        if bitCount >= 32 { return }
        if index <= input.count &- 4 {
            bits |= UInt64(load4(input, at: index)) &<< UInt64(truncatingIfNeeded: bitCount)
            bitCount &+= 32
            index &+= 4
        } else {
            _ = need(32, input)
        }
    }

    @inline(__always)
    mutating func drop(_ count: Int) {
        bits >>= UInt64(truncatingIfNeeded: count)
        bitCount &-= count
    }

    /// Consumes bits that are present.
    @inline(__always)
    mutating func take(_ count: Int) -> Int {
        let value = peek(count)
        drop(count)
        return value
    }

    @inline(__always)
    func peek(_ count: Int) -> Int {
        Int(truncatingIfNeeded: bits & (1 << UInt64(truncatingIfNeeded: count) &- 1))
    }

    /// The number of bits of the message that have been used.
    var usedBits: UInt64 {
        (chunkOffset &+ UInt64(truncatingIfNeeded: index)) &* 8 &- UInt64(truncatingIfNeeded: bitCount)
    }

    /// Whether 00 00 FF FF may be appended: they are the length of a stored block that has just begun (RFC 7692
    /// §7.2.1).
    var mayEnd: Bool { phase == .storedLength && count == 0 && bitCount == 0 }

    /// The offset of the byte that contains the last used bit, counted from the start of the message.
    var lastUsedByte: UInt64 { (usedBits &- 1) >> 3 }

    func fault(_ reason: InflateFault.Reason) -> InflateFault {
        InflateFault(reason: reason, offset: lastUsedByte, messageOffset: inflated)
    }
}
