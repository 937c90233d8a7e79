internal import WebSocketFrames

/// A message that inflates to compressed data.
enum CompressedTwice {
    static func found(_ context: ViolationContext) -> Match? {
        guard context.violation?.messageOffset != nil, let inflated = context.inflatedMessage, inflated.isWhole,
            inflated.output.count >= 4, let (text, how) = inside(inflated.output[...]), text.count >= 4
        else { return nil }
        return Match(
            certainty: text.count >= 8 ? .certain : .likely,
            message:
                "the message at \(context.place(of: inflated.message)) inflates to \(Wording.count(inflated.count, "byte"))"
                + " that are \(how) themselves, and these inflate to \(Wording.quoted(text)): it was compressed twice.")
    }

    private static func inside(_ bytes: ArraySlice<UInt8>) -> (text: [UInt8], how: String)? {
        if let wrapped = Wrapped(bytes), let proof = wrapped.proof(isText: true) {
            return (proof.output, wrapped.format)
        }
        // With or without the four bytes at the end that permessage-deflate removes.
        switch Inflate.message(Array(bytes), isWhole: true) {
        case .whole(let text) where CleanText.holds(text): return (text, "DEFLATE")
        case .begun(let text) where CleanText.holds(text, isCut: true):
            let isFlushed = bytes.suffix(4).elementsEqual([0x00, 0x00, 0xFF, 0xFF])
            return isFlushed || Inflate.isAtLimit(text) ? (text, "DEFLATE") : nil
        default: return nil
        }
    }
}
