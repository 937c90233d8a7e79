/// The parameters agreed for the messages of one endpoint: all that is needed to compress or inflate them.
public struct DeflateContext: Sendable, Hashable {
    /// The base-2 logarithm of the window in bytes, 8…15: no distance reaches further back (RFC 7692 §7.1.2).
    public let windowBits: Int

    /// Whether a message may refer to the messages before it (RFC 7692 §7.1.1).
    public let takesOver: Bool

    /// Creates a context.
    ///
    /// - Parameters:
    ///   - windowBits: the base-2 logarithm of the window in bytes, 8…15; smaller values are taken as 8, larger ones as
    ///     15.
    ///   - takesOver: whether a message may refer to the messages before it.
    public init(windowBits: Int = 15, takesOver: Bool = true) {
        self.windowBits = min(max(windowBits, 8), 15)
        self.takesOver = takesOver
    }

    /// The window in bytes, 256…32,768: the longest legal distance.
    public var windowSize: Int { 1 << windowBits }
}
