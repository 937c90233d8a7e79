/// What to do about a conversation that TLS encrypts (`wss:`): nobody sees its frames without the session's keys.
public enum TLSGuide {
    /// How to get at the frames, in a few sentences for a person.
    public static let text = """
        The frames of a WebSocket conversation inside can only be seen with the session's keys. Run the client or \
        the server with the environment variable SSLKEYLOGFILE=keys.log (browsers, curl, Node.js with \
        --tls-keylog=keys.log, Python with SSLContext.keylog_filename), and capture again. Then give what this prints: \
        tshark -r capture.pcapng -o tls.keylog_file:keys.log -q -z follow,tls,raw,N, with N the number of the TCP stream, \
        from 0. In Wireshark: Preferences, Protocols, TLS, (Pre)-Master-Secret log filename; then Follow, TLS Stream, \
        show data as YAML, and save that. editcap --inject-secrets tls,keys.log puts the keys into the capture, so that \
        both programs find them there.
        """
}
