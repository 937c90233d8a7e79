import WebSocketFrames

/// Properties of a frame that a receiver may not have met before: if the first frame with such a property is the last
/// of all, that may be the reason.
struct FrameTraits: OptionSet, Sendable {
    let rawValue: UInt8

    static let fragmented = FrameTraits(rawValue: 1)
    static let compressed = FrameTraits(rawValue: 2)
    static let ping = FrameTraits(rawValue: 4)
    static let extendedLength = FrameTraits(rawValue: 8)
    static let longLength = FrameTraits(rawValue: 16)
    static let pong = FrameTraits(rawValue: 32)
    static let binary = FrameTraits(rawValue: 64)
    static let text = FrameTraits(rawValue: 128)

    /// Those that a parser may not support at all: they are significant even in a stream's only message.
    static let special: FrameTraits = [.fragmented, .compressed, .ping, .pong]
    /// Those that may corrupt a parser's state for the next message.
    static let lasting: FrameTraits = [.fragmented, .compressed]

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Creates the traits of a single frame.
    init(_ header: EncodedFrameHeader) {
        var traits: FrameTraits = []
        switch header.opcode {
        case .ping: traits = .ping
        case .pong: traits = .pong
        default:
            guard !header.opcode.isControl else { break }
            if header.opcode == .binary { traits.insert(.binary) }
            if header.opcode == .text { traits.insert(.text) }
            if !header.isFinal || header.opcode == .continuation { traits.insert(.fragmented) }
            if header.reservedBits.contains(.rsv1) { traits.insert(.compressed) }
            if header.payloadLength > 125 {
                traits.insert(header.payloadLength > 0xFFFF ? .longLength : .extendedLength)
            }
        }
        self = traits
    }

    /// The first trait in words: an adjective or two with a noun.
    var words: String? {
        if contains(.fragmented) { return "fragmented message" }
        if contains(.compressed) { return "compressed message" }
        if contains(.ping) { return "ping" }
        if contains(.pong) { return "pong" }
        if contains(.longLength) { return "frame of more than 65,535 bytes" }
        if contains(.extendedLength) { return "frame of more than 125 bytes" }
        if contains(.binary) { return "binary message" }
        if contains(.text) { return "text message" }
        return nil
    }
}

/// The traits of one endpoint's messages, pings and pongs.
struct TraitHistory: Sendable {
    /// The traits of the last one.
    private var last: FrameTraits = []
    /// The traits of the one before it.
    private var beforeLast: FrameTraits = []
    /// The traits of all others.
    private var earlier: FrameTraits = []
    /// The number of messages, pings and pongs.
    private var count: UInt64 = 0

    /// Notes a frame.
    mutating func add(_ header: EncodedFrameHeader) {
        if header.opcode == .continuation {
            last.formUnion(FrameTraits(header))
        } else if header.opcode == .ping || header.opcode == .pong || !header.opcode.isControl {
            earlier.formUnion(beforeLast)
            beforeLast = last
            last = FrameTraits(header)
            count &+= 1
        }
    }

    /// The traits that only the last one has; if there is only one, just the special ones.
    var onlyOfLast: FrameTraits {
        count > 1 ? last.subtracting(earlier).subtracting(beforeLast) : last.intersection(.special)
    }

    /// The traits that first occurred in the one before the last, if they may have corrupted the state for the last
    /// one.
    var onlyBeforeLast: FrameTraits {
        count > 2 ? beforeLast.subtracting(earlier).subtracting(last).intersection(.lasting) : []
    }
}
