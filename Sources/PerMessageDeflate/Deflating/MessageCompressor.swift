/// A compressor for the messages of one endpoint, one after the other (RFC 7692 §7.2.1).
///
/// ``MessageDeflater`` is one. To use zlib's levels instead, wrap a `z_stream` with a negative number of window bits:
/// end each message with `Z_SYNC_FLUSH` and drop the last four bytes; use `deflateReset` to forget, and before each
/// message if there is no context takeover.
public protocol MessageCompressor {
    /// Compresses the next bytes of the message.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes of the message.
    ///   - endsMessage: whether these are its last bytes. Then all remaining output is passed to `give`; it ends on a
    ///     byte boundary, without the 00 00 FF FF that RFC 7692 §7.2.1 removes.
    ///   - give: receives the compressed bytes, in order, in pieces of any size: the payload of frames, the first of
    ///     which has RSV1 set.
    mutating func compress(_ bytes: Span<UInt8>, endsMessage: Bool, _ give: (Span<UInt8>) -> Void)

    /// Makes later messages refer to nothing that was compressed before. Called between messages, if the last one is
    /// not sent compressed.
    mutating func forget()
}
