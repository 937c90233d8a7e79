import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Measures a conversation as it progresses.
struct FactCollector {
    /// The most unanswered pings of a side that are remembered.
    private static let maximumPings = 8

    private var facts = ConversationFacts()
    private var lastFrame: CaptureTime?
    private var end: CaptureTime?
    private var silence: UInt64?
    private var pings: [Endpoint: [(payload: [UInt8], time: CaptureTime)]] = [:]

    init(began: PacketPosition?) {
        facts.began = began?.time
        facts.ended = began?.time
        lastFrame = began?.time
    }

    /// Notes that a frame has ended.
    mutating func add(_ frame: SeenFrame, from sender: Endpoint) {
        let header = frame.record.header
        if header.opcode.isControl {
            if frame.isWhole, let time = frame.packetPosition?.time { addControl(frame, from: sender, at: time) }
        } else {
            count(header, of: sender)
        }
        guard let position = frame.packetPosition, let time = position.time else { return }
        if let last = lastFrame, end == nil, time.nanoseconds > last.nanoseconds {
            let gap = time.nanoseconds - last.nanoseconds
            if gap > facts.longestGapNanoseconds {
                facts.longestGapNanoseconds = gap
                facts.longestGapEnd = position
            }
        }
        if time.nanoseconds >= lastFrame?.nanoseconds ?? 0 { lastFrame = time }
        if time.nanoseconds >= facts.ended?.nanoseconds ?? 0 { facts.ended = time }
    }

    @inline(__always)
    private mutating func count(_ header: EncodedFrameHeader, of sender: Endpoint) {
        func count(_ traffic: inout ConversationFacts.Traffic) {
            traffic.payloadBytes &+= header.payloadLength
            if header.isFinal { traffic.messages &+= 1 }
            if header.reservedBits.contains(.rsv1) { traffic.compressedMessages &+= 1 }
        }
        if sender == .client { count(&facts.client) } else { count(&facts.server) }
    }

    private mutating func addControl(_ frame: SeenFrame, from sender: Endpoint, at time: CaptureTime) {
        switch frame.record.header.opcode {
        case .close: addEnd(at: time)
        case .ping:
            var open = pings[sender] ?? []
            if open.count == Self.maximumPings { open.removeFirst() }
            open.append((frame.payload, time))
            pings[sender] = open
        case .pong:
            guard let open = pings[sender.peer], let index = open.lastIndex(where: { $0.payload == frame.payload })
            else { return }
            // A pong answers the latest ping with its payload, and those before it (RFC 6455 §5.5.3).
            pings[sender.peer] = Array(open[(index + 1)...])
            guard time >= open[index].time else { return }
            let wait = time.nanoseconds - open[index].time.nanoseconds
            var trips = facts.roundTrips ?? ConversationFacts.RoundTrips()
            trips.count &+= 1
            trips.shortest = min(trips.shortest, wait)
            trips.longest = max(trips.longest, wait)
            trips.total &+= wait
            facts.roundTrips = trips
        default: break
        }
    }

    /// Notes a Close, a FIN or a RST.
    mutating func addEnd(at time: CaptureTime?) {
        guard let time else { return }
        facts.ended = max(facts.ended ?? time, time)
        guard end == nil else { return }
        end = time
        silence = lastFrame.map { time < $0 ? 0 : time.nanoseconds - $0.nanoseconds }
    }

    /// Returns everything that was measured.
    ///
    /// - Parameters:
    ///   - last: where the capture ends, if the conversation had not ended before.
    ///   - inflation: the inflation counts of each side.
    func finished(
        captureEndedAt last: CaptureTime?,
        inflation: (Endpoint) -> (compressed: UInt64, inflated: UInt64, uninflated: UInt64)
    ) -> ConversationFacts {
        var result = self
        if let last { result.addEnd(at: last) }
        var facts = result.facts
        facts.silenceBeforeEnd = result.silence
        for endpoint in Endpoint.allCases {
            let inflation = inflation(endpoint)
            (facts[endpoint].compressedBytes, facts[endpoint].inflatedBytes) = (
                inflation.compressed, inflation.inflated
            )
            facts[endpoint].uninflatedMessages = inflation.uninflated
        }
        return facts
    }
}
