/// The header of an HTTP/2 frame (RFC 9113 §4.1).
struct HTTP2Frame: Sendable {
    /// The types that matter to the streams of conversations.
    enum Kind: UInt8, Sendable {
        case data = 0
        case headers = 1
        case reset = 3
        case settings = 4
        case goAway = 7
        case continuation = 9
    }

    static let headerCount = 9

    let count: Int
    /// The type; nil for a frame that is skipped.
    let kind: Kind?
    let flags: UInt8
    let stream: UInt32

    var endsStream: Bool { flags & 0x01 != 0 }
    var isAcknowledgment: Bool { flags & 0x01 != 0 }
    var endsHeaders: Bool { flags & 0x04 != 0 }
    var isPadded: Bool { flags & 0x08 != 0 }
    var hasPriority: Bool { flags & 0x20 != 0 }

    init(_ bytes: [UInt8]) {
        count = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
        kind = Kind(rawValue: bytes[3])
        flags = bytes[4]
        stream = bytes[5...8].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    }
}

/// Parses the frames of one side, after the client's preface.
///
/// The content of DATA is passed on as it arrives, without its padding; frames of other kinds when they are whole, or
/// not at all. Of those only header blocks may be large: ``largestFrame`` is the ceiling.
struct HTTP2FrameReader: Sendable {
    /// What was read.
    enum Event {
        /// Bytes of a DATA frame.
        case data(HTTP2Frame)
        /// The end of a DATA frame.
        case dataEnded(HTTP2Frame)
        /// A whole frame of another kind, with its payload.
        case frame(HTTP2Frame)
    }

    /// The largest frame that is kept until it is whole.
    static let largestFrame = 1 << 16

    private var header: [UInt8] = []
    private var frame: HTTP2Frame?
    /// The number of bytes of the frame that are still to come, its padding included.
    private var remaining = 0
    /// The padding among them; nil until the byte with its length has arrived.
    private var padding: Int? = 0
    private var payload: [UInt8] = []
    /// Whether what arrives is not a frame.
    private(set) var isBroken = false

    /// The memory that the held data takes, in bytes.
    var cost: Int { payload.count }

    mutating func read(_ bytes: Span<UInt8>, _ visit: (Event, Span<UInt8>) -> Void) {
        var index = 0
        while !isBroken {
            if let frame {
                index = read(frame, bytes, from: index, visit)
                guard remaining == 0, !isBroken else { return }
                end(frame, visit)
            } else {
                guard index < bytes.count else { return }
                header.append(bytes[index])
                index += 1
                if header.count == HTTP2Frame.headerCount { begin() }
            }
        }
    }

    private mutating func begin() {
        let frame = HTTP2Frame(header)
        header.removeAll(keepingCapacity: true)
        remaining = frame.count
        padding = frame.kind == .data && frame.isPadded ? nil : 0
        isBroken =
            switch frame.kind {
            case .data: frame.stream == 0 || frame.isPadded && frame.count == 0
            case nil: false
            default: frame.count > Self.largestFrame
            }
        self.frame = frame
    }

    /// Consumes the part of a frame that has arrived.
    ///
    /// - Returns: the index after it.
    private mutating func read(
        _ frame: HTTP2Frame, _ bytes: Span<UInt8>, from start: Int, _ visit: (Event, Span<UInt8>) -> Void
    ) -> Int {
        var index = start
        if padding == nil, index < bytes.count {
            padding = Int(bytes[index])
            index += 1
            remaining -= 1
            isBroken = Int(bytes[start]) > remaining
            guard !isBroken else { return index }
        }
        let count = min(remaining, bytes.count - index)
        guard count > 0 else { return index }
        switch frame.kind {
        case .data:
            let content = min(count, remaining - (padding ?? 0))
            if content > 0 { visit(.data(frame), bytes.extracting(index..<(index + content))) }
        case nil: break
        default: for offset in index..<(index + count) { payload.append(bytes[offset]) }
        }
        remaining -= count
        return index + count
    }

    private mutating func end(_ frame: HTTP2Frame, _ visit: (Event, Span<UInt8>) -> Void) {
        self.frame = nil
        switch frame.kind {
        case .data: visit(.dataEnded(frame), Span())
        case nil: break
        default:
            visit(.frame(frame), payload.span)
            payload = []
        }
    }
}
