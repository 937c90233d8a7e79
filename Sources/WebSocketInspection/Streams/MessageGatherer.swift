import WebSocketCaptures
import WebSocketFrames

/// Assembles the messages of a stream, up to its first violation. Messages with missing bytes are left out.
final class MessageGatherer {
    private let origin: StreamOrigin
    private var judge: InflatingValidator
    private var isOver = false
    private var count: UInt64 = 0
    private var framePosition: PacketPosition?
    /// The open message.
    private var message: MessageFinding?
    /// What it inflates to, as far as it has arrived.
    private var inflated: [UInt8] = []
    private var inflatedCount: UInt64 = 0
    private var uninflatedBefore: UInt64 = 0

    /// - Parameter startsInTheMiddle: whether compressed messages may refer to earlier ones that were not seen.
    init(origin: StreamOrigin, sender: Endpoint?, extensions: AgreedExtensions, startsInTheMiddle: Bool = false) {
        self.origin = origin
        judge = InflatingValidator(sender: sender, extensions: extensions, missingEarlierMessages: startsInTheMiddle)
    }

    /// Continues after `count` bytes that are missing from the current frame, as its stream does.
    func skipMissing(_ count: UInt64) {
        if !judge.header.opcode.isControl { message = nil }
        _ = judge.skipMissing(count)
    }

    /// Continues at the first byte of a frame, as its stream does.
    func resume(at position: UInt64) {
        message = nil
        judge.resume(at: position)
    }

    /// Reads the next bytes of the stream.
    ///
    /// - Parameter visit: receives each message that ends among them.
    func feed(_ bytes: Span<UInt8>, at position: PacketPosition?, _ visit: (MessageFinding) -> Void) {
        var index = 0
        while !isOver, index < bytes.count {
            index += takeFrame(bytes.extracting(index..<bytes.count), at: position, visit)
        }
    }

    /// Reads bytes up to the end of the current frame.
    private func takeFrame(
        _ bytes: Span<UInt8>, at position: PacketPosition?, _ visit: (MessageFinding) -> Void
    ) -> Int {
        let frame = judge.frameCount
        let start = judge.position
        var header = judge.header
        let begins = header.count == 0
        let payloadStart = begins ? 0 : start &- judge.frameOffset &- UInt64(header.count)
        if begins { framePosition = position }
        var pieces: [UInt8] = []
        let taken: Int
        do {
            taken = try judge.consumeFrame(bytes) { piece in
                for index in piece.indices where pieces.count < MessageFinding.maximumByteCount {
                    pieces.append(piece[index])
                }
            }
        } catch {
            isOver = true
            return bytes.count
        }
        var index = 0
        while index < taken, !header.isComplete {
            header.append(bytes[index])
            index += 1
        }
        guard !header.opcode.isControl else { return taken }
        if begins, header.opcode != .continuation { begin(header, frame: frame) }
        add(bytes.extracting(index..<taken), from: payloadStart, key: header.maskingKey)
        add(inflated: pieces)
        if judge.frameCount != frame, header.isFinal { end(frame: frame, header, visit) }
        return taken
    }

    private func begin(_ header: EncodedFrameHeader, frame: UInt64) {
        var new = MessageFinding(
            origin: origin, index: count, opcode: header.opcode,
            isCompressed: header.reservedBits.contains(.rsv1), frame: frame)
        new.packetPosition = framePosition
        message = new
        inflated = []
        inflatedCount = 0
        uninflatedBefore = judge.uninflatedMessageCount
        count += 1
    }

    private func add(_ payload: Span<UInt8>, from start: UInt64, key: MaskingKey?) {
        guard message != nil else { return }
        message?.count &+= UInt64(payload.count)
        let room = MessageFinding.maximumByteCount - (message?.bytes.count ?? 0)
        for index in 0..<min(payload.count, room) {
            message?.bytes.append(payload[index] ^ (key?[start &+ UInt64(index)] ?? 0))
        }
    }

    private func add(inflated pieces: [UInt8]) {
        guard message != nil else { return }
        inflatedCount &+= UInt64(pieces.count)
        inflated += pieces.prefix(MessageFinding.maximumByteCount - inflated.count)
    }

    private func end(frame: UInt64, _ header: EncodedFrameHeader, _ visit: (MessageFinding) -> Void) {
        guard var done = message else { return }
        message = nil
        done.lastFrame = frame
        // The MASK bit of a legal frame identifies its sender.
        if done.origin.sender == nil { done.origin.sender = header.isMasked ? .client : .server }
        if done.isCompressed, judge.inflates, judge.uninflatedMessageCount == uninflatedBefore {
            done.isInflated = true
            done.bytes = inflated
            done.count = inflatedCount
        }
        inflated = []
        visit(done)
    }
}
