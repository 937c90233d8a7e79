public import WebSocketFrames

/// Something doubtful that breaks no rule: it changes neither verdict nor exit status, unless the user asks for that.
public struct Notice: Sendable, Hashable {
    /// The kind of the notice.
    public var kind: NoticeKind
    /// The endpoint to examine first; nil if it is about both, or about neither.
    public var endpoint: Endpoint?
    /// One to three sentences for people, with this case's values.
    public var message: String
    /// The position in the capture; nil if it is not about a single place, or if the input is not a capture.
    public var packetPosition: PacketPosition?

    /// Creates a notice.
    public init(
        _ kind: NoticeKind, about endpoint: Endpoint?, _ message: String, at packetPosition: PacketPosition? = nil
    ) {
        self.kind = kind
        self.endpoint = endpoint
        self.message = message
        self.packetPosition = packetPosition
    }
}
