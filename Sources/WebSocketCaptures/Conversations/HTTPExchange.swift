/// The state of the HTTP before a conversation: what was asked, and how far each side was read.
struct HTTPExchange: Sendable {
    /// How the client's bytes are read.
    enum ClientMode: Sendable {
        /// As requests.
        case requests
        /// It has asked for WebSocket: what follows is kept until the answer says whether it is frames.
        case waiting
        /// They do not begin with a request, which was not captured: they are kept until a response decides.
        case unread
        /// They are missing, or too many to be kept.
        case lost
    }

    /// A request, and the piece that contained its last byte.
    typealias SeenRequest = (head: RequestHead, piece: HeldStream.Piece?)

    /// The side that sends requests.
    let client: TCPPeer
    var clientMode = ClientMode.requests
    var requestWalk = HTTPWalk(.requests)
    var responseWalk = HTTPWalk(.responses)
    /// The requests without an answer, in order, and the piece that each ended in. Those before ``firstRequest`` have
    /// been removed.
    private var requests: [SeenRequest] = []
    private var firstRequest = 0
    /// The total length of their targets.
    private var targetCount = 0
    /// Whether there was a request, answered or not.
    private(set) var hasRequest = false
    var hasResponse = false
    /// What the server sent instead of a response.
    var beforeResponse = BytesBeforeResponse()
    /// Whether nothing more will come from either side.
    var isOver = false
    /// Whether the server's bytes are missing from where its stream ends.
    var isServerLost = false
    /// Whether a response may belong to a request that was not captured. Otherwise it waits for its request: packets
    /// are not always captured in order.
    var mayLackRequests = false
    /// Whether more bytes of the client arrived while it was waiting than can be kept.
    var hasOverflowed = false

    /// More requests than anybody pipelines.
    private static let maximumRequests = 1_024

    init(client: TCPPeer) {
        self.client = client
    }

    /// The status with which the last request for a WebSocket connection was refused: what the server sends after it
    /// was not asked for. Nil if there is none, or if the client has sent another request.
    var refusedStatus: Int?
    /// Reads what looks like a further response after that.
    var secondWalk: HTTPWalk?

    /// Whether there is a request without an answer.
    var awaitsResponse: Bool { firstRequest < requests.count }

    /// The approximate memory that the requests take, in bytes.
    var cost: Int {
        requests.count * MemoryLayout<SeenRequest>.stride + targetCount
    }

    /// Notes a request.
    ///
    /// - Returns: false if there are more without an answer than can be kept.
    mutating func add(_ request: RequestHead, in piece: HeldStream.Piece?) -> Bool {
        hasRequest = true
        guard requests.count - firstRequest < Self.maximumRequests else { return false }
        // On average, each is moved at most once.
        if firstRequest > requests.count / 2 {
            for request in requests.prefix(firstRequest) { targetCount -= request.head.target.utf8.count }
            requests.removeFirst(firstRequest)
            firstRequest = 0
        }
        targetCount += request.target.utf8.count
        requests.append((request, piece))
        return true
    }

    /// Removes and returns the request that the next response answers.
    mutating func takeRequest() -> SeenRequest? {
        guard awaitsResponse else { return nil }
        let request = requests[firstRequest]
        firstRequest += 1
        if !awaitsResponse { forgetRequests() }
        return request
    }

    /// Whether the client waits for the answer to a request for a WebSocket connection.
    var awaitsUpgrade: Bool { awaitsResponse && requests.last?.head.opensWebSocket == true }

    /// Removes and returns the request for a WebSocket connection that the client waits for an answer to.
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
