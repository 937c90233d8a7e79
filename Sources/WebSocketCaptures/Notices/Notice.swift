public import WebSocketFrames

/// Something doubtful that breaks no rule: it changes neither verdict nor exit status, unless the user asks for that.
public struct Notice: Sendable, Hashable {
    /// What kind it is.
    public var kind: NoticeKind
    /// The endpoint to examine first; nil if it is about both, or about neither.
    public var endpoint: Endpoint?
    /// One to three sentences for a person, with this case's values.
    public var message: String
    /// Where in the capture it was seen; nil if that is not one place, or the input is no capture.
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
