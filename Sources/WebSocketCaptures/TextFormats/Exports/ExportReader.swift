/// What an export of a conversation holds, in the order in which it stands there.
public enum ExportEvent: Sendable, Hashable {
    /// A conversation begins, between these addresses; nil if the export holds none, or a name instead of one.
    case opened(first: SocketAddress?, second: SocketAddress?)
    /// The next bytes that a side sent: those that the event comes with. The packetPosition is nil if the export does
    /// not tell the packet.
    case bytes(TCPPeer, PacketPosition?)
    /// This many bytes of a side are missing: the capture that was exported did not contain them.
    case gap(TCPPeer, count: UInt64, PacketPosition?)
    /// The conversation has ended; another one may follow.
    case closed
}

/// Reads what other programs export of a TCP connection, given in pieces of any size: texts that hold both sides'
/// bytes.
///
/// It knows
///
/// - what `tshark -z follow,tcp,raw,N` and `follow,tcp,hex,N` print (and `follow,tls,…`), one conversation or several,
///   also without the lines at its head;
/// - what `tshark -z follow,tcp,yaml,N` prints, and what Wireshark's Follow Stream shows as YAML, in its older form
///   too;
/// - what Wireshark's Follow Stream shows as C Arrays;
/// - what `tshark -T fields -e ip.src -e tcp.srcport -e tcp.payload` prints of one connection;
/// - what `curl --trace` writes.
///
/// ``TCPPeer/first`` is what they call node 0 or peer 0. That is the client most times, and not always: who sent the
/// request must tell. The events are the same however the text is cut, each comes with at most 65,536 bytes, and no
/// more of the text is kept than one of its lines.
///
/// ```swift
/// var reader = ExportReader()
/// try reader.read(received.span) { event, bytes in
///     print(event, bytes.count)
/// }
/// try reader.finish { event, bytes in
///     print(event, bytes.count)
/// }
/// ```
public struct ExportReader: Sendable {
    private var opening = ExportOpening()
    /// The reader of the text's form; nil while that is not known.
    private var form: (any ExportForm)?
    private var position = TextPosition()
    private var output = ExportOutput()
    private var failure: TextError?

    /// Creates a reader at the start of a text.
    public init() {}

    /// Reads the next piece of the text.
    ///
    /// - Parameters:
    ///   - piece: the next bytes of the text.
    ///   - visit: is called for each event, with the bytes of an ``ExportEvent/bytes(_:_:)``; also for those in
    ///     front of an error.
    /// - Throws: where the text is broken; from then on every call throws the same again, and nothing is visited.
    public mutating func read(
        _ piece: Span<UInt8>, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        try untilFailure(visit) { (reader) throws(TextError) in
            var index = 0
            while reader.form == nil {
                guard index < piece.count else { return }
                let form = reader.opening.take(piece[index])
                index += 1
                if let form { try reader.begin(form, visit) }
            }
            try reader.form?.read(piece.extracting(index...), at: &reader.position, into: &reader.output, visit)
        }
    }

    /// Ends the text.
    ///
    /// - Parameter visit: as in ``read(_:_:)``.
    /// - Throws: where the text is broken, or what it ends in the middle of.
    public mutating func finish(_ visit: (ExportEvent, Span<UInt8>) -> Void) throws(TextError) {
        try untilFailure(visit) { (reader) throws(TextError) in
            if reader.form == nil, let form = reader.opening.finish() { try reader.begin(form, visit) }
            guard reader.form != nil else {
                throw TextError(TextPosition(), "no line of this text begins the export of a conversation")
            }
            try reader.form?.finish(at: reader.position, into: &reader.output, visit)
        }
    }

    /// A line has reported the form: what of it was kept is the first that the form reads.
    private mutating func begin(
        _ form: ExportGuess, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        let start = opening.line
        position = opening.linePosition
        opening.forgetLine()
        self.form = form.reader
        try self.form?.read(start.span, at: &position, into: &output, visit)
    }

    private mutating func untilFailure(
        _ visit: (ExportEvent, Span<UInt8>) -> Void,
        _ body: (inout ExportReader) throws(TextError) -> Void
    ) throws(TextError) {
        if let failure { throw failure }
        do throws(TextError) {
            try body(&self)
        } catch {
            output.endRecord(visit, isCut: true)
            failure = error
            throw error
        }
    }
}
