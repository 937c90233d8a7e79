import SeededRandom
import WebSocketFrames

// Streams as a server sees them: one or a few frames per read, with control frames and fragments in between.
extension WorkloadKind {
    /// One stream of text frames, this many in each read.
    func reads(_ count: Int, _ lengths: ClosedRange<Int>, framesARead: ClosedRange<Int>) -> Workload {
        var random = SplitMix64(seed: seed)
        var text = PayloadText(seed: seed &+ 1)
        var writer = StreamWriter(isMasked: true, seed: seed, capacity: count * 512)
        var reads: [Workload.Read] = []
        var payload: [UInt8] = []
        for _ in 0..<count {
            let start = writer.bytes.count
            for _ in 0..<random.number(in: framesARead) {
                text.fill(&payload, count: random.number(in: lengths), with: .ascii)
                writer.writeFrame(.text, payload[...])
            }
            reads.append(Workload.Read(count: UInt32(writer.bytes.count - start), stream: 0))
        }
        return Workload(name: rawValue, sender: .client, reads: reads, writer)
    }

    /// Many streams, each of which gets one text frame in each round, in an unpredictable order.
    func connections(_ count: Int, _ lengths: ClosedRange<Int>, rounds: Int) -> Workload {
        var random = SplitMix64(seed: seed)
        var text = PayloadText(seed: seed &+ 1)
        var writer = StreamWriter(isMasked: true, seed: seed, capacity: count * rounds * 100)
        var order = Array(0..<count)
        for index in order.indices { order.swapAt(index, random.number(in: index...(count - 1))) }
        var byteCounts = [Int](repeating: 0, count: count)
        var reads: [Workload.Read] = []
        var payload: [UInt8] = []
        for _ in 0..<rounds {
            for stream in order {
                let start = writer.bytes.count
                text.fill(&payload, count: random.number(in: lengths), with: .ascii)
                writer.writeFrame(.text, payload[...])
                byteCounts[stream] += writer.bytes.count - start
                reads.append(Workload.Read(count: UInt32(writer.bytes.count - start), stream: UInt32(stream)))
            }
        }
        let streams = byteCounts.map {
            Workload.Stream(
                0..<writer.bytes.count, byteCount: $0, sender: .client, frames: UInt64(rounds),
                messages: UInt64(rounds))
        }
        return Workload(name: rawValue, bytes: writer.bytes, streams: streams, reads: reads, account: writer.account)
    }

    /// A text frame and a ping, alternating.
    func pings(_ count: Int) -> Workload {
        var random = SplitMix64(seed: seed)
        var text = PayloadText(seed: seed &+ 1)
        var writer = StreamWriter(isMasked: true, seed: seed, capacity: count * 144)
        var payload: [UInt8] = []
        for _ in 0..<count {
            text.fill(&payload, count: random.number(in: 0...125), with: .ascii)
            writer.writeFrame(.text, payload[...])
            text.fill(&payload, count: random.number(in: 0...125), with: .binary)
            writer.writeFrame(.ping, payload[...])
        }
        return Workload(name: rawValue, sender: .client, writer)
    }

    /// Text messages in 2 to 8 fragments each.
    func fragments(_ count: Int) -> Workload {
        var random = SplitMix64(seed: seed)
        var text = PayloadText(seed: seed &+ 1)
        var writer = StreamWriter(isMasked: true, seed: seed, capacity: count * 128)
        var payload: [UInt8] = []
        for _ in 0..<count {
            let last = random.number(in: 1...7)
            for fragment in 0...last {
                text.fill(&payload, count: random.number(in: 1...32), with: .ascii)
                writer.writeFrame(fragment == 0 ? .text : .continuation, isFinal: fragment == last, payload[...])
            }
        }
        return Workload(name: rawValue, sender: .client, writer)
    }
}
