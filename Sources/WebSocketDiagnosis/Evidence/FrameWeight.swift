internal import WebSocketFrames

/// How improbable it is that bytes which are not frames look like a legal one, in bits: about -log₂ of the
/// probability.
///
/// - byte 0: 5 bits, 1 for 00 without a mask, and 1 for MASK;
/// - an extended length: 4 bits, and 20 for one of 64 bits;
/// - text: a bit for each character that is clean after unmasking, at most 24; without a mask, if all the text around
///   it is clean, a quarter of that and at most 6;
/// - a close code: 5 bits;
/// - frames without payload: 3, and nothing for empty fragments and for payloads of a single repeated value, which
///   occur in any run of that value;
/// - a frame that repeats the one before it: 1.
enum FrameWeight {
    /// The number of payload bytes of a frame that are examined.
    static let sample = 96

    /// Returns the weight of a whole frame among these bytes; negative for an empty fragment, which zeros are full
    /// of.
    static func bits(of place: LocatedFrame, in bytes: [UInt8]) -> Int {
        let header = place.header
        if header.payloadLength == 0 {
            if !header.opcode.isControl, !header.isFinal { return -3 }
            if header.opcode == .continuation { return 0 }
            return 3
        }
        let first = bytes[place.start]
        if (1..<min(place.end - place.start, 16)).allSatisfy({ bytes[place.start + $0] == first }) { return 0 }
        // The same bytes again and again are runs of one value, or the records of a file.
        let length = place.end - place.start
        if length <= sample, place.start >= length,
            bytes[place.start..<place.end].elementsEqual(bytes[(place.start - length)..<place.start])
        {
            return 1
        }
        // Binary data and UTF-16 are full of 00, unless a mask hides it.
        var bits = first == 0 && !header.isMasked ? 2 : 6
        if header.count - (header.isMasked ? 4 : 0) > 2 { bits += header.payloadLength < 1 << 16 ? 4 : 20 }
        if header.opcode == .close { bits += 5 }
        guard header.opcode != .binary, header.reservedBits.isEmpty else { return bits }
        let start = place.payloadStart + (header.opcode == .close ? 2 : 0)
        let end = min(place.end, start + sample)
        guard start < end else { return bits }
        let text = place.unmasked(bytes[start..<end])
        guard CleanText.holds(text, isCut: true) else { return bits }
        return bits + (header.isMasked ? min(text.count, 24) : min(text.count / 4, 6))
    }
}
