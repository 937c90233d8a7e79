/// Where the HTTP in front of a conversation stands: what was asked, and how far each side was read.
struct HTTPExchange: Sendable {
    /// How the client's bytes are taken.
    enum ClientMode: Sendable {
        /// As requests.
        case requests
        /// It has asked for WebSocket: what follows is kept until the answer says whether it is frames.
        case waiting
        /// They begin with no request, since that was not captured: they are kept until a response tells.
        case unread
        /// They are missing, or too many to be kept.
        case lost
    }

    /// The side that sends requests.
    let client: Side
    var clientMode = ClientMode.requests
    var requestWalk = HTTPWalk(.requests)
    var responseWalk = HTTPWalk(.responses)
    /// Requests without an answer, the first one first, and where each of them ended.
    private(set) var requests: [(head: RequestHead, moment: Moment?)] = []
    /// Requests that were answered count, too.
    private(set) var hasRequest = false
    var hasResponse = false
    /// The server's bytes are missing from where its stream ends.
    var isServerLost = false
    /// A response may belong to a request that was not captured. While it may not, it waits for its request: packets are
    /// not always captured in their order.
    var mayLackRequests = false
    /// More of the client's bytes came while it was waiting than can be kept.
    var hasOverflowed = false

    /// Nobody pipelines as many requests.
    private static let maximumRequests = 1_024

    init(client: Side) {
        self.client = client
    }

    /// Notes a request.
    ///
    /// - Returns: false when there are more without an answer than can be kept.
    mutating func add(_ request: RequestHead, at moment: Moment?) -> Bool {
        hasRequest = true
        guard requests.count < Self.maximumRequests else { return false }
        requests.append((request, moment))
        return true
    }

    /// Takes the request that the next response answers.
    mutating func takeRequest() -> (head: RequestHead, moment: Moment?)? {
        requests.isEmpty ? nil : requests.removeFirst()
    }

    /// Takes the request for a WebSocket connection that the client waits for an answer to.
    mutating func takeOpeningRequest() -> (head: RequestHead, moment: Moment?)? {
        guard let request = requests.last, request.head.opensWebSocket else { return nil }
        requests = []
        return request
    }
}
