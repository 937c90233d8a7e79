import WebSocketDiagnosis
import WebSocketFrames

/// The last bytes of a stream, up to the place where it is judged: what a violation is shown and explained with.
///
/// At most ``StreamBytes/Reach/before`` of them, and as much more as a violation waits for that was found already. Of
/// all streams of an input together no more than the ``HistoryBudget`` allows: then the oldest are dropped first.
/// Buffers that come whole are kept as they are, and go back to the reader when they are dropped: nothing is copied for
/// them.
final class StreamHistory {
    /// Small parts are gathered in blocks: the first of this size, each further one four times as large as the one before,
    /// up to ``largestBlock``. So nothing is moved, and with thousands of conversations it is not much.
    private static let smallestBlock = 1 << 10
    private static let largestBlock = 1 << 14
    private static let reach = UInt64(StreamBytes.Reach.before)

    private struct Block {
        var bytes: [UInt8]
        var range: Range<Int>
        let offset: UInt64
        /// How many more bytes are to be added to the buffer, which is the block's own; 0 if it came whole.
        private(set) var room: Int
        var end: UInt64 { offset &+ UInt64(range.count) }

        /// A buffer that came whole.
        init(_ bytes: [UInt8], _ range: Range<Int>, at offset: UInt64) {
            (self.bytes, self.range, self.offset, room) = (bytes, range, offset, 0)
        }

        /// A block to be filled. Room that nothing was written to takes no memory.
        init(room: Int, at offset: UInt64) {
            (bytes, range, self.offset, self.room) = ([], 0..<0, offset, room)
            bytes.reserveCapacity(room)
        }

        /// Adds as many bytes as there is room for, and returns their number.
        mutating func add(_ part: Span<UInt8>) -> Int {
            let count = min(room, part.count)
            bytes.append(part.extracting(first: count))
            range = 0..<bytes.count
            room &-= count
            return count
        }
    }

    /// What is held: in one place, so that all of it is reached by one access for each piece of a stream.
    private struct Held {
        /// Without a gap: each begins where the one before it ends.
        var blocks: [Block] = []
        /// How many blocks were dropped. The first of `blocks` has this number.
        var droppedCount = 0
        /// The block that holds the start of the frame in which the stream stands, where the history has lost it.
        var frameStart: Block?
        /// Where the frame in which the stream stands begins; nil between two frames.
        var frameOffset: UInt64?
        /// Adds as many bytes to the last block as there is room for, and returns their number.
        mutating func fill(_ bytes: Span<UInt8>) -> Int {
            let last = blocks.count - 1
            return last >= 0 && blocks[last].room > 0 ? blocks[last].add(bytes) : 0
        }

        /// The stream stands in the frame that begins there.
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

    /// Takes the next bytes of the stream.
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

    /// Takes the next bytes of the stream with their buffer, and gives back one that is free, or an empty one.
    func append(exchanging chunk: inout Chunk, keeping wanted: UInt64) {
        let count = chunk.range.count
        // A large buffer with few bytes in it would cost more than it holds.
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

    /// The bytes given were judged.
    ///
    /// - Parameters:
    ///   - frameOffset: where the frame begins in which the stream stands; nil between two frames.
    ///   - wanted: what stands before here is not waited for.
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

    /// Drops the block of that number, which is the oldest of all streams, where it has not been dropped yet.
    fileprivate func drop(block number: Int) {
        guard number == held.droppedCount, !held.blocks.isEmpty else { return }
        _ = dropFirst()
    }

    fileprivate func holds(block number: Int) -> Bool {
        number >= held.droppedCount && number < held.droppedCount + held.blocks.count
    }

    /// Bytes up to that place are missing, or not judged: what came before them is not shown together with what follows.
    func resume(at offset: UInt64) {
        clear()
        end = offset
    }

    /// Nothing more is asked.
    func clear() {
        held.frameStart = nil
        held.frameOffset = nil
        while !held.blocks.isEmpty { _ = dropFirst() }
    }

    // MARK: Reading

    /// What is known from `lower` up to `upper`; less where that is not known any more, or not yet.
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

    /// All that is known of a stream that may go on.
    var whole: StreamBytes {
        let (bytes, offset) = bytes(from: 0, to: end)
        return StreamBytes(bytes: bytes, offset: offset, reachesEnd: false)
    }

    /// The frame in which the stream stands with what stands before it, as far as that is known.
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

/// What the histories of all streams of an input may hold together.
final class HistoryBudget {
    fileprivate(set) var used = 0
    /// What is held while next frames are looked for after missing bytes.
    var searched = 0
    private let ceiling: Int
    /// Every block that was started, the oldest first; those from `first` on may still be held.
    private var order: [(history: StreamHistory, block: Int)] = []
    private var first = 0
    /// When there are as many, those of no use are looked for: twice as many as were left the last time.
    private var mostOrdered = 1024

    init(ceiling: Int = StreamBytes.Reach.allStreams) {
        self.ceiling = ceiling
    }

    /// So many more bytes can be held, and nothing has to be dropped for them.
    func hasRoom(_ count: Int) -> Bool { used + count <= ceiling }

    /// No more may be held for the search of next frames than for the histories.
    var isSearchedOut: Bool { searched > ceiling }

    fileprivate func note(_ history: StreamHistory, block: Int) {
        order.append((history, block))
        guard order.count >= mostOrdered else { return }
        // Streams that have ended leave entries of no use.
        order.removeSubrange(..<first)
        first = 0
        order.removeAll { !$0.history.holds(block: $0.block) }
        mostOrdered = max(1024, 2 * order.count)
    }

    /// Drops the oldest blocks while too much is held.
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
