/// Collects the bytes of one record after the other, and hands them over as events.
///
/// A record is what one packet contained of one side. It is handed over when it ends, and a long one whenever
/// ``maximumCount`` bytes of it have arrived: nothing depends on where the text was cut.
struct ExportOutput: Sendable {
    /// The most bytes of an event.
    static let maximumCount = 65_536

    private var side = TCPPeer.first
    private var packetPosition: PacketPosition?
    /// The bytes of the record that have not been handed over.
    private var bytes: [UInt8] = []
    /// Whether nothing of the record has been handed over.
    private var isWhole = true

    /// Begins a record. The previous one must have ended.
    mutating func beginRecord(_ side: TCPPeer, _ packetPosition: PacketPosition?) {
        self.side = side
        self.packetPosition = packetPosition
        isWhole = true
    }

    /// Lets `decode` append bytes to the record.
    ///
    /// - Returns: what `decode` returns.
    @inline(__always)
    mutating func append<Result>(
        _ visit: (ExportEvent, Span<UInt8>) -> Void, _ decode: (inout [UInt8]) -> Result
    ) -> Result {
        let result = decode(&bytes)
        if bytes.count >= Self.maximumCount { handOverFullPieces(visit) }
        return result
    }

    private mutating func handOverFullPieces(_ visit: (ExportEvent, Span<UInt8>) -> Void) {
        var start = 0
        while bytes.count - start >= Self.maximumCount {
            visit(.bytes(side, packetPosition), bytes.span.extracting(start..<(start + Self.maximumCount)))
            start += Self.maximumCount
        }
        bytes.removeFirst(start)
        isWhole = false
    }

    /// Ends the record, and hands over what is left of it. Does nothing if none is open.
    ///
    /// - Parameter isCut: whether the text ends or is malformed here. Bytes that begin like a note about missing
    ///   bytes then do not count as a peer's.
    mutating func endRecord(_ visit: (ExportEvent, Span<UInt8>) -> Void, isCut: Bool = false) {
        guard !bytes.isEmpty else { return }
        if isWhole, let count = MissingBytes.count(in: bytes.span) {
            report(.gap(side, count: count, packetPosition), visit)
        } else if !isCut || !isWhole || !MissingBytes.mayBegin(bytes.span) {
            visit(.bytes(side, packetPosition), bytes.span)
        }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Hands over an event without bytes.
    func report(_ event: ExportEvent, _ visit: (ExportEvent, Span<UInt8>) -> Void) {
        let none: [UInt8] = []
        visit(event, none.span)
    }
}
