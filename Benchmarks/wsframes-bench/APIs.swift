import BenchmarkWorkloads
import WebSocketFrames

/// A way into the parser.
enum API: String, CaseIterable, Codable {
    /// `FrameValidator`: bytes are only read.
    case validate
    /// `FrameReader`: payloads are unmasked in place and handed over.
    case read
}

/// The parser said something else than the workload must give. It ends the benchmark: a fast wrong answer is none.
struct WrongAnswer: Error, CustomStringConvertible {
    let description: String
}

/// One way to feed a workload to the parser.
struct Feeding: Hashable {
    let api: API
    /// The read size in bytes; 0 for the whole stream at once.
    let chunk: Int

    /// Runs the parser over the workload, and checks what it says of every stream.
    ///
    /// - Parameters:
    ///   - copy: the workload's bytes, masked as they were; the read API unmasks them.
    ///   - sums: adds up the payload bytes too. Else they are counted only, so that the parser alone is timed.
    func run(_ workload: Workload, _ copy: inout [UInt8], sums: Bool) throws(WrongAnswer) {
        switch api {
        case .validate:
            for stream in workload.streams { try validate(stream, of: workload) }
        case .read where sums:
            var payload = PayloadSums()
            for stream in workload.streams { try read(stream, of: workload, &copy, into: &payload) }
            try expect(payload, workload.account.payload, "payload bytes and their sums", workload, at: 0)
        case .read:
            var payload = PayloadCount()
            for stream in workload.streams { try read(stream, of: workload, &copy, into: &payload) }
            try expect(payload.bytes, workload.account.payload.count, "payload bytes", workload, at: 0)
        }
    }

    private func validate(_ stream: Workload.Stream, of workload: Workload) throws(WrongAnswer) {
        var validator = FrameValidator(sender: stream.sender, extensions: stream.extensions, limits: stream.limits)
        let bytes = workload.bytes.span.extracting(stream.range)
        do throws(Violation) {
            if chunk == 0 {
                try validator.consume(bytes)
            } else {
                var at = 0
                while at < bytes.count {
                    let end = min(at &+ chunk, bytes.count)
                    try validator.consume(bytes.extracting(at..<end))
                    at = end
                }
            }
        } catch {
            throw WrongAnswer(description: "\(name(of: workload)): a violation where there is none: \(error)")
        }
        let start = stream.range.lowerBound
        try expect(validator.state, .complete, "state", workload, at: start)
        try expect(validator.frameCount, stream.frames, "frames", workload, at: start)
        try expect(validator.messageCount, stream.messages, "messages", workload, at: start)
        try expect(validator.position, UInt64(stream.range.count), "bytes", workload, at: start)
    }

    @inline(__always)
    private func read(
        _ stream: Workload.Stream, of workload: Workload, _ copy: inout [UInt8], into payloads: inout some PayloadTaker
    ) throws(WrongAnswer) {
        // A value of its own stays in registers.
        var taken = payloads
        defer { payloads = taken }
        var reader = FrameReader(peer: stream.sender, extensions: stream.extensions, limits: stream.limits)
        var at = stream.range.lowerBound
        do throws(Violation) {
            while at < stream.range.upperBound {
                let end = chunk == 0 ? stream.range.upperBound : min(at &+ chunk, stream.range.upperBound)
                var whole = copy.mutableSpan
                var piece = whole._mutatingExtracting(at..<end)
                try reader.read(&piece) { _, payload in
                    taken.take(payload)
                } control: { frame in
                    taken.take(frame.payload)
                }
                at = end
            }
        } catch {
            throw WrongAnswer(description: "\(name(of: workload)): a violation where there is none: \(error)")
        }
        let start = stream.range.lowerBound
        try expect(reader.state, .complete, "state", workload, at: start)
        try expect(reader.frameCount, stream.frames, "frames", workload, at: start)
        try expect(reader.messageCount, stream.messages, "messages", workload, at: start)
        try expect(reader.position, UInt64(stream.range.count), "bytes", workload, at: start)
    }

    private func name(of workload: Workload) -> String {
        "\(workload.name), \(api.rawValue), chunk \(chunk)"
    }

    @inline(__always)
    private func expect<Value: Equatable>(
        _ found: Value, _ expected: Value, _ what: String, _ workload: Workload, at start: Int
    ) throws(WrongAnswer) {
        guard found != expected else { return }
        throw WrongAnswer(
            description: "\(name(of: workload)): \(what): \(found) instead of \(expected) (stream at byte \(start))")
    }
}

/// Whom the read API hands payloads to.
private protocol PayloadTaker {
    mutating func take(_ payload: Span<UInt8>)
    mutating func take(_ payload: ControlPayload)
}

private struct PayloadCount: PayloadTaker {
    var bytes: UInt64 = 0

    @inline(__always)
    mutating func take(_ payload: Span<UInt8>) { bytes &+= UInt64(payload.count) }

    @inline(__always)
    mutating func take(_ payload: ControlPayload) { bytes &+= UInt64(payload.count) }
}

extension PayloadSums: PayloadTaker {
    mutating func take(_ payload: Span<UInt8>) { add(payload) }

    mutating func take(_ payload: ControlPayload) {
        for byte in payload { add(byte) }
    }
}
