public import WebSocketFrames
import WebSocketProbe

/// A proxy in memory that passes everything on, except for one behaviour: bytes in, bytes out.
public struct MemoryProxy: Sendable {
    /// What it does to the client's stream, unless stated otherwise.
    public enum Manner: Equatable, Sendable {
        case transparent
        /// Masks each frame with a key of its own, which is allowed.
        case masksAnew
        /// Writes another key into each frame, and leaves the payload as it is.
        case masksWrongly
        case dropsMessages
        case doublesMessages
        /// Sends the last byte of each text as a message of its own.
        case splitsMessages
        /// Merges two messages that arrive together.
        case mergesMessages
        /// Sends the last byte of each message in a frame of its own, which is allowed.
        case fragments
        case changesBytes
        case makesTextBinary
        /// Answers pings instead of passing them on, which is allowed.
        case answersPings
        case dropsPings
        case doublesPings
        /// Does not pass on the server's pongs.
        case dropsPongs
        case changesCloseCodes
        /// Answers Closes instead of passing them on.
        case answersCloses
        /// Ends both connections at the first message.
        case cuts
        /// Does not pass on the end of a connection.
        case keepsEnds
        /// Sends a Close if a client ends the connection without one, which is allowed.
        case closesForClients
        /// Passes everything on with a delay.
        case delays
        /// Masks unmasked frames.
        case repairsMasks
        /// Refuses a frame with a reserved opcode itself, as a proxy that parses frames must.
        case refusesOpcodes
        /// Agrees to compression without telling the client.
        case hidesExtensions
    }

    /// Its output.
    public enum Output: Sendable {
        case bytes([UInt8], to: Endpoint)
        /// The end of a connection.
        case end(of: Endpoint)
    }

    /// Its behaviour.
    public let manner: Manner
    private var client = Way()
    private var server = Way()
    private var isOver = false

    private struct Way {
        var head: [UInt8]? = []
        var frame: [UInt8] = []
        /// A message that waits for the next one.
        var held: [UInt8]?
        var isOpaque = false
        var hasClosed = false
    }

    /// Creates a proxy before any bytes have passed.
    public init(_ manner: Manner) {
        self.manner = manner
    }

    /// Takes bytes that one side has sent.
    public mutating func receive(_ bytes: [UInt8], from sender: Endpoint) -> [Output] {
        guard !isOver else { return [] }
        if [.transparent, .delays, .keepsEnds].contains(manner) { return [.bytes(bytes, to: sender.peer)] }
        var way = sender == .client ? client : server
        var output: [Output] = []
        for byte in bytes where !isOver {
            guard var head = way.head else {
                read(byte, from: sender, &way, &output)
                continue
            }
            head.append(byte)
            way.head = head
            guard head.suffix(4) == [13, 10, 13, 10] else { continue }
            way.head = nil
            output.append(.bytes(changed(head, from: sender), to: sender.peer))
        }
        if let held = way.held {
            output.append(.bytes(held, to: sender.peer))
            way.held = nil
        }
        if sender == .client { client = way } else { server = way }
        return output
    }

    /// One side has ended its connection.
    public mutating func end(from sender: Endpoint) -> [Output] {
        if manner == .keepsEnds || isOver { return [] }
        guard manner == .closesForClients, sender == .client, !client.hasClosed else { return [.end(of: sender.peer)] }
        return [.bytes(ProbeFrames.frame(.close, [0x03, 0xE9], from: .client), to: .server), .end(of: .server)]
    }

    private func changed(_ head: [UInt8], from sender: Endpoint) -> [UInt8] {
        guard manner == .hidesExtensions, sender == .server else { return head }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let kept = lines.filter { !$0.lowercased().hasPrefix("sec-websocket-extensions:") }
        return Array((kept.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private mutating func read(_ byte: UInt8, from sender: Endpoint, _ way: inout Way, _ output: inout [Output]) {
        way.frame.append(byte)
        // No frame has such a length: from here on, bytes are passed on as they arrive.
        if way.frame.count >= 14, RawFrame.end(way.frame) == nil { way.isOpaque = true }
        guard way.isOpaque || way.frame.count == RawFrame.end(way.frame) else { return }
        let frame = way.frame
        way.frame = []
        if way.isOpaque { return output.append(.bytes(frame, to: sender.peer)) }
        pass(frame, from: sender, &way, &output)
    }

    private mutating func pass(
        _ frame: [UInt8], from sender: Endpoint, _ way: inout Way, _ output: inout [Output]
    ) {
        let payload = RawFrame.payload(frame)
        let opcode = Opcode(rawValue: frame[0] & 0x0F)
        let isMessage = frame[0] == 0x81 || frame[0] == 0x82
        let isClient = sender == .client
        if opcode == .close { way.hasClosed = true }
        func send(_ frame: [UInt8]) { output.append(.bytes(frame, to: sender.peer)) }
        switch manner {
        case .masksAnew where frame[1] >= 0x80: send(Self.masked(frame, payload, with: [9, 8, 7, 6]))
        case .masksWrongly where isClient && frame[1] >= 0x80:
            var frame = frame
            frame[(RawFrame.payloadStart(frame) ?? 4) - 1] ^= 0x55
            send(frame)
        case .dropsMessages where isMessage && isClient: break
        case .doublesMessages where isMessage && isClient:
            send(frame)
            send(frame)
        case .splitsMessages
        where frame[0] == 0x81 && isClient && payload.count > 1 && payload[payload.count - 1] < 0x80:
            send(ProbeFrames.frame(opcode, Array(payload.dropLast()), from: sender))
            send(ProbeFrames.frame(opcode, [payload[payload.count - 1]], from: sender))
        case .mergesMessages where frame[0] == 0x81 && isClient:
            if let held = way.held {
                send(ProbeFrames.frame(opcode, RawFrame.payload(held) + payload, from: sender))
                way.held = nil
            } else {
                way.held = frame
            }
        case .fragments where isMessage && isClient && payload.count > 1:
            send(ProbeFrames.frame(opcode, Array(payload.dropLast()), from: sender, isFinal: false))
            send(ProbeFrames.frame(.continuation, [payload[payload.count - 1]], from: sender))
        case .changesBytes where frame[0] == 0x82 && isClient && !payload.isEmpty:
            send(ProbeFrames.frame(opcode, payload.map { $0 ^ 1 }, from: sender))
        case .makesTextBinary where frame[0] == 0x81 && isClient:
            send(ProbeFrames.frame(.binary, payload, from: sender))
        case .answersPings where frame[0] == 0x89 && isClient && payload.count < 126:
            output.append(.bytes(ProbeFrames.frame(.pong, payload, from: .server), to: .client))
        case .dropsPings where frame[0] == 0x89 && isClient: break
        case .doublesPings where frame[0] == 0x89 && isClient:
            send(frame)
            send(frame)
        case .dropsPongs where frame[0] == 0x8A && !isClient: break
        case .changesCloseCodes where frame[0] == 0x88 && payload.prefix(2) == [0x03, 0xE8]:
            send(ProbeFrames.frame(.close, [0x03, 0xE9] + payload.dropFirst(2), from: sender))
        case .answersCloses where frame[0] == 0x88 && isClient:
            output.append(.bytes(ProbeFrames.frame(.close, Array(payload.prefix(2)), from: .server), to: .client))
            output.append(.end(of: .client))
        case .cuts where isMessage && isClient:
            isOver = true
            output += [.end(of: .client), .end(of: .server)]
        case .repairsMasks where isClient && frame[1] < 0x80:
            send(
                ProbeFrames.frame(
                    opcode, payload, from: .client, isFinal: frame[0] >= 0x80, reservedBits: frame[0] >> 4 & 7))
        case .refusesOpcodes where isClient && (3...7).contains(frame[0] & 7):
            isOver = true
            output.append(.bytes(ProbeFrames.frame(.close, [0x03, 0xEA], from: .server), to: .client))
            output += [.end(of: .client), .end(of: .server)]
        default: send(frame)
        }
    }

    private static func masked(_ frame: [UInt8], _ payload: [UInt8], with key: [UInt8]) -> [UInt8] {
        guard let start = RawFrame.payloadStart(frame) else { return frame }
        return frame[..<(start - 4)] + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
    }
}
