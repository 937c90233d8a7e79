/// One row of a dump as most programs print it: bytes of two or four digits with a space between them, a wider gap after
/// the eighth perhaps, and the same as characters after a gap.
enum DumpRow {
    /// No row has more bytes.
    static let maximumCount = 16

    /// Reads the bytes of a row.
    ///
    /// - Parameters:
    ///   - start: where the bytes begin, or blanks before them.
    ///   - bytes: what is read is appended.
    /// - Returns: how many they were; 0 where none begin there.
    static func read(_ line: Span<UInt8>, from start: Int, into bytes: inout [UInt8]) -> Int {
        var index = start
        var count = 0
        while count < maximumCount {
            let gap = index
            while index < line.count, line[index] == ASCII.space || line[index] == ASCII.tab { index += 1 }
            // After a gap the characters begin, but for one space more in the middle of the row.
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

    /// The offset of digits at `index`, which moves after it: at least `least` of them, and `0x` before them perhaps.
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
