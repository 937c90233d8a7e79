import NIOCore
import NIOWebSocket
import ServerOptions

/// Sends every message back unchanged, and answers pings and the closing handshake.
final class EchoFrames: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let options: ServerOptions
    private var isClosing = false

    init(_ options: ServerOptions) {
        self.options = options
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard !isClosing else { return }
        switch frame.opcode {
        case .text, .binary:
            let message = frame.unmaskedData
            if isOrder(message, options.throwOn) { return close(context, .unexpectedServerError) }
            if isOrder(message, options.closeOn) { return close(context, .goingAway) }
            write(context, frame.opcode, message)
        case .ping: write(context, .pong, frame.unmaskedData)
        case .connectionClose:
            var answer = frame.unmaskedData
            end(context, answer.readSlice(length: min(2, answer.readableBytes)) ?? ByteBuffer())
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // NIO's handler has answered what its decoder found; faults that its aggregator finds are left to the author.
        if error is NIOWebSocketFrameAggregator.Error { close(context, .protocolError) }
    }

    private func isOrder(_ message: ByteBuffer, _ order: [UInt8]?) -> Bool {
        guard let order else { return false }
        return message.readableBytesView.elementsEqual(order)
    }

    private func write(_ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ payload: ByteBuffer) {
        context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: payload)), promise: nil)
    }

    private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        var payload = ByteBuffer()
        payload.write(webSocketErrorCode: code)
        end(context, payload)
    }

    private func end(_ context: ChannelHandlerContext, _ payload: ByteBuffer) {
        isClosing = true
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: payload)
        context.writeAndFlush(wrapOutboundOut(frame)).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }
}
