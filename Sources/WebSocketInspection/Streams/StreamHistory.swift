import WebSocketDiagnosis
import WebSocketFrames

/// The last bytes of a stream, up to the point where it is judged: violations are shown and explained with them.
///
/// It keeps at most ``StreamBytes/Reach/before`` bytes, plus those that a violation found earlier waits for. All
/// streams of an input together keep no more than the ``HistoryBudget`` allows: beyond that the oldest bytes are
/// dropped. Whole buffers are kept as they are, and go back to the reader when they are dropped: nothing is copied
/// for them.
final class StreamHistory {
    /// Small parts are collected in blocks: the first of this size, each further one four times as large as the
    /// previous one, up to ``largestBlock``. This avoids moving bytes, and takes little memory with thousands of
    /// conversations.
    private static let smallestBlock = 1 << 10
    private static let largestBlock = 1 << 14
    private static let reach = UInt64(StreamBytes.Reach.before)

    private struct Block {
        var bytes: [UInt8]
        var range: Range<Int>
        let offset: UInt64
        /// The number of bytes that can still be added to the buffer, if it belongs to the block; 0 if it was passed
        /// whole.
        private(set) var room: Int
        var end: UInt64 { offset &+ UInt64(range.count) }

        /// Creates a block from a whole buffer.
        init(_ bytes: [UInt8], _ range: Range<Int>, at offset: UInt64) {
            (self.bytes, self.range, self.offset, room) = (bytes, range, offset, 0)
        }

        /// Creates a block to be filled. Capacity that has not been written to takes no memory.
        init(room: Int, at offset: UInt64) {
            (bytes, range, self.offset, self.room) = ([], 0..<0, offset, room)
            bytes.reserveCapacity(room)
        }

        /// Adds as many bytes as fit, and returns their number.
        mutating func add(_ part: Span<UInt8>) -> Int {
            let count = min(room, part.count)
            bytes.append(part.extracting(first: count))
            range = 0..<bytes.count
            room &-= count
            return count
        }
    }

    /// The stored bytes: in one place, which needs only one access for each piece of a stream.
    private struct Held {
        /// The blocks, without gaps: each begins where the previous one ends.
        var blocks: [Block] = []
        /// The number of blocks that were dropped, which is the number of the first of `blocks`.
        var droppedCount = 0
        /// The block that contains the start of the current frame, if the history has dropped it.
        var frameStart: Block?
        /// The offset of the current frame; nil between two frames.
        var frameOffset: UInt64?
        /// Adds as many bytes to the last block as fit, and returns their number.
        mutating func fill(_ bytes: Span<UInt8>) -> Int {
            let last = blocks.count - 1
            return last >= 0 && blocks[last].room > 0 ? blocks[last].add(bytes) : 0
        }

        /// Notes the offset of the frame that the stream is in.
        mutating func pass(_ frameOffset: UInt64?) {
            if droppedCount > 0, frameOffset != self.frameOffset { frameStart = nil }
            self.frameOffset = frameOffset
        }
    }

    private let budget: HistoryBudget
    private var held = Held()
    /// The stream's length so far.
    private(set) var end: UInt64 = 0

    init(budget: HistoryBudget) {
        self.budget = budget
    }

    /// Appends the next bytes of the stream.
    func append(_ bytes: Span<UInt8>) {
        var index = 0
        while true {
            let added = held.fill(bytes.extracting(index...))
            index += added
            end &+= UInt64(added)
            if index == bytes.count { break }
            let size = min(4 * (held.blocks.last?.bytes.count ?? 0), Self.largestBlock)
            begin(Block(room: max(size, Self.smallestBlock), at: end))
        }
        budget.used += bytes.count
    }

    /// Appends the next bytes of the stream with their buffer, and returns a free one, or an empty one.
    func append(exchanging chunk: inout Chunk, keeping wanted: UInt64) {
        let count = chunk.range.count
        // A large buffer with few bytes in it would waste memory.
        guard count * 2 >= chunk.bytes.count else { return append(chunk.bytes.span.extracting(chunk.range)) }
        let size = chunk.bytes.count
        begin(Block(chunk.bytes, chunk.range, at: end))
        chunk = Chunk(bytes: [], range: 0..<0)
        budget.used += count
        end &+= UInt64(count)
        while let dropped = dropIfNotWanted(wanted) {
            if dropped.bytes.count == size { chunk.bytes = dropped.bytes }
        }
    }

    /// Notes that the appended bytes were judged.
    ///
    /// - Parameters:
    ///   - frameOffset: the offset of the frame that the stream is in; nil between two frames.
    ///   - wanted: the offset before which bytes are no longer needed.
    func pass(frameOffset: UInt64?, keeping wanted: UInt64) {
        held.pass(frameOffset)
        if end > Self.reach { while dropIfNotWanted(wanted) != nil {} }
        budget.keep()
    }

    private func begin(_ block: Block) {
        held.blocks.append(block)
        budget.note(self, block: held.droppedCount + held.blocks.count - 1)
    }

    private func dropIfNotWanted(_ wanted: UInt64) -> Block? {
        guard let first = held.blocks.first, first.end < wanted, end &- first.end > Self.reach else { return nil }
        return dropFirst()
    }

    private func dropFirst() -> Block {
        let block = held.blocks.removeFirst()
        held.droppedCount += 1
        budget.used -= block.range.count
        if let start = held.frameOffset, block.offset <= start, start < block.end { held.frameStart = block }
        return block
    }

    /// Drops the block of that number, the oldest of all streams, unless it has already been dropped.
    fileprivate func drop(block number: Int) {
        guard number == held.droppedCount, !held.blocks.isEmpty else { return }
        _ = dropFirst()
    }

    fileprivate func holds(block number: Int) -> Bool {
        number >= held.droppedCount && number < held.droppedCount + held.blocks.count
    }

    /// Continues after missing or unjudged bytes: what came before them is not shown together with what follows.
    func resume(at offset: UInt64) {
        clear()
        end = offset
    }

    /// Drops everything: it is no longer needed.
    func clear() {
        held.frameStart = nil
        held.frameOffset = nil
        while !held.blocks.isEmpty { _ = dropFirst() }
    }

    // MARK: Reading

    /// Returns the known bytes from `lower` up to `upper`; fewer if some are no longer known, or not yet.
    func bytes(from lower: UInt64, to upper: UInt64) -> (bytes: [UInt8], offset: UInt64) {
        let start = max(lower, held.blocks.first?.offset ?? end)
        guard start < min(upper, end) else { return ([], start) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(clamping: min(upper, end) &- start))
        for block in held.blocks where block.offset < upper && block.end > start {
            let first = start > block.offset ? Int(start &- block.offset) : 0
            let last = Int(clamping: min(block.end, upper) &- block.offset)
            let base = block.range.lowerBound
            bytes += block.bytes[(base + first)..<(base + last)]
        }
        return (bytes, start)
    }

    /// Everything that is known of a stream that may continue.
    var whole: StreamBytes {
        let (bytes, offset) = bytes(from: 0, to: end)
        return StreamBytes(bytes: bytes, offset: offset, reachesEnd: false)
    }

    /// Returns the frame that the stream is in, with the bytes before it, as far as they are known.
    func unfinishedFrame(reachesEnd: Bool) -> StreamBytes? {
        guard let frameOffset = held.frameOffset else { return nil }
        if let frameStart = held.frameStart {
            return StreamBytes(
                bytes: Array(frameStart.bytes[frameStart.range]), offset: frameStart.offset, reachesEnd: false)
        }
        let before = UInt64(StreamBytes.Reach.before)
        let upper = frameOffset.addingClamped(UInt64(StreamBytes.Reach.after))
        let (bytes, offset) = bytes(from: frameOffset < before ? 0 : frameOffset &- before, to: upper)
        guard offset <= frameOffset, !bytes.isEmpty else { return nil }
        return StreamBytes(bytes: bytes, offset: offset, reachesEnd: reachesEnd && upper >= end)
    }
}

/// The budget for the histories of all streams of an input.
final class HistoryBudget {
    fileprivate(set) var used = 0
    /// The number of bytes that are kept while next frames are searched for after missing bytes.
    var searched = 0
    private let ceiling: Int
    /// Every block that was started, the oldest first; those from `first` on may still be in use.
    private var order: [(history: StreamHistory, block: Int)] = []
    private var first = 0
    /// The number of entries at which unused ones are removed: twice as many as were left the last time.
    private var compactionCount = 1024

    init(ceiling: Int = StreamBytes.Reach.allStreams) {
        self.ceiling = ceiling
    }

    /// Returns whether `count` more bytes can be kept without dropping others.
    func hasRoom(_ count: Int) -> Bool { used + count <= ceiling }

    /// Whether the search for next frames has used up its budget, which is as large as that for the histories.
    var isSearchedOut: Bool { searched > ceiling }

    fileprivate func note(_ history: StreamHistory, block: Int) {
        order.append((history, block))
        guard order.count >= compactionCount else { return }
        // Streams that have ended leave unused entries.
        order.removeSubrange(..<first)
        first = 0
        order.removeAll { !$0.history.holds(block: $0.block) }
        compactionCount = max(1024, 2 * order.count)
    }

    /// Drops the oldest blocks if the budget is exceeded.
    fileprivate func keep() {
        if used > ceiling { dropOldest() }
    }

    private func dropOldest() {
        while used > ceiling, first < order.count {
            order[first].history.drop(block: order[first].block)
            first += 1
        }
    }
}

extension UInt64 {
    func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
