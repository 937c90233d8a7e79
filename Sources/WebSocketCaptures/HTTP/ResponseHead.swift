/// What a response's head says about the frames after it (RFC 6455 §4.2.2).
struct ResponseHead: Sendable {
    let status: Int
    /// The digit after `HTTP/1.`.
    let minorVersion: Int
    /// It has an `Upgrade` header that names something.
    let namesAnUpgrade: Bool
    /// `websocket` stands in `Upgrade`.
    let switchesToWebSocket: Bool
    /// `upgrade` stands in `Connection`.
    let connectionNamesUpgrade: Bool
    let accept: ArraySlice<UInt8>?
    let subprotocol: ArraySlice<UInt8>?
    let extensions: [String]
    private let head: [UInt8]

    /// Reads a whole head; nil if it has no version or status.
    init?(_ head: [UInt8]) {
        guard let status = HTTPHead.status(in: head), let minor = HTTPHead.minorVersion(in: head[...]) else {
            return nil
        }
        self.status = status
        self.head = head
        minorVersion = minor
        guard status == 101 else {
            (namesAnUpgrade, switchesToWebSocket, connectionNamesUpgrade) = (false, false, false)
            (accept, subprotocol, extensions) = (nil, nil, [])
            return
        }
        namesAnUpgrade = !HTTPHead.elements(of: "upgrade", in: head).isEmpty
        switchesToWebSocket = HTTPHead.has("websocket", in: "upgrade", of: head)
        connectionNamesUpgrade = HTTPHead.has("upgrade", in: "connection", of: head)
        accept = HTTPHead.values(of: "sec-websocket-accept", in: head).first
        subprotocol = HTTPHead.values(of: "sec-websocket-protocol", in: head).first { !$0.isEmpty }
        extensions = HTTPHead.extensions(in: head)
    }

    /// Another response to the same request follows (RFC 9110 §15.2).
    var isInterim: Bool { status / 100 == 1 && status != 101 }

    /// The body after it, as the response to that request; nil if its length cannot be reported.
    func body(answering request: RequestHead?) -> HTTPBody? {
        let hasNone = request?.method == .head || status / 100 == 1 || status == 204 || status == 304
        return hasNone ? HTTPBody.none : HTTPBody(ofResponse: head)
    }
}
