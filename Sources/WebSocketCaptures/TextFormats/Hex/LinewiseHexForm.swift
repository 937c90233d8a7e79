/// A form that is read line by line, none longer than ``maximumLineLength``.
protocol LinewiseHexForm: HexForm {
    /// The beginning of a line whose end has not arrived.
    var held: [UInt8] { get set }

    /// Reads a line, without its end.
    mutating func read(_ line: Span<UInt8>, number: Int, into bytes: inout [UInt8]) throws(TextError)
    /// Ends the text at `position`, after all lines have been read.
    mutating func end(at position: TextPosition) throws(TextError)
}

extension LinewiseHexForm {
    /// The longest line.
    static var maximumLineLength: Int { 65_536 }

    mutating func end(at position: TextPosition) throws(TextError) {}

    mutating func read(
        _ text: Span<UInt8>, at position: inout TextPosition, into bytes: inout [UInt8]
    ) throws(TextError) {
        var index = 0
        while index < text.count {
            let end = text.firstIndex(of: ASCII.lineFeed, from: index)
            guard held.count &+ (end &- index) <= Self.maximumLineLength else {
                let start = TextPosition(line: position.line, column: 1)
                throw TextError(start, "a line of a dump with more than \(Self.maximumLineLength) characters")
            }
            if end < text.count, held.isEmpty {
                try read(text.extracting(index..<end), number: position.line, into: &bytes)
            } else {
                for at in index..<end { held.append(text[at]) }
                if end < text.count { try takeHeld(number: position.line, into: &bytes) }
            }
            guard end < text.count else {
                position.column &+= end &- index
                return
            }
            position = TextPosition(line: position.line &+ 1, column: 1)
            index = end &+ 1
        }
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        if !held.isEmpty { try takeHeld(number: position.line, into: &bytes) }
        try end(at: position)
    }

    private mutating func takeHeld(number: Int, into bytes: inout [UInt8]) throws(TextError) {
        let whole = held
        held.removeAll(keepingCapacity: whole.count <= 256)
        try read(whole.span, number: number, into: &bytes)
    }
}
