import PerMessageDeflate
import SeededRandom
import WebSocketFrames

// Messages of all kinds and sizes, compressed or not.
extension WorkloadKind {
    /// What is done with the payload of messages.
    enum Compression {
        case none
        /// RSV1 is set, but the payload is left uncompressed: no parser examines it.
        case marked
        /// RSV1 is set, and the payload is compressed.
        case compressed

        var extensions: AgreedExtensions {
            switch self {
            case .none: .none
            case .marked: .permessageDeflate
            case .compressed: .permessageDeflate(.standard)
            }
        }
    }

    /// Writes messages, compressed or not.
    private struct MessageWriter {
        var writer: StreamWriter
        let compression: Compression
        private var deflater = MessageDeflater(DeflateContext())

        init(_ writer: StreamWriter, _ compression: Compression) {
            self.writer = writer
            self.compression = compression
        }

        /// - Parameter cuts: where the message's fragments end, in millionths of its length.
        mutating func write(_ opcode: StreamWriter.Opcode, _ message: [UInt8], cuts: [Int] = []) {
            var payload = message
            if compression == .compressed {
                payload = []
                // Through a span, which spares a copy into an array of its own.
                deflater.compress(message.span) { piece in for index in piece.indices { payload.append(piece[index]) } }
                writer.count(message[...])
            }
            var start = 0
            for (index, cut) in (cuts + [1_000_000]).enumerated() {
                let end = payload.count * cut / 1_000_000
                writer.writeFrame(
                    index == 0 ? opcode : .continuation, isFinal: cut == 1_000_000,
                    isCompressed: index == 0 && compression != .none, handsOver: compression != .compressed,
                    payload[start..<end])
                start = end
            }
        }
    }

    func chat(_ count: Int, _ compression: Compression = .none) -> Workload {
        var random = SplitMix64(seed: seed)
        var text = PayloadText(seed: seed &+ 1)
        var messages = MessageWriter(StreamWriter(isMasked: true, seed: seed, capacity: count * 1500), compression)
        var payload: [UInt8] = []
        for _ in 0..<count {
            let kind = random.happens(percent: 25) ? PayloadText.Kind.mixed : .ascii
            switch random.number(in: 0...99) {
            case 0..<80:
                text.fill(&payload, count: random.number(in: 20...300), with: kind)
                messages.write(.text, payload)
            case 80..<85:
                text.fill(&payload, count: random.number(in: 0...32), with: .binary)
                messages.writer.writeFrame(random.happens(percent: 50) ? .ping : .pong, payload[...])
            case 85..<95:
                text.fill(&payload, count: random.number(in: 1024...8192), with: .binary)
                messages.write(.binary, payload)
            default:
                // Cut anywhere, even inside a character: text is judged over the whole message.
                text.fill(&payload, count: 16_384, with: kind)
                let first = random.number(in: 1...8192)
                let second = random.number(in: (first + 1)...16_383)
                // In millionths, rounded up: one of 16,384 bytes is 61.03 of them.
                messages.write(.text, payload, cuts: [first, second].map { ($0 * 1_000_000 + 16_383) / 16_384 })
            }
        }
        return Workload(name: rawValue, sender: .client, extensions: compression.extensions, messages.writer)
    }

    /// Messages of JSON rows, all different.
    func json(_ count: Int) -> Workload {
        var random = SplitMix64(seed: seed)
        var text = PayloadText(seed: seed &+ 1)
        var messages = MessageWriter(StreamWriter(isMasked: true, seed: seed, capacity: count << 19), .compressed)
        var word: [UInt8] = []
        for _ in 0..<count {
            var message: [UInt8] = []
            while message.count < 1 << 20 {
                text.fill(&word, count: random.number(in: 4...24), with: .mixed)
                let (id, price) = (random.number(in: 0...999_999), random.number(in: 0...99_999))
                message += Array(#"{"id":\#(id),"type":"order","price":\#(price).\#(id % 100),"name":""#.utf8)
                message += word + Array(#"","active":\#(random.happens(percent: 50))},"#.utf8)
            }
            messages.write(.text, message)
        }
        return Workload(name: rawValue, sender: .client, extensions: .permessageDeflate(.standard), messages.writer)
    }
}
