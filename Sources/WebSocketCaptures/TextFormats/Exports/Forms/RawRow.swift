/// A row of `follow,tcp,raw`: the bytes of one record as bare digits; those of node 1 begin with a tab. A row may
/// have any length, and is read as it arrives.
struct RawRow: Sendable {
    private enum State {
        case start
        /// After this many whole bytes, or inside one with this first digit.
        case whole, half(UInt8)
        /// After the digits.
        case end
    }

    private var state = State.start
    private var halfPosition = TextPosition()

    /// Returns whether a line begins like a row: possibly a tab, and then nothing but digits.
    static func isRow(_ line: Span<UInt8>) -> Bool {
        var index = line.has("\t") ? 1 : 0
        let start = index
        while index < line.count, line[index].isHexDigit { index += 1 }
        let isWhole = index == line.count || line[index] == ASCII.carriageReturn || line[index] == ASCII.lineFeed
        return isWhole && index > start
    }

    /// Returns whether a row begins with this byte.
    static func begins(with byte: UInt8) -> Bool { byte == ASCII.tab || byte.isHexDigit }

    /// Reads the row from `start` on, up to its end or that of the text.
    ///
    /// - Returns: the index at which it stopped; after the line feed if the row has ended.
    mutating func read(
        _ text: Span<UInt8>, from start: Int, at position: inout TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) -> Int {
        var index = start
        while index < text.count {
            if case .whole = state {
                let run = output.append(visit) { HexDigits.appendRun(in: text, from: index, to: &$0) }
                index &+= run
                position.column &+= run
                guard index < text.count else { break }
            }
            let byte = text[index]
            try read(byte, at: position, into: &output, visit)
            position.pass(byte)
            index &+= 1
            if byte == ASCII.lineFeed { break }
        }
        return index
    }

    @inline(__always)
    private mutating func read(
        _ byte: UInt8, at position: TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        let value = HexDigits.value(of: byte)
        switch state {
        case .start:
            output.beginRecord(byte == ASCII.tab ? .second : .first, nil)
            state = .whole
            if byte != ASCII.tab { try read(byte, at: position, into: &output, visit) }
        case .whole where value < 16:
            state = .half(value)
            halfPosition = position
        case .half(let first) where value < 16:
            output.append(visit) { $0.append(first << 4 | value) }
            state = .whole
        case .half: try finish(into: &output, visit)
        case .whole, .end:
            if byte == ASCII.lineFeed {
                try finish(into: &output, visit)
            } else if byte.isWhiteSpace {
                state = .end
            } else {
                throw TextError(position, "\(byte.shown) is not a hexadecimal digit")
            }
        }
    }

    /// Ends the row.
    ///
    /// - Parameter isCut: whether the text ends here.
    mutating func finish(
        into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void, isCut: Bool = false
    ) throws(TextError) {
        if case .half = state {
            throw TextError(
                halfPosition, "odd number of hexadecimal digits: this last one of its line has no partner")
        }
        output.endRecord(visit, isCut: isCut)
        state = .start
    }
}
