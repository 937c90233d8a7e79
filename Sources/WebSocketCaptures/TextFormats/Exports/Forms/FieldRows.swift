import WebSocketFrames

/// What `tshark -T fields -e ip.src -e tcp.srcport -e ip.dst -e tcp.dstport -e tcp.payload` prints: a line for each
/// packet, its fields separated by tabs, or by what `-E separator` says, possibly in quotes (`-E quote=d`). The first
/// address of a line is the sender's, and the last field of digits the payload; the first line may consist of the
/// fields' names.
struct FieldRows: LinewiseForm {
    var held: [UInt8] = []
    private var first: [UInt8]?
    private var second: [UInt8]?

    static let advice = """
        add -e ip.src -e tcp.srcport -e ip.dst -e tcp.dstport before it, or give the capture itself
        """

    /// Returns whether a line begins like names of fields, or like a row with an address in it.
    static func isRow(_ line: Span<UInt8>) -> Bool {
        if isHeading(line) { return true }
        return separator(of: line) != nil && fields(of: line).contains { isAddress(line.extracting($0)) }
    }

    static func isHeading(_ line: Span<UInt8>) -> Bool {
        let start = line.has("\"") ? 1 : 0
        return !line.contains(" ")
            && ["ip.", "ipv6.", "tcp.", "frame.", "data.data", "_ws.", "websocket."].contains {
                line.has($0, at: start)
            }
    }

    /// Returns whether a row has both ends with their ports, and a last field that can be bytes: many programs print
    /// addresses separated by commas.
    static func isPacket(_ line: Span<UInt8>) -> Bool {
        let fields = fields(of: line)
        guard let last = fields.last, fields.count >= 5 else { return false }
        return last.allSatisfy { line[$0].isHexDigit || line[$0] == ASCII.colon }
            && fields.count { isAddress(line.extracting($0)) } >= 2
    }

    static func separator(of line: Span<UInt8>) -> UInt8? {
        [ASCII.tab, ASCII.comma, ASCII.semicolon].first { line.firstIndex(of: $0) < line.count }
    }

    mutating func read(
        _ line: Span<UInt8>, number: Int, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        guard line.count > 0, !Self.isHeading(line) else { return }
        let fields = Self.fields(of: line)
        let addresses = fields.indices.filter { Self.isAddress(line.extracting(fields[$0])) }
        guard let source = addresses.first else {
            throw TextError(
                TextPosition(line: number, column: 1), "no address in this line says who sent it: \(Self.advice)")
        }
        guard let last = fields.last, addresses.last != fields.count - 1, !last.isEmpty else { return }
        var bytes: [UInt8] = []
        var index = last.lowerBound
        while index + 1 < last.upperBound, line[index].isHexDigit, line[index + 1].isHexDigit {
            bytes.append(HexDigits.value(of: line[index]) << 4 | HexDigits.value(of: line[index + 1]))
            index += line.has(":", at: index + 2) ? 3 : 2
        }
        guard index >= last.upperBound else {
            throw TextError(TextPosition(line: number, column: index + 1), "the last field is not one of bytes")
        }
        try begin(line, fields, from: source, to: addresses.dropFirst().first, number: number, output, visit)
        let side: TCPPeer = Self.end(of: line, fields, source) == first ? .first : .second
        output.beginRecord(side, nil)
        output.append(visit) { $0.append(contentsOf: bytes) }
        output.endRecord(visit)
    }

    mutating func finish(
        at position: TextPosition, into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if !held.isEmpty { try takeHeldLine(number: position.line, into: &output, visit) }
        if first != nil { output.report(.closed, visit) }
    }

    /// Opens the conversation with the first row; all others must belong to it.
    private mutating func begin(
        _ line: Span<UInt8>, _ fields: [Range<Int>], from source: Int, to destination: Int?, number: Int,
        _ output: ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        let sender = Self.end(of: line, fields, source)
        let receiver = destination.map { Self.end(of: line, fields, $0) }
        if first == nil {
            (first, second) = (sender, receiver)
            output.report(
                .opened(
                    first: AddressText.socketAddress(sender.span),
                    second: receiver.flatMap { AddressText.socketAddress($0.span) }), visit)
        }
        if second == nil, sender != first { second = sender }
        guard sender == first || sender == second, receiver == nil || receiver == first || receiver == second else {
            throw TextError(
                TextPosition(line: number, column: 1),
                "another connection than in the lines before it: print one, with -Y \"tcp.stream == N\"")
        }
    }

    /// Returns an address and the port after it, if there is one: `127.0.0.1:8080`.
    private static func end(of line: Span<UInt8>, _ fields: [Range<Int>], _ index: Int) -> [UInt8] {
        let address = line.extracting(fields[index])
        var text = Array(copying: address)
        if address.contains(":") { text = [ASCII.openBracket] + text + [ASCII.closeBracket] }
        // The port follows its address, or both ports follow both addresses.
        let hasNeighbour = [index - 1, index + 1].contains { place in
            fields.indices.contains(place) && isAddress(line.extracting(fields[place]))
        }
        for place in hasNeighbour ? [index + 2] : [index + 1, index + 2] where place < fields.count - 1 {
            let field = line.extracting(fields[place])
            var at = 0
            guard !isAddress(field), DecimalText.number(in: field, &at) != nil, at == field.count else { continue }
            return text + [ASCII.colon] + Array(copying: field)
        }
        return text
    }

    private static func isAddress(_ field: Span<UInt8>) -> Bool {
        AddressText.socketAddress(host: field, port: [ASCII.zero].span) != nil
    }

    private static func fields(of line: Span<UInt8>) -> [Range<Int>] {
        let separator = separator(of: line) ?? ASCII.tab
        var fields: [Range<Int>] = []
        var start = 0
        while start <= line.count {
            let next = line.firstIndex(of: separator, from: start)
            var end = next
            if end == line.count, end > start, line[end - 1] == ASCII.carriageReturn || line[end - 1] == ASCII.lineFeed
            {
                end -= 1
            }
            let isQuoted = end - start >= 2 && line[start] == ASCII.doubleQuote && line[end - 1] == ASCII.doubleQuote
            fields.append(isQuoted ? start + 1..<end - 1 : start..<end)
            start = next + 1
        }
        return fields
    }
}
