/// A protocol that is often carried in WebSocket messages, recognised by its beginning if it occurs on its own.
public struct PlainProtocol: Sendable {
    /// How conclusive the beginning is.
    public enum Strength: String, Sendable {
        /// Nothing else begins like this.
        case certain
        /// Little else does.
        case likely
        /// Other things do.
        case possible
    }

    /// Its usual name: `SSH`, `RESP (Redis)`.
    public let name: String
    /// How conclusive the beginning is.
    public let strength: Strength

    /// Recognises a protocol by its first bytes; nil if it is none of these.
    public init?(beginning head: ArraySlice<UInt8>) {
        let line = Self.line(head.prefix(256))
        if let opening = Self.openings.first(where: { $0.fits(head, line) }) {
            (name, strength) = (opening.name, opening.strength)
            return
        }
        // STOMP: a command alone on its line, then a header line.
        guard Self.stompCommands.contains(String(decoding: line.prefix(13), as: UTF8.self)) else { return nil }
        let next = Self.line(
            head[line.endIndex...].drop { $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed }.prefix(128))
        guard next.contains(ASCII.colon), next.allSatisfy({ $0 >= 0x20 }) else { return nil }
        (name, strength) = ("STOMP", .certain)
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.prefix { $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed }
    }

    private struct Opening: Sendable {
        let name: String
        let bytes: [UInt8]
        /// What the first line must also contain, in lower case; empty if the opening is enough.
        let also: [UInt8]
        let strength: Strength

        init(_ name: String, _ text: String, also: String = "", _ strength: Strength = .certain) {
            self.init(name, Array(text.utf8), also: also, strength)
        }

        init(_ name: String, _ bytes: [UInt8], also: String = "", _ strength: Strength = .certain) {
            self.name = name
            self.bytes = bytes
            self.also = Array(also.utf8)
            self.strength = strength
        }

        func fits(_ head: ArraySlice<UInt8>, _ line: ArraySlice<UInt8>) -> Bool {
            guard head.starts(with: bytes) else { return false }
            return also.isEmpty || line.indices.contains { line[$0...].lazy.map(\.lowercased).starts(with: also) }
        }
    }

    private static let stompCommands: Set<String> = [
        "CONNECT", "STOMP", "CONNECTED", "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "MESSAGE", "RECEIPT", "ERROR",
        "DISCONNECT",
        "ACK", "NACK", "BEGIN", "COMMIT", "ABORT",
    ]

    private static let openings: [Opening] = [
        Opening("SSH", "SSH-2.0-"), Opening("SSH", "SSH-1."),
        Opening("RFB (VNC)", "RFB 003."), Opening("RFB (VNC)", "RFB 004."),
        Opening("AMQP", [0x41, 0x4D, 0x51, 0x50, 0x00]), Opening("AMQP", [0x41, 0x4D, 0x51, 0x50, 0x01]),
        Opening("AMQP", [0x41, 0x4D, 0x51, 0x50, 0x03]),
        Opening("SIP", "SIP/2.0 "), Opening("SIP", "INVITE ", also: " sip/2.0"),
        Opening("SIP", "REGISTER ", also: " sip/2.0"),
        Opening("SIP", "OPTIONS ", also: " sip/2.0"), Opening("SIP", "ACK ", also: " sip/2.0"),
        Opening("SIP", "BYE ", also: " sip/2.0"), Opening("SIP", "MESSAGE ", also: " sip/2.0"),
        Opening("SIP", "SUBSCRIBE ", also: " sip/2.0"), Opening("SIP", "NOTIFY ", also: " sip/2.0"),
        Opening("SIP", "CANCEL ", also: " sip/2.0"),
        Opening("RTSP", "RTSP/1.0 "), Opening("RTSP", "RTSP/2.0 "), Opening("RTSP", "DESCRIBE ", also: " rtsp/"),
        Opening("RTSP", "OPTIONS ", also: " rtsp/"), Opening("RTSP", "SETUP ", also: " rtsp/"),
        Opening("RTSP", "PLAY ", also: " rtsp/"),
        Opening("RESP (Redis)", "+PONG\r\n"), Opening("RESP (Redis)", "-NOAUTH "), Opening("RESP (Redis)", "-ERR "),
        Opening("RESP (Redis)", "-WRONGPASS "), Opening("RESP (Redis)", "*1\r\n$"), Opening("RESP (Redis)", "*2\r\n$"),
        Opening("RESP (Redis)", "*3\r\n$"), Opening("RESP (Redis)", "*4\r\n$"), Opening("RESP (Redis)", "*5\r\n$"),
        Opening("RESP (Redis)", "+OK\r\n$"), Opening("RESP (Redis)", "+OK\r\n+"), Opening("RESP (Redis)", "+OK\r\n:"),
        Opening("RESP (Redis)", "+OK\r\n*"), Opening("RESP (Redis)", "+OK\r\n", .likely),
        Opening("NATS", "INFO {\"server_id\""), Opening("NATS", "CONNECT {"),
        Opening("XMPP", "<?xml ", also: "<stream:stream"), Opening("XMPP", "<stream:stream"),
        Opening("SMTP", "220 ", also: "smtp"), Opening("SMTP", "EHLO "), Opening("SMTP", "HELO ", .likely),
        Opening("FTP", "220 ", also: "ftp"),
        Opening("IMAP", "* OK ", also: "imap"), Opening("POP3", "+OK ", also: "pop3"),
        Opening("IRC", ":", also: " notice "), Opening("IRC", "NICK ", .likely), Opening("IRC", "PRIVMSG "),
        Opening("SOCKS 5", [0x05, 0x01, 0x00], .possible),
        Opening("RDP (TPKT)", [0x03, 0x00, 0x00, 0x13, 0x0E]), Opening("RDP (TPKT)", [0x03, 0x00, 0x00, 0x0B, 0x06]),
        Opening("the greeting of MySQL", [0x4A, 0x00, 0x00, 0x00, 0x0A]),
        // Further commands are not checked: two bytes may well be something else.
        Opening("Telnet", [0xFF, 0xFD], .likely), Opening("Telnet", [0xFF, 0xFB], .likely),
    ]
}
