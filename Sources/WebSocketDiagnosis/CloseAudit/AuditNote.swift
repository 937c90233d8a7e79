public import WebSocketCaptures
public import WebSocketFrames

/// Something that the audit of a conversation's ending found wrong: a notice.
///
/// | name | what it says |
/// |---|---|
/// | `wrong-close-code` | a violation was answered with another code than its rule's own |
/// | `violation-unnoticed` | an endpoint went on as if its peer had broken no rule |
/// | `unfounded-1002`, `unfounded-1007` | an endpoint closed with that code, and nothing in its peer's stream is wrong |
/// | `server-failed-1011`, `client-failed-1011` | an endpoint failed by itself |
/// | `no-close` | the TCP connection was ended without a Close |
/// | `end-in-frame`, `end-in-message` | … by a FIN inside a frame, or between two frames of a message |
/// | `reset-in-frame` | … by an RST while a frame was on its way |
/// | `close-unanswered` | a Close was not answered by a Close |
/// | `ping-unanswered` | a ping was not answered by a pong |
/// | `pong-payload-differs` | a ping was answered by a pong with another payload |
public struct AuditNote: Sendable, Hashable {
    /// What kind it is: lower case and hyphens, as `ping-unanswered`.
    public var name: String
    /// Whose doing it is: the side to look at first; nil if it is about both.
    public var endpoint: Endpoint?
    /// One to three sentences for a person.
    public var message: String
    /// Where it was seen.
    public var packetPosition: PacketPosition?

    /// Creates a note.
    public init(name: String, endpoint: Endpoint?, message: String, packetPosition: PacketPosition?) {
        self.name = name
        self.endpoint = endpoint
        self.message = message
        self.packetPosition = packetPosition
    }
}
