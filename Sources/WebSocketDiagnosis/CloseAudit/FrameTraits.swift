import WebSocketFrames

/// What a receiver may not have met before in a frame: where the first with a trait is the last of all, the trait may be why.
struct FrameTraits: OptionSet, Sendable {
    let rawValue: UInt8

    static let fragmented = FrameTraits(rawValue: 1)
    static let compressed = FrameTraits(rawValue: 2)
    static let ping = FrameTraits(rawValue: 4)
    static let extendedLength = FrameTraits(rawValue: 8)
    static let longLength = FrameTraits(rawValue: 16)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The traits of a frame by itself.
    init(_ header: EncodedFrameHeader) {
        var traits: FrameTraits = []
        if header.opcode == .ping {
            traits = .ping
        } else if !header.opcode.isControl {
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
        if contains(.longLength) { return "frame of more than 65,535 bytes" }
        if contains(.extendedLength) { return "frame of more than 125 bytes" }
        return nil
    }
}

/// The traits of one endpoint's messages and pings.
struct TraitHistory: Sendable {
    /// Of the last message, or the last ping after it.
    private var last: FrameTraits = []
    /// Of all before it.
    private var earlier: FrameTraits = []
    /// Messages and pings.
    private var count: UInt64 = 0

    /// A frame has come.
    mutating func see(_ header: EncodedFrameHeader) {
        if header.opcode == .continuation {
            last.formUnion(FrameTraits(header))
        } else if header.opcode == .ping || !header.opcode.isControl {
            earlier.formUnion(last)
            last = FrameTraits(header)
            count &+= 1
        }
    }

    /// The traits that only the last one has; none where there is nothing to compare it with.
    var onlyOfLast: FrameTraits { count > 1 ? last.subtracting(earlier) : [] }
}
