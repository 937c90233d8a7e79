internal import WebSocketFrames

/// What the rest of the stream shows about its sender, against a claim that fits one frame.
extension HypothesisScene {
    /// Returns whether another text with multibyte characters has the right length in bytes: its writer does not
    /// count characters.
    func countsBytes(besides suspect: SuspectFrame, after resume: Int) -> Bool {
        for place in suspects where place.back > suspect.back && isRightText(place.place) { return true }
        var at = resume
        for _ in 0..<Self.maximumCompared {
            guard at < bytes.count, case .whole(_, let end, _) = chains.frame(at: at, .unknown),
                let place = LocatedFrame(at: at, in: bytes)
            else { return false }
            if isRightText(place) { return true }
            at = end
        }
        return false
    }

    /// Returns whether it is a whole text message with multibyte characters and the right length.
    private func isRightText(_ place: LocatedFrame) -> Bool {
        guard place.header.opcode == .text, place.header.isFinal, place.header.reservedBits.isEmpty,
            place.payloadStart >= 0, place.end <= bytes.count
        else { return false }
        var text = UTF8Validator()
        let payload = place.payload(in: bytes)
        return payload.contains { $0 >= 0x80 } && text.consume(payload.span) == nil && text.isAtBoundary
    }

    /// Returns whether the bytes in a range also occur elsewhere, not far away: they are repeated, or were written
    /// again.
    ///
    /// - Parameter isBefore: whether only an occurrence before them counts.
    func comesTwice(_ range: Range<Int>, isBefore: Bool = false) -> Bool {
        guard range.count >= Self.minimumCompared, range.upperBound <= bytes.count else { return false }
        let start = range.lowerBound
        let row = bytes[range]
        if bytes[max(start - Self.reach, 0)..<(range.upperBound - 1)].firstIndex(of: row) != nil { return true }
        return !isBefore && bytes[(start + 1)..<min(start + Self.reach, bytes.count)].firstIndex(of: row) != nil
    }

    /// Returns whether removing the bytes in a range is the same as removing one of two equal adjacent pieces: the
    /// stream does not show which of them is superfluous.
    func isOneOfTwo(_ range: Range<Int>) -> Bool {
        let bytes = bytes
        let count = range.count
        guard count > 0, range.upperBound <= bytes.count else { return false }
        var (lower, upper) = (range.lowerBound, range.lowerBound)
        while lower > 0, range.lowerBound - lower < count, bytes[lower - 1] == bytes[lower - 1 + count] { lower -= 1 }
        while upper + count < bytes.count, upper - lower < count, bytes[upper] == bytes[upper + count] { upper += 1 }
        return upper - lower >= count
    }

    /// Shorter headers are often equal by chance.
    private static let minimumCompared = 6
    private static let maximumCompared = 8
    /// How far away to search. No longer range is compared.
    private static let reach = 4_096
}
