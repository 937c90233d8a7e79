/// What of an HTTP/1.1 head matters to the frames behind it.
enum HTTPHead {
    /// The status of a response: three digits behind the version.
    static func status(in head: [UInt8]) -> Int? {
        // HTTP/1.1 101
        guard head.count >= 13, head[7].isDecimalDigit, head[8] == ASCII.space, !head[12].isWordByte else { return nil }
        guard head[9...11].allSatisfy(\.isDecimalDigit) else { return nil }
        return head[9...11].reduce(0) { $0 * 10 + Int($1 - ASCII.zero) }
    }

    /// The names of the extensions in all `Sec-WebSocket-Extensions` headers (RFC 6455 §9.1), in their order.
    static func extensions(in head: [UInt8]) -> [String] {
        var names: [String] = []
        var value: [UInt8]?
        for line in lines(of: head).dropFirst() {
            if let first = line.first, first == ASCII.space || first == ASCII.tab {
                // Folded: the header before goes on (RFC 9112 §5.2).
                value?.append(contentsOf: line)
                continue
            }
            if let value { names += extensionNames(in: value) }
            value = extensionsValue(of: line)
        }
        if let value { names += extensionNames(in: value) }
        return names
    }

    private static func lines(of head: [UInt8]) -> [ArraySlice<UInt8>] {
        head.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false).map { line in
            line.last == ASCII.carriageReturn ? line.dropLast() : line
        }
    }

    private static let headerName = Array("sec-websocket-extensions".utf8)

    /// What stands behind the colon, where the line is that header.
    private static func extensionsValue(of line: ArraySlice<UInt8>) -> [UInt8]? {
        guard let colon = line.firstIndex(of: ASCII.colon) else { return nil }
        let name = trimmed(line[..<colon])
        guard name.lazy.map(\.lowercased).elementsEqual(headerName) else { return nil }
        return Array(line[(colon + 1)...])
    }

    /// The elements of a list, each up to its parameters. Commas and semicolons in quotes part nothing.
    private static func extensionNames(in value: [UInt8]) -> [String] {
        var names: [ArraySlice<UInt8>] = []
        var name: [UInt8] = []
        var isInName = true
        var isQuoted = false
        var isEscaped = false
        for byte in value {
            if isQuoted {
                isQuoted = isEscaped || byte != ASCII.doubleQuote
                isEscaped = !isEscaped && byte == ASCII.backslash
                continue
            }
            switch byte {
            case ASCII.comma:
                names.append(trimmed(name[...]))
                name = []
                isInName = true
            case ASCII.semicolon: isInName = false
            case ASCII.doubleQuote: isQuoted = true
            default: if isInName { name.append(byte) }
            }
        }
        names.append(trimmed(name[...]))
        return names.filter { !$0.isEmpty }.map(printable)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first.isWhiteSpace { bytes.removeFirst() }
        while let last = bytes.last, last.isWhiteSpace { bytes.removeLast() }
        return bytes
    }

    /// Nothing of a peer's bytes may steer a terminal: what cannot be printed is `?`.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { $0 >= 0x20 && $0 < 0x7F ? $0 : 0x3F }, as: UTF8.self)
    }
}
