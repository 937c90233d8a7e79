/// Where the HTTP before a conversation stands: what was asked, and how far each side was read.
struct HTTPExchange: Sendable {
    /// How the client's bytes are taken.
    enum ClientMode: Sendable {
        /// As requests.
        case requests
        /// It has asked for WebSocket: what follows is kept until the answer says whether it is frames.
        case waiting
        /// They do not begin with a request, since that was not captured: they are kept until a response decides.
        case unread
        /// They are missing, or too many to be kept.
        case lost
    }

    /// A request, and what its last byte came in.
    typealias SeenRequest = (head: RequestHead, piece: HeldStream.Piece?)

    /// The side that sends requests.
    let client: TCPPeer
    var clientMode = ClientMode.requests
    var requestWalk = HTTPWalk(.requests)
    var responseWalk = HTTPWalk(.responses)
    /// Requests without an answer, the first one first, and what each of them ended in. Before ``firstRequest``, what
    /// was taken of them.
    private var requests: [SeenRequest] = []
    private var firstRequest = 0
    /// The lengths of their targets, added up.
    private var targetCount = 0
    /// Requests that were answered count, too.
    private(set) var hasRequest = false
    var hasResponse = false
    /// What the server sent in place of a response.
    var beforeResponse = BytesBeforeResponse()
    /// Nothing more will come of either side.
    var isOver = false
    /// The server's bytes are missing from where its stream ends.
    var isServerLost = false
    /// A response may belong to a request that was not captured. While it may not, it waits for its request: packets
    /// are not always captured in their order.
    var mayLackRequests = false
    /// More of the client's bytes came while it was waiting than can be kept.
    var hasOverflowed = false

    /// Nobody pipelines as many requests.
    private static let maximumRequests = 1_024

    init(client: TCPPeer) {
        self.client = client
    }

    /// The status with which the last request for a WebSocket connection was refused: what the server sends on without
    /// a further request is not asked for. nil if there is none, or the client has sent another request.
    var refusedStatus: Int?
    /// Reads what looks like a further response after that.
    var secondWalk: HTTPWalk?

    /// There is a request without an answer.
    var awaitsResponse: Bool { firstRequest < requests.count }

    /// About what the requests take in memory, in bytes.
    var cost: Int {
        requests.count * MemoryLayout<SeenRequest>.stride + targetCount
    }

    /// Notes a request.
    ///
    /// - Returns: false when there are more without an answer than can be kept.
    mutating func add(_ request: RequestHead, in piece: HeldStream.Piece?) -> Bool {
        hasRequest = true
        guard requests.count - firstRequest < Self.maximumRequests else { return false }
        // Each is moved at most once, on the average.
        if firstRequest > requests.count / 2 {
            for request in requests.prefix(firstRequest) { targetCount -= request.head.target.utf8.count }
            requests.removeFirst(firstRequest)
            firstRequest = 0
        }
        targetCount += request.target.utf8.count
        requests.append((request, piece))
        return true
    }

    /// Takes the request that the next response answers.
    mutating func takeRequest() -> SeenRequest? {
        guard awaitsResponse else { return nil }
        let request = requests[firstRequest]
        firstRequest += 1
        if !awaitsResponse { forgetRequests() }
        return request
    }

    /// The client waits for the answer to a request for a WebSocket connection.
    var awaitsUpgrade: Bool { awaitsResponse && requests.last?.head.opensWebSocket == true }

    /// Takes the request for a WebSocket connection that the client waits for an answer to.
    mutating func takeOpeningRequest() -> SeenRequest? {
        guard awaitsUpgrade, let request = requests.last else { return nil }
        forgetRequests()
        return request
    }

    private mutating func forgetRequests() {
        requests.removeAll(keepingCapacity: requests.count == 1)
        (firstRequest, targetCount) = (0, 0)
    }
}
