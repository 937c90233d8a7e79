import BenchmarkWorkloads
import WebSocketFrames

// The APIs that inflate.

struct InflatingAlone: Receiver {
    static let payload = HandedPayload.data
    private var validator: InflatingValidator

    init(_ stream: Workload.Stream) {
        validator = InflatingValidator(sender: stream.sender, extensions: stream.extensions, limits: stream.limits)
    }

    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation) {
        try validator.consume(bytes.span) { payloads.take($0) }
    }

    var end: StreamEnd? {
        StreamEnd(
            state: validator.state, frames: validator.frameCount, messages: validator.messageCount,
            position: validator.position)
    }
}

struct InflatingMessages: Receiver {
    static let payload = HandedPayload.all
    private var reader: MessageReader

    init(_ stream: Workload.Stream) {
        reader = MessageReader(peer: stream.sender, extensions: stream.extensions, limit: .max)
    }

    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation) {
        var index = 0
        while let event = try reader.next(in: &bytes, from: &index) {
            switch event {
            case .message(let message): payloads.take(message.bytes.span)
            case .control: payloads.take(reader.controlFrame.payload)
            }
        }
    }

    var end: StreamEnd? { nil }
}

struct InflatingConnection: Receiver {
    static let payload = HandedPayload.data
    private var replies: [UInt8] = []
    private var connection: MessageConnection

    init(_ stream: Workload.Stream) {
        connection = MessageConnection(
            role: stream.sender.peer, deflate: stream.extensions.deflate, limits: stream.limits)
    }

    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation) {
        var index = 0
        while let event = connection.next(in: &bytes, from: &index, replies: &replies) {
            if case .message(let message) = event { payloads.take(message.bytes.span) }
            if case .violation(let violation) = event { throw violation }
            if replies.count >= 65_536 { replies.removeAll(keepingCapacity: true) }
        }
    }

    var end: StreamEnd? { nil }
}
