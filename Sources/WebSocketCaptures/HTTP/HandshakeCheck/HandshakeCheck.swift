import WebSocketFrames

/// What is doubtful about a handshake (RFC 6455 §4), whose frames are judged nevertheless.
///
/// The one place for captures, exports and dumps: it gets whichever of the two heads are known.
struct HandshakeCheck {
    /// What was found, about the request before the response.
    private(set) var notices: [Notice] = []

    /// A head, and where it ended.
    typealias Seen<Head> = (head: Head, packetPosition: PacketPosition?)

    /// Checks a request, and the response that belongs to it.
    ///
    /// - Parameters:
    ///   - request: nil if it is not known.
    ///   - response: nil if it is not known.
    ///   - otherAccepts: the accept values for the keys of other conversations.
    init(
        _ request: Seen<RequestHead>?, _ response: Seen<ResponseHead>?,
        otherAccepts: [[UInt8]] = []
    ) {
        if let request { check(request.head, at: request.packetPosition) }
        guard let response else { return }
        guard response.head.status == 101 else {
            add(
                .handshakeRefused,
                "The server answered the handshake with HTTP status \(response.head.status), not 101: no frames can "
                    + "follow.", .server, response.packetPosition)
            return
        }
        check(response.head, answering: request?.head, at: response.packetPosition)
        checkAccept(in: response.head, answering: request?.head, otherAccepts, at: response.packetPosition)
        checkExtensions(of: response.head, answering: request?.head, at: response.packetPosition)
        checkSubprotocol(of: response.head, answering: request?.head, at: response.packetPosition)
    }

    /// Notes what a capture lacks of a handshake.
    mutating func noteMissing(
        _ request: Seen<RequestHead>?, _ response: Seen<ResponseHead>?
    ) {
        if request == nil {
            add(
                .requestNotCaptured,
                "The capture holds the server's response to the handshake, but not the client's request: whether they "
                    + "fit cannot be checked.", nil, response?.packetPosition)
        }
        if response == nil {
            add(
                .responseNotCaptured,
                "The capture holds the client's request for a WebSocket connection, but no response to it: what was "
                    + "agreed on, and whether anything was, is not known.", nil, request?.packetPosition)
        }
    }

    // MARK: The request

    private mutating func check(_ request: RequestHead, at packetPosition: PacketPosition?) {
        func add(_ kind: NoticeKind, _ message: String) { self.add(kind, message, .client, packetPosition) }
        if request.method != "GET" {
            add(
                .requestNotGet,
                "The method of the request for a WebSocket connection is \(request.method), and must be GET (RFC 6455 §4.1)."
            )
        }
        if request.minorVersion == 0 {
            add(.oldHttpVersion, "The request is HTTP/1.0; the handshake needs 1.1 (RFC 6455 §4.1).")
        }
        if request.host?.isEmpty ?? true {
            add(
                .missingHost,
                "The request \(request.host == nil ? "has no Host" : "has an empty Host"): it must have one (RFC 6455 "
                    + "§4.1), and a server must refuse a request of HTTP/1.1 without it (RFC 9112 §3.2).")
        }
        if !request.asksForWebSocket {
            let kind = request.key == nil ? "The request has no" : "The request has a Sec-WebSocket-Key, but no"
            add(
                .missingUpgrade,
                "\(kind) Upgrade: websocket (RFC 6455 §4.1). A proxy before the server takes it away unless it is "
                    + "configured to pass it on.")
        } else if !request.connectionNamesUpgrade {
            add(
                .missingConnectionUpgrade,
                "The request has no Connection: Upgrade (RFC 6455 §4.1). A proxy takes it away unless it is configured "
                    + "to pass it on.")
        }
        if request.version != "13" {
            let found = request.version.map { "says \"\($0)\"" } ?? "is missing"
            add(.wrongVersion, "Sec-WebSocket-Version \(found) in the request; it must be 13 (RFC 6455 §4.1).")
        }
        if let key = request.key {
            if Base64.decodedCount(of: key) != 16 {
                add(
                    .wrongKey,
                    "Sec-WebSocket-Key is \"\(Self.shown(key))\", which is not the Base64 of 16 bytes (RFC 6455 §4.1).")
            }
        } else {
            add(.missingKey, "The request has no Sec-WebSocket-Key (RFC 6455 §4.1).")
        }
        if let faults = request.faults { check(faults, of: .client, at: packetPosition) }
        checkOffers(of: request, at: packetPosition)
    }

    // MARK: The response

    private mutating func check(
        _ response: ResponseHead, answering request: RequestHead?, at packetPosition: PacketPosition?
    ) {
        func add(_ kind: NoticeKind, _ message: String) { self.add(kind, message, .server, packetPosition) }
        if response.minorVersion == 0 {
            add(.oldHttpVersion, "The response is HTTP/1.0; the handshake needs 1.1 (RFC 6455 §4.1).")
        }
        if !response.namesAnUpgrade {
            add(.missingUpgrade, "The response has no Upgrade: websocket (RFC 6455 §4.2.2).")
        } else if !response.connectionNamesUpgrade {
            add(.missingConnectionUpgrade, "The response has no Connection: Upgrade (RFC 6455 §4.2.2).")
        }
        if !response.bodyFields.isEmpty {
            add(
                .bodyIn101,
                "The 101 has \(response.bodyFields.joined(separator: " and ")), which a server must not send with any "
                    + "status 1xx (RFC 9110 §8.6, RFC 9112 §6.1). A 101 has no body: frames begin after its blank line, "
                    + "and a client that looks for a body loses them.")
        }
        if let faults = response.faults { check(faults, of: .server, at: packetPosition) }
    }

    /// Checks the form of a head.
    private mutating func check(_ faults: HeadFaults, of sender: Endpoint, at packetPosition: PacketPosition?) {
        let head = sender == .client ? "request" : "response"
        if !faults.malformed.isEmpty {
            add(
                .malformedHeader,
                "The \(head)'s head is malformed: \(faults.malformed.joined(separator: "; ")). Strict "
                    + "\(sender.peer.name)s and proxies refuse it.", sender, packetPosition)
        }
        if !faults.repeated.isEmpty {
            let names = faults.repeated.joined(separator: " and ")
            let section = faults.repeated == ["Host"] ? "RFC 9112 §3.2" : "RFC 6455 §11.3"
            add(
                .repeatedHeader,
                "\(names) \(faults.repeated.count == 1 ? "comes" : "come") more than once in the \(head), and must not "
                    + "(\(section)): which of them counts differs from one implementation to the next.", sender,
                packetPosition)
        }
        for name in faults.empty {
            let section = name.hasSuffix("Protocol") ? "§4.1, §11.3.4" : "§9.1"
            add(
                .emptyHeader,
                "The \(head) has an empty \(name): it must have at least one element, or be left out (RFC 6455 \(section)). "
                    + (sender == .server ? "Chromium, among others, fails the connection." : "Some servers refuse it."),
                sender, packetPosition)
        }
    }

    private mutating func checkSubprotocol(
        of response: ResponseHead, answering request: RequestHead?, at packetPosition: PacketPosition?
    ) {
        func add(_ kind: NoticeKind, _ message: String) { self.add(kind, message, .server, packetPosition) }
        if response.subprotocols.count > 1 {
            let names = response.subprotocols.map { "\"\(Self.shown($0))\"" }.joined(separator: ", ")
            add(
                .repeatedHeader,
                "The response chooses \(response.subprotocols.count) subprotocols (\(names)): Sec-WebSocket-Protocol "
                    + "must not come more than once in a response, and names one of those offered (RFC 6455 §4.2.2, "
                    + "§11.3.4). A browser fails the connection.")
        }
        guard let request, let offered = request.subprotocols else { return }
        for agreed in response.subprotocols where !offered.contains(agreed) {
            add(
                .unofferedSubprotocol,
                "The response agrees to the subprotocol \"\(Self.shown(agreed))\", which the request did not offer: the "
                    + "client must fail the connection (RFC 6455 §4.1).")
        }
        if response.subprotocols.isEmpty, !offered.isEmpty,
            response.faults?.empty.contains("Sec-WebSocket-Protocol") != true
        {
            let names = offered.prefix(4).map { "\"\(Self.shown($0))\"" }.joined(separator: ", ")
            add(
                .subprotocolNotChosen,
                "The request offers the subprotocol\(offered.count == 1 ? "" : "s") \(names)"
                    + "\(offered.count > 4 ? ", …" : ""), and the response chooses none. By RFC 6455 §4.2.2 a server may, "
                    + "and the connection is open; but a browser must fail it (WHATWG WebSockets, \"establish a "
                    + "WebSocket connection\"), as Chromium does.")
        }
    }

    // MARK: -

    /// Returns the notice that the server has answered a request twice.
    static func secondResponse(after status: Int, at packetPosition: PacketPosition?) -> Notice {
        Notice(
            .secondResponse, about: .server,
            "The server sent a 101 after it had answered the same request with \(status). A request has one final "
                + "response (RFC 9110 §15): to the client the handshake was refused, and it does not take "
                + "what follows for frames. Look for two parts of the server that both answer.", at: packetPosition)
    }

    mutating func add(
        _ kind: NoticeKind, _ message: String, _ endpoint: Endpoint?, _ packetPosition: PacketPosition?
    ) {
        notices.append(Notice(kind, about: endpoint, message, at: packetPosition))
    }

    /// Returns a value for a readable message: of one that would fill a screen, only the beginning.
    static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        HTTPHead.printable(bytes, limit: 100)
    }
}
