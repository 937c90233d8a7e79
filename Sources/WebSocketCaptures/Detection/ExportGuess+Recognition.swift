// Distinguishing an export from every other input takes more than distinguishing the exports from each other.
extension ExportGuess {
    /// Returns the kind of an input that is an export, whether or not it can be read; nil if it is not one.
    ///
    /// - Parameters:
    ///   - prefix: the input's first bytes.
    ///   - isWhole: whether `prefix` is all there is.
    static func kind(of prefix: Span<UInt8>, isWhole: Bool) -> InputKind? {
        guard let start = firstLine(of: prefix) else { return nil }
        let text = prefix.extracting(start...)
        let line = text.extracting(0..<Swift.min(detectionCount, endOfLine(text, from: 0)))
        switch ExportGuess(line) {
        case .follow: return followKind(of: text)
        case .packets: return isPackets(text) ? .export : nil
        case .arrays: return hasSeveralArrays(text, isWhole: isWhole) ? .export : nil
        case .rawRows:
            return hasBothSides(text, isWhole: isWhole) { RawRow.isRow($0) ? $0.has("\t") : nil } ? .export : nil
        case .hexRows:
            let hasBoth = hasBothSides(text, isWhole: isWhole) {
                HexRows.isRow($0) ? HexRows.indentation(of: $0) > 0 : nil
            }
            return hasBoth || isHexRowsOnly(text) ? .export : nil
        case .trace: return LoggedRows.program(of: text)?.hasBoth == true ? .export : nil
        case .fields: return fieldsKind(of: text)
        case nil: return nil
        }
    }

    /// Returns the kind for fields of packets, which can be read if an address shows who sent each.
    private static func fieldsKind(of text: Span<UInt8>) -> InputKind? {
        let line = text.extracting(0..<text.firstIndex(of: ASCII.lineFeed))
        guard FieldRows.isHeading(line) else {
            guard FieldRows.separator(of: line) != ASCII.tab else { return FieldRows.isRow(line) ? .export : nil }
            return FieldRows.isPacket(line) ? .export : nil
        }
        let hasBytes = line.contains("tcp.payload") || line.contains("data.data") || line.contains("tcp.segment_data")
        guard hasBytes, line.contains("ip.src") || line.contains("ipv6.src") || line.contains("ip.addr") else {
            return .unsupported("fields of packets that TShark printed, without who sent them: \(FieldRows.advice)")
        }
        return .export
    }

    /// Returns the index of the first line after a byte order mark, empty lines and TShark's warnings.
    private static func firstLine(of prefix: Span<UInt8>) -> Int? {
        var start = prefix.has("\u{FEFF}") ? 3 : 0
        while start < prefix.count {
            let line = prefix.extracting(start...)
            let isEmpty = line[0] == ASCII.lineFeed || line.has("\r\n")
            guard isEmpty || isWarning(line) else { return start }
            start = Swift.min(prefix.count, prefix.firstIndex(of: ASCII.lineFeed, from: start) + 1)
        }
        return nil
    }

    /// Returns whether it is something that TShark prints to standard error, since some people save both together.
    private static func isWarning(_ line: Span<UInt8>) -> Bool {
        line.has("Running as user ") || line.has("** (tshark:") || line.has(" ** (tshark:") || line.has("tshark: ")
    }

    /// Returns the index after the line feed that ends the line, or `count`.
    private static func endOfLine(_ text: Span<UInt8>, from start: Int) -> Int {
        Swift.min(text.count, text.firstIndex(of: ASCII.lineFeed, from: start) + 1)
    }

    private static func followKind(of text: Span<UInt8>) -> InputKind? {
        var start = 0
        while text.has("=", at: start) { start += 1 }
        while start < text.count, text[start] == ASCII.carriageReturn || text[start] == ASCII.lineFeed { start += 1 }
        guard text.has("Follow: ", at: start) else { return nil }
        start += "Follow: ".utf8.count
        var end = start
        while end < text.count, text[end] >= ASCII.space { end += 1 }
        guard end < text.count else { return nil }
        switch FollowKind.rows(of: text.extracting(start..<end)) {
        case .success: return .export
        case .failure(let refusal): return .unsupported(refusal.sentence)
        }
    }

    /// Returns whether it begins with two lines that only exports have.
    private static func isPackets(_ text: Span<UInt8>) -> Bool {
        let second = text.extracting(endOfLine(text, from: 0)...)
        if text.has("peers:") { return second.has("  - peer: ") }
        if text.has("packets:") { return second.has("  - packet: ") }
        let line = text.has("# Packet ") ? second : text
        let end = line.firstIndex(of: ASCII.lineFeed)
        let colon = line.firstIndex(of: ASCII.colon)
        return PeerPackets.isOlderForm(line) && line.has(": !!binary |", at: colon) && colon < end
    }

    /// Returns whether there are several arrays. A single array may come from any program, and contains one side's
    /// bytes: hex text. A second one, or one so long that its end is missing, makes it an export.
    private static func hasSeveralArrays(_ text: Span<UInt8>, isWhole: Bool) -> Bool {
        guard text.has("char peer0_") || text.has("char peer1_") else { return false }
        let end = text.firstIndex(of: ASCII.closeBrace)
        guard end < text.count else { return !isWhole }
        return (end..<text.count).contains { text.has("char peer0_", at: $0) || text.has("char peer1_", at: $0) }
    }

    /// Returns whether there is a whole row with its characters after one space less than other programs put there:
    /// it cannot be hex text.
    private static func isHexRowsOnly(_ text: Span<UInt8>) -> Bool {
        var end = endOfLine(text, from: 0)
        while end > 0, text[end - 1] == ASCII.lineFeed || text[end - 1] == ASCII.carriageReturn { end -= 1 }
        let row = text.extracting(0..<end)
        return HexRows.isFull(row)
            && HexFormatDetector.form(of: text.extracting(HexRows.indentation(of: row)...)) == nil
    }

    /// Returns whether all rows have the same form, and some are indented and some are not.
    ///
    /// - Parameter isSecond: whether a row is the second side's; nil if it is not a row.
    private static func hasBothSides(
        _ text: Span<UInt8>, isWhole: Bool, _ isSecond: (Span<UInt8>) -> Bool?
    ) -> Bool {
        var hasFirst = false
        var hasSecond = false
        var start = 0
        while start < text.count {
            let end = endOfLine(text, from: start)
            let line = text.extracting(start..<end)
            start = end
            if line[0] == ASCII.lineFeed || line.has("\r\n") { continue }
            // The last line may be cut off.
            let isCut = end == text.count && !isWhole
            guard let second = isSecond(line) else {
                if isCut { break }
                return false
            }
            hasFirst = hasFirst || !second
            hasSecond = hasSecond || second
        }
        return hasFirst && hasSecond
    }

}
