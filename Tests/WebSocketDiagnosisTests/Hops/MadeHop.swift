import WebSocketCaptures
import WebSocketFrames

@testable import WebSocketDiagnosis

/// A conversation to build hops from: by default 10.0.0.1 asks a proxy at 10.0.0.2, which asks a server at 10.0.0.3. Times are
/// in microseconds, and serve as packet numbers.
final class MadeHop {
    var trace: HopTrace
    private let budget: HopBudget

    static let key = "1rC0p5N3yGJQb1TYl4Vp0Q=="

    /// - Parameters:
    ///   - client: the last byte of its address, as for `server`.
    ///   - change: modifies the head of the handshake.
    init(
        client: UInt32, _ port: UInt16, server: UInt32, _ serverPort: UInt16, key: String? = key, asked: UInt64,
        answered: UInt64, opening: ConversationHead.Opening = .upgrade, budget: HopBudget = HopBudget(),
        change: (inout ConversationHead) -> Void = { _ in }
    ) {
        var head = ConversationHead(opening: opening)
        head.client = SocketAddress(address: .v4(0x0A00_0000 + client), port: port)
        head.server = SocketAddress(address: .v4(0x0A00_0000 + server), port: serverPort)
        head.key = key
        head.asksForWebSocket = true
        head.agreedDeflate = false
        head.requestPosition = Self.place(asked)
        head.packetPosition = Self.place(answered)
        change(&head)
        trace = HopTrace(head)
        self.budget = budget
    }

    /// From the client to the proxy.
    static func front(key: String? = key, change: (inout ConversationHead) -> Void = { _ in }) -> MadeHop {
        MadeHop(client: 1, 50_000, server: 2, 80, key: key, asked: 100, answered: 400, change: change)
    }

    /// From the proxy to the server.
    static func back(key: String? = key, change: (inout ConversationHead) -> Void = { _ in }) -> MadeHop {
        MadeHop(client: 2, 40_000, server: 3, 8080, key: key, asked: 200, answered: 300, change: change)
    }

    static func place(_ microseconds: UInt64) -> PacketPosition {
        PacketPosition(packet: microseconds, time: CaptureTime(nanoseconds: microseconds * 1_000))
    }

    /// A message in `frames` frames, or a control frame.
    func send(
        _ text: String, from sender: Endpoint, at time: UInt64, opcode: Opcode = .text, frames: Int = 1,
        isCompressed: Bool = false, isOpaque: Bool = false
    ) {
        var content = ContentDigest()
        content.add(Array(text.utf8).span)
        for frame in 0..<frames {
            let isLast = frame == frames - 1
            let opcode = frame == 0 ? opcode : .continuation
            let header = EncodedFrameHeader(
                opcode: opcode, isFinal: isLast, payloadLength: UInt64(text.utf8.count))
            trace.add(
                SeenFrame(
                    record: FrameRecord(index: 0, offset: 0, header: header), payload: Array(text.utf8),
                    payloadCount: UInt64(text.utf8.count), isWhole: true, packetPosition: Self.place(time),
                    message: isLast
                        ? DigestedMessage(content: content, isCompressed: isCompressed, isOpaque: isOpaque) : nil),
                from: sender, budget)
        }
    }

    func close(_ code: UInt16, from sender: Endpoint, at time: UInt64) {
        let header = EncodedFrameHeader(opcode: .close, payloadLength: 2)
        trace.add(
            SeenFrame(
                record: FrameRecord(index: 0, offset: 0, header: header),
                payload: [UInt8(code >> 8), UInt8(code & 0xFF)], payloadCount: 2, isWhole: true,
                packetPosition: Self.place(time)), from: sender, budget)
    }

    func finish(_ sender: Endpoint, at time: UInt64) { trace.addFinish(of: sender, at: Self.place(time)) }
}

/// Both hops of a proxy that takes 20 µs to pass a message on.
struct MadeProxy {
    let front: MadeHop
    let back: MadeHop

    init(_ front: MadeHop = .front(), _ back: MadeHop = .back()) {
        self.front = front
        self.back = back
    }

    /// A message that is passed on, as `other` if that is given, or not at all if that is nil.
    func pass(_ text: String, from sender: Endpoint = .client, at time: UInt64, as other: String? = nil) {
        let (source, destination) = sender == .client ? (front, back) : (back, front)
        source.send(text, from: sender, at: time)
        destination.send(other ?? text, from: sender, at: time + 20)
    }

    /// The client closes both hops, and they end.
    func end(at time: UInt64 = 1_000_000) {
        for (hop, delay) in [(front, UInt64(0)), (back, 20)] {
            hop.close(1000, from: .client, at: time + delay)
            hop.close(1000, from: .server, at: time + 60 - delay)
            hop.finish(.client, at: time + 100 + delay)
            hop.finish(.server, at: time + 110 + delay)
            hop.trace.finish(isCutOff: false, at: nil)
        }
    }

    var comparison: HopComparison { HopComparison(front: front.trace, back: back.trace, sharesClock: true) }
    var kinds: [HopDifference.Kind] { comparison.differences.map(\.kind) }
    var evidence: HopEvidence? { HopMatch(front: front.trace, back: back.trace, sharesClock: true).evidence }
}
