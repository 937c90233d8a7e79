/// What to do about a conversation that TLS encrypts (`wss:`): its frames cannot be seen without the session's keys.
public enum TLSGuide {
    /// How to get at the frames, in a few sentences for people.
    public static let text = """
        The frames of a WebSocket conversation inside can only be seen with the session's keys. Run the client or the \
        server with the environment variable SSLKEYLOGFILE=keys.log (browsers, curl, Python; Node.js with \
        --tls-keylog=keys.log), and capture again from the beginning of the connection. Then --keylog keys.log opens all \
        connections of the capture at once; secrets inside a pcapng are used by themselves, and editcap \
        --inject-secrets tls,keys.log puts them there.
        """
}
