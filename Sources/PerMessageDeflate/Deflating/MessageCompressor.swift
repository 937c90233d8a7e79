/// Compresses the messages of one endpoint, one after the other, as RFC 7692 §7.2.1 says.
///
/// ``MessageDeflater`` is one. To use zlib's levels instead, wrap a `z_stream` with a negative number of window bits: end
/// each message with `Z_SYNC_FLUSH` and leave out the last four bytes; forget, and begin each message where the context is
/// not taken over, with `deflateReset`.
public protocol MessageCompressor {
    /// Compresses the next bytes of the message.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes of the message.
    ///   - endsMessage: whether these are its last bytes. Then everything that was compressed is handed over; it ends
    ///     with a whole byte, and lacks the 00 00 FF FF that RFC 7692 §7.2.1 removes.
    ///   - give: receives the compressed bytes, in order, in any pieces: payload of frames, of which the first has RSV1
    ///     set.
    mutating func compress(_ bytes: Span<UInt8>, endsMessage: Bool, _ give: (Span<UInt8>) -> Void)

    /// Makes later messages refer to nothing that was compressed before: called between messages, if the last one is not
    /// sent compressed.
    mutating func forget()
}
