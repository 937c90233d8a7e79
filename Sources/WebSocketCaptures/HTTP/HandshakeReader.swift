/// Finds the HTTP handshake that a dump may begin with, in pieces of any size.
///
/// A handshake is there when the dump begins with `GET ` or `HTTP/1.`: a request, a response, or a request and directly
/// after it a response, as in a transcript of both. Each ends with its first empty line.
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
    /// No request and no response may be longer than this many bytes.
    public static let maximumHeadCount = 65_536

    /// How far the reader is.
    public enum Progress: Sendable, Hashable {
        /// The whole piece was taken, and the handshake has not ended.
        case needMore
        /// The handshake has ended, or there is none. The stream is ``HandshakeReader/pending`` and then what is after
        /// the first `consumed` bytes of this piece.
        case ended(Handshake?, consumed: Int)
        /// The dump begins with a handshake that cannot be read.
        case broken(String)
    }

    private enum State {
        /// Where a head may begin: ``pending`` is what looks like one so far.
        case between
        /// Inside a head, whose bytes so far are `head`.
        case head
        case ended
        case broken(String)
    }

    private var state = State.between
    private var head: [UInt8] = []
    private var handshake: Handshake?
    private var headEnd = HTTPHeadEnd()

    /// Bytes of earlier pieces, at most 6, that looked like a handshake and turned out to be the stream's first.
    public private(set) var pending: [UInt8] = []

    /// Creates a reader of a dump of which no byte has arrived.
    public init() {}

    /// Reads the next piece of the dump.
    ///
    /// Once the handshake has ended, or was broken, the same comes again, and nothing is taken.
    public mutating func read(_ piece: Span<UInt8>) -> Progress {
        var index = 0
        while true {
            switch state {
            case .between:
                guard let begins = beginsHead(piece, &index) else { return .needMore }
                guard begins else { return .ended(handshake, consumed: index) }
            case .head:
                guard readHead(piece, &index) else { return .needMore }
            case .ended: return .ended(handshake, consumed: index)
            case .broken(let message): return .broken(message)
            }
        }
    }

    /// Ends the dump.
    ///
    /// - Returns: never `needMore`: what looked like a handshake and is none stands in ``pending``.
    public mutating func finish() -> Progress {
        if case .head = state { state = .broken("the dump ends inside its HTTP handshake") }
        if case .broken(let message) = state { return .broken(message) }
        state = .ended
        return .ended(handshake, consumed: 0)
    }

    // MARK: The start of a head

    private static let request = Array("GET ".utf8)
    private static let response = Array("HTTP/1.".utf8)

    /// Whether a head begins at `index`; nil when more bytes must tell.
    ///
    /// Moves `index` after what it takes: the start of a head, or nothing where there is none.
    private mutating func beginsHead(_ piece: Span<UInt8>, _ index: inout Int) -> Bool? {
        var start = pending
        var next = index
        while next < piece.count {
            start.append(piece[next])
            next += 1
            let isRequest = handshake == nil && Self.request.starts(with: start)
            guard isRequest || Self.response.starts(with: start) else {
                state = .ended
                return false
            }
            if start.count == (isRequest ? Self.request : Self.response).count {
                head = start
                pending = []
                headEnd = HTTPHeadEnd()
                state = .head
                index = next
                return true
            }
        }
        pending = start
        index = next
        return nil
    }

    // MARK: Its lines

    /// Takes bytes up to the head's end; false when it has not come.
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
                head = []
                state = .broken("an HTTP handshake of more than \(Self.maximumHeadCount) bytes")
                return true
            }
        }
        return false
    }

    private mutating func endHead() {
        var handshake = self.handshake ?? Handshake()
        handshake.byteCount += UInt64(head.count)
        let isRequest = head.starts(with: Self.request)
        let extensions = HTTPHead.extensions(in: head)
        state = isRequest ? .between : .ended
        if isRequest {
            handshake.hasRequest = true
            handshake.offeredDeflate = extensions.contains(Self.deflate)
        } else if let status = HTTPHead.status(in: head) {
            handshake.status = status
            handshake.agreedDeflate = extensions.contains(Self.deflate)
            handshake.otherExtensions = extensions.filter { $0 != Self.deflate }
        } else {
            state = .broken("the HTTP response's first line holds no status of three digits")
        }
        self.handshake = handshake
        head = []
    }

    static let deflate = "permessage-deflate"
}
