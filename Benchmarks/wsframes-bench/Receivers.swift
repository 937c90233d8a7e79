import BenchmarkWorkloads
import WebSocketFrames

/// One stream, fed to the parser through one API.
protocol Receiver {
    /// Which payloads it hands over.
    static var payload: HandedPayload { get }

    init(_ stream: Workload.Stream)

    /// Consumes the contents of a read.
    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation)

    /// The state at the end of the stream; nil if the API does not provide it.
    var end: StreamEnd? { get }
}

enum HandedPayload { case none, data, all }

/// What must be right at the end of a stream.
struct StreamEnd {
    let state: StreamState
    let frames, messages, position: UInt64
}

struct Validating: Receiver {
    static let payload = HandedPayload.none
    private var validator: FrameValidator

    init(_ stream: Workload.Stream) {
        validator = FrameValidator(sender: stream.sender, extensions: stream.extensions, limits: stream.limits)
    }

    @inline(__always)
    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation) {
        try validator.consume(bytes.span)
    }

    var end: StreamEnd? {
        StreamEnd(
            state: validator.state, frames: validator.frameCount, messages: validator.messageCount,
            position: validator.position)
    }
}

struct Reading: Receiver {
    static let payload = HandedPayload.all
    private var reader: FrameReader

    init(_ stream: Workload.Stream) {
        reader = FrameReader(peer: stream.sender, extensions: stream.extensions, limits: stream.limits)
    }

    @inline(__always)
    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation) {
        try reader.read(&bytes) { _, payload in
            payloads.take(payload)
        } control: { frame in
            payloads.take(frame.payload)
        }
    }

    var end: StreamEnd? {
        StreamEnd(
            state: reader.state, frames: reader.frameCount, messages: reader.messageCount, position: reader.position)
    }
}

struct Pulling: Receiver {
    static let payload = HandedPayload.all
    private var reader: FrameReader

    init(_ stream: Workload.Stream) {
        reader = FrameReader(peer: stream.sender, extensions: stream.extensions, limits: stream.limits)
    }

    @inline(__always)
    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation) {
        var index = 0
        while let event = try reader.next(in: &bytes, from: &index) {
            switch event {
            case .data(let slice): payloads.take(bytes.span.extracting(slice.range))
            case .control: payloads.take(reader.controlFrame.payload)
            }
        }
    }

    var end: StreamEnd? {
        StreamEnd(
            state: reader.state, frames: reader.frameCount, messages: reader.messageCount, position: reader.position)
    }
}

/// After the peer's Close a connection examines nothing more, so only the bytes can be counted.
struct Connecting: Receiver {
    static let payload = HandedPayload.data
    // First, at the beginning of the connection's own state: a server has one for all of them.
    private var replies: [UInt8] = []
    private var connection: Connection

    init(_ stream: Workload.Stream) {
        connection = Connection(role: stream.sender.peer, extensions: stream.extensions, limits: stream.limits)
    }

    @inline(__always)
    mutating func take(_ bytes: inout MutableSpan<UInt8>, into payloads: inout some PayloadTaker) throws(Violation) {
        var index = 0
        while let event = connection.next(in: &bytes, from: &index, replies: &replies) {
            if case .data(let slice) = event { payloads.take(bytes.span.extracting(slice.range)) }
            if case .violation(let violation) = event { throw violation }
            // As if they had been sent: a server does not collect the replies of a whole stream.
            if replies.count >= 65_536 { replies.removeAll(keepingCapacity: true) }
        }
        if !replies.isEmpty { replies.removeAll(keepingCapacity: true) }
    }

    var end: StreamEnd? { nil }
}

/// A receiver of payloads.
protocol PayloadTaker {
    mutating func take(_ payload: Span<UInt8>)
    mutating func take(_ payload: ControlPayload)
    /// Adds this many bytes that were counted elsewhere.
    mutating func take(count: UInt64)
}

struct PayloadCount: PayloadTaker {
    private(set) var bytes: UInt64 = 0

    @inline(__always)
    mutating func take(_ payload: Span<UInt8>) { bytes &+= UInt64(payload.count) }

    @inline(__always)
    mutating func take(_ payload: ControlPayload) { bytes &+= UInt64(payload.count) }

    @inline(__always)
    mutating func take(count: UInt64) { bytes &+= count }
}

extension PayloadSums: PayloadTaker {
    mutating func take(_ payload: Span<UInt8>) { add(payload) }

    mutating func take(_ payload: ControlPayload) {
        for byte in payload { add(byte) }
    }

    mutating func take(count: UInt64) {}
}

/// Writes the workload's frames anew, as the endpoint that sent them.
enum Writing {
    static func run(_ workload: Workload, _ output: inout [UInt8], sums: Bool) throws(WrongAnswer) {
        let stream = workload.streams[0]
        var writer = FrameWriter(sender: stream.sender)
        let payloadCount = Int(workload.account.payload.count / workload.account.frames)
        // Any payload will do: its contents make no difference. (Letters, so that it is text.)
        let payload = [UInt8](repeating: UInt8(ascii: "w"), count: payloadCount)
        output.removeAll(keepingCapacity: true)
        do throws(SendError) {
            for _ in 0..<workload.account.frames { try writer.write(.whole(.text), payload, to: &output) }
        } catch {
            throw WrongAnswer(description: "\(workload.name), write: \(error)")
        }
        guard sums else { return }
        let verdict = FrameValidator.verdict(on: output.span, sender: stream.sender)
        guard verdict.state == .complete, verdict.frameCount == stream.frames, output.count == workload.bytes.count
        else { throw WrongAnswer(description: "\(workload.name), write: \(verdict)") }
    }
}
