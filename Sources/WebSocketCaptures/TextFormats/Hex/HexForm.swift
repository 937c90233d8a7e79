/// A way of writing bytes as text. Each has its reader in `Forms/`; ``HexFormatDetector`` finds out which one a text is
/// in.
///
/// Laws of every reader:
///
/// 1. It gives the same bytes and the same error however the text is cut into pieces.
/// 2. It keeps no more of the text than one line of bounded length, most of them nothing but a state.
/// 3. After an error it is not asked again.
protocol HexForm: Sendable {
    /// Reads the next piece of the text, and appends the bytes it stands for.
    ///
    /// - Parameter position: where the piece begins; on return, where it ends.
    mutating func read(
        _ text: Span<UInt8>,
        at position: inout TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError)

    /// Ends the text at `position`.
    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError)
}

/// A form that is read one byte at a time.
protocol BytewiseForm: HexForm {
    /// Reads the next byte of the text, which stands at `position`.
    mutating func take(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError)
}

extension BytewiseForm {
    @inline(__always)
    mutating func read(
        _ text: Span<UInt8>,
        at position: inout TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        for index in text.indices {
            let byte = text[index]
            try take(byte, at: position, into: &bytes)
            position.pass(byte)
        }
    }
}
