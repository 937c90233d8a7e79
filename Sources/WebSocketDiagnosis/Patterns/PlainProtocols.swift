internal import WebSocketCaptures
internal import WebSocketFrames

// Protocols that are often carried in WebSocket messages, but here are on the connection without frames.

extension OtherProtocols {
    /// `SSH-2.0-…`, an MQTT CONNECT, `CONNECTED` of STOMP …
    static func other(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, let found = plain(context.head) ?? mqtt(context) else { return nil }
        let head = context.head
        let shows = found.isText ? Wording.quoted(head.line) : Wording.hex(head.prefix(12), atMost: 12)
        return Match(
            certainty: found.certainty,
            message: "the bytes from \(context.place(context.start)) on are \(found.name) without a WebSocket frame "
                + "around it; they begin with \(shows).")
    }

    private struct Found {
        let name: String
        let certainty: Diagnosis.Certainty
        let isText: Bool
    }

    private static func plain(_ head: ArraySlice<UInt8>) -> Found? {
        PlainProtocol(beginning: head).map {
            Found(
                name: $0.name, certainty: Diagnosis.Certainty(rawValue: $0.strength.rawValue) ?? .possible,
                isText: CleanText.isASCII(head.first ?? 0))
        }
    }

    /// Finds consecutive MQTT packets (MQTT 3.1.1 §2.2).
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
        // What may begin a WebSocket frame is regarded as one.
        guard packets > 1 || first == 1, !LocatedFrame.canBegin[Int(head.first ?? 0)] else { return nil }
        let name = "MQTT"
        let isWhole = at == head.endIndex
        // A connection begins with these two, and both are recognised by more than their type.
        if first == 1 || first == 2 { return Found(name: name, certainty: .certain, isText: false) }
        guard isWhole || packets > 3 else { return nil }
        return Found(name: name, certainty: packets > 2 ? .certain : .likely, isText: false)
    }
}

/// One MQTT packet, judging by its fixed header.
private struct MQTTPacket {
    /// The packet type: 1 for CONNECT … 15.
    let kind: UInt8
    /// The number of its bytes, header included; it may be cut off.
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
        case 4...7, 9, 11: guard length >= 2, Self.hasIdentifier(body) else { return nil }
        case 3: guard Self.topic(body, within: length) else { return nil }
        case 8, 10:
            guard Self.hasIdentifier(body), Self.topic(body.dropFirst(2), within: length - 2) else { return nil }
        case 12, 13: guard length == 0 else { return nil }
        default: break
        }
        count = used + length
    }

    /// Returns whether it has a packet identifier, which is never 0 (§2.3.1).
    private static func hasIdentifier(_ body: ArraySlice<UInt8>) -> Bool { body.prefix(2).contains { $0 != 0 } }

    /// Returns whether it begins with a topic, of bytes that topics have, as far as it is known.
    private static func topic(_ body: ArraySlice<UInt8>, within length: Int) -> Bool {
        guard length >= 3, body.count > 2 else { return false }
        let count = Int(body.prefix(2).number())
        return (1...(length - 2)).contains(count) && CleanText.holds(body.dropFirst(2).prefix(count), isCut: true)
    }
}
