import WebSocketFrames

/// Finds the HTTP handshake that a dump may begin with, passed in pieces of any size.
///
/// A dump has a handshake if it begins with an HTTP/1 request or response. A dump of one side has one of them; a
/// transcript has both, in either order. As in a capture, interim responses (100, 103) are skipped, and so are
/// requests and refusals before the handshake that succeeded, with their bodies: the 101 answers the last request
/// before it. In the client's side alone, a request that was refused is recognised by the next one, if that differs as
/// one that is made after a refusal does.
///
/// ```swift
/// var reader = HandshakeReader()
/// switch reader.read(received.span) {
/// case .needMore: break  // the whole piece was taken
/// case .ended(let handshake, let consumed):  // the stream is reader.pending, then the piece after `consumed`
///     print(handshake?.agreedDeflate ?? false, consumed, reader.pending.count)
/// case .broken(let message): print(message)
/// }
/// ```
public struct HandshakeReader: Sendable {
    /// The most bytes of a request's or a response's head.
    public static let maximumHeadCount = 65_536

    /// The progress of the reader.
    public enum Progress: Sendable, Hashable {
        /// The whole piece was consumed, and the handshake has not ended.
        case needMore
        /// The handshake has ended, or there is none. The stream is ``HandshakeReader/pending`` and then what is after
        /// the first `consumed` bytes of this piece.
        case ended(Handshake?, consumed: Int)
        /// The dump begins with a handshake that cannot be parsed.
        case broken(String)
    }

    private enum State {
        /// Where a head may begin: ``pending`` is what looks like one so far.
        case between
        /// Inside a head, whose bytes so far are `head`.
        case head
        /// In the body of a request or a response that was not the handshake.
        case body(HTTPWalk)
        case ended
        case broken(String)
    }

    private var state = State.between
    private var head: [UInt8] = []
    private var headEnd = HTTPHeadEnd()
    /// The empty lines before that head.
    private var breaksBeforeHead: [UInt8] = []
    private var request: RequestHead?
    private var response: ResponseHead?
    private var byteCount: UInt64 = 0
    private var requestCount = 0
    /// The offset of the body in the dump.
    private var bodyStart: UInt64 = 0
    /// Whether a refusal was read whose body has no length: what follows is that body, unless a line of it begins
    /// another head.
    private var isInOpenBody = false
    /// The status of such a refusal, after which another response came.
    private var refused: Int?

    /// Bytes of earlier pieces that looked like a head and turned out to be the stream's first: at most
    /// ``maximumHeadCount``, and more than a few only if they look like a request's first line for that long.
    public private(set) var pending: [UInt8] = []

    /// Creates a reader at the start of a dump.
    public init() {}

    /// Reads the next piece of the dump.
    ///
    /// Once the handshake has ended, or was broken, the same is returned again, and nothing is consumed.
    public mutating func read(_ piece: Span<UInt8>) -> Progress {
        var index = 0
        while true {
            switch state {
            case .between:
                guard let begins = beginsHead(piece, &index) else { return .needMore }
                guard begins else { return .ended(handshake, consumed: index) }
            case .head:
                guard readHead(piece, &index) else { return .needMore }
            case .body(let walk):
                guard skipBody(walk, piece, &index) else { return .needMore }
            case .ended: return .ended(handshake, consumed: index)
            case .broken(let message): return .broken(message)
            }
        }
    }

    /// Ends the dump.
    ///
    /// - Returns: never `needMore`: bytes that looked like a handshake but are not one are in ``pending``.
    public mutating func finish() -> Progress {
        if case .head = state, isRepeatedRequest { returnHead() }
        if case .head = state, !isInOpenBody { state = .broken("the dump ends inside its HTTP handshake") }
        if case .broken(let message) = state { return .broken(message) }
        state = .ended
        return .ended(handshake, consumed: 0)
    }

    /// The handshake that was found; nil if there was no head.
    private var handshake: Handshake? {
        guard request != nil || response != nil else { return nil }
        var handshake = Handshake(request, response)
        handshake.byteCount = byteCount
        if requestCount == 1, let refused, handshake.status == 101 {
            handshake.notices.append(HandshakeCheck.secondResponse(after: refused, at: nil))
        }
        return handshake
    }

    // MARK: The start of a head

    /// The heads that may come next. After the 101, only the request that it answers, in a transcript that has one
    /// side after the other.
    private var awaited: HeadBeginning.Kinds { response?.status == 101 ? .requests : .both }

    /// Whether a WebSocket request has been read and no answer to it: another request is then either a further attempt,
    /// or in place of frames.
    private var isUnanswered: Bool { response == nil && request?.opensWebSocket == true }

    /// Returns whether a head begins at `index`; nil if more bytes are needed to decide.
    ///
    /// Moves `index` after what it consumes: the start of a head, or nothing if there is none.
    private mutating func beginsHead(_ piece: Span<UInt8>, _ index: inout Int) -> Bool? {
        var next = index
        let before = pending.count
        while next < piece.count {
            pending.append(piece[next])
            next += 1
            switch HeadBeginning(pending, isAfterHead: byteCount > 0, mayCome: awaited) {
            case .needMore: continue
            case .none where isInOpenBody:
                byteCount &+= UInt64(pending.count)
                skipLine(endingWith: pending.last)
                (pending, index) = ([], next)
                return true
            case .none:
                pending.removeSubrange(before...)
                state = .ended
                return false
            case .head(let lineBreaks):
                byteCount &+= UInt64(lineBreaks)
                breaksBeforeHead = Array(pending.prefix(lineBreaks))
                head = Array(pending.dropFirst(lineBreaks))
                pending = []
                headEnd = HTTPHeadEnd()
                state = .head
                // A first line that is complete ends with a line feed, which has to be taken into account for the end
                // of the head.
                for byte in head { _ = headEnd.isReached(by: byte) }
                index = next
                return true
            }
        }
        index = next
        return nil
    }

    // MARK: Its lines

    /// Consumes bytes up to the head's end; returns false if it has not arrived.
    private mutating func readHead(_ piece: Span<UInt8>, _ index: inout Int) -> Bool {
        while index < piece.count {
            let byte = piece[index]
            index += 1
            head.append(byte)
            if headEnd.isReached(by: byte) {
                endHead()
                return true
            }
            guard head.count < Self.maximumHeadCount else {
                guard !isRepeatedRequest else {
                    returnHead()
                    return true
                }
                head = []
                state = .broken("an HTTP handshake of more than \(CountedText.count(Self.maximumHeadCount, "byte"))")
                return true
            }
        }
        return false
    }

    private mutating func endHead() {
        byteCount &+= UInt64(head.count)
        let isResponse = HeadBeginning.isResponse(head)
        if isResponse { endResponse() } else { endRequest() }
        head = []
    }

    /// Whether the head that is being read may turn out to be no part of the handshake.
    private var isRepeatedRequest: Bool { isUnanswered && !HeadBeginning.isResponse(head) }

    /// Leaves the head to the stream.
    private mutating func returnHead() {
        byteCount &-= UInt64(breaksBeforeHead.count)
        pending = breaksBeforeHead + head
        head = []
        state = .ended
    }

    private mutating func endRequest() {
        let request = RequestHead(head, isHandshake: true)
        if isUnanswered, let before = self.request {
            guard let request, request.isFurtherAttempt(after: before) else {
                byteCount &-= UInt64(head.count)
                return returnHead()
            }
        }
        guard let request else {
            state = .broken("the HTTP request's first line names no method, target and version of HTTP/1")
            return
        }
        self.request = request
        requestCount += 1
        (isInOpenBody, refused) = (false, nil)
        // The answer to an earlier request does not answer this one.
        if response?.status == 101 {
            state = .ended
        } else {
            response = nil
            go(on: request.body, .requests)
        }
    }

    private mutating func endResponse() {
        guard let response = ResponseHead(head) else {
            guard !isInOpenBody else {
                state = .between
                return
            }
            state = .broken("the HTTP response's first line holds no status of three digits")
            return
        }
        guard !response.isInterim else {
            state = .between
            return
        }
        // One request has one answer, whatever the first one's body was like.
        refused = refused ?? self.response?.status
        self.response = response
        if response.status == 101 {
            isInOpenBody = false
            state = request == nil ? .between : .ended
        } else {
            let body = response.body(answering: request) ?? .untilClose
            isInOpenBody = body == .untilClose
            go(on: isInOpenBody ? .none : body, .responses)
        }
    }

    private mutating func go(on body: HTTPBody, _ kind: HTTPWalk.Kind) {
        var walk = HTTPWalk(kind)
        walk.begin(body)
        bodyStart = byteCount
        state = body == .none ? .between : .body(walk)
    }

    // MARK: Bodies

    /// Continues a body without a length: its next line may begin another head.
    private mutating func skipLine(endingWith last: UInt8?) {
        var walk = HTTPWalk(.responses)
        walk.begin(.untilClose)
        state = last == ASCII.lineFeed ? .between : .body(walk)
    }

    /// Skips bytes of a body; returns false if it has not ended.
    private mutating func skipBody(_ walk: HTTPWalk, _ piece: Span<UInt8>, _ index: inout Int) -> Bool {
        var walk = walk
        while index < piece.count {
            guard !walk.isAtHead else {
                state = .between
                return true
            }
            if isInOpenBody {
                let isLast = piece[index] == ASCII.lineFeed
                index += 1
                byteCount &+= 1
                if isLast {
                    state = .between
                    return true
                }
                continue
            }
            if walk.skippable > 0 {
                let count = Int(clamping: min(walk.skippable, UInt64(piece.count - index)))
                walk.skip(count)
                index += count
                byteCount &+= UInt64(count)
                continue
            }
            var taken = 0
            guard walk.step([piece[index]], taken: &taken) != .broken else {
                // A request for a WebSocket connection may announce a body that it does not have.
                if byteCount == bodyStart, response == nil, request?.opensWebSocket == true {
                    state = .between
                    return true
                }
                state = .broken("the HTTP body before the handshake is not in chunks as its head says")
                return true
            }
            index += 1
            byteCount &+= 1
        }
        state = walk.isAtHead ? .between : .body(walk)
        return walk.isAtHead && index < piece.count
    }
}
