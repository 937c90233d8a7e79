/// Blank lines between conversations, and between them and what is reported beside them. Dumps of one direction are reported
/// without.
struct BlockSpacing {
    private enum Last {
        case nothing, text, blank
    }

    private var last = Last.nothing
    private var wasInside = false

    /// The lines, with a blank one before them where it takes one.
    ///
    /// - Parameters:
    ///   - isInside: they belong to a conversation.
    ///   - isApart: they are a part of their own.
    mutating func spaced(_ lines: [StyledLine], isInside: Bool, isApart: Bool = false) -> [StyledLine] {
        guard let end = lines.last else { return [] }
        let takesBlank = last == .text && (isApart || (wasInside && !isInside))
        last = end.width == 0 ? .blank : .text
        wasInside = isInside
        return takesBlank ? [StyledLine()] + lines : lines
    }
}
