import WebSocketFrames

/// Reads one connection, through all of its layers of TLS, to the conversation that it carries.
struct ConnectionReader: Sendable {
    /// Receives an event of the conversation on an HTTP/2 stream, or on stream 0 if there is no HTTP/2.
    typealias Visitor = (UInt32, ConversationEvent, Span<UInt8>) -> Void

    /// What the connection turned out to be.
    enum Outcome: Sendable, Hashable {
        /// It continues to be read.
        case reading
        /// TLS that cannot be decrypted.
        case sealed(TLSObstacle)
        /// Nothing of interest will follow.
        case skipped
    }

    /// TLS inside TLS is a proxy that is itself spoken to over TLS. Nobody nests it any deeper.
    private static let maximumLayers = 3

    private let first: SocketAddress?
    private let second: SocketAddress?
    private let options: ConversationOptions
    private var conversation: ConversationReader
    /// The layers of TLS, the outermost first.
    private var layers: [TLSConnectionReader] = []
    /// The innermost layer's content, if it is HTTP/2: one, or none.
    private var http2: [HTTP2Connection] = []
    /// Whether bytes of a side are missing.
    private var hasGap = PerPeer(false)

    init(first: SocketAddress?, second: SocketAddress?, isSeenFromStart: Bool, options: ConversationOptions) {
        (self.first, self.second, self.options) = (first, second, options)
        conversation = ConversationReader(
            first: first, second: second, isSeenFromStart: isSeenFromStart, options: options)
    }

    var outcome: Outcome {
        for case .sealed(let obstacle) in layers.map(\.outcome) { return .sealed(obstacle) }
        if let http2 = http2.first {
            return http2.isOver ? .skipped : .reading
        }
        switch conversation.outcome {
        case .undecided, .webSocket, .refused: return .reading
        case .tls: return .sealed(.malformed)
        case .skipped: return .skipped
        }
    }

    /// The server's port, if no frames were found but the bytes look like some.
    var possiblePort: UInt16? {
        conversation.outcome == .skipped(.noFrames) ? conversation.possiblePort : nil
    }

    /// The approximate memory that the held data takes, in bytes.
    var heldCost: Int { layers.reduce(conversation.heldCost + (http2.first?.heldCost ?? 0)) { $0 + $1.heldCost } }

    /// Whether it is HTTP/2, and one side could not be read to its end.
    var isBrokenHTTP2: Bool { http2.first?.isBroken ?? false }

    /// The number of HTTP/2 conversations that are not followed.
    var unfollowed: UInt64 { http2.first?.unfollowed ?? 0 }

    /// Whether TLS was decrypted.
    var isDecrypted: Bool { layers.first?.outcome == .open }

    /// Returns the connection, if it is TLS, with who speaks to whom.
    func sealed(_ obstacle: TLSObstacle) -> SealedConnection {
        let isUpsideDown = layers.last?.client == .second
        return SealedConnection(
            client: isUpsideDown ? second : first, server: isUpsideDown ? first : second,
            serverName: layers.last?.clientHello?.serverName, obstacle: obstacle)
    }

    /// What an event has changed.
    struct Change: Sendable {
        let outcome: Outcome
        /// By how much the held data has grown, as ``heldCost`` counts it.
        let heldMore: Int
        /// The key of a request for a WebSocket connection that was read.
        let askedKey: [UInt8]?
    }

    /// Handles an event on the connection.
    ///
    /// - Parameter otherAccepts: the accept values for the keys of other conversations of the capture.
    @discardableResult
    mutating func read(
        _ event: ConnectionEvent, _ bytes: Span<UInt8>, _ keys: inout TLSKeys, otherAccepts: [[UInt8]] = [],
        _ visit: Visitor
    ) -> Change {
        if case .bytes(let side, let position) = event, let sender = passOn(bytes.count, of: side) {
            visit(0, .bytes(from: sender, at: position), bytes)
            return Change(outcome: .reading, heldMore: 0, askedKey: nil)
        }
        if isCut(event) { return Change(outcome: outcome, heldMore: 0, askedKey: nil) }
        let heldBefore = heldCost
        if conversation.awaitsAnswer { conversation.otherAccepts = otherAccepts }
        read(event, bytes, inLayer: 0, &keys, visit)
        defer { conversation.askedKey = nil }
        return Change(outcome: outcome, heldMore: heldCost - heldBefore, askedKey: conversation.askedKey)
    }

    /// Counts bytes that are only passed on, as in most open conversations, and returns who sent them; nil if there
    /// is more to do.
    @inline(__always)
    mutating func passOn(_ count: Int, of side: TCPPeer) -> Endpoint? {
        layers.isEmpty && http2.isEmpty ? conversation.passOn(count, of: side) : nil
    }

    /// Returns whether the event is about a side that TLS or HTTP/2 carries, after missing bytes of it.
    private mutating func isCut(_ event: ConnectionEvent) -> Bool {
        let isCarried = !layers.isEmpty || !http2.isEmpty
        switch event {
        case .bytes(let side, _): return isCarried && hasGap[side]
        case .gap(let side, _, _, _):
            defer { hasGap[side] = true }
            return isCarried && hasGap[side]
        default: return false
        }
    }

    private mutating func read(
        _ event: ConnectionEvent, _ bytes: Span<UInt8>, inLayer index: Int, _ keys: inout TLSKeys, _ visit: Visitor
    ) {
        guard index == layers.count else { return open(event, bytes, inLayer: index, &keys, visit) }
        guard http2.isEmpty else { return http2[0].read(event, bytes, visit) }
        conversation.read(event, bytes) { visit(0, $0, $1) }
        guard let next = conversation.handover, next == .http2 || layers.count < Self.maximumLayers else { return }
        let held = conversation.takeHeld()
        if next == .http2 {
            http2 = [HTTP2Connection(first: first, second: second, options: options)]
        } else {
            layers.append(TLSConnectionReader())
            conversation = ConversationReader(first: first, second: second, isSeenFromStart: true, options: options)
            conversation.isCarried = true
        }
        for (event, bytes) in held { read(event, bytes.span, inLayer: index, &keys, visit) }
        if case .closed = event { read(event, Span(), inLayer: index, &keys, visit) }
    }

    /// Handles an event of a layer of TLS, and what that layer carries.
    private mutating func open(
        _ event: ConnectionEvent, _ bytes: Span<UInt8>, inLayer index: Int, _ keys: inout TLSKeys, _ visit: Visitor
    ) {
        var output = keys.takeOutput()
        switch event {
        case .bytes(let side, let position): layers[index].read(bytes, from: side, at: position, &keys, into: &output)
        case .gap(let side, let count, let reason, let position):
            layers[index].gap(of: side, count: count, reason, at: position, into: &output)
        case .finished(let side, let position): layers[index].finish(side, at: position, into: &output)
        case .reset(let side, let position): layers[index].reset(by: side, at: position, into: &output)
        // Of two copies, the one that decrypts is the one that was sent.
        case .contradiction: break
        case .stray(let side, let stray, let position): conversation.stray(stray, from: side, at: position)
        case .broken(let side, let offset, let position):
            conversation.broken(from: side, offset: offset, at: position) { visit(0, $0, $1) }
        case .ceiling: layers[index].makeRoom(into: &output)
        case .closed: layers[index].finish(&keys, into: &output)
        }
        for event in output.events {
            switch event {
            case .bytes(let side, let range, let position):
                read(
                    .bytes(side, position), output.bytes.span.extracting(range), inLayer: index + 1, &keys, visit)
            case .gap(let side, let count, let reason, let position):
                read(.gap(side, count: count, reason, position), Span(), inLayer: index + 1, &keys, visit)
            case .finished(let side, let position):
                read(.finished(side, position), Span(), inLayer: index + 1, &keys, visit)
            case .reset(let side, let position):
                read(.reset(side, position), Span(), inLayer: index + 1, &keys, visit)
            case .alert(let side, let alert, let position):
                conversation.note(alert, of: side, at: position) { visit(0, $0, $1) }
            case .unclosed(let side, let position): conversation.noteUnclosed(side, at: position) { visit(0, $0, $1) }
            }
        }
        keys.giveBack(output)
        switch event {
        case .closed, .ceiling: read(event, Span(), inLayer: index + 1, &keys, visit)
        default: break
        }
    }
}

/// A TLS connection of a capture that could not be decrypted at all.
public struct SealedConnection: Sendable, Hashable {
    /// The sender of the ClientHello; nil if the input contains no addresses.
    public let client: SocketAddress?
    /// The other end.
    public let server: SocketAddress?
    /// The server's name in the ClientHello, with everything unprintable replaced; nil if it has none, or was not seen.
    public let serverName: String?
    /// The reason why nothing could be decrypted.
    public let obstacle: TLSObstacle
}
