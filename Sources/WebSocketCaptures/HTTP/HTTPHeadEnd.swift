/// Finds where a head ends, or the trailers of a chunked body: after its first empty line.
///
/// Lines end with LF, with a CR before it or without (RFC 9112 §2.2).
struct HTTPHeadEnd: Sendable {
    /// Whether the current line is empty so far, or only has a carriage return.
    private var lineIsEmpty: Bool
    private var previous: UInt8

    /// - Parameter isAtLineStart: whether no byte of the first line has been consumed, so that it may be the empty
    ///   line.
    init(isAtLineStart: Bool = false) {
        lineIsEmpty = isAtLineStart
        previous = isAtLineStart ? ASCII.lineFeed : 0
    }

    /// Consumes the next byte.
    ///
    /// - Returns: whether it is the last one.
    @inline(__always)
    mutating func isReached(by byte: UInt8) -> Bool {
        defer { previous = byte }
        if byte == ASCII.lineFeed {
            if lineIsEmpty { return true }
            lineIsEmpty = true
        } else if byte != ASCII.carriageReturn || previous != ASCII.lineFeed {
            lineIsEmpty = false
        }
        return false
    }
}
