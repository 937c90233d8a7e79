internal import WebSocketFrames

/// Whether the text that a message inflates to is meaningful, judged piece by piece.
struct TextPlausibility {
    private let isText: Bool
    private var validator = UTF8Validator()
    private var hasFault = false
    /// The beginning of the output.
    private(set) var kept: [UInt8] = []
    /// The size of the whole output in bytes.
    private(set) var count: UInt64 = 0

    /// The most bytes of a text that are examined for meaning.
    private static let maximumKept = 1 << 20

    init(isText: Bool) {
        self.isText = isText
    }

    mutating func add(_ piece: Span<UInt8>) {
        count &+= UInt64(truncatingIfNeeded: piece.count)
        if isText, !hasFault { hasFault = validator.consume(piece) != nil }
        kept.append(piece, atMost: Self.maximumKept - kept.count)
    }

    /// Returns whether it is marked as text and is not UTF-8.
    func isBroken(atEnd: Bool) -> Bool { hasFault || (atEnd && !validator.isAtBoundary) }

    /// Whether it is text without control characters.
    var isClean: Bool { !hasFault && CleanText.holds(kept[...], isCut: true) }

    /// Whether it is one complete JSON value.
    var isValue: Bool {
        isText && count == UInt64(kept.count) && count >= 8 && isClean && JSONExtent.end(of: kept[...]) == kept.endIndex
    }
}
