/// What compresses the messages of one endpoint, one after the other, as RFC 7692 §7.2.1 says.
///
/// ``MessageDeflater`` is one. Who would rather have zlib's levels makes another of it.
public protocol MessageCompressor {
    /// Compresses the next bytes of the message.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes of the message.
    ///   - endsMessage: they are its last. Then all that is compressed is handed over, ends with a whole byte, and lacks
    ///     the 00 00 FF FF that RFC 7692 §7.2.1 removes.
    ///   - give: gets the compressed bytes, in order, in any pieces: payload for frames of which the first has RSV1.
    mutating func compress(_ bytes: Span<UInt8>, endsMessage: Bool, _ give: (Span<UInt8>) -> Void)
}
