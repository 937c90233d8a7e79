import Testing
import WebSocketCaptures

/// The handshake that a reader found, and the stream after it.
struct FoundHandshake: Equatable {
    var handshake: Handshake?
    var stream: [UInt8] = []
    var message: String?

    init(_ pieces: [ArraySlice<UInt8>]) {
        var reader = HandshakeReader()
        var hasEnded = false
        for piece in pieces {
            if hasEnded {
                stream += piece
                continue
            }
            switch reader.read(Array(piece).span) {
            case .needMore: break
            case .ended(let found, let consumed):
                handshake = found
                stream = reader.pending + piece.dropFirst(consumed)
                hasEnded = true
            case .broken(let message):
                self.message = message
                return
            }
        }
        guard !hasEnded else { return }
        switch reader.finish() {
        case .needMore: Issue.record("finish() needs more")
        case .ended(let found, _):
            handshake = found
            stream = reader.pending
        case .broken(let message): self.message = message
        }
    }

    /// Reads a dump as a whole, byte by byte, and in two pieces at each cut; all results must be equal.
    static func everyWay(_ dump: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) -> FoundHandshake {
        let whole = FoundHandshake([dump[...]])
        #expect(FoundHandshake(dump.indices.map { dump[$0...$0] }) == whole, sourceLocation: sourceLocation)
        for cut in dump.indices {
            #expect(FoundHandshake([dump[..<cut], dump[cut...]]) == whole, "\(cut)", sourceLocation: sourceLocation)
        }
        return whole
    }
}

@Suite("The handshake before a dump")
struct HandshakeTests {
    static let frame: [UInt8] = [0x81, 0x02, 0x48, 0x49]
    static let requestHead = """
        GET /chat HTTP/1.1\r
        Host: example.com\r
        Upgrade: websocket\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
        \r\n
        """
    static let responseHead = """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        sec-websocket-EXTENSIONS : x-mux; a="b,c;permessage-deflate\\",d", permessage-deflate\r
        Sec-WebSocket-Extensions:\r
        \tx-last ;q\r
        \r\n
        """

    private func found(_ head: String, then stream: [UInt8] = frame) -> FoundHandshake {
        FoundHandshake.everyWay(Array(head.utf8) + stream)
    }

    @Test("a request")
    func request() throws {
        let found = found(Self.requestHead)
        let handshake = try #require(found.handshake)
        #expect(found.stream == Self.frame)
        #expect(handshake.hasRequest)
        #expect(handshake.status == nil)
        #expect(handshake.offeredDeflate)
        #expect(!handshake.agreedDeflate)
        #expect(handshake.byteCount == UInt64(Self.requestHead.utf8.count))
    }

    @Test("a response: folded lines, several headers, quoted parameters")
    func response() throws {
        let found = found(Self.responseHead)
        let handshake = try #require(found.handshake)
        #expect(found.stream == Self.frame)
        #expect(!handshake.hasRequest)
        #expect(handshake.status == 101)
        #expect(!handshake.offeredDeflate)
        #expect(handshake.agreedDeflate)
        #expect(handshake.otherExtensions == ["x-mux", "x-last"])
        #expect(handshake.byteCount == UInt64(Self.responseHead.utf8.count))
    }

    @Test("a transcript with both heads")
    func both() throws {
        let found = found(Self.requestHead + Self.responseHead)
        let handshake = try #require(found.handshake)
        #expect(found.stream == Self.frame)
        #expect(handshake.hasRequest)
        #expect(handshake.status == 101)
        #expect(handshake.offeredDeflate && handshake.agreedDeflate)
        #expect(handshake.byteCount == UInt64((Self.requestHead + Self.responseHead).utf8.count))
    }

    @Test("other responses, bare line feeds, nothing agreed")
    func others() throws {
        let refused = try #require(found("HTTP/1.0 400 Bad\n\n").handshake)
        #expect(refused.status == 400)
        // The body follows.
        #expect(refused.byteCount == 22)
        #expect(!refused.agreedDeflate)
        #expect(found("HTTP/1.0 400 Bad\r\n\r\r\n\n").handshake?.byteCount == 26)
        #expect(found("HTTP/1.1 426\r\n\r\n").handshake?.status == 426)
        let quoted = found("HTTP/1.1 101 x\r\nSec-WebSocket-Extensions: a; b=\"permessage-deflate\", c\r\n\r\n")
        #expect(quoted.handshake?.agreedDeflate == false)
        #expect(quoted.handshake?.otherExtensions == ["a", "c"])
        let steering = found("HTTP/1.1 101 x\r\nSec-WebSocket-Extensions: a\u{1B}[2J\r\n\r\n")
        #expect(steering.handshake?.otherExtensions == ["a?[2J"])
        let body = found("HTTP/1.1 101 x\r\nX-Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
        #expect(body.handshake?.agreedDeflate == false)
    }

    @Test(
        "what only resembles a handshake belongs to the stream",
        arguments: [
            "", "G", "GE", "GET", "GETS ", "HTTP", "HTTP/1", "HTTP/2.0 200\r\n\r\n", "POST / HTTP/1.1", "HGET ",
        ]
    )
    func none(text: String) {
        let found = found(text, then: [])
        #expect(found.handshake == nil)
        #expect(found.message == nil)
        #expect(found.stream == Array(text.utf8))
    }

    @Test(
        "after a request as well",
        arguments: ["", "H", "HTTP/", "HTTP/3", "GET / HTTP/1.1", "GET / HTTP/2\r\n\r\n", "\r\n\u{1}", "HHTTP/1.1"])
    func afterRequest(text: String) {
        let head = "GET / HTTP/1.1\r\n\r\n"
        let found = found(head + text, then: [])
        #expect(found.handshake?.byteCount == UInt64(head.utf8.count))
        #expect(found.stream == Array(text.utf8))
    }

    @Test("malformed ones")
    func broken() {
        #expect(found("GET / HTTP/1.1\r\nHost: x\r\n", then: []).message == "the dump ends inside its HTTP handshake")
        #expect(found(Self.requestHead + "HTTP/1.1 101", then: []).message == "the dump ends inside its HTTP handshake")
        #expect(found("HTTP/1.1 1x1 Hm\r\n\r\n").message?.contains("status") == true)
        #expect(found("HTTP/1.1\r\n\r\n").message?.contains("status") == true)
        #expect(found("HTTP/1.1 1010 x\r\n\r\n").message?.contains("status") == true)
    }

    @Test(
        "a 101 after a refusal of the same request", arguments: ["", "Content-Length: 0\r\n", "Content-Length: 2\r\n"])
    func secondResponse(length: String) {
        let refusal = "HTTP/1.1 401 Unauthorized\r\n\(length)\r\n" + (length.contains("2") ? "no" : "")
        let answer = "HTTP/1.1 101 Switching Protocols\r\n\r\n"
        #expect(
            found(Self.requestHead + refusal + answer).handshake?.notices.map(\.kind).contains(.secondResponse) == true)
        // It answers another request.
        let again = Self.requestHead + refusal + Self.requestHead + answer
        #expect(found(again).handshake?.notices.map(\.kind).contains(.secondResponse) == false)
    }
}
