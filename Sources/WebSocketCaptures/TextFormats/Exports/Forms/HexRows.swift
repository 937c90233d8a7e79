/// The rows of `follow,tcp,hex`: an offset, up to 16 bytes, the same as characters; those of node 1 are indented,
/// with a tab by TShark, with four spaces by Wireshark. Each side counts its own offsets, which are checked, so a
/// lost line is reported.
///
/// The end of a record is not marked: it is at a row of less than 16 bytes, where the other side continues, or where
/// missing bytes are reported.
struct HexRows: Sendable {
    private static let rowCount = 16

    /// The offset that each side's next row must have; nil before its first, which may be any.
    private var nextOffset: [UInt32?] = [nil, nil]
    /// The side whose record continues.
    private var open: TCPPeer?

    /// Returns whether a line begins like a row: indentation, eight digits, two spaces, two digits.
    static func isRow(_ line: Span<UInt8>) -> Bool {
        let start = indentation(of: line)
        guard start < line.count, line.count - start >= 12 || line[line.count - 1] == ASCII.lineFeed else {
            return false
        }
        return offset(of: line, at: start) != nil
    }

    /// Returns whether a line is a row of 16 bytes, followed by its characters.
    static func isFull(_ line: Span<UInt8>) -> Bool {
        let start = indentation(of: line)
        guard offset(of: line, at: start) != nil, line.count > start + 60 else { return false }
        return (try? bytes(of: line, from: start + 10, number: 1))?.count == rowCount
    }

    /// Reads a row.
    mutating func read(
        _ line: Span<UInt8>, number: Int, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        let start = Self.indentation(of: line)
        guard let offset = Self.offset(of: line, at: start) else {
            throw TextError(
                TextPosition(line: number, column: start + 1),
                "\(start < line.count ? line[start].shown : "nothing") where an offset of eight digits must come")
        }
        let side = start > 0 ? TCPPeer.second : .first
        let index = start > 0 ? 1 : 0
        if let next = nextOffset[index], next != offset {
            throw TextError(
                TextPosition(line: number, column: start + 1),
                "offset \(Self.shown(offset)) where \(Self.shown(next)) must come: lines are missing, or doubled")
        }
        let bytes = try Self.bytes(of: line, from: start + 10, number: number)
        if open != side || MissingBytes.mayBegin(bytes.span) {
            output.endRecord(visit)
            output.beginRecord(side, nil)
            open = side
        }
        output.append(visit) { $0.append(contentsOf: bytes) }
        nextOffset[index] = offset &+ UInt32(truncatingIfNeeded: bytes.count)
        // A short row ends its record, or the text is cut off there: what follows decides.
        if bytes.count < Self.rowCount { open = nil }
    }

    /// Ends the rows.
    ///
    /// - Parameter isCut: whether the text ends here.
    mutating func finish(
        into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void, isCut: Bool = false
    ) {
        output.endRecord(visit, isCut: isCut)
        open = nil
    }

    /// Returns the number of characters by which a row is indented.
    static func indentation(of line: Span<UInt8>) -> Int { line.has("\t") ? 1 : line.has("    ") ? 4 : 0 }

    /// Reads eight digits, and two spaces after them.
    private static func offset(of line: Span<UInt8>, at start: Int) -> UInt32? {
        guard line.has("  ", at: start + 8) else { return nil }
        var offset: UInt32 = 0
        for index in start..<(start + 8) {
            let value = HexDigits.value(of: line[index])
            guard value < 16 else { return nil }
            offset = offset << 4 | UInt32(value)
        }
        return offset
    }

    /// Reads the bytes, each at its column; the first blank one ends them. There is one more space after the eighth.
    private static func bytes(
        of line: Span<UInt8>, from start: Int, number: Int
    ) throws(TextError) -> [UInt8] {
        var bytes: [UInt8] = []
        for place in 0..<rowCount {
            let index = start + 3 * place + (place < 8 ? 0 : 1)
            guard index < line.count, line[index] != ASCII.space else { break }
            for at in [index, index + 1] where at >= line.count || !line[at].isHexDigit {
                throw TextError(
                    TextPosition(line: number, column: at + 1),
                    at < line.count ? "\(line[at].shown) is not a hexadecimal digit" : "the line ends inside a byte")
            }
            guard index + 2 >= line.count || line[index + 2] == ASCII.space else {
                throw TextError(
                    TextPosition(line: number, column: index + 3),
                    "\(line[index + 2].shown) after a byte of two digits")
            }
            bytes.append(HexDigits.value(of: line[index]) << 4 | HexDigits.value(of: line[index + 1]))
        }
        guard !bytes.isEmpty else {
            throw TextError(TextPosition(line: number, column: start + 1), "an offset without a byte after it")
        }
        return bytes
    }

    private static func shown(_ offset: UInt32) -> String {
        let digits = String(offset, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
