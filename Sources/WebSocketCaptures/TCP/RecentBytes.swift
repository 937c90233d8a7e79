import WebSocketFrames

/// The last bytes of a stream that were handed over, kept to be compared with later copies.
struct RecentBytes: Sendable {
    /// The number of bytes that are kept of a stream. A retransmission mostly arrives before this many bytes have
    /// been acknowledged.
    static let maximumCount = 1 << 14

    private var bytes: [UInt8] = []
    /// The position of the byte at index 0, and of those a multiple of ``maximumCount`` after it.
    private var origin: Int64 = 0
    /// The position after the last one.
    private var end: Int64 = 0

    /// The approximate memory that they take.
    var cost: Int { bytes.count }

    /// Appends bytes that begin at `start`. What was kept before a hole is dropped.
    mutating func append(_ new: Span<UInt8>, at start: Int64) {
        if start != end || new.count >= Self.maximumCount { bytes.removeAll(keepingCapacity: true) }
        end = start &+ Int64(new.count)
        let kept = new.count > Self.maximumCount ? new.extracting((new.count &- Self.maximumCount)...) : new
        let first = end &- Int64(kept.count)
        if bytes.isEmpty { origin = first }
        let growth = kept.extracting(first: Self.maximumCount &- bytes.count)
        if !growth.isEmpty {
            let count = bytes.count &+ growth.count
            // In few steps: each one moves everything that is kept.
            if count > bytes.capacity {
                bytes.reserveCapacity(max(count, min(max(1024, 4 &* bytes.capacity), Self.maximumCount)))
            }
            bytes.append(growth)
        }
        var index = growth.count
        var place = Int(truncatingIfNeeded: (first &- origin &+ Int64(index)) & Int64(Self.maximumCount &- 1))
        var room = bytes.mutableSpan
        while index < kept.count {
            let count = min(kept.count &- index, Self.maximumCount &- place)
            room.copy(kept.extracting(index..<(index &+ count)), at: place)
            index &+= count
            place = 0
        }
    }

    /// Returns the position of the first byte of `copy`, which begins at `start`, that differs from what is kept; nil
    /// if none does.
    func firstDifference(from copy: Span<UInt8>, at start: Int64) -> Int64? {
        var position = max(start, end &- Int64(bytes.count))
        let stop = min(start &+ Int64(copy.count), end)
        while position < stop {
            let place = Int(truncatingIfNeeded: (position &- origin) & Int64(Self.maximumCount &- 1))
            if bytes[place] != copy[Int(position &- start)] { return position }
            position &+= 1
        }
        return nil
    }

    /// Drops everything.
    mutating func removeAll() { bytes = [] }
}
