import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOWebSocketFrames
import Testing
import WebSocketFrames

/// Inside an event anything may be done.
@Suite struct InsideEventsTests {
    private struct Failure: Error {}

    /// Does in each event what a test says.
    private final class Scripted: WebSocketApplication {
        var onOpened: (WebSocketSession) throws -> Void = { _ in }
        var onMessage: (Message, WebSocketSession) throws -> Void = { _, _ in }
        var codes: [CloseCode] = []

        func opened(_ session: WebSocketSession) throws { try onOpened(session) }
        func receive(_ message: Message, in session: WebSocketSession) throws { try onMessage(message, session) }
        func closed(_ code: CloseCode) { codes.append(code) }
    }

    private let channel = EmbeddedChannel()
    private let application = Scripted()

    private func open() throws {
        let server = WebSocketServer(limits: Limits(message: 1000))
        let handler = WebSocketHandler(
            application, of: server, request: HandshakeRequest(fields: [:]), agreement: HandshakeAgreement())
        try channel.pipeline.syncOperations.addHandler(handler)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    }

    private func client(_ texts: String...) throws -> ByteBuffer {
        var writer = FrameWriter(sender: .client)
        var bytes: [UInt8] = []
        for text in texts { try writer.write(text: text, to: &bytes) }
        return ByteBuffer(bytes: bytes)
    }

    private func sent() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
        return bytes
    }

    @Test func writing() throws {
        application.onOpened = { try $0.send("hi") }
        application.onMessage = { message, session in
            try session.send(message.text)
            session.channel.writeAndFlush(WebSocketMessage.text("2"), promise: nil)
        }
        try open()
        #expect(try sent() == [0x81, 2, 0x68, 0x69])
        try channel.writeInbound(client("a", "b"))
        #expect(try sent() == [0x81, 1, 0x61, 0x81, 1, 0x32, 0x81, 1, 0x62, 0x81, 1, 0x32])
    }

    @Test func throwing() throws {
        application.onMessage = { _, _ in throw Failure() }
        try open()
        try channel.writeInbound(client("a", "b"))
        #expect(try sent() == [0x88, 2, 0x03, 0xF3])
        _ = try? channel.finish()
        #expect(application.codes == [.internalError])
    }

    @Test func throwingAtTheBeginning() throws {
        application.onOpened = { _ in throw Failure() }
        try open()
        #expect(try sent() == [0x88, 2, 0x03, 0xF3])
        _ = try? channel.finish()
        #expect(application.codes == [.internalError])
    }

    @Test func closing() throws {
        application.onMessage = { _, session in
            try session.close(.goingAway)
            #expect(throws: SendError.closed) { try session.send("late") }
        }
        try open()
        try channel.writeInbound(client("a"))
        #expect(try sent() == [0x88, 2, 0x03, 0xE9])
    }

    @Test func closingTheChannel() throws {
        application.onMessage = { _, session in session.channel.close(promise: nil) }
        try open()
        try channel.writeInbound(client("a", "b"))
        #expect(application.codes == [.abnormalClosure])
        #expect(!channel.isActive)
    }

    @Test func removingTheHandler() throws {
        application.onMessage = { message, session in
            guard message.text == "go" else { return }
            let pipeline = session.channel.pipeline.syncOperations
            pipeline.removeHandler(try pipeline.handler(type: WebSocketHandler.self), promise: nil)
        }
        try open()
        var bytes = try client("a", "go")
        bytes.writeBytes([1, 2, 3])
        try channel.writeInbound(bytes)
        // What was not judged is passed on as it came.
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(bytes: [1, 2, 3]))
        #expect(application.codes == [.abnormalClosure])
        #expect(throws: (any Error).self) { try channel.pipeline.syncOperations.handler(type: WebSocketHandler.self) }
    }

    @Test func readingAgain() throws {
        var texts: [String] = []
        let more = try client("c")
        application.onMessage = { message, session in
            texts.append(message.text)
            if message.text == "a" { session.channel.pipeline.fireChannelRead(more) }
        }
        try open()
        try channel.writeInbound(client("a", "b"))
        #expect(texts == ["a", "b", "c"])
    }

    @Test func aViolationIsThePeers() throws {
        try open()
        try channel.writeInbound(ByteBuffer(bytes: [0x83]))
        #expect(try sent().prefix(4) == [0x88, 17, 0x03, 0xEA])
        _ = try? channel.finish()
        #expect(application.codes == [.protocolError])
    }

    @Test func aPromiseFailsAfterTheClose() throws {
        try open()
        try channel.writeOutbound(WebSocketMessage.control(.close))
        #expect(throws: SendError.closed) { try channel.writeOutbound(WebSocketMessage.text("late")) }
    }

    @Test func silenceIsEnded() throws {
        try open()
        let embedded = channel.embeddedEventLoop
        embedded.advanceTime(by: .seconds(61))
        #expect(try sent() == [0x89, 0])
        embedded.advanceTime(by: .seconds(61))
        #expect(!channel.isActive)
        #expect(application.codes == [.abnormalClosure])
    }
}

/// The handshake: what is accepted, what is refused, and for how long it is waited.
@Suite struct HandshakeHandlerTests {
    private final class Silent: WebSocketApplication {
        func receive(_ message: Message, in session: WebSocketSession) throws {}
    }

    private let channel = EmbeddedChannel()

    private func open(
        _ accept: @escaping (HandshakeRequest) throws(WebSocketServer.Refusal) -> any WebSocketApplication
    ) throws {
        var server = WebSocketServer(limits: Limits(message: 1000))
        server.handshake.subprotocols = ["chat"]
        try server.configure(channel, accept: accept)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    }

    private func answer(_ request: String) throws -> String {
        try channel.writeInbound(ByteBuffer(string: request))
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    private let upgrade = """
        GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r
        Sec-WebSocket-Protocol: x, chat\r\n\r\n
        """

    @Test func anUpgradeWithAFrameAfterIt() throws {
        try open { _ in Silent() }
        var bytes = ByteBuffer(string: upgrade)
        bytes.writeBytes([0x89, 0x81, 0, 0, 0, 0, 7])
        try channel.writeInbound(bytes)
        channel.embeddedEventLoop.run()
        var answer = ByteBuffer()
        while var buffer = try channel.readOutbound(as: ByteBuffer.self) { answer.writeBuffer(&buffer) }
        let text = String(buffer: answer)
        #expect(text.hasPrefix("HTTP/1.1 101"))
        #expect(text.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        #expect(text.contains("Sec-WebSocket-Protocol: chat\r\n"))
        #expect(answer.readableBytesView.suffix(3).elementsEqual([0x8A, 1, 7]))
    }

    @Test func aPlainGetIsRefused() throws {
        try open { _ in Silent() }
        let text = try answer("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 426"))
        #expect(text.contains("Sec-WebSocket-Version: 13"))
        #expect(!channel.isActive)
    }

    @Test func theAuthorRefuses() throws {
        try open { request throws(WebSocketServer.Refusal) in
            guard request.target == "/" else { throw WebSocketServer.Refusal(.forbidden) }
            return Silent()
        }
        #expect(try answer(upgrade).hasPrefix("HTTP/1.1 403"))
        #expect(!channel.isActive)
    }

    @Test func noHTTPIsRefused() throws {
        try open { _ in Silent() }
        _ = try? channel.writeInbound(ByteBuffer(string: "\u{16}\u{3}\u{1}\r\n\r\n"))
        #expect(!channel.isActive)
    }

    @Test func halfAHandshakeEnds() throws {
        try open { _ in Silent() }
        #expect(try answer("GET / HTTP/1.1\r\nHost").isEmpty)
        channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        #expect(!channel.isActive)
    }
}
