import PerMessageDeflate
import ServerOptions
import WebSocketFrames

/// One connection, from its first byte to its last.
final class Client {
    /// The number of unsent bytes from which on nothing more is read from a client.
    private static let enoughOutput = 65_536
    /// The longest request; longer ones are refused.
    private static let maximumRequest = 8192

    let socket: Int32
    private let options: ServerOptions
    // The bytes of the request, until the handshake is done.
    private var request: [UInt8] = []
    // The connection after that: whole messages, inflated if that was agreed. The limit bounds them.
    private var connection: MessageConnection?
    // The output, of which the first `sent` bytes have been sent.
    private var output: [UInt8] = []
    private var sent = 0
    private var isRefused = false
    private var inputIsClosed = false
    private var outputIsClosed = false
    // When to give up on the client; nil while there is no reason to.
    private(set) var deadline: Int?

    init(socket: Int32, options: ServerOptions) {
        self.socket = socket
        self.options = options
        deadline = Sockets.now() + options.closeTimeout
    }

    /// Whether everything has been sent, and the client knows it.
    var isDone: Bool { inputIsClosed && isOver && !wantsToSend }
    var wantsToSend: Bool { sent < output.count }
    var wantsToReceive: Bool { !inputIsClosed && output.count - sent < Self.enoughOutput }

    /// Whether nothing more will be sent.
    private var isOver: Bool { isRefused || inputIsClosed || state == .closed }
    /// Nil until the handshake is done.
    private var state: Connection.State? { connection?.connection.state }

    // MARK: - Receiving

    /// Reads what has arrived. Returns false if the connection is broken.
    func receive(into buffer: inout [UInt8]) -> Bool {
        switch Sockets.receive(from: socket, into: &buffer, use: { take(&$0) }) {
        case .bytes, .notNow: break
        case .end:
            inputIsClosed = true
            _ = connection?.endOfInput()
        }
        if state != .open && deadline == nil { deadline = Sockets.now() + options.closeTimeout }
        return send()
    }

    private func take(_ bytes: inout MutableSpan<UInt8>) {
        var index = 0
        if connection == nil { takeRequest(bytes.span, &index) }
        while let event = connection?.next(in: &bytes, from: &index, replies: &output) {
            // Pongs, and the answer to a Close or to a violation, have been written into `output`.
            guard case .message(let message) = event else { continue }
            do {
                try take(message)
            } catch {
                connection?.fail(error, to: &output)  // 1011: this server's fault, not its client's.
            }
        }
    }

    private func take(_ message: Message) throws {
        if message.bytes == options.throwOn { throw RequestedFailure() }
        guard message.bytes != options.closeOn else {
            try connection?.close(.goingAway, reason: "as you wish", to: &output)
            return
        }
        // What arrives after this server's Close is no longer answered.
        if state == .open { try connection?.send(message.kind, message.bytes, to: &output) }
    }

    /// Consumes bytes of the request up to its end, and answers it.
    private func takeRequest(_ bytes: Span<UInt8>, _ index: inout Int) {
        guard !isRefused else { return }
        let before = request.count
        request.append(bytes)
        guard let end = HeaderFields.endOfHead(in: request) else {
            if request.count > Self.maximumRequest { isRefused = true }
            return
        }
        answer(request[..<end])
        request = []
        index = end - before  // Frames may have arrived in the same read, after the request.
    }

    /// Answers the request: the server's part of the opening handshake (RFC 6455 §4.2).
    private func answer(_ head: ArraySlice<UInt8>) {
        do {
            let wishes = ServerHandshake(subprotocols: ["echo"], deflate: deflate)
            let answer = try wishes.accept(HandshakeRequest(head: head))
            output += answer.fields.head("HTTP/1.1 101 Switching Protocols")
            connection = MessageConnection(role: .server, deflate: answer.agreement.deflate, limits: limits)
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

    private var deflate: DeflateParameters {
        DeflateParameters(
            clientMaxWindowBits: options.clientWindowBits, serverMaxWindowBits: options.serverWindowBits,
            clientNoContextTakeover: !options.clientTakesOver, serverNoContextTakeover: !options.serverTakesOver)
    }

    private var limits: Limits {
        var limits = Limits(message: UInt64(options.maximumMessage))
        if let maximum = options.maximumFrame { limits.frame = UInt64(maximum) }
        return limits
    }

    // MARK: - Sending

    /// Sends what can be sent. Returns false if the connection is broken.
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
            // Only this half: a socket that is closed while bytes are in transit to it answers them with a reset,
            // which takes the Close frame away from the client.
            Sockets.closeOutput(of: socket)
            outputIsClosed = true
        }
        return true
    }
}
