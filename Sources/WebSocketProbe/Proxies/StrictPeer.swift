import PerMessageDeflate
public import WebSocketFrames

/// The strict endpoint at one end of a proxy, while a case is played from the other: bytes in, bytes out. It echoes
/// every message.
public struct StrictPeer: Sendable {
    /// The longest message that it accepts, in bytes.
    public static let maximumMessageLength: UInt64 = 1 << 25

    /// Its role: a client begins with its request.
    public let role: Endpoint
    /// Whether it sends nothing more after what it has returned.
    public private(set) var hasEnded = false
    /// The reason why it does not accept the answer to its request; nil if there is none.
    public private(set) var refusal: String?
    private let request: HandshakeRequest
    private let handshake: ClientHandshake?
    /// The other side's head, until it has ended.
    private var head: [UInt8]? = []
    private var connection = MessageConnection(role: .server, limits: .none)

    /// Creates a server that waits for a request.
    public init() {
        role = .server
        handshake = nil
        request = HandshakeRequest(fields: HeaderFields())
    }

    /// Creates a client, which asks for `target`, and for permessage-deflate if `deflate` is true.
    public init(asking target: ProbeExchange.Target, deflate: Bool) {
        role = .client
        let handshake = ClientHandshake(
            subprotocols: target.subprotocols, deflate: deflate ? .standard : nil)
        var fields = HeaderFields([(name: "Host", value: target.host)])
        for field in handshake.fields.fields { fields.append(field.name, field.value) }
        for (name, value) in target.headers.map(ProbeHandshake.field) { fields.append(name, value) }
        self.handshake = handshake
        request = HandshakeRequest(target: target.path, fields: fields)
    }

    /// What it sends before it has received anything.
    public var opening: [UInt8] { role == .client ? ProbeHandshake.head(request) : [] }

    /// Receives the next bytes.
    ///
    /// - Returns: its answer.
    public mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
        guard !hasEnded else { return [] }
        guard let before = head else { return receiveFrames(bytes) }
        let all = before + bytes
        guard let end = HeaderFields.endOfHead(in: all) else {
            head = all
            if all.count > PeerEventReader.maximumHeadLength { (hasEnded, refusal) = (true, "its head does not end") }
            return []
        }
        head = nil
        let answer = role == .server ? accept(all[..<end]) : check(all[..<end])
        return hasEnded ? answer : answer + receiveFrames(Array(all[end...]))
    }

    /// Notes that the other side has ended.
    public mutating func receiveEnd() { hasEnded = true }

    private mutating func accept(_ head: ArraySlice<UInt8>) -> [UInt8] {
        guard let request = try? HandshakeRequest(head: head), request.host != nil else {
            return refuse("400 Bad Request", HeaderFields())
        }
        do {
            let answer = try ServerHandshake(deflate: .standard).accept(request)
            begin(answer.agreement.deflate)
            return answer.fields.head("HTTP/1.1 101 Switching Protocols")
        } catch {
            return refuse("\(error.status) Refused", error.responseFields)
        }
    }

    private mutating func refuse(_ status: String, _ fields: HeaderFields) -> [UInt8] {
        hasEnded = true
        var fields = fields
        fields.append("Content-Length", "0")
        fields.append("Connection", "close")
        return fields.head("HTTP/1.1 " + status)
    }

    private mutating func check(_ head: ArraySlice<UInt8>) -> [UInt8] {
        do {
            let response = try HandshakeResponse(head: head)
            guard response.status == 101 else {
                (hasEnded, refusal) = (true, "it is answered with HTTP status \(response.status)")
                return []
            }
            begin(try handshake?.agreement(response).deflate)
        } catch {
            (hasEnded, refusal) = (true, "\(error)")
        }
        return []
    }

    private mutating func begin(_ deflate: DeflateParameters?) {
        connection = MessageConnection(role: role, deflate: deflate, limits: Limits(message: Self.maximumMessageLength))
    }

    private mutating func receiveFrames(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var span = bytes.mutableSpan
        var index = 0
        var output: [UInt8] = []
        while let event = connection.next(in: &span, from: &index, replies: &output) {
            switch event {
            // Nothing more may be sent after its own Close.
            case .message(let message): try? connection.send(message.kind, message.bytes, to: &output)
            case .violation, .exceeded, .corrupt: hasEnded = true
            case .ping, .pong, .close: break
            }
        }
        // A client waits for the server to end TCP (RFC 6455 §7.1.1).
        if role == .server, connection.connection.state == .closed { hasEnded = true }
        return output
    }
}
