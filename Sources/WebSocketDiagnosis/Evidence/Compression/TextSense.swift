internal import WebSocketFrames

/// Whether what a message inflates to makes sense, piece by piece.
struct TextSense {
    private let isText: Bool
    private var validator = UTF8Validator()
    private var hasFault = false
    /// The beginning of the output.
    private(set) var kept: [UInt8] = []
    /// All of the output, in bytes.
    private(set) var count: UInt64 = 0

    /// Only the beginning of a longer text is examined for sense.
    private static let mostKept = 1 << 20

    init(isText: Bool) {
        self.isText = isText
    }

    mutating func add(_ piece: Span<UInt8>) {
        count &+= UInt64(truncatingIfNeeded: piece.count)
        if isText, !hasFault { hasFault = validator.consume(piece) != nil }
        kept.append(piece, atMost: Self.mostKept - kept.count)
    }

    /// It says that it is text, and is no UTF-8.
    func isBroken(atEnd: Bool) -> Bool { hasFault || (atEnd && !validator.isAtBoundary) }

    /// It is text without control characters.
    var isClean: Bool { !hasFault && CleanText.holds(kept[...], isCut: true) }

    /// It is one whole value of JSON.
    var isValue: Bool {
        isText && count == UInt64(kept.count) && count >= 8 && isClean && JSONExtent.end(of: kept[...]) == kept.endIndex
    }
}
