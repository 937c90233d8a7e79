import WebSocketFrames

/// What a request's head says about the frames that may follow (RFC 6455 §4.1), and about its body.
struct RequestHead: Sendable {
    /// The request's method, as it was written, with everything unprintable replaced.
    let method: String
    /// The digit after `HTTP/1.`.
    let minorVersion: Int
    let target: String
    let host: String?
    /// Whether `Upgrade` contains `websocket`.
    let asksForWebSocket: Bool
    /// Whether `Connection` contains `upgrade`.
    let connectionNamesUpgrade: Bool
    let key: ArraySlice<UInt8>?
    let version: String?
    /// The value of `Authorization`, only to be compared; kept if it is known to be the handshake's request.
    let credentials: ArraySlice<UInt8>?
    /// The offered subprotocols; nil if there are too many to be kept.
    let subprotocols: [ArraySlice<UInt8>]?
    /// The names of the extensions that it offers.
    let extensions: [String]
    /// The offers of permessage-deflate, the preferred one first.
    let deflateOffers: [WebSocketExtension]
    /// The part of its extensions that cannot be parsed.
    let brokenExtensions: MalformedExtensions?
    let faults: HeadFaults?
    let body: HTTPBody

    /// Whether it is meant to open a WebSocket connection. One with a key and without `Upgrade` counts: a proxy
    /// removes the hop-by-hop headers.
    var opensWebSocket: Bool { asksForWebSocket || key != nil }

    /// Whether it is what a client may send after `before` was refused (RFC 6455 §4.1, §4.4): with credentials, another
    /// version, to another target after a redirect, or later with a new key. A copy is not.
    func isFurtherAttempt(after before: RequestHead) -> Bool {
        opensWebSocket
            && (key != before.key || version != before.version || target != before.target || host != before.host
                || (credentials != nil && credentials != before.credentials))
    }

    /// Reads a whole head; nil if it is not HTTP/1.0 or HTTP/1.1, or if its body's length cannot be determined.
    ///
    /// - Parameter isHandshake: whether it is known to be the handshake's request, whatever it says. Otherwise
    ///   nothing is kept of one that does not ask for WebSocket: it may wait for its response with many others.
    init?(_ head: [UInt8], isHandshake: Bool = false) {
        guard let line = HTTPHead.requestLine(of: head) else { return nil }
        key = HTTPHead.values(of: "sec-websocket-key", in: head).first.map { Array($0.prefix(Self.shownLimit))[...] }
        asksForWebSocket = HTTPHead.has("websocket", in: "upgrade", of: head)
        let opens = isHandshake || asksForWebSocket || key != nil
        // If the length of the body cannot be determined, frames cannot follow it: so it has none.
        guard let body = HTTPBody(ofRequest: head) ?? (opens ? HTTPBody.none : nil) else { return nil }
        self.body = body
        method = HTTPHead.printable(line.method, limit: Self.methodLimit)
        minorVersion = line.minor
        target = HTTPHead.printable(line.target, limit: Self.shownLimit)
        guard opens else {
            (host, version, subprotocols, extensions) = (nil, nil, nil, [])
            (deflateOffers, brokenExtensions, faults) = ([], nil, nil)
            (connectionNamesUpgrade, credentials) = (false, nil)
            return
        }
        host = HTTPHead.values(of: "host", in: head).first.map { HTTPHead.printable($0, limit: Self.shownLimit) }
        connectionNamesUpgrade = HTTPHead.has("upgrade", in: "connection", of: head)
        version = HTTPHead.values(of: "sec-websocket-version", in: head).first.map {
            HTTPHead.printable($0, limit: 100)
        }
        let credentials = isHandshake ? HTTPHead.values(of: "authorization", in: head).first : nil
        self.credentials = credentials.map { Array($0.prefix(Self.shownLimit))[...] }
        let subprotocols = HTTPHead.elements(of: "sec-websocket-protocol", in: head)
        self.subprotocols = subprotocols.count <= Self.maximumSubprotocolCount ? subprotocols : nil
        extensions = HTTPHead.extensions(in: head)
        let offers = ExtensionElements(in: head)
        deflateOffers = offers.deflate
        brokenExtensions = offers.fault
        faults = HeadFaults(
            head, single: ["Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version"],
            filled: ["Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"])
    }

    /// The number of bytes of its target that are kept: a head may be 64 KiB long, and reports name its target often.
    private static let shownLimit = 2_048
    /// The longest method; anything that begins with more is not a request (``HTTPWalk``).
    private static let methodLimit = 32
    private static let maximumSubprotocolCount = 256
}
