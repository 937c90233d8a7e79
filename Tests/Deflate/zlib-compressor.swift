// zlib as the compressor of a MessageConnection: every window size that zlib supports, with and without takeover, at three
// levels. Each message must arrive unchanged.

import CZLib
import PerMessageDeflate
import WebSocketFrames

/// A stream of zlib's. Copies share it, like references to a class.
final class ZLibCompressor: MessageCompressor, @unchecked Sendable {
    private var stream = z_stream()

    init(_ context: DeflateContext, level: Int32) {
        let bits = -Int32(max(context.windowBits, 9))
        let status = deflateInit2_(
            &stream, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory")
    }

    deinit { deflateEnd(&stream) }

    func compress(_ bytes: Span<UInt8>, endsMessage: Bool, _ give: (Span<UInt8>) -> Void) {
        var input = (0..<bytes.count).map { bytes[$0] }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))) + 16)
        let count = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let status = deflate(&stream, endsMessage ? Z_SYNC_FLUSH : Z_NO_FLUSH)
                precondition(status == Z_OK && stream.avail_in == 0, "zlib does not compress")
                return output.count - Int(stream.avail_out)
            }
        }
        // Without the 00 00 FF FF (RFC 7692 §7.2.1).
        give(output.span.extracting(0..<(count - (endsMessage ? 4 : 0))))
    }

    func forget() { deflateReset(&stream) }
}

@main
struct PluggedIn {
    static func main() throws {
        let words = ["frame ", "opcode ", "payload ", "the ", "Привет ", "{\"id\":", "}, "]
        var messageCount = 0
        for bits in 9...15 {
            for takesOver in [false, true] {
                for level: Int32 in [1, 6, 9] {
                    var random = SplitMix64(seed: UInt64(bits))
                    let deflate = DeflateParameters(
                        clientMaxWindowBits: bits, serverMaxWindowBits: bits, clientNoContextTakeover: !takesOver,
                        serverNoContextTakeover: !takesOver)
                    var server = MessageConnection(role: .server, deflate: deflate, limits: .none) {
                        ZLibCompressor($0, level: level)
                    }
                    var client = MessageConnection(role: .client, deflate: deflate, limits: .none)
                    for _ in 0..<60 {
                        let count = random.below(random.pick([40, 1_000, 1_000, 60_000]))
                        var message: [UInt8] = []
                        while message.count < count { message += Array(random.pick(words).utf8) }
                        if random.oneIn(4) { message = random.bytes(count) }
                        var sent: [UInt8] = []
                        try server.send(.binary, message, to: &sent)
                        var (index, replies): (Int, [UInt8]) = (0, [])
                        var span = sent.mutableSpan
                        let event = client.next(in: &span, from: &index, replies: &replies)
                        guard case .message(let arrived) = event, arrived.bytes == message else {
                            fatalError("\(bits) bits, takeover \(takesOver), level \(level): something else arrives")
                        }
                        messageCount += 1
                    }
                }
            }
        }
        print("\(messageCount) messages, compressed by zlib for a MessageConnection, arrive as they were")
    }
}
