import NIOCore
import NIOEmbedded
import NIOWebSocket
import WebSocketFrames

/// SwiftNIO's `WebSocketFrameDecoder` in an `EmbeddedChannel`.
struct NIORival: Rival {
    /// Whether to unmask, assemble and check UTF-8 as well; otherwise frames are counted as the decoder hands them
    /// over.
    let doesFullJob: Bool

    var name: String { "SwiftNIO \(Versions.nio), " + (doesFullJob ? "full job" : "decode only") }

    var summary: String {
        doesFullJob
            ? "… and `NIOWebSocketFrameAggregator`, `unmaskedData`, `readUTF8ValidatedString`"
            : "`WebSocketFrameDecoder` in an `EmbeddedChannel`: payloads stay masked, text is not judged"
    }

    var unmasks: Bool { doesFullJob }

    func prepare(_ input: Input, sums: Bool) -> () -> Answer {
        // One buffer for each read, as a channel allocates them; its last holder may write to it.
        var pieces: [ByteBuffer] = []
        var at = 0
        while at < input.bytes.count {
            let end = min(at + Input.chunk, input.bytes.count)
            pieces.append(ByteBuffer(bytes: input.bytes[at..<end]))
            at = end
        }
        pieces.reverse()
        return {
            let sink = Sink(doesFullJob: doesFullJob, judgesText: !input.agreesOnDeflate, sums: sums)
            let channel = EmbeddedChannel()
            do {
                try addHandlers(to: channel, before: sink, input)
                while let piece = pieces.popLast() { try channel.writeInbound(piece) }
            } catch {
                sink.answer.isRejected = true
            }
            // This only reports bytes that are left over from a broken or unfinished stream.
            _ = try? channel.finish()
            return sink.answer
        }
    }

    private func addHandlers(to channel: EmbeddedChannel, before sink: Sink, _ input: Input) throws {
        let largest = Int(clamping: min(input.limits.frame, UInt64(UInt32.max)))
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: largest)))
        if doesFullJob {
            try pipeline.addHandler(
                NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: .max,
                    maxAccumulatedFrameSize: Int(clamping: input.limits.message)))
        }
        try pipeline.addHandler(sink)
    }
}

/// The user's handler at the end of the pipeline.
private final class Sink: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    var answer = Answer()
    private let doesFullJob: Bool
    /// False if messages may be compressed: SwiftNIO inflates nothing, and the aggregator drops RSV1.
    private let judgesText: Bool
    private let sums: Bool

    init(doesFullJob: Bool, judgesText: Bool, sums: Bool) {
        self.doesFullJob = doesFullJob
        self.judgesText = judgesText
        self.sums = sums
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if frame.fin, !frame.opcode.isControl { answer.messages &+= 1 }
        guard doesFullJob else {
            answer.payload &+= UInt64(frame.data.readableBytes)
            return
        }
        var payload = frame.unmaskedData
        answer.payload &+= UInt64(payload.readableBytes)
        if sums { for byte in payload.readableBytesView { answer.sum &+= UInt64(byte) } }
        guard frame.opcode == .text, judgesText else { return }
        do {
            _ = try payload.readUTF8ValidatedString(length: payload.readableBytes)
        } catch {
            context.fireErrorCaught(error)
        }
    }
}

extension WebSocketOpcode {
    fileprivate var isControl: Bool {
        self == .ping || self == .pong || self == .connectionClose
    }
}
