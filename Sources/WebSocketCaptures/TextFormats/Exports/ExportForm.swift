/// A way of writing both sides of a conversation. Each has its reader in `Forms/`; ``ExportGuess`` determines which
/// form a text has.
///
/// Invariants of every reader:
///
/// 1. It returns the same events and the same error however the text is cut into pieces.
/// 2. It keeps no more of the text than one line of bounded length.
/// 3. It is not called again after an error.
protocol ExportForm: Sendable {
    /// Reads the next piece of the text.
    ///
    /// - Parameter position: the position of the start of the piece; on return, that of its end.
    mutating func read(
        _ text: Span<UInt8>, at position: inout TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError)

    /// Ends the text at `position`.
    mutating func finish(
        at position: TextPosition, into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError)
}

/// A form that is read line by line.
protocol LinewiseForm: ExportForm {
    /// The beginning of a line whose end has not arrived.
    var held: [UInt8] { get set }

    /// Reads a line, without its end.
    mutating func read(
        _ line: Span<UInt8>, number: Int, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError)
}

extension LinewiseForm {
    /// The longest line. The longest that programs print have a hundred characters.
    static var maximumLineLength: Int { 65_536 }

    mutating func read(
        _ text: Span<UInt8>, at position: inout TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        var index = 0
        while index < text.count { index = try readLine(text, from: index, at: &position, into: &output, visit) }
    }

    /// Reads up to the end of the line that contains `start`, or of the text.
    ///
    /// - Returns: the index at which it stopped.
    mutating func readLine(
        _ text: Span<UInt8>, from start: Int, at position: inout TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) -> Int {
        let end = text.firstIndex(of: ASCII.lineFeed, from: start)
        guard held.count &+ (end &- start) <= Self.maximumLineLength else {
            throw TextError(
                TextPosition(line: position.line, column: 1), "a line of more than \(Self.maximumLineLength) characters"
            )
        }
        if end < text.count, held.isEmpty {
            let isReturned = end > start && text[end &- 1] == ASCII.carriageReturn
            let line = text.extracting(start..<(isReturned ? end &- 1 : end))
            try read(line, number: position.line, into: &output, visit)
        } else {
            for at in start..<end { held.append(text[at]) }
            if end < text.count { try takeHeldLine(number: position.line, into: &output, visit) }
        }
        guard end < text.count else {
            position.column &+= end &- start
            return end
        }
        position = TextPosition(line: position.line &+ 1, column: 1)
        return end &+ 1
    }

    /// Reads the line that was held, if there is one.
    mutating func takeHeldLine(
        number: Int, into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        var line = held
        held.removeAll(keepingCapacity: line.count <= 256)
        if line.last == ASCII.carriageReturn { line.removeLast() }
        try read(line.span, number: number, into: &output, visit)
    }
}
