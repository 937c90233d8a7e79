import NIOCore
import NIOHTTP1
import WebSocketFrames

/// Answers one HTTP/1.1 request: with the upgrade, after which it leaves the pipeline together with NIO's HTTP handlers,
/// or with a refusal, after which it closes.
final class HandshakeHandler<Accepted>: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let handshake: ServerHandshake
    private let timeout: TimeAmount
    private let encoder: HTTPResponseEncoder
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let accept: (HandshakeRequest) throws(WebSocketServer.Refusal) -> Accepted
    private let upgrade: (Accepted, HandshakeRequest, HandshakeAgreement) throws -> Void
    private let refused: () -> Void
    private var request: HandshakeRequest?
    private var deadline: Scheduled<Void>?
    private var isAnswered = false

    init(
        _ handshake: ServerHandshake, timeout: TimeAmount, encoder: HTTPResponseEncoder,
        decoder: ByteToMessageHandler<HTTPRequestDecoder>,
        accept: @escaping (HandshakeRequest) throws(WebSocketServer.Refusal) -> Accepted,
        upgrade: @escaping (Accepted, HandshakeRequest, HandshakeAgreement) throws -> Void,
        refused: @escaping () -> Void
    ) {
        self.handshake = handshake
        self.timeout = timeout
        self.encoder = encoder
        self.decoder = decoder
        self.accept = accept
        self.upgrade = upgrade
        self.refused = refused
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        if !isAnswered { refused() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = HandshakeRequest(
                method: head.method.rawValue, target: head.uri,
                minorVersion: head.version.major == 1 ? Int(head.version.minor) : 0,
                fields: HeaderFields(head.headers.map { (name: $0.name, value: $0.value) }))
        case .body: break
        case .end:
            guard let request else { return }
            isAnswered = true
            answer(request, context)
        }
    }

    private func answer(_ request: HandshakeRequest, _ context: ChannelHandlerContext) {
        let answer: ServerHandshake.Answer
        let accepted: Accepted
        do throws(RequestFault) {
            answer = try handshake.accept(request)
        } catch {
            let fields = HTTPHeaders(error.responseFields.map { ($0.name, $0.value) })
            return refuse(HTTPResponseStatus(statusCode: error.status), fields, context)
        }
        do throws(WebSocketServer.Refusal) {
            accepted = try accept(request)
        } catch {
            return refuse(error.status, error.headers, context)
        }
        respond(.switchingProtocols, HTTPHeaders(answer.fields.map { ($0.name, $0.value) }), context)
        do {
            try upgrade(accepted, request, answer.agreement)
            let pipeline = context.pipeline.syncOperations
            pipeline.removeHandler(context: context, promise: nil)
            pipeline.removeHandler(encoder, promise: nil)
            let channel = context.channel
            // It passes on what came after the request, but does not signal that this was all.
            pipeline.removeHandler(decoder).whenComplete { _ in channel.pipeline.fireChannelReadComplete() }
        } catch {
            context.close(promise: nil)
        }
    }

    private func refuse(_ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        refused()
        var headers = headers
        headers.replaceOrAdd(name: "Connection", value: headers.contains(name: "Upgrade") ? "Upgrade, close" : "close")
        headers.replaceOrAdd(name: "Content-Length", value: "0")
        respond(status, headers, context)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func respond(_ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nobody will ever complete the request of a client that has closed its half.
        if event as? ChannelEvent == .inputClosed, !isAnswered { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isAnswered else { return context.close(promise: nil) }
        isAnswered = true
        refuse(.badRequest, [:], context)  // What the decoder could not read.
    }
}
