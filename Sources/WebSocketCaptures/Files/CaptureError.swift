/// The place at which a capture file cannot be read any further, and the reason.
public struct CaptureError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The offset in the file, in bytes: of the field that is wrong, or the file's length if it ends too early.
    public let offset: UInt64

    /// What is wrong there, in one sentence that names the place.
    public let message: String

    init(at offset: UInt64, _ message: String) {
        self.offset = offset
        self.message = message
    }

    /// The message.
    public var description: String { message }

    /// Creates the error for a file that ends in the middle of something.
    ///
    /// - Parameters:
    ///   - part: what it ends inside of.
    ///   - offset: the file's length.
    ///   - there: the number of bytes of that part in the file.
    ///   - whole: the number that there should be.
    init(endsInside part: String, at offset: UInt64, there: UInt64, of whole: UInt64) {
        self.init(
            at: offset, "the capture ends inside \(part), at byte \(offset): \(there) of \(whole) bytes are there")
    }
}
