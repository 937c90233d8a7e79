// What the machine's state consists of.

extension FrameMachine {
    /// What the next byte belongs to.
    enum Phase: UInt8 {
        /// A frame that may be a fast-path frame: the sender is known, and no Close has arrived.
        case idle
        /// A header; or, if none of its bytes has arrived, the next frame.
        case header
        /// Payload that may contain any bytes.
        case payload
        /// Payload of a text message.
        case text
        /// The first two payload bytes of a Close.
        case closeCode
        /// The rest of a Close, or an empty Close.
        case closeReason
        /// A rule was broken.
        case failed
    }

    /// The message whose frames are arriving.
    enum OpenMessage: UInt8 {
        // Numbered as the kernels' kinds.
        case none, binary, text
        /// Text that cannot be judged: an extension has changed it, or part of it was skipped.
        case opaque
    }

    /// The error with which the three operations report that the peer broke a rule; ``fail(_:)`` turns it into a
    /// violation.
    struct Broken: Error {
        let rule: Rule
        init(_ rule: Rule) { self.rule = rule }
    }

    /// One-bit flags.
    struct Marks: OptionSet {
        let rawValue: UInt8
        /// A Close has ended.
        static let closed = Marks(rawValue: 0x01)
        /// A frame had a reserved bit set that belongs to an extension.
        static let usedReservedBits = Marks(rawValue: 0x02)
        /// The current frame broke a rule and is only followed to its end.
        static let skipping = Marks(rawValue: 0x04)
        /// … and is out of sequence as well.
        static let outOfSequence = Marks(rawValue: 0x08)
        /// Compressed messages are inflated, so the machine does not check their limit.
        static let inflates = Marks(rawValue: 0x10)
        /// Such a message is open.
        static let inInflated = Marks(rawValue: 0x20)
        /// The rule is broken by what such a message inflates to …
        static let brokenInside = Marks(rawValue: 0x40)
        /// … which is known where its payload ends, and not at one of its bytes.
        static let brokenAtEnd = Marks(rawValue: 0x80)
        /// While one of these is set, no frame is a fast-path frame.
        static let ofNoFastPath = Marks(rawValue: 0x21)
        /// While one of these is set, no fast-path frame has a payload of arbitrary bytes.
        static let ofOddPayload = Marks(rawValue: 0x25)
        /// The flags that are cleared when the frame ends. (A literal with several elements would be an array in
        /// Embedded Swift.)
        static let ofOneFrame = Marks(rawValue: 0x0C)
    }
}
