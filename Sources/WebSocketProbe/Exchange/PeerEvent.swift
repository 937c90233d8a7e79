import WebSocketFrames

/// Something that the probed implementation sent or did.
enum PeerEvent: Equatable {
    /// The response to the handshake, if a server is probed.
    case response(HandshakeResponse)
    /// The request, if a client is probed.
    case request(HandshakeRequest)
    case message(Opcode, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?)
    /// The implementation's own frames break a rule.
    case violation(Violation)
    /// The TCP connection ended, by a FIN or a RST.
    case end(isReset: Bool)
    /// What was received is not an HTTP head.
    case notHTTP(HeadFault)

    enum HeadFault: Equatable {
        case other
        /// A response follows something else.
        case early
        /// It is longer than any head.
        case endless
    }
}

/// Turns the bytes of the implementation into events.
struct PeerEventReader {
    /// The most bytes of a handshake's head, and of a message, that are kept.
    static let maximumHeadLength = 65_536
    static let maximumMessageLength = 1 << 24

    private var head: [UInt8]? = []
    private var reader: FrameReader
    private var opcode = Opcode.text
    private var message: [UInt8] = []
    private var hasFailed = false

    init(peer: Endpoint, deflate: Bool) {
        reader = FrameReader(peer: peer, extensions: deflate ? .permessageDeflate : .none, limits: .none)
    }

    /// The size of the handshake's head in bytes; nil until it has ended.
    private(set) var headCount: Int?

    mutating func read(_ bytes: [UInt8], _ visit: (PeerEvent) -> Void) {
        guard head != nil else { return readFrames(bytes, visit) }
        head?.append(contentsOf: bytes)
        guard let all = head, let end = Self.end(of: all) else {
            if (head?.count ?? 0) > Self.maximumHeadLength {
                head = nil
                hasFailed = true
                visit(.notHTTP(.endless))
            }
            return
        }
        head = nil
        headCount = end
        let text = String(decoding: all[..<end], as: UTF8.self)
        guard let first = Self.event(text) else {
            hasFailed = true
            return visit(.notHTTP(text.contains("HTTP/1.1 101") ? .early : .other))
        }
        visit(first)
        readFrames(Array(all[end...]), visit)
    }

    private static func end(of head: [UInt8]) -> Int? {
        var matched = 0
        let mark: [UInt8] = [13, 10, 13, 10]
        for (index, byte) in head.enumerated() {
            matched = byte == mark[matched] ? matched + 1 : byte == 13 ? 1 : 0
            if matched == 4 { return index + 1 }
        }
        return nil
    }

    private static func event(_ head: String) -> PeerEvent? {
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1 else { return nil }
        var fields = HeaderFields()
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != ":" }
            let value = line.dropFirst(name.count + 1).drop { $0 == " " || $0 == "\t" }
            fields.append(String(name), String(value))
        }
        if words[0].hasPrefix("HTTP/1."), let minor = words[0].last?.wholeNumberValue, let status = Int(words[1]) {
            return .response(HandshakeResponse(status: status, minorVersion: minor, fields: fields))
        }
        guard words.last == "HTTP/1.1" else { return nil }
        return .request(HandshakeRequest(method: String(words[0]), target: String(words[1]), fields: fields))
    }

    private mutating func readFrames(_ bytes: [UInt8], _ visit: (PeerEvent) -> Void) {
        guard !hasFailed else { return }
        var bytes = bytes
        var span = bytes.mutableSpan
        var index = 0
        do {
            while let event = try reader.next(in: &span, from: &index) {
                switch event {
                case .data(let slice):
                    if slice.beginsMessage {
                        message = []
                        opcode = slice.messageOpcode
                    }
                    let room = Self.maximumMessageLength - message.count
                    for position in slice.range.prefix(room) { message.append(span[position]) }
                    if slice.endsMessage {
                        visit(.message(opcode, message))
                        message = []
                    }
                case .control:
                    let frame = reader.controlFrame
                    switch frame.opcode {
                    case .ping: visit(.ping(Array(frame.payload)))
                    case .pong: visit(.pong(Array(frame.payload)))
                    default: visit(.close(frame.closeCode))
                    }
                }
            }
        } catch {
            hasFailed = true
            visit(.violation(error))
        }
    }
}
