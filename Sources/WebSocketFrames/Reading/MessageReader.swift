internal import PerMessageDeflate

/// A whole message (RFC 6455 §5.4), as ``MessageReader`` hands it over.
public struct Message: Sendable, Hashable {
    /// `text` or `binary`.
    public let opcode: Opcode
    /// Whether the message is still compressed with permessage-deflate (RSV1 was set on its first frame) and the
    /// caller has to inflate it. False if the reader has inflated it.
    public let isCompressed: Bool
    /// The payloads of its frames, unmasked and concatenated.
    public let bytes: [UInt8]

    /// A copy of the bytes as text. An uncompressed text message is known to be UTF-8; in any other, malformed parts
    /// are replaced with U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Gathers the slices of a ``FrameReader`` into whole messages, for callers that can afford the memory: at most
/// `limit` bytes for each connection, allocated only as bytes arrive.
///
/// It judges as the reader does. If the parameters of compression are known
/// (``AgreedExtensions/permessageDeflate(_:inflating:)``), it also inflates messages and judges the result, as
/// ``InflatingValidator`` does. A message that breaks a rule is not handed over.
public struct MessageReader: Sendable {
    private var reader: FrameReader
    private var gathered: [UInt8] = []
    private var isCompressed = false
    private let limit: UInt64
    /// How the peer compresses; nil if nothing is inflated.
    private let context: DeflateContext?
    // Allocated for the first compressed message, and released after each message if there is no context takeover.
    private var memory: InflaterMemory?
    private var failure: Violation?

    fileprivate struct InflaterMemory: Sendable {
        var slices: SliceInflater
        var bytes: [UInt8]
        var words: [UInt32]
    }

    /// An event that the reader hands over.
    public enum Event: Sendable, Hashable {
        /// A whole message.
        case message(Message)
        /// A complete Close, ping or pong: ``MessageReader/controlFrame`` holds it until the next one begins.
        case control
    }

    /// Creates a reader at the start of a stream.
    ///
    /// - Parameters:
    ///   - peer: who sends the stream: `.client` in a server.
    ///   - extensions: what the handshake agreed on.
    ///   - limit: the longest message in bytes, 0 or more. A longer one is a violation (`message-too-big`, 1009) as
    ///     soon as its declared or inflated length is known to exceed it, before its bytes are stored.
    public init(peer: Endpoint, extensions: AgreedExtensions = .none, limit: Int) {
        self.limit = UInt64(clamping: limit)
        reader = FrameReader(
            peer: peer, extensions: extensions, limits: Limits(message: self.limit), inflates: extensions.inflates)
        context = extensions.inflates ? extensions.deflate.map { peer == .client ? $0.client : $0.server } : nil
    }

    /// Consumes bytes from `index` on up to the next whole message or control frame.
    ///
    /// - Parameters:
    ///   - bytes: what was received. Payloads among them are unmasked in place.
    ///   - index: the first unused byte, `0...bytes.count`; moved past the event.
    /// - Returns: the event; nil if all bytes are used up and more are needed.
    /// - Throws: the stream's first ``Violation``; from then on every call throws it again.
    public mutating func next(
        in bytes: inout MutableSpan<UInt8>, from index: inout Int
    ) throws(Violation) -> Event? {
        checkIndex(index, upTo: bytes.count)
        if let failure { throw failure }
        while let event = try reader.next(in: &bytes, from: &index) {
            switch event {
            case .control: return .control
            case .data(let slice):
                if let message = try add(slice, of: bytes.span) { return .message(message) }
            }
        }
        return nil
    }

    private mutating func add(_ slice: DataSlice, of bytes: Span<UInt8>) throws(Violation) -> Message? {
        if slice.beginsMessage {
            isCompressed = slice.header.reservedBits.contains(.rsv1)
            if let context, slice.header.reservedBits == .rsv1 {
                isCompressed = false
                if memory == nil { memory = InflaterMemory(context, limit: limit) }
            }
        }
        let payload = bytes.extracting(slice.range)
        do throws(InflatedFault) {
            if try memory?.inflate(slice, payload, to: &gathered) != true { Kernels.append(payload, to: &gathered) }
        } catch {
            let violation = reader.fail(error)
            failure = violation
            throw violation
        }
        guard slice.endsMessage else { return nil }
        if context?.takesOver == false { memory = nil }
        defer { gathered = [] }
        return Message(opcode: slice.messageOpcode, isCompressed: isCompressed, bytes: gathered)
    }

    /// The Close, ping or pong that the last ``Event/control`` was about.
    public var controlFrame: ControlFrame { reader.controlFrame }

    /// Whether the stream may end at this point.
    public var state: StreamState { reader.state }
}

extension MessageReader.InflaterMemory {
    init(_ context: DeflateContext, limit: UInt64) {
        slices = SliceInflater(
            windowBits: context.windowBits, takesOver: context.takesOver, messageLimit: limit)
        bytes = [UInt8](repeating: 0, count: slices.byteCount)
        words = InflateEngine.freshWords
    }

    /// Appends what a slice inflates to; returns false if it is not compressed.
    mutating func inflate(
        _ slice: DataSlice, _ payload: Span<UInt8>, to gathered: inout [UInt8]
    ) throws(InflatedFault) -> Bool {
        guard slices.begin(slice) else { return false }
        try Self.inflate(&slices, payload, in: &bytes, &words, to: &gathered)
        return true
    }

    private static func inflate(
        _ slices: inout SliceInflater, _ payload: Span<UInt8>, in bytes: inout [UInt8], _ words: inout [UInt32],
        to gathered: inout [UInt8]
    ) throws(InflatedFault) {
        var bytes = bytes.mutableSpan
        var words = words.mutableSpan
        while slices.hasOpenSlice {
            guard let piece = try slices.next(payload, &bytes, &words) else { return }
            Kernels.append(bytes.span.extracting(piece.range), to: &gathered)
        }
    }
}
