internal import PerMessageDeflate

/// Inflates the compressed messages among the slices of a ``FrameReader``, piece by piece, and judges them.
///
/// It has no memory of its own: each call borrows the memory of the window and of the inflater's tables.
package struct SliceInflater: Sendable {
    private var engine: InflateEngine
    private var progress = UTF8Progress.boundary
    /// Whether the open message is compressed.
    private var isCompressed = false
    /// The slice that is being inflated; nil if there is none.
    private var slice: DataSlice?
    /// Whether a piece of it has been handed over.
    private var hasBegun = false

    /// What a slice inflates to, or a part of that.
    package struct Piece {
        /// The range of the piece in the window's memory, valid until the next call.
        package let range: Range<Int>
        /// The index of the piece's first byte in the inflated message.
        package let messageOffset: UInt64
        /// The slice that the piece comes from.
        package let slice: DataSlice
        /// Whether the piece is the first one of the slice, or the last.
        package let isFirst, isLast: Bool
    }

    /// Where in the inflated message the fault was: the offset of a byte of text, or the number of bytes before it;
    /// `UInt64.max` if there was none.
    package private(set) var faultOffset = UInt64.max

    /// Creates an inflater that has seen no message.
    ///
    /// - Parameters:
    ///   - windowBits: the base-2 logarithm of the window that was agreed for the peer's messages, 8…15.
    ///   - takesOver: whether a message may refer to the messages before it.
    ///   - messageLimit: the longest message, in inflated bytes.
    package init(windowBits: Int, takesOver: Bool, messageLimit: UInt64) {
        engine = InflateEngine(
            DeflateContext(windowBits: windowBits, takesOver: takesOver), messageLimit: messageLimit)
    }

    /// The number of words that must be lent to each call.
    package static var wordCount: Int { InflateEngine.wordCount }

    /// Initializes the constant part of the words, before they are lent to the first call.
    package static func prepare(_ words: inout MutableSpan<UInt32>) { InflateEngine.prepare(&words) }

    /// The number of bytes that must be passed to the next call: the payload of the open slice; 0 if none is open.
    package var openCount: Int { slice?.range.count ?? 0 }

    /// The number of bytes of window that must be lent to each call.
    package var byteCount: Int { InflateEngine.byteCount(engine.context) }

    /// Whether a slice is being inflated.
    package var hasOpenSlice: Bool { slice != nil }

    /// Begins a slice, if none is open.
    ///
    /// - Returns: false if its message is not compressed.
    package mutating func begin(_ slice: DataSlice) -> Bool {
        if slice.beginsMessage {
            isCompressed = slice.header.reservedBits == .rsv1
        }
        guard isCompressed else { return false }
        self.slice = slice
        hasBegun = false
        engine.beginChunk()
        return true
    }

    /// Abandons the open slice: nothing more is inflated.
    package mutating func abandon() { slice = nil }

    /// Returns the next piece of the open slice; the last piece uses the slice up.
    ///
    /// - Parameters:
    ///   - payload: the bytes of the slice, unmasked; the same for each piece.
    ///   - bytes: the window's memory.
    ///   - words: the memory of the tables.
    /// - Returns: nil if the slice is used up and the rest of it inflated to nothing. A slice that begins or ends a
    ///   frame has at least one piece, even if that is empty.
    package mutating func next(
        _ payload: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>, _ words: inout MutableSpan<UInt32>
    ) throws(InflatedFault) -> Piece? {
        guard let slice else { return nil }
        let range = try inflate(slice, payload, &bytes, &words)
        let isLast = engine.chunkIsUsedUp
        let messageOffset = engine.inflatedCount &- UInt64(truncatingIfNeeded: range.count)
        if isLast {
            self.slice = nil
            if slice.endsMessage { try endMessage(slice) }
        }
        let piece = Piece(
            range: range, messageOffset: messageOffset, slice: slice, isFirst: !hasBegun, isLast: isLast)
        hasBegun = true
        return range.isEmpty && !piece.beginsFrame && !piece.endsFrame ? nil : piece
    }

    private mutating func inflate(
        _ slice: DataSlice, _ payload: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>,
        _ words: inout MutableSpan<UInt32>
    ) throws(InflatedFault) -> Range<Int> {
        var refusedByte: UInt8 = 0
        do throws(InflateFault) {
            guard let piece = try engine.nextPiece(payload, &bytes, &words) else { return 0..<0 }
            if slice.messageOpcode == .text {
                if let refused = TextJudge.firstFault(in: bytes.span.extracting(piece), key: 0, progress: &progress) {
                    refusedByte = bytes[piece.lowerBound &+ refused]
                    throw engine.refuse(refused, payload, &bytes, &words)
                }
            }
            return piece
        } catch {
            // One of the bytes just consumed reveals it.
            self.slice = nil
            faultOffset = error.messageOffset
            throw InflatedFault(
                rule: error.reason.rule, slice: slice,
                index: Int(truncatingIfNeeded: error.offset &- engine.chunkOffset), length: 1, refusedByte: refusedByte,
                messageOffset: error.messageOffset, reason: error.reason)
        }
    }

    private mutating func endMessage(_ slice: DataSlice) throws(InflatedFault) {
        let inflatedCount = engine.inflatedCount
        var fault = InflatedFault(
            rule: .textNotUTF8, slice: slice, index: slice.range.count, length: 0, refusedByte: 0,
            messageOffset: inflatedCount)
        do throws(InflateFault) {
            try engine.endMessage()
            guard slice.messageOpcode == .text, progress != .boundary else { return }
        } catch {
            fault.rule = error.reason.rule
            fault.reason = error.reason
        }
        faultOffset = inflatedCount
        throw fault
    }
}

extension SliceInflater.Piece {
    package var beginsFrame: Bool { isFirst && slice.beginsFrame }
    package var endsFrame: Bool { isLast && slice.endsFrame }
    package var beginsMessage: Bool { isFirst && slice.beginsMessage }
    package var endsMessage: Bool { isLast && slice.endsMessage }
}
