import WebSocketFrames

/// What a receiver may not have met before in a frame: where the first with a trait is the last of all, the trait may be why.
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

    /// Those that a parser may lack altogether: they tell something of a stream's only message as well.
    static let special: FrameTraits = [.fragmented, .compressed, .ping, .pong]
    /// Those that may spoil what a parser makes of the next message.
    static let lasting: FrameTraits = [.fragmented, .compressed]

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The traits of a frame by itself.
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

    /// The first of them in words, as an adjective or two and what it is of.
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
    /// Of the last one.
    private var last: FrameTraits = []
    /// Of the one before it.
    private var beforeLast: FrameTraits = []
    /// Of all before these two.
    private var earlier: FrameTraits = []
    /// Messages, pings and pongs.
    private var count: UInt64 = 0

    /// A frame has come.
    mutating func see(_ header: EncodedFrameHeader) {
        if header.opcode == .continuation {
            last.formUnion(FrameTraits(header))
        } else if header.opcode == .ping || header.opcode == .pong || !header.opcode.isControl {
            earlier.formUnion(beforeLast)
            beforeLast = last
            last = FrameTraits(header)
            count &+= 1
        }
    }

    /// The traits that only the last one has; of the only one no more than the special ones.
    var onlyOfLast: FrameTraits {
        count > 1 ? last.subtracting(earlier).subtracting(beforeLast) : last.intersection(.special)
    }

    /// The first one that … was followed by one more: the trait, where it may have spoilt that.
    var onlyBeforeLast: FrameTraits {
        count > 2 ? beforeLast.subtracting(earlier).subtracting(last).intersection(.lasting) : []
    }
}
