/// How many frames a receiver is willing to accept, whatever their length (RFC 6455 §10.4): each costs time.
///
/// Exceeding one of these closes the connection with **1008**: 1009 means that a message is too big to be processed
/// (§7.4.1), and no length is at fault here; 1008 is the code for a receiver's own policy if no other fits.
public struct CountLimits: Sendable, Hashable {
    /// Which limit was exceeded.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// ``CountLimits/fragments``
        case fragments
        /// ``CountLimits/controlFrames``
        case controlFrames

        /// The kind's name, which becomes the reason of the Close: `too-many-fragments` or `too-many-control-frames`.
        public var name: StaticString {
            self == .fragments ? "too-many-fragments" : "too-many-control-frames"
        }
    }

    /// The number of frames one message may have; `UInt32.max` means no limit.
    public var fragments: UInt32
    /// The number of control frames that may arrive between two bytes of data; `UInt32.max` means no limit.
    public var controlFrames: UInt32

    /// Creates limits; there is no limit unless one is given.
    public init(fragments: UInt32 = .max, controlFrames: UInt32 = .max) {
        self.fragments = fragments
        self.controlFrames = controlFrames
    }

    /// No limits.
    public static let none = CountLimits()
}
