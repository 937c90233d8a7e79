/// Checks text in pieces of any size: whether it is well-formed UTF-8 (RFC 3629), and where it ceases to be. The
/// machine judges the payload of text messages in the same way (RFC 6455 §8.1).
///
/// ```swift
/// var validator = UTF8Validator()
/// if let fault = validator.consume(received.span) {
///     print("byte \(fault) is not allowed there in well-formed UTF-8")
/// } else if !validator.isAtBoundary {
///     print("the bytes end inside a character")
/// }
/// ```
public struct UTF8Validator: Sendable, Hashable {
    private var progress = UTF8Progress.boundary

    /// The number of bytes of an incomplete character that have arrived, 1…3; 0 between two characters.
    public private(set) var pendingCount = 0

    /// Creates a validator at the start of a text.
    public init() {}

    /// Whether the text is between two characters and may end here.
    public var isAtBoundary: Bool { pendingCount == 0 }

    /// Judges the next bytes of the text.
    ///
    /// - Returns: the index in `bytes` of the first byte at which the text is no longer well-formed UTF-8; nil if
    ///   there is none. After a fault the validator is between two characters, as at the start of a text.
    public mutating func consume(_ bytes: Span<UInt8>) -> Int? {
        guard let fault = TextJudge.firstFault(in: bytes, key: 0, progress: &progress) else {
            pendingCount = progress == .boundary ? 0 : Self.cutCount(of: bytes, after: pendingCount)
            return nil
        }
        (progress, pendingCount) = (.boundary, 0)
        return fault
    }

    /// Returns the number of bytes that are left when a character that is cut off at the end of `bytes` is removed:
    /// all of them, or up to three fewer. The bytes before it are not checked.
    ///
    /// - Parameter bytes: the beginning of a text, for example a preview that was cut to a length.
    public static func wholeCharacterCount(in bytes: Span<UInt8>) -> Int {
        var index = bytes.count
        while index > 0, bytes.count &- index < 3 {
            index &-= 1
            let byte = bytes[index]
            if byte & 0xC0 == 0x80 { continue }
            // The last lead byte: is its character complete?
            let length = byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 1
            return bytes.count &- index < length ? index : bytes.count
        }
        return bytes.count
    }

    /// Returns the number of bytes of an incomplete character at the end of `bytes`.
    private static func cutCount(of bytes: Span<UInt8>, after earlier: Int) -> Int {
        var index = bytes.count
        while index > 0 {
            index &-= 1
            if bytes[index] >= 0xC0 { return bytes.count &- index }
        }
        return earlier &+ bytes.count
    }
}
