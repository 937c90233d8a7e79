/// One row of a dump as most programs print it: bytes of two or four digits separated by spaces, possibly with a
/// wider gap after the eighth, and the same as characters after a gap.
enum DumpRow {
    /// The most bytes of a row.
    static let maximumCount = 16

    /// Reads the bytes of a row.
    ///
    /// - Parameters:
    ///   - start: the index of the bytes, or of blanks before them.
    ///   - bytes: receives what is read.
    /// - Returns: the number of bytes; 0 if none begin there.
    static func read(_ line: Span<UInt8>, from start: Int, into bytes: inout [UInt8]) -> Int {
        var index = start
        var count = 0
        while count < maximumCount {
            let gap = index
            while index < line.count, line[index] == ASCII.space || line[index] == ASCII.tab { index += 1 }
            // The characters begin after a gap, apart from one additional space in the middle of the row.
            if count > 0, index - gap > (count == 8 ? 2 : 1) { break }
            var end = index
            while end < line.count, line[end].isHexDigit { end += 1 }
            let digits = end - index
            guard digits == 2 || digits == 4, end == line.count || line[end].isWhiteSpace || line[end] == ASCII.bar
            else { break }
            for at in stride(from: index, to: end, by: 2) {
                bytes.append(HexDigits.value(of: line[at]) << 4 | HexDigits.value(of: line[at + 1]))
            }
            count += digits / 2
            index = end
        }
        return count
    }

    /// Reads an offset at `index`, and moves that after it: at least `least` digits, possibly with `0x` before them.
    static func offset(_ line: Span<UInt8>, _ index: inout Int, least: Int = 4) -> Int? {
        if line.has("0x", at: index) { index += 2 }
        let start = index
        var number = 0
        while index < line.count, line[index].isHexDigit, index - start < 9 {
            number = number << 4 | Int(HexDigits.value(of: line[index]))
            index += 1
        }
        return (least...8).contains(index - start) ? number : nil
    }
}
