import WebSocketFrames

/// Finds the WebSocket conversation on one TCP connection: after its HTTP handshake (RFC 6455 §4), or, if the capture
/// does not contain that, by its frames.
///
/// Feed it what each side sent, in order. It reports events of the conversation to the closure passed with each call;
/// they come in the order of the bytes of each side, and may come later than the bytes: whatever cannot be decided
/// yet is held. One conversation extends from ``ConversationEvent/opened(_:)`` to ``ConversationEvent/closed``. A
/// connection has several if a handshake was refused: a refused one closes with the next request, or with the
/// connection, and the next handshake opens another.
///
/// How it decides:
///
/// - The side that sends an HTTP request is the client. Exchanges before the handshake are skipped, and so is a PROXY
///   protocol header before them. Bytes after the request for a WebSocket connection wait for its answer.
/// - A response without its request also waits, in case the request comes late. When it can no longer come, a 101
///   that switches to WebSocket opens the conversation without it (notice `request-not-captured`).
/// - If the answer is missing although the client continues or the capture ends, the conversation is opened as if the
///   server had agreed (notice `response-not-captured`; ``ConversationHead/agreedDeflate`` is nil).
/// - A connection that does not begin with HTTP is treated as WebSocket if the user says so
///   (``ConversationOptions/webSocketPorts``), or, if the capture does not contain its beginning, when its bytes give
///   enough evidence of frames (``ConversationOptions/detectsInTheMiddle``). MASK bits identify the client, unless a
///   port does. The first frame is found by search:
///   ``ConversationHead/Opening/middle(skippedByClient:skippedByServer:)``. What comes before it is not judged, and
///   neither is the rest of a message that was open. A side whose first frame is found only after the opening gets a
///   notice, `start-skipped`; one where none is found gets `boundary-not-found` and a gap, ``GapReason/ceiling``.
///
/// At most 65,536 bytes and 4,096 pieces of each side are held while it is undecided what they are; if only the bytes
/// could show that they are WebSocket, 16,384 bytes of each. A client that sends more than that after a request while
/// the server is in the middle of its answer is not judged after them (a gap, ``GapReason/ceiling``). Once a
/// conversation is opened, bytes are passed on without being copied.
public struct ConversationReader: Sendable {
    /// What a connection turned out to be.
    public enum Outcome: Sendable, Hashable {
        /// Not known yet.
        case undecided
        /// A WebSocket conversation was opened.
        case webSocket
        /// A handshake was refused, and none has succeeded.
        case refused
        /// TLS: its frames cannot be seen. Nothing more will come of it.
        case tls
        /// No WebSocket, and none will follow: the connection can be forgotten.
        case skipped(Reason)
    }

    /// The reason why a connection was skipped.
    public enum Reason: Sendable, Hashable {
        /// It begins with something that is not HTTP/1, or continues with it.
        case notHTTP
        /// HTTP/2. (WebSocket over it, RFC 8441, is not read.)
        case http2
        /// HTTP that has ended, or must have ended, without a handshake.
        case ordinaryHTTP
        /// HTTP that cannot be read: a head of more than ``HandshakeReader/maximumHeadCount`` bytes, for example.
        case brokenHTTP
        /// It has switched to a protocol other than WebSocket.
        case otherProtocol
        /// It begins in the middle, and no frames were found.
        case noFrames
        /// The limit on held bytes of all connections was reached, and the bytes of this one were not conclusive.
        case undecided
    }

    enum Phase: Sendable {
        /// The first bytes must decide.
        case beginning
        case http
        case middle
        case open
        case over
    }

    /// What the connection turned out to be.
    public internal(set) var outcome = Outcome.undecided

    let addresses: PerPeer<SocketAddress?>
    let isSeenFromStart: Bool
    let options: ConversationOptions
    /// Whether TLS or HTTP/2 carries the conversation: nothing after missing bytes can be read then.
    var isCarried = false
    var phase = Phase.beginning
    var streams = PerPeer(HeldStream())
    /// Whether the bytes of a side are passed on as they arrive.
    var passes = PerPeer(false)
    /// Whether the bytes of a side are no longer of interest.
    var isDropped = PerPeer(false)
    var exchange = HTTPExchange(client: .first)
    var search = MidStreamSearch(isByPort: false, server: nil)
    /// The client of the open conversation.
    var client = TCPPeer.first
    var irregularities = Irregularities()
    /// The protocol that begins here: what is held, and what follows, is for its reader.
    var handover: Handover?
    /// The accept values for the keys of other conversations of the capture.
    var otherAccepts: [[UInt8]] = []
    /// The key of a request for a WebSocket connection that was read since this was last read.
    var askedKey: [UInt8]?
    private var clock: UInt64 = 0

    /// Creates a reader at the start of a connection.
    ///
    /// - Parameters:
    ///   - first: the address of ``TCPPeer/first``; nil if the input has none.
    ///   - second: the address of ``TCPPeer/second``.
    ///   - isSeenFromStart: whether the capture contains the connection's beginning.
    ///   - options: what the user specifies.
    public init(first: SocketAddress?, second: SocketAddress?, isSeenFromStart: Bool, options: ConversationOptions) {
        addresses = PerPeer(first: first, second: second)
        self.isSeenFromStart = isSeenFromStart
        self.options = options
    }

    /// The server's port, if no frames were found but the bytes look like some.
    var possiblePort: UInt16? {
        search.likelyServer.flatMap { addresses[$0]?.port }
    }

    /// The number of bytes that are currently held, of both sides.
    public var heldCount: Int { phase == .over ? 0 : streams.first.count + streams.second.count }

    /// The approximate memory that the held data takes, in bytes.
    var heldCost: Int { phase == .over ? 0 : streams.first.cost + streams.second.cost + exchange.cost }

    /// Whether a request for a WebSocket connection has not been answered.
    var awaitsAnswer: Bool { phase == .http && exchange.clientMode == .waiting }

    /// Counts bytes that are only passed on, and returns who sent them; nil if they have to be read.
    @inline(__always)
    mutating func passOn(_ count: Int, of side: TCPPeer) -> Endpoint? {
        guard passes[side], !isDropped[side], phase != .over else { return nil }
        irregularities.received[side] &+= UInt64(count)
        return endpoint(of: side)
    }

    /// Reads the next bytes of a side.
    public mutating func read(
        _ bytes: Span<UInt8>, from side: TCPPeer, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        clock &+= 1
        var index = 0
        while index < bytes.count, phase != .over, !isDropped[side] {
            if let sender = passOn(bytes.count &- index, of: side) {
                return visit(.bytes(from: sender, at: packetPosition), bytes.extracting(index..<bytes.count))
            }
            let skipped = skippable(of: side, bytes.count - index)
            irregularities.received[side] &+= UInt64(skipped)
            index += skipped
            guard index < bytes.count else { return }
            let start = streams[side].count
            let added = streams[side].append(bytes, from: index, at: packetPosition, order: clock)
            if added == 0 {
                makeRoom(on: side, visit)
                if streams[side].room == 0 { isDropped[side] = true }
            } else {
                index += added
                irregularities.received[side] &+= UInt64(added)
                advance(side, pieceStart: start, visit)
                if handover != nil { streams[side].appendRest(of: bytes, from: index, at: packetPosition) }
            }
        }
    }

    /// Notes that the next bytes of a side are missing. In an open conversation what comes next from that side
    /// follows them; otherwise nothing more of it is read.
    ///
    /// - Parameters:
    ///   - side: the side that sent them.
    ///   - count: the number of bytes; nil if that cannot be known.
    ///   - reason: why they are missing.
    ///   - packetPosition: the position in the capture at which that was found.
    ///   - visit: receives what is known now.
    public mutating func gap(
        from side: TCPPeer, count: UInt64?, reason: GapReason, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        let continues = phase == .open && passes[side] && !isDropped[side] && !isCarried
        note(.gap(count: count, reason, continues: continues), on: side, at: packetPosition, visit)
        irregularities.received[side] &+= count ?? 0
        isDropped[side] = !continues
        switch phase {
        case .http: loseHTTP(of: side, visit)
        case .open: if !passes[side] { declareGapSearch(on: side, visit) }
        case .beginning, .middle, .over: break
        }
    }

    /// Notes that a side has ended its direction, and all of its bytes have arrived.
    public mutating func finish(
        _ side: TCPPeer, at packetPosition: PacketPosition?, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        note(.finished, on: side, at: packetPosition, visit)
        switch phase {
        case .http: if side == exchange.client { endRequests(visit) } else { readHeads(visit) }
        case .open: if !passes[side] { declareGapSearch(on: side, visit) }
        case .beginning, .middle, .over: break
        }
    }

    /// Notes that a side has reset the connection.
    public mutating func reset(
        by side: TCPPeer, at packetPosition: PacketPosition?, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        note(.reset, on: side, at: packetPosition, visit)
    }

    /// Ends the connection: nothing more will come from either side. What was held is decided, and an open
    /// conversation is closed.
    public mutating func finish(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        switch phase {
        case .beginning: skipConnection(.notHTTP)
        case .http: endHTTP(visit)
        case .middle: search(isAtEnd: true, visit)
        case .open, .over: break
        }
        closeRefused(visit)
        if phase == .open {
            for side in TCPPeer.allCases where !passes[side] { declareGapSearch(on: side, visit) }
            reportIrregularities(visit)
            visit(.closed, Span())
        }
        skipConnection(.notHTTP)
    }

    /// Decides with what there is, or gives the connection up, because nothing more can be held. A conversation that
    /// is open, or is opened by this, continues.
    mutating func decide(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        for side in TCPPeer.allCases where !streams[side].isEmpty && phase != .over { makeRoom(on: side, visit) }
        if phase != .open, heldCost > 0 { skipConnection(.undecided) }
    }

    private mutating func note(
        _ ending: HeldStream.Ending, on side: TCPPeer, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard phase != .over else { return }
        clock &+= 1
        streams[side].append(ending, at: packetPosition, order: clock)
        if passes[side] { flush([side], visit) }
    }

    // MARK: Held bytes

    private mutating func advance(
        _ side: TCPPeer, pieceStart: Int, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        switch phase {
        case .beginning, .http: readHeads(visit)
        case .middle: readMidStream(side, pieceStart: pieceStart, visit)
        case .open: searchAfter(side, pieceStart: pieceStart, visit)
        case .over: break
        }
    }

    /// Continues as long as the held bytes allow.
    mutating func readHeads(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        while true {
            let before = phase
            switch phase {
            case .beginning: begin(visit)
            case .http: readHTTP(visit)
            case .middle, .open, .over: return
            }
            guard phase != before else { return }
        }
    }

    /// Decides something if a side holds as much as it may, to make room again, or drops the side.
    private mutating func makeRoom(on side: TCPPeer, _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        switch phase {
        case .beginning, .over: skipConnection(.notHTTP)
        case .http: makeHTTPRoom(on: side, visit)
        case .middle: search(isAtEnd: true, visit)
        case .open: declareGapSearch(on: side, visit)
        }
    }

    /// Gives the connection up, or what could still come on it.
    mutating func skipConnection(_ reason: Reason) {
        phase = .over
        streams = PerPeer(HeldStream())
        if outcome == .undecided { outcome = .skipped(reason) }
    }
}
