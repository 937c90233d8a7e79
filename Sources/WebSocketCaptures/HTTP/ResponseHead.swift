import WebSocketFrames

/// What a response's head says about the frames after it (RFC 6455 §4.2.2).
struct ResponseHead: Sendable {
    let status: Int
    /// The digit after `HTTP/1.`.
    let minorVersion: Int
    /// Whether it has an `Upgrade` header that names something.
    let namesAnUpgrade: Bool
    /// Whether `Upgrade` contains `websocket`.
    let switchesToWebSocket: Bool
    /// Whether `Connection` contains `upgrade`.
    let connectionNamesUpgrade: Bool
    let accept: ArraySlice<UInt8>?
    /// The subprotocols that were chosen: one, or none.
    let subprotocols: [ArraySlice<UInt8>]
    /// The names of the extensions that it agrees to.
    let extensions: [String]
    /// What it says about permessage-deflate: one element, or none.
    let deflateAnswers: [WebSocketExtension]
    /// The part of its extensions that cannot be parsed.
    let brokenExtensions: MalformedExtensions?
    /// `Content-Length` and `Transfer-Encoding`, if present.
    let bodyFields: [String]
    let faults: HeadFaults?
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
            (accept, subprotocols, extensions, deflateAnswers) = (nil, [], [], [])
            (brokenExtensions, bodyFields, faults) = (nil, [], nil)
            return
        }
        namesAnUpgrade = !HTTPHead.elements(of: "upgrade", in: head).isEmpty
        switchesToWebSocket = HTTPHead.has("websocket", in: "upgrade", of: head)
        connectionNamesUpgrade = HTTPHead.has("upgrade", in: "connection", of: head)
        accept = HTTPHead.values(of: "sec-websocket-accept", in: head).first
        subprotocols = Array(
            HTTPHead.elements(of: "sec-websocket-protocol", in: head).prefix(Self.maximumSubprotocolCount))
        extensions = HTTPHead.extensions(in: head)
        let answers = ExtensionElements(in: head)
        deflateAnswers = answers.deflate
        brokenExtensions = answers.fault
        bodyFields = ["Content-Length", "Transfer-Encoding"].filter { name in
            !HTTPHead.values(of: name == "Content-Length" ? "content-length" : "transfer-encoding", in: head).isEmpty
        }
        faults = HeadFaults(
            head, single: ["Sec-WebSocket-Accept"], filled: ["Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"])
    }

    /// The subprotocol that was agreed on; nil if none was.
    var subprotocol: ArraySlice<UInt8>? { subprotocols.first }

    /// Whether another response to the same request follows (RFC 9110 §15.2).
    var isInterim: Bool { status / 100 == 1 && status != 101 }

    /// Returns the body after it, as the response to that request; nil if its length cannot be determined.
    func body(answering request: RequestHead?) -> HTTPBody? {
        let hasNone = request?.method == "HEAD" || status / 100 == 1 || status == 204 || status == 304
        return hasNone ? HTTPBody.none : HTTPBody(ofResponse: head)
    }

    /// The most that are reported.
    private static let maximumSubprotocolCount = 8
}
