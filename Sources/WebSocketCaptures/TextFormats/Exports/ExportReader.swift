/// An event of an exported conversation, in the order in which they are written there.
public enum ExportEvent: Sendable, Hashable {
    /// A conversation begins, between these addresses; nil if the export has none, or a name instead of one.
    case opened(first: SocketAddress?, second: SocketAddress?)
    /// The next bytes that a side sent: those passed with the event. The position is nil if the export does not name
    /// the packet.
    case bytes(TCPPeer, PacketPosition?)
    /// This many bytes of a side are missing: the capture that was exported did not contain them.
    case gap(TCPPeer, count: UInt64, PacketPosition?)
    /// The conversation has ended; another one may follow.
    case closed
}

/// Reads what other programs export of a TCP connection, passed in pieces of any size: texts with both sides' bytes.
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
/// ``TCPPeer/first`` is what they call node 0 or peer 0. That is usually the client, but not always: whoever sent the
/// request is. The events are the same however the text is cut, each has at most 65,536 bytes, and no more of the
/// text is kept than one line.
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
    /// The reader for the text's form; nil while that is not known.
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
    ///   - visit: receives each event, with the bytes of an ``ExportEvent/bytes(_:_:)``, including those before an
    ///     error.
    /// - Throws: an error where the text is malformed; from then on every call throws the same again, and nothing is
    ///   visited.
    public mutating func read(
        _ piece: Span<UInt8>, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        try untilFailure(visit) { (reader) throws(TextError) in
            var index = 0
            while reader.form == nil {
                guard index < piece.count else { return }
                let form = reader.opening.read(piece[index])
                index += 1
                if let form { try reader.begin(form, visit) }
            }
            try reader.form?.read(piece.extracting(index...), at: &reader.position, into: &reader.output, visit)
        }
    }

    /// Ends the text.
    ///
    /// - Parameter visit: as in ``read(_:_:)``.
    /// - Throws: an error where the text is malformed, or if it ends in the middle of something.
    public mutating func finish(_ visit: (ExportEvent, Span<UInt8>) -> Void) throws(TextError) {
        try untilFailure(visit) { (reader) throws(TextError) in
            if reader.form == nil, let form = reader.opening.finish() { try reader.begin(form, visit) }
            guard reader.form != nil else {
                throw TextError(TextPosition(), "no line of this text begins the export of a conversation")
            }
            try reader.form?.finish(at: reader.position, into: &reader.output, visit)
        }
    }

    /// Begins the form that a line has shown: the part of the line that was kept is the first that the form reads.
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
