// What the machine's state is made of.

extension FrameMachine {
    /// What the next byte belongs to.
    enum Phase: UInt8 {
        /// The next frame, and it may be a fast-path frame: who sends is known, and no Close has come.
        case idle
        /// The header; or, with no byte of it there, the next frame.
        case header
        /// Payload that may be anything.
        case payload
        /// Payload of a text message.
        case text
        /// The first two payload bytes of a Close.
        case closeCode
        /// The rest of a Close, or all of it where it has no code.
        case closeReason
        /// A rule was broken.
        case failed
    }

    /// The message whose frames are arriving.
    enum OpenMessage: UInt8 {
        // As the kernels' kinds.
        case none, binary, text
        /// Text that cannot be judged: an extension has changed it, or a part of it was skipped.
        case opaque
    }

    /// How the three operations say that the peer broke a rule; ``fail(_:)`` makes the violation of it.
    struct Broken: Error {
        let rule: Rule
        init(_ rule: Rule) { self.rule = rule }
    }

    /// Facts of one bit each.
    struct Marks: OptionSet {
        let rawValue: UInt8
        /// A Close has ended.
        static let closed = Marks(rawValue: 0x01)
        /// A frame had a reserved bit set that an extension claims.
        static let usedReservedBits = Marks(rawValue: 0x02)
        /// The current frame broke a rule and is only followed to its end.
        static let skipping = Marks(rawValue: 0x04)
        /// … and has no place in the sequence of frames either.
        static let outOfSequence = Marks(rawValue: 0x08)
        /// Compressed messages are inflated: not the machine limits them.
        static let inflates = Marks(rawValue: 0x10)
        /// One of them is open.
        static let inInflated = Marks(rawValue: 0x20)
        /// The rule is broken by what such a message inflates to …
        static let brokenInside = Marks(rawValue: 0x40)
        /// … known where its payload ends, and not with a byte of it.
        static let brokenAtEnd = Marks(rawValue: 0x80)
        /// With one of these, no frame is a fast-path frame.
        static let ofNoFastPath = Marks(rawValue: 0x21)
        /// With one of these, a payload that may be anything is no fast-path frame's.
        static let ofOddPayload = Marks(rawValue: 0x25)
        /// What is forgotten when the frame ends. (A value, since a literal of several is an array in Embedded Swift.)
        static let ofOneFrame = Marks(rawValue: 0x0C)
    }
}
