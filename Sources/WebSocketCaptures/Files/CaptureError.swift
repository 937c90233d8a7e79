/// Where a capture file cannot be read any further, and why.
public struct CaptureError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The place in the file, in bytes from its start: the field that lies; where the file ends too early, its length.
    public let offset: UInt64

    /// What is wrong there, in one sentence that names the place.
    public let message: String

    init(at offset: UInt64, _ message: String) {
        self.offset = offset
        self.message = message
    }

    /// The message.
    public var description: String { message }

    /// The file ends in the middle of something.
    ///
    /// - Parameters:
    ///   - part: what it ends inside of.
    ///   - offset: the file's length.
    ///   - there: how many of its bytes the file has.
    ///   - whole: how many should be.
    init(endsInside part: String, at offset: UInt64, there: UInt64, of whole: UInt64) {
        self.init(
            at: offset, "the capture ends inside \(part), at byte \(offset): \(there) of \(whole) bytes are there")
    }
}
