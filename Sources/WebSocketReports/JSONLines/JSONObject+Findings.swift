import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

// Parts that several kinds of rows share.

extension JSONObject {
    /// Creates a row about a stream, or about something that cannot be attributed to one.
    init(_ type: String, _ origin: StreamOrigin) {
        self.init(type, ofConversation: origin)
        add("sender", origin.sender?.name ?? "unknown")
    }

    /// Creates a row about a conversation.
    init(_ type: String, ofConversation origin: StreamOrigin) {
        self.init()
        add("type", type)
        add("source", origin.source)
        add("connection", origin.connection.map { UInt64(clamping: $0) })
    }

    /// Adds a position in a capture, if there is one.
    mutating func add(_ packetPosition: PacketPosition?) {
        guard let packetPosition else { return }
        add("packet", packetPosition.packet)
        add("time", packetPosition.time?.description)
    }

    /// Adds what happened, if that is known.
    mutating func add(_ diagnosis: Diagnosis?) {
        guard let diagnosis else { return }
        var object = JSONObject()
        object.add("name", diagnosis.name)
        object.add("certainty", diagnosis.certainty.rawValue)
        object.add("suspect", diagnosis.suspect.rawValue)
        object.add("message", diagnosis.message)
        object.add("checks", diagnosis.checks)
        add("diagnosis", object)
    }

    /// Creates a row about both hops of a proxy. Delays are in nanoseconds.
    init(_ finding: HopsFinding) {
        self.init("hops", ofConversation: finding.front)
        add("otherSource", finding.back.source)
        add("otherConnection", finding.back.connection.map { UInt64(clamping: $0) })
        add("evidence", finding.evidence.rawValue)
        for sender in Endpoint.allCases {
            var object = JSONObject()
            object.add("sameMessages", UInt64(clamping: finding.comparison.equalCounts[sender] ?? 0))
            object.add("medianDelay", finding.comparison.delays[sender]?.median)
            object.add("longestDelay", finding.comparison.delays[sender]?.longest)
            add(sender.name, object)
        }
        add("facts", finding.comparison.facts)
        add("differences", finding.comparison.differences.map(JSONObject.init(_:)))
    }

    private init(_ difference: HopDifference) {
        self.init()
        add("kind", difference.kind.rawValue)
        add("sender", difference.sender?.name)
        add("count", UInt64(clamping: difference.count))
        add("packet", difference.front?.packet)
        add("otherPacket", difference.back?.packet)
    }

    /// Adds what a stream's row says about its conversation.
    mutating func add(_ summary: StreamSummary, in head: ConversationHead, endedBy ending: Ending?) {
        let isClient = summary.origin.sender == .client
        let isServer = summary.origin.sender == .server
        let address = summary.address ?? (isClient ? head.client : isServer ? head.server : nil)
        let peerAddress = summary.peerAddress ?? (isClient ? head.server : isServer ? head.client : nil)
        add("address", address?.description)
        add("peerAddress", peerAddress?.description)
        add("client", head.client?.description)
        add("server", head.server?.description)
        add("opening", head.opening.name)
        add("method", head.method)
        add("target", head.target)
        add("subprotocol", head.subprotocol)
        add("extensions", head.agreedExtensions)
        add("ending", ending?.kind.rawValue)
        add("endingIsRight", ending?.isRight)
        add("host", head.host)
    }
}

extension ConversationHead {
    /// The names of the extensions that were agreed on; nil if no response was seen.
    var agreedExtensions: [String]? {
        agreedDeflate.map { ($0 ? ["permessage-deflate"] : []) + otherExtensions }
    }
}

extension ConversationHead.Opening {
    /// `upgrade`, `middle` or `refused`.
    var name: String {
        switch self {
        case .upgrade: "upgrade"
        case .extendedConnect: "HTTP/2"
        case .middle: "middle"
        case .refused: "refused"
        }
    }
}
