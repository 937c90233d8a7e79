/// A way of writing bytes as text. Each has its reader in `Forms/`; ``HexFormatDetector`` determines which form a
/// text has.
///
/// Invariants of every reader:
///
/// 1. It returns the same bytes and the same error however the text is cut into pieces.
/// 2. It keeps no more of the text than one line of bounded length, most of them only a state.
/// 3. It is not called again after an error.
protocol HexForm: Sendable {
    /// Reads the next piece of the text, and appends the bytes that it represents.
    ///
    /// - Parameter position: the position of the start of the piece; on return, that of its end.
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
    /// Reads the next byte of the text, which is at `position`.
    mutating func read(
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
            try read(byte, at: position, into: &bytes)
            position.pass(byte)
        }
    }
}
