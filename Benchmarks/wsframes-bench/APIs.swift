import BenchmarkWorkloads
import WebSocketFrames

/// An API of the parser.
enum API: String, CaseIterable, Codable {
    /// `FrameValidator`: bytes are only read.
    case validate
    /// `FrameReader.read`: payloads are unmasked in place and handed over, a whole read at a time.
    case read
    /// `FrameReader.next`: the same, event by event.
    case next
    /// `Connection.next`: the same, with the answers that are due.
    case connection
    /// `wsf_reader_read_all`: the events as C gets them, a whole read at a time.
    case c
    /// `FrameWriter`: frames are written.
    case write

    /// Returns the APIs for a workload, unless the command line names them.
    static func all(for kind: WorkloadKind) -> [API] {
        if kind.isWritten { return [.write] }
        // `FrameReader` hands over compressed messages unchanged.
        if kind.isInflated { return [.validate, .next, .connection] }
        return allCases.filter { $0 != .write }
    }
}

/// An answer of the parser that differs from what the workload must give. It ends the benchmark: a fast wrong answer
/// is worthless.
struct WrongAnswer: Error, CustomStringConvertible {
    let description: String
}

/// One way to feed a workload to the parser.
struct Feeding: Hashable {
    let api: API
    /// The read size in bytes; 0 for the whole stream at once. Ignored for workloads that determine the contents of
    /// each read.
    let chunk: Int

    /// Runs the parser over the workload, and checks its answer for every stream.
    ///
    /// - Parameters:
    ///   - copy: the workload's bytes, still masked; they are unmasked in it.
    ///   - sums: whether to add up the payload bytes too. Otherwise they are only counted, so that the parser alone
    ///     is timed.
    func run(_ workload: Workload, _ copy: inout [UInt8], sums: Bool) throws(WrongAnswer) {
        let inflates = workload.streams[0].extensions.inflates
        switch api {
        case .validate where inflates: try receive(InflatingAlone.self, workload, &copy, sums)
        case .next where inflates: try receive(InflatingMessages.self, workload, &copy, sums)
        case .connection where inflates: try receive(InflatingConnection.self, workload, &copy, sums)
        case .validate: try receive(Validating.self, workload, &copy, sums)
        case .read: try receive(Reading.self, workload, &copy, sums)
        case .next: try receive(Pulling.self, workload, &copy, sums)
        case .connection: try receive(Connecting.self, workload, &copy, sums)
        case .c: try receive(ReadingInC.self, workload, &copy, sums)
        case .write: try Writing.run(workload, &copy, sums: sums)
        }
    }

    private func receive<R: Receiver>(
        _ type: R.Type, _ workload: Workload, _ copy: inout [UInt8], _ sums: Bool
    ) throws(WrongAnswer) {
        if sums && R.payload != .none {
            var payloads = PayloadSums()
            try receive(type, workload, &copy, into: &payloads)
            if R.payload == .all {
                try expect(payloads, workload.account.payload, "payload bytes and their sums", workload)
            }
        } else {
            var payloads = PayloadCount()
            try receive(type, workload, &copy, into: &payloads)
            let all = workload.account.payload.count
            switch R.payload {
            case .all: try expect(payloads.bytes, all, "payload bytes", workload)
            case .data:
                try expect(payloads.bytes, all - workload.account.controlPayloadCount, "payload bytes", workload)
            case .none: break
            }
        }
    }

    private func receive<R: Receiver>(
        _ type: R.Type, _ workload: Workload, _ copy: inout [UInt8], into payloads: inout some PayloadTaker
    ) throws(WrongAnswer) {
        // A local variable stays in registers.
        var taken = payloads
        defer { payloads = taken }
        do {
            if workload.reads.isEmpty {
                for stream in workload.streams {
                    var receiver = R(stream)
                    var at = stream.range.lowerBound
                    while at < stream.range.upperBound {
                        let end = chunk == 0 ? stream.range.upperBound : min(at &+ chunk, stream.range.upperBound)
                        try Self.take(at..<end, of: &copy, &receiver, &taken)
                        at = end
                    }
                    try check(receiver, stream, workload)
                }
            } else if workload.streams.count == 1 {
                var receiver = R(workload.streams[0])
                var at = 0
                for read in workload.reads {
                    let end = at &+ Int(read.count)
                    try Self.take(at..<end, of: &copy, &receiver, &taken)
                    at = end
                }
                try check(receiver, workload.streams[0], workload)
            } else {
                var receivers = workload.streams.map { R($0) }
                var at = 0
                for read in workload.reads {
                    let end = at &+ Int(read.count)
                    try Self.take(at..<end, of: &copy, &receivers[Int(read.stream)], &taken)
                    at = end
                }
                for (receiver, stream) in zip(receivers, workload.streams) { try check(receiver, stream, workload) }
            }
        } catch let error as WrongAnswer {
            throw error
        } catch {
            throw WrongAnswer(description: "\(name(of: workload)): a violation where there is none: \(error)")
        }
    }

    @inline(__always)
    private static func take<R: Receiver>(
        _ range: Range<Int>, of copy: inout [UInt8], _ receiver: inout R, _ payloads: inout some PayloadTaker
    ) throws(Violation) {
        var whole = copy.mutableSpan
        var piece = whole._mutatingExtracting(range)
        try receiver.take(&piece, into: &payloads)
    }

    private func check(_ receiver: some Receiver, _ stream: Workload.Stream, _ workload: Workload) throws(WrongAnswer) {
        guard let end = receiver.end else { return }
        try expect(end.state, .complete, "state", workload)
        try expect(end.frames, stream.frames, "frames", workload)
        try expect(end.messages, stream.messages, "messages", workload)
        try expect(end.position, UInt64(stream.byteCount), "bytes", workload)
    }

    private func name(of workload: Workload) -> String {
        "\(workload.name), \(api.rawValue), chunk \(chunk)"
    }

    @inline(__always)
    private func expect<Value: Equatable>(
        _ found: Value, _ expected: Value, _ what: String, _ workload: Workload
    ) throws(WrongAnswer) {
        guard found != expected else { return }
        throw WrongAnswer(description: "\(name(of: workload)): \(what): \(found) instead of \(expected)")
    }
}
