import WebSocketFrames

/// What `tshark -T fields -e tcp.payload` prints: a line of digits for each packet, of both sides, without anything
/// to show whose each is. A dump of one endpoint looks the same except for how the lines begin: here with two HTTP
/// heads, or with frames of both kinds.
enum PayloadColumn {
    static let sentence = """
        payloads of both sides in one column, without who sent them: \(FieldRows.advice)
        """

    /// The number of lines with a mask, and without, from which on they are of both sides, if most begin with a
    /// frame.
    private static let enough = 2

    static func isThere(_ text: Span<UInt8>) -> Bool {
        isAlone(text) || followsNumbers(text)
    }

    /// Returns whether columns of decimal numbers precede the payload, one of which repeats itself, as ports do, and
    /// offsets do not.
    private static func followsNumbers(_ text: Span<UInt8>) -> Bool {
        var columns: Int?
        var seen: Set<[UInt8]> = []
        var (repeats, hasPayload, isEmpty) = (false, false, true)
        var start = text.has("\u{FEFF}") ? 3 : 0
        while start < text.count {
            let end = text.firstIndex(of: ASCII.lineFeed, from: start)
            let line = text.extracting(start..<end)
            let isCut = end == text.count
            start = end + 1
            guard !line.isEmpty, !isCut || columns == nil else { continue }
            var (count, index) = (0, 0)
            while case let tab = line.firstIndex(of: ASCII.tab, from: index), tab < line.count {
                let number = line.extracting(index..<tab)
                guard (1...10).contains(number.count), number.indices.allSatisfy({ number[$0].isDecimalDigit }) else {
                    return false
                }
                repeats = !seen.insert([UInt8(count)] + Array(copying: number)).inserted || repeats
                (count, index) = (count + 1, tab + 1)
            }
            guard count > 0, count == columns ?? count, count < 16 else { return false }
            columns = count
            let digits = line.extracting(index...)
            guard digits.indices.allSatisfy({ digits[$0].isHexDigit || digits[$0] == ASCII.carriageReturn }) else {
                return false
            }
            (hasPayload, isEmpty) = (hasPayload || digits.count >= 8, isEmpty && digits.count < 2)
        }
        return repeats && (hasPayload || isEmpty)
    }

    private static func isAlone(_ text: Span<UInt8>) -> Bool {
        var (requests, responses, masked, unmasked, others) = (0, 0, 0, 0, 0)
        var start = text.has("\u{FEFF}") ? 3 : 0
        while start < text.count {
            let end = text.firstIndex(of: ASCII.lineFeed, from: start)
            var stop = end
            while stop > start, text[stop - 1].isWhiteSpace { stop -= 1 }
            let line = text.extracting(start..<stop)
            start = end + 1
            guard !line.isEmpty else { continue }
            // A text that contains blanks, comments or anything else is a dump that somebody wrote.
            let isCut = end == text.count
            guard line.count >= 4, line.indices.allSatisfy({ line[$0].isHexDigit }),
                isCut || line.count.isMultiple(of: 2)
            else { return false }
            if line.has("47455420") {
                requests += 1
            } else if line.has("485454502f") || line.has("485454502F") {
                responses += 1
            } else if !isFrame(line) {
                others += 1
            } else if HexDigits.value(of: line[2]) >= 8 {
                masked += 1
            } else {
                unmasked += 1
            }
        }
        return requests > 0 && responses > 0
            || masked >= enough && unmasked >= enough && masked + unmasked > others
    }

    /// Returns whether a line begins with FIN and a defined opcode, possibly RSV1, and, if the length is short, with
    /// no more than fills the line.
    private static func isFrame(_ line: Span<UInt8>) -> Bool {
        let (first, opcode) = (HexDigits.value(of: line[0]), HexDigits.value(of: line[1]))
        guard first == 8 || first == 0xC, opcode <= 2 || (8...10).contains(opcode) else { return false }
        let second = HexDigits.value(of: line[2]) << 4 | HexDigits.value(of: line[3])
        let length = Int(second & 0x7F)
        let header = second & 0x80 == 0 ? 2 : 6
        return length >= 126 || 2 * (header + length) <= line.count
    }
}
