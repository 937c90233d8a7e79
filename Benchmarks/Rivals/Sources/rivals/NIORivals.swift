import NIOCore
import NIOEmbedded
import NIOWebSocket
import WebSocketFrames

/// SwiftNIO's `WebSocketFrameDecoder` in an `EmbeddedChannel`.
struct NIORival: Rival {
    /// Unmask, assemble and judge UTF-8 as well; else the frames are counted as the decoder hands them over.
    let doesFullJob: Bool

    var name: String { "SwiftNIO \(Versions.nio), " + (doesFullJob ? "full job" : "decode only") }

    var summary: String {
        doesFullJob
            ? "… and `NIOWebSocketFrameAggregator`, `unmaskedData`, `readUTF8ValidatedString`"
            : "`WebSocketFrameDecoder` in an `EmbeddedChannel`: payloads stay masked, text is not judged"
    }

    var unmasks: Bool { doesFullJob }

    func prepare(_ input: Input, sums: Bool) -> () -> Answer {
        // A buffer a read, as a channel allocates them; who holds it last may write to it.
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
            // Only bytes that are left over from a broken or unfinished stream are complained of here.
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

/// The user's handler at the pipeline's end.
private final class Sink: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    var answer = Answer()
    private let doesFullJob: Bool
    /// Not where it might be compressed: SwiftNIO inflates nothing, and the aggregator drops RSV1.
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
