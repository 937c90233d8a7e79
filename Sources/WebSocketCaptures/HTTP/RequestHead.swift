/// What a request's head says about the frames that may follow (RFC 6455 §4.1), and about its body.
struct RequestHead: Sendable {
    /// The request's method, as far as it matters to the response's body.
    enum Method: Sendable { case get, head, connect, other }

    let method: Method
    /// The digit after `HTTP/1.`.
    let minorVersion: Int
    let target: String
    let host: String?
    /// `websocket` stands in `Upgrade`.
    let asksForWebSocket: Bool
    /// `upgrade` stands in `Connection`.
    let connectionNamesUpgrade: Bool
    let key: ArraySlice<UInt8>?
    let version: String?
    /// nil if they are too many to be kept.
    let subprotocols: [ArraySlice<UInt8>]?
    let extensions: [String]
    let body: HTTPBody

    /// It is meant to open a WebSocket connection. One with a key and without `Upgrade` counts: the hop-by-hop headers
    /// are what a proxy takes away.
    var opensWebSocket: Bool { asksForWebSocket || key != nil }

    /// Reads a whole head; nil if it is none of HTTP/1.0 or HTTP/1.1, or where its body's length cannot be reported.
    init?(_ head: [UInt8]) {
        guard let line = HTTPHead.requestLine(of: head) else { return nil }
        guard let body = HTTPBody(ofRequest: head) else { return nil }
        method =
            if line.method.elementsEqual("GET".utf8) {
                .get
            } else if line.method.elementsEqual("HEAD".utf8) {
                .head
            } else if line.method.elementsEqual("CONNECT".utf8) {
                .connect
            } else {
                .other
            }
        minorVersion = line.minor
        self.body = body
        key = HTTPHead.values(of: "sec-websocket-key", in: head).first.map { Array($0.prefix(Self.shownLimit))[...] }
        asksForWebSocket = HTTPHead.has("websocket", in: "upgrade", of: head)
        target = HTTPHead.printable(line.target, limit: Self.shownLimit)
        guard asksForWebSocket || key != nil else {
            // It waits for its response with many others, perhaps; nothing else of it matters.
            (host, version, subprotocols, extensions) = (nil, nil, nil, [])
            connectionNamesUpgrade = false
            return
        }
        host = HTTPHead.values(of: "host", in: head).first.map { HTTPHead.printable($0, limit: Self.shownLimit) }
        connectionNamesUpgrade = HTTPHead.has("upgrade", in: "connection", of: head)
        version = HTTPHead.values(of: "sec-websocket-version", in: head).first.map {
            HTTPHead.printable($0, limit: 100)
        }
        let subprotocols = HTTPHead.elements(of: "sec-websocket-protocol", in: head)
        self.subprotocols = subprotocols.count <= Self.maximumSubprotocolCount ? subprotocols : nil
        extensions = HTTPHead.extensions(in: head)
    }

    /// A head may be 64 KiB long, and reports name its target often: this many bytes of it are kept.
    private static let shownLimit = 2_048
    private static let maximumSubprotocolCount = 256
}
