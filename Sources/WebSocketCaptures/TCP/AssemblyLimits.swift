/// How much a ``TCPAssembler`` may keep. Its memory stays within these limits whatever a capture contains.
///
/// Reaching a ceiling costs bytes of some connection, never more memory; ``TCPAssembler/ceilingHits`` and
/// ``TCPAssembler/evictedConnections`` say that it happened.
public struct AssemblyLimits: Sendable, Hashable {
    /// The number of bytes that arrived out of order and may be held for one side of one connection.
    ///
    /// 8 MiB by default: usual receive windows are up to 6 MiB, and a sender has no more than that in flight after a
    /// lost segment.
    public var heldPerSide: Int
    /// The number of bytes that arrived out of order and may be held in all. 64 MiB by default.
    ///
    /// If it is reached, the sides that hold the most give up until a quarter is free: a few broken transfers then do
    /// not cost the others their order, and the search for them is rare.
    public var heldInAll: Int
    /// The number of connections that are remembered at once, including ended ones. 65,536 by default, about 35 MiB.
    ///
    /// If all slots are taken, the connection that has been quiet the longest makes room: an ended one if there is
    /// any, then one that was forgotten, then one that is still open, which is closed.
    public var connections: Int

    /// The number of bytes that were handed over and may be kept in all, to be compared with later copies: 32 MiB. If
    /// it is reached, no more are kept until others are dropped, and copies of what is not kept are not compared.
    public static let recentInAll = 32 * 1024 * 1024

    /// What a held piece counts in addition to its bytes: its approximate cost in memory. Millions of tiny pieces are
    /// then as bounded as a few large ones.
    public static let pieceOverhead = 160

    /// Creates limits. A negative one counts as 0, and there is always room for one connection.
    public init(
        heldPerSide: Int = 8 * 1024 * 1024, heldInAll: Int = 64 * 1024 * 1024, connections: Int = 65_536
    ) {
        self.heldPerSide = max(heldPerSide, 0)
        self.heldInAll = max(heldInAll, 0)
        self.connections = min(max(connections, 1), Int(Int32.max))
    }
}
