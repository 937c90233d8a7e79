/// What the receiver of a stream has said about it: how far it has acknowledged, and how far it accepts bytes.
///
/// Both are believed as far as they can be true. An acknowledgment beyond the receiver's own window is for bytes that
/// cannot be in flight (RFC 9293 §3.10.7.4, RFC 5961 §5). But packets may be missing in the capture, and the window
/// with them: what the receiver repeats again and again is believed.
struct ReceiverState: Sendable {
    /// The number of consecutive acknowledgments, lower than an earlier one, that revoke that one. Packets overtake
    /// each other by fewer.
    private static let lowerInARow = 3
    /// The number of consecutive ones beyond the window that are believed: the packets that moved it are missing.
    private static let beyondInARow = 8

    /// The highest position that was acknowledged; after the FIN it is one more. 0 if there is none.
    private(set) var acknowledged: Int64 = 0
    /// The end of the window; `Int64.max` if none is known.
    private var edge = Int64.max
    private var largestWindow: Int64 = 0
    private var lower = 0
    private var highestLower: Int64 = 0
    private var beyond = 0

    /// Whether an acknowledgment was seen.
    var isHeard: Bool { edge != .max }

    /// Returns whether the receiver may accept a byte at `position`. Windows may be captured a little after the bytes
    /// that they allowed, so twice the window is allowed.
    func allows(_ position: Int64) -> Bool {
        edge == .max || position <= edge &+ largestWindow
    }

    /// Notes an acknowledgment.
    ///
    /// - Parameters:
    ///   - position: everything before it is acknowledged.
    ///   - window: the number of bytes after that which are allowed; nil if it does not matter.
    ///   - seenEnd: the position after the last byte in the capture.
    /// - Returns: false if it cannot be true, and is ignored.
    mutating func acknowledge(_ position: Int64, window: Int64?, seenEnd: Int64) -> Bool {
        if !allows(position), position > seenEnd &+ 1 {
            beyond &+= 1
            guard beyond >= Self.beyondInARow else { return false }
        }
        beyond = 0
        if let window {
            largestWindow = max(largestWindow, window)
            edge = edge == .max ? position &+ window : max(edge, position &+ window)
        }
        guard position < acknowledged else {
            acknowledged = position
            (lower, highestLower) = (0, .min)
            return true
        }
        lower &+= 1
        highestLower = lower == 1 ? position : max(highestLower, position)
        if lower >= Self.lowerInARow {
            acknowledged = max(highestLower, 0)
            (lower, highestLower) = (0, .min)
        }
        return true
    }
}
