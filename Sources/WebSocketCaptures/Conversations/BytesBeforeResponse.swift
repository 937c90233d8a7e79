import WebSocketFrames

/// What a server sent instead of a response, or before it: frames, which may only follow it, or anything else. It is
/// judged as it arrives, and reported once enough has arrived, so that the result does not depend on how it was cut
/// into packets.
struct BytesBeforeResponse: Sendable {
    /// The kinds of bytes.
    enum Kind: Sendable {
        /// Legal frames, so far.
        case frames
        /// Legal frames, and then a response.
        case framesAndResponse
        case other
    }

    private(set) var kind = Kind.frames
    /// The number of bytes that were judged: those of the frames.
    private(set) var count = 0
    private var validator = FrameValidator(sender: .server)

    /// The number of bytes needed to quote what is neither frames nor HTTP.
    private static let quotedCount = 64

    /// Judges what has arrived since the last call.
    ///
    /// - Parameter answer: everything that has arrived.
    /// - Returns: whether more bytes would change nothing.
    mutating func read(_ answer: ArraySlice<UInt8>) -> Bool {
        while kind == .frames, count < answer.count {
            if validator.state != .incompleteFrame {
                let rest = answer.dropFirst(count)
                if rest.starts(with: HTTPWalk.response) {
                    kind = .framesAndResponse
                    break
                }
                if HTTPWalk.response.starts(with: rest) { return false }
            }
            do throws(Violation) {
                count += try validator.consumeFrame(answer.span.extracting(count...))
            } catch {
                kind = .other
            }
        }
        return kind == .framesAndResponse || kind == .other && answer.count >= Self.quotedCount
    }
}
