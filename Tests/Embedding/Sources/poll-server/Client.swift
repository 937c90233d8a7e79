import ServerOptions
import WebSocketFrames

/// One connection, from its first byte to its last.
final class Client {
    /// Nothing more is read from a client that has so much left to read itself.
    private static let enoughOutput = 65_536
    /// Longer requests are refused.
    private static let maximumRequest = 8192

    let socket: Int32
    private let options: ServerOptions
    private var connection: Connection
    // The request, until the handshake is done; then nil.
    private var request: [UInt8]? = []
    // The message that has begun and has come in pieces; the limit bounds it.
    private var gathered: [UInt8] = []
    // What is to be sent, the first `sent` bytes of it done.
    private var output: [UInt8] = []
    private var sent = 0
    private var isRefused = false
    private var inputIsClosed = false
    private var outputIsClosed = false
    // When there is no more patience; nil while there is no reason for any.
    private(set) var deadline: Int?

    init(socket: Int32, options: ServerOptions) {
        self.socket = socket
        self.options = options
        var limits = Limits(message: UInt64(options.maximumMessage))
        if let maximum = options.maximumFrame { limits.frame = UInt64(maximum) }
        connection = Connection(role: .server, limits: limits)
        deadline = Sockets.now() + options.closeTimeout
    }

    /// All is said, and the client knows it.
    var isDone: Bool { inputIsClosed && isOver && !wantsToSend }
    var wantsToSend: Bool { sent < output.count }
    var wantsToReceive: Bool { !inputIsClosed && output.count - sent < Self.enoughOutput }

    /// Nothing more will be said.
    private var isOver: Bool { isRefused || inputIsClosed || connection.state == .closed }

    // MARK: - Receiving

    /// Reads what has arrived. False when the connection is broken.
    func receive(into buffer: inout [UInt8]) -> Bool {
        switch Sockets.receive(from: socket, into: &buffer, use: { take(&$0) }) {
        case .bytes, .notNow: break
        case .end:
            inputIsClosed = true
            _ = connection.endOfInput()
        }
        if connection.state != .open && deadline == nil { deadline = Sockets.now() + options.closeTimeout }
        return send()
    }

    private func take(_ bytes: inout MutableSpan<UInt8>) {
        var index = 0
        if request != nil { takeRequest(bytes.span, &index) }
        guard request == nil, !isRefused else { return }
        while let event = connection.next(in: &bytes, from: &index, replies: &output) {
            // Pongs, and the answer to a Close or to a violation, have been written into `output`.
            guard case .data(let slice) = event else { continue }
            do {
                try take(bytes.span.extracting(slice.range), of: slice)
            } catch {
                connection.fail(error, to: &output)  // 1011: this server's fault, not its client's.
            }
        }
    }

    private func take(_ payload: Span<UInt8>, of slice: DataSlice) throws {
        gathered.append(payload)
        guard slice.endsMessage else { return }
        defer { gathered.removeAll(keepingCapacity: gathered.count < Self.enoughOutput) }
        if gathered == options.throwOn { throw ToldToFail() }
        guard gathered != options.closeOn else {
            return try connection.close(.goingAway, reason: "as you wish", to: &output)
        }
        // What arrives after this server's Close is not answered any more.
        if connection.state == .open { try connection.send(.whole(slice.kind), gathered, to: &output) }
    }

    /// Takes bytes of the request up to its end, and answers it.
    private func takeRequest(_ bytes: Span<UInt8>, _ index: inout Int) {
        var head = request ?? []
        let before = head.count
        head.append(bytes)
        guard let end = HeaderFields.endOfHead(in: head) else {
            request = head
            if head.count > Self.maximumRequest { isRefused = true }
            return
        }
        answer(head[..<end])
        request = nil
        index = end - before  // After the request, frames may have come in the same read.
    }

    /// The server's half of the opening handshake (RFC 6455 §4.2).
    private func answer(_ head: ArraySlice<UInt8>) {
        do {
            let answer = try ServerHandshake().accept(HandshakeRequest(head: head))
            output += answer.fields.head("HTTP/1.1 101 Switching Protocols")
            deadline = nil
        } catch {
            isRefused = true
            let fault = error as? RequestFault
            var fields = fault?.responseFields ?? [:]
            fields.append("Connection", "close")
            fields.append("Content-Length", "0")
            output += fields.head("HTTP/1.1 \(fault?.status ?? 400) Refused")
        }
    }

    // MARK: - Sending

    /// Sends what can be sent. False when the connection is broken.
    func send() -> Bool {
        while wantsToSend {
            switch Sockets.send(output.span.extracting(sent...), to: socket) {
            case .bytes(let count): sent += count
            case .notNow: return true
            case .end: return false
            }
        }
        output.removeAll(keepingCapacity: output.count < Self.enoughOutput)
        sent = 0
        if isOver && !outputIsClosed {
            // Only this half: a socket that is closed while bytes are on their way to it answers them with a reset,
            // and the reset takes the Close frame away from the client.
            Sockets.closeOutput(of: socket)
            outputIsClosed = true
        }
        return true
    }
}
