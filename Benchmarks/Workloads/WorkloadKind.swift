public import FixtureCorpus
import SeededRandom
import WebSocketFrames

/// The workloads, in the order in which they are measured.
public enum WorkloadKind: String, CaseIterable, Sendable {
    /// Short text from a client.
    case tinyText = "tiny-text"
    /// Short text, all of one length.
    case fixedText = "fixed-text"
    /// Short text from a server.
    case tinyServer = "tiny-server"
    /// Binary with a 16-bit length.
    case mediumBinary = "medium-binary"
    /// Megabytes of ASCII.
    case largeASCII = "large-ascii"
    /// Megabytes of other text.
    case largeUTF8 = "large-utf8"
    /// The traffic of a chat server.
    case chat
    /// The contents of the fixtures.
    case corpus
    /// One tiny frame per read.
    case oneARead16 = "one-a-read-16"
    /// One short frame per read.
    case oneARead = "one-a-read"
    /// One to three short frames per read.
    case fewARead = "few-a-read"
    /// Many streams in turn.
    case manyConnections = "many-connections"
    /// The traffic of a chat server, compressed.
    case deflateChat = "deflate-chat"
    /// The same, and inflated.
    case inflateChat = "inflate-chat"
    /// Megabytes of JSON, inflated.
    case inflateLarge = "inflate-large"
    /// Pings among tiny frames.
    case withPings = "with-pings"
    /// Tiny fragments.
    case smallFragments = "small-fragments"
    /// Between short and medium.
    case shortMedium = "short-medium"
    /// Tiny frames of a client, to be written.
    case write16 = "write-16"
    /// Frames of one kibibyte of a client, to be written.
    case write1k = "write-1k"
    /// Tiny frames of a server, to be written.
    case write16Server = "write-16-server"
    /// Frames of one kibibyte of a server, to be written.
    case write1kServer = "write-1k-server"

    /// Whether its reads contain whole frames; the other workloads are read in pieces of any size.
    public var saysWhatReadsBring: Bool {
        switch self {
        case .oneARead16, .oneARead, .fewARead, .manyConnections: true
        default: false
        }
    }

    /// Whether frames are written, not read.
    public var isWritten: Bool {
        switch self {
        case .write16, .write1k, .write16Server, .write1kServer: true
        default: false
        }
    }

    /// Whether compressed messages are inflated.
    public var isInflated: Bool { self == .inflateChat || self == .inflateLarge }

    /// What it is, in one line.
    public var summary: String {
        switch self {
        case .tinyText: "1,000,000 masked text frames, payload uniform 0…125 bytes, ASCII"
        case .fixedText: "1,000,000 masked text frames of 16 bytes, ASCII"
        case .tinyServer: "as tiny-text, unmasked, sent by the server"
        case .mediumBinary: "20,000 masked binary frames, uniform 126…16,384 bytes"
        case .largeASCII: "64 masked text frames of 1 MiB, ASCII"
        case .largeUTF8: "64 masked text frames of 1 MiB, words of Latin, Greek, Cyrillic, CJK and emoji mixed"
        case .chat:
            "40,000 times: 80 % masked text of 20…300 bytes, 5 % ping/pong, 10 % binary of 1…8 KiB, "
                + "5 % text messages of 16 KiB in 3 frames; a quarter of the texts is not ASCII"
        case .corpus: "every accepting fixture's stream, repeated to 16 MiB"
        case .oneARead16: "every read brings exactly one masked text frame of 16 bytes"
        case .oneARead: "every read brings exactly one masked text frame of 20…300 bytes"
        case .fewARead: "every read brings one to three masked text frames of 20…300 bytes"
        case .manyConnections: "100,000 streams in turn, a read of one masked text frame of 20…125 bytes each"
        case .deflateChat: "as chat, every data message with RSV1, permessage-deflate agreed, not inflated"
        case .inflateChat: "as deflate-chat, compressed and inflated, with context takeover"
        case .inflateLarge: "16 masked text messages of 1 MiB of JSON, compressed and inflated, with context takeover"
        case .withPings: "as tiny-text, a ping of 0…125 bytes after each"
        case .smallFragments: "text messages in 2 to 8 fragments of 1…32 bytes, ASCII"
        case .shortMedium: "masked text frames of 126…1,024 bytes, ASCII"
        case .write16: "a client's text frames of 16 bytes, written"
        case .write1k: "a client's text frames of 1,024 bytes, written"
        case .write16Server: "a server's text frames of 16 bytes, written"
        case .write1kServer: "a server's text frames of 1,024 bytes, written"
        }
    }

    /// Each workload has its own seed, so that none changes when another one does.
    var seed: UInt64 {
        rawValue.utf8.reduce(6455) { $0 &* 31 &+ UInt64($1) }
    }

    /// Makes the workload.
    ///
    /// - Parameter divisor: the factor by which to make it smaller: 1 to measure, more only to try it out.
    /// - Throws: a fixture that cannot be read, in `corpus`.
    public func make(dividedBy divisor: Int = 1) throws(FixtureError) -> Workload {
        func count(_ whole: Int) -> Int { max(1, whole / divisor) }
        return switch self {
        case .tinyText: frames(count(1_000_000), 0...125, .text, .ascii)
        case .fixedText: frames(count(1_000_000), 16...16, .text, .ascii)
        case .tinyServer: frames(count(1_000_000), 0...125, .text, .ascii, sender: .server)
        case .mediumBinary: frames(count(20_000), 126...16_384, .binary, .binary)
        case .largeASCII: frames(count(64), (1 << 20)...(1 << 20), .text, .ascii)
        case .largeUTF8: frames(count(64), (1 << 20)...(1 << 20), .text, .mixed)
        case .chat: chat(count(40_000))
        case .corpus: try .corpus(minimumBytes: count(16 << 20))
        case .oneARead16: reads(count(40_000), 16...16, framesARead: 1...1)
        case .oneARead: reads(count(20_000), 20...300, framesARead: 1...1)
        case .fewARead: reads(count(20_000), 20...300, framesARead: 1...3)
        case .manyConnections: connections(count(100_000), 20...125, rounds: 3)
        case .deflateChat: chat(count(40_000), .marked)
        case .inflateChat: chat(count(40_000), .compressed)
        case .inflateLarge: json(count(16))
        case .withPings: pings(count(500_000))
        case .smallFragments: fragments(count(200_000))
        case .shortMedium: frames(count(40_000), 126...1_024, .text, .ascii)
        case .write16: frames(count(40_000), 16...16, .text, .ascii)
        case .write1k: frames(count(2_000), 1_024...1_024, .text, .ascii)
        case .write16Server: frames(count(40_000), 16...16, .text, .ascii, sender: .server)
        case .write1kServer: frames(count(2_000), 1_024...1_024, .text, .ascii, sender: .server)
        }
    }

    /// Makes a workload of frames that are all of the same kind, with this many of them. For other workloads, the
    /// same as ``make(dividedBy:)``.
    ///
    /// - Throws: as ``make(dividedBy:)`` does.
    public func make(frames count: Int) throws(FixtureError) -> Workload {
        switch self {
        case .tinyText: frames(count, 0...125, .text, .ascii)
        case .fixedText: frames(count, 16...16, .text, .ascii)
        default: try make()
        }
    }

    private func frames(
        _ count: Int, _ lengths: ClosedRange<Int>, _ opcode: StreamWriter.Opcode, _ kind: PayloadText.Kind,
        sender: Endpoint = .client
    ) -> Workload {
        let isMasked = sender == .client
        var random = SplitMix64(seed: seed)
        var text = PayloadText(seed: seed &+ 1)
        let mean = (lengths.lowerBound + lengths.upperBound) / 2 + 9
        var writer = StreamWriter(isMasked: isMasked, seed: seed, capacity: count * (mean + mean / 64))
        var payload: [UInt8] = []
        for _ in 0..<count {
            text.fill(&payload, count: random.number(in: lengths), with: kind)
            writer.writeFrame(opcode, payload[...])
        }
        return Workload(name: rawValue, sender: sender, writer)
    }
}
