import WebSocketFrames

/// The parts of an HTTP/1.1 head that matter to the frames after it.
enum HTTPHead {
    /// Returns the status of a response: three digits after the version.
    static func status(in head: [UInt8]) -> Int? {
        // HTTP/1.1 101
        guard head.count >= 13, head[7].isDecimalDigit, head[8] == ASCII.space, !head[12].isWordByte else { return nil }
        guard head[9...11].allSatisfy(\.isDecimalDigit) else { return nil }
        return head[9...11].reduce(0) { $0 * 10 + Int($1 - ASCII.zero) }
    }

    /// Returns what the first line of a request says; nil if it is not HTTP/1.0 or HTTP/1.1 (RFC 9112 §3).
    static func requestLine(of head: [UInt8]) -> (method: ArraySlice<UInt8>, target: ArraySlice<UInt8>, minor: Int)? {
        let line = head.prefix { $0 != ASCII.lineFeed && $0 != ASCII.carriageReturn }
        let words = line.split(separator: ASCII.space)
        guard words.count == 3, let minor = minorVersion(in: words[2]) else { return nil }
        return (words[0], words[1], minor)
    }

    /// Returns the digit, 0 or 1, after the `HTTP/1.` that `bytes` begin with; nil if there is none.
    static func minorVersion(in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.starts(with: version), let digit = bytes.dropFirst(version.count).first else { return nil }
        return digit == ASCII.zero || digit == ASCII.zero + 1 ? Int(digit - ASCII.zero) : nil
    }

    /// Returns the names of the extensions in all `Sec-WebSocket-Extensions` headers (RFC 6455 §9.1), in order,
    /// without duplicates.
    ///
    /// A head has room for 30,000 names, each of which would cost a notice.
    static func extensions(in head: [UInt8]) -> [String] {
        var names: [String] = []
        for element in elements(of: "sec-websocket-extensions", in: head) {
            guard names.count < maximumExtensionCount || element.elementsEqual(DeflateOffer.name.utf8) else { continue }
            let name = printable(element, limit: 100)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The most names of extensions that are kept of a head, apart from permessage-deflate.
    static let maximumExtensionCount = 16

    /// Returns the elements of the lists in all headers of that name (RFC 9110 §5.6.1), in order, without parameters.
    ///
    /// - Parameter name: the header's name in lower case.
    static func elements(of name: String, in head: [UInt8]) -> [ArraySlice<UInt8>] {
        values(of: name, in: head).flatMap { listElements(in: $0) }
    }

    /// Returns whether one of those elements is `element`, regardless of case.
    static func has(_ element: String, in name: String, of head: [UInt8]) -> Bool {
        elements(of: name, in: head).contains { $0.lazy.map(\.lowercased).elementsEqual(element.utf8) }
    }

    /// Returns the values of all headers of that name, in order, without white space around them.
    ///
    /// - Parameter name: the header's name in lower case.
    static func values(of name: String, in head: [UInt8]) -> [ArraySlice<UInt8>] {
        let initial = name.utf8.first
        var values: [ArraySlice<UInt8>] = []
        var value: [UInt8]?
        forEachLine(of: head) { line in
            guard line.startIndex > 0 else { return }
            if let first = line.first, first == ASCII.space || first == ASCII.tab {
                // A folded line: it continues the previous header (RFC 9112 §5.2).
                value?.append(contentsOf: line)
                return
            }
            if let value { values.append(trimmed(value[...])) }
            // Most lines are of other headers.
            value = line.first?.lowercased == initial ? self.value(of: name, in: line) : nil
        }
        if let value { values.append(trimmed(value[...])) }
        return values
    }

    /// Returns the bytes as messages and reports may show them, up to a limit.
    ///
    /// No byte from a peer may control a terminal: what is not printable becomes `?`.
    static func printable(_ bytes: ArraySlice<UInt8>, limit: Int = .max) -> String {
        let shown = bytes.prefix(limit).map { $0 >= 0x20 && $0 < 0x7F ? $0 : 0x3F }
        return String(decoding: shown, as: UTF8.self) + (bytes.count > limit ? "…" : "")
    }

    private static let version = Array("HTTP/1.".utf8)

    /// Visits the lines without their breaks, including the first line and the empty one at the end.
    static func forEachLine(of head: [UInt8], _ visit: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        while case let index = head.span.firstIndex(of: ASCII.lineFeed, from: start), index < head.count {
            let hasReturn = index > start && head[index - 1] == ASCII.carriageReturn
            visit(head[start..<(hasReturn ? index - 1 : index)])
            start = index + 1
        }
        visit(head[start...])
    }

    /// Returns what comes after the colon, if the line is the header of that name.
    private static func value(of name: String, in line: ArraySlice<UInt8>) -> [UInt8]? {
        let length = name.utf8.count
        let end = line.startIndex + length
        guard end < line.endIndex, line[end] == ASCII.colon || line[end].isWhiteSpace else { return nil }
        guard line.prefix(length).lazy.map(\.lowercased).elementsEqual(name.utf8) else { return nil }
        let rest = line.dropFirst(length).drop(while: \.isWhiteSpace)
        return rest.first == ASCII.colon ? Array(rest.dropFirst()) : nil
    }

    /// Returns the elements of a list, each up to its parameters. Commas and semicolons in quotes do not separate.
    private static func listElements(in value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
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
        return names.filter { !$0.isEmpty }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first.isWhiteSpace { bytes.removeFirst() }
        while let last = bytes.last, last.isWhiteSpace { bytes.removeLast() }
        return bytes
    }
}
