/// Gathers the bytes of one record after the other, and hands them over as events.
///
/// A record is what one packet brought of one side. It is handed over when it ends, and a long one whenever
/// ``maximumCount`` bytes of it have come: so nothing depends on where the text was cut.
struct ExportOutput: Sendable {
    /// No event comes with more bytes.
    static let maximumCount = 65_536

    private var side = TCPPeer.first
    private var packetPosition: PacketPosition?
    /// What of the record was not handed over.
    private var bytes: [UInt8] = []
    /// Nothing of the record was handed over.
    private var isWhole = true

    /// Begins a record. The one before must have ended.
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

    /// Ends the record, and hands over what is left of it. Where none is open, nothing happens.
    ///
    /// - Parameter isCut: the text ends or breaks here. What then begins like a note of missing bytes is no peer's bytes.
    mutating func endRecord(_ visit: (ExportEvent, Span<UInt8>) -> Void, isCut: Bool = false) {
        guard !bytes.isEmpty else { return }
        if isWhole, let count = MissingBytes.count(in: bytes.span) {
            tell(.gap(side, count: count, packetPosition), visit)
        } else if !isCut || !isWhole || !MissingBytes.mayBegin(bytes.span) {
            visit(.bytes(side, packetPosition), bytes.span)
        }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Hands over an event without bytes.
    func tell(_ event: ExportEvent, _ visit: (ExportEvent, Span<UInt8>) -> Void) {
        let none: [UInt8] = []
        visit(event, none.span)
    }
}
