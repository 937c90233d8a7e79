/// Blank lines between conversations, and around what is reported outside them. Dumps of one direction have none.
struct BlockSpacing {
    private enum Last {
        case nothing, text, blank
    }

    private var last = Last.nothing
    private var wasInside = false

    /// Returns the lines, preceded by a blank one if needed.
    ///
    /// - Parameters:
    ///   - isInside: whether they belong to a conversation.
    ///   - isApart: whether they are a part of their own.
    mutating func spaced(_ lines: [StyledLine], isInside: Bool, isApart: Bool = false) -> [StyledLine] {
        guard let end = lines.last else { return [] }
        let takesBlank = last == .text && (isApart || (wasInside && !isInside))
        last = end.width == 0 ? .blank : .text
        wasInside = isInside
        return takesBlank ? [StyledLine()] + lines : lines
    }
}
