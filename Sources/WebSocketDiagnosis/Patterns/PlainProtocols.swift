internal import WebSocketFrames

// Protocols that are often carried in WebSocket messages, and here stand on the connection without frames.

extension OtherProtocols {
    /// `SSH-2.0-…`, an MQTT CONNECT, `CONNECTED` of STOMP …
    static func other(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, let found = plain(context) ?? mqtt(context) else { return nil }
        let shows = found.isText ? Wording.quoted(context.head.line) : Wording.hex(context.head, atMost: 12)
        return Match(
            certainty: found.certainty,
            message: "the \(Wording.count(context.head.count, "byte")) from \(context.place(context.start)) on are "
                + "\(found.name) without a WebSocket frame around it: \(shows).")
    }

    private struct Found {
        let name: String
        let certainty: Diagnosis.Certainty
        let isText: Bool
    }

    private struct Opening: Sendable {
        let name: String
        let bytes: [UInt8]
        /// What must stand in the first line as well; empty where the opening is enough.
        var also = ""
        var certainty = Diagnosis.Certainty.certain

        init(_ name: String, _ text: String, also: String = "", _ certainty: Diagnosis.Certainty = .certain) {
            self.init(name, Array(text.utf8), also: also, certainty)
        }

        init(_ name: String, _ bytes: [UInt8], also: String = "", _ certainty: Diagnosis.Certainty = .certain) {
            self.name = name
            self.bytes = bytes
            self.also = also
            self.certainty = certainty
        }
    }

    private static func plain(_ context: ViolationContext) -> Found? {
        let head = context.head
        let line = head.prefix(256).line
        for opening in openings where head.starts(with: opening.bytes) {
            guard opening.also.isEmpty || line.holds(anyCase: opening.also) else { continue }
            return Found(
                name: opening.name, certainty: opening.certainty, isText: CleanText.isASCII(head.first ?? 0))
        }
        // STOMP: a command alone on its line, then a header line.
        let command = String(decoding: line.prefix(12), as: UTF8.self)
        if stompCommands.contains(command) {
            let next = head[line.endIndex...].drop { $0 == 0x0D || $0 == 0x0A }.prefix(128).line
            if next.contains(0x3A), CleanText.holds(next) {
                return Found(name: "STOMP", certainty: .certain, isText: true)
            }
        }
        return nil
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
        Opening("RESP (Redis)", "+OK\r\n", .likely),
        Opening("NATS", "INFO {\"server_id\""), Opening("NATS", "CONNECT {"),
        Opening("XMPP", "<?xml ", also: "<stream:stream"), Opening("XMPP", "<stream:stream"),
        Opening("SMTP", "220 ", also: "smtp"), Opening("SMTP", "EHLO "), Opening("SMTP", "HELO ", .likely),
        Opening("FTP", "220 ", also: "ftp"),
        Opening("IMAP", "* OK ", also: "imap"), Opening("POP3", "+OK ", also: "pop3"),
        Opening("IRC", ":", also: " notice "), Opening("IRC", "NICK ", .likely), Opening("IRC", "PRIVMSG "),
        Opening("SOCKS 5", [0x05, 0x01, 0x00], .possible),
        Opening("RDP (TPKT)", [0x03, 0x00, 0x00, 0x13, 0x0E]), Opening("RDP (TPKT)", [0x03, 0x00, 0x00, 0x0B, 0x06]),
        Opening("the greeting of MySQL", [0x4A, 0x00, 0x00, 0x00, 0x0A]),
        Opening("Telnet", [0xFF, 0xFD]), Opening("Telnet", [0xFF, 0xFB]),
    ]

    /// Packets of MQTT, one after the other (MQTT 3.1.1 §2.2).
    private static func mqtt(_ context: ViolationContext) -> Found? {
        let head = context.head
        var at = head.startIndex
        var packets = 0
        var first: UInt8 = 0
        while at + 1 < head.endIndex, let packet = MQTTPacket(head[at...]) {
            if packets == 0 { first = packet.kind }
            packets += 1
            at += packet.count
            if at >= head.endIndex { break }
        }
        // What may begin a frame of WebSocket is one.
        guard packets > 1 || first == 1, !FramePlace.canBegin[Int(head.first ?? 0)] else { return nil }
        let name = "MQTT"
        let isWhole = at == head.endIndex
        // A connection begins with these two, and both are recognised by more than their type.
        if first == 1 || first == 2 { return Found(name: name, certainty: .certain, isText: false) }
        guard isWhole || packets > 3 else { return nil }
        return Found(name: name, certainty: packets > 2 ? .certain : .likely, isText: false)
    }
}

/// One packet of MQTT, as far as its fixed header tells.
private struct MQTTPacket {
    /// 1 for CONNECT … 15.
    let kind: UInt8
    /// Bytes of it, header included; it may be cut.
    let count: Int

    init?(_ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first else { return nil }
        kind = first >> 4
        let flags = first & 0x0F
        switch kind {
        case 0: return nil
        case 3: guard flags & 0x06 != 0x06 else { return nil }
        case 6, 8, 10: guard flags == 2 else { return nil }
        default: guard flags == 0 else { return nil }
        }
        var length = 0
        var used = 1
        while true {
            guard used < 5, bytes.count > used else { return nil }
            let byte = bytes[bytes.startIndex + used]
            length |= Int(byte & 0x7F) << (7 * (used - 1))
            used += 1
            if byte & 0x80 == 0 { break }
        }
        let body = bytes.dropFirst(used)
        switch kind {
        case 1:
            guard
                body.starts(with: [0x00, 0x04, 0x4D, 0x51, 0x54, 0x54])
                    || body.starts(with: [0x00, 0x06, 0x4D, 0x51, 0x49, 0x73])
            else { return nil }
        case 2: guard length >= 2, let flags = body.first, flags <= 1 else { return nil }
        case 4...7, 11: guard length >= 2 else { return nil }
        case 3: guard length >= 2, body.count >= 2, Int(body.prefix(2).number()) + 2 <= length else { return nil }
        case 8, 9, 10: guard length >= 3 else { return nil }
        case 12, 13: guard length == 0 else { return nil }
        default: break
        }
        count = used + length
    }
}
