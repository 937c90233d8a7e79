// For programs without an HTTP library: converts the bytes of a head to its fields and back (RFC 9112).

/// Why bytes are not the head of an HTTP/1.1 message (RFC 9112 §2.1).
public enum MalformedHead: Error, Sendable, Hashable {
    /// The first line is not that of an HTTP/1.0 or 1.1 request or response.
    case firstLine
    /// A line is not a header field; the value is its number, counting from 1 after the first line. Folded lines and
    /// spaces before the colon are refused (RFC 9112 §5.1, §5.2).
    case field(Int)
}

extension HandshakeRequest {
    /// Reads the bytes of a request's head.
    ///
    /// - Parameter head: everything up to ``HeaderFields/endOfHead(in:)``.
    public init(head: some Collection<UInt8>) throws(MalformedHead) {
        let (line, fields) = try HeaderFields.read(head)
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 3, let minorVersion = HeaderFields.minorVersion(words[2]),
            Token.isToken(String(decoding: words[0], as: UTF8.self)), !words[1].isEmpty
        else { throw .firstLine }
        self.init(
            method: String(decoding: words[0], as: UTF8.self), target: String(decoding: words[1], as: UTF8.self),
            minorVersion: minorVersion, fields: fields)
    }
}

extension HandshakeResponse {
    /// Reads the bytes of a response's head.
    ///
    /// - Parameter head: everything up to ``HeaderFields/endOfHead(in:)``.
    public init(head: some Collection<UInt8>) throws(MalformedHead) {
        let (line, fields) = try HeaderFields.read(head)
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, let minorVersion = HeaderFields.minorVersion(words[0]), words[1].count == 3,
            let status = Int(String(decoding: words[1], as: UTF8.self)), status >= 100
        else { throw .firstLine }
        self.init(status: status, minorVersion: minorVersion, fields: fields)
    }
}

extension HeaderFields {
    /// Returns the index after a head, which ends with its first empty line; nil if that has not arrived.
    public static func endOfHead(in bytes: some Collection<UInt8>) -> Int? {
        var count = 0
        var isEmpty = true
        for byte in bytes {
            count += 1
            if byte == UInt8(ascii: "\n") {
                if isEmpty, count > 2 { return count }
                isEmpty = true
            } else if byte != UInt8(ascii: "\r") {
                isEmpty = false
            }
        }
        return nil
    }

    /// Returns a head as bytes to be sent, with its first line and the empty line at its end.
    ///
    /// - Parameter firstLine: for example `HTTP/1.1 101 Switching Protocols` or `GET /chat HTTP/1.1`.
    public func head(_ firstLine: String) -> [UInt8] {
        let lines = fields.reduce(firstLine + "\r\n") { $0 + $1.name + ": " + $1.value + "\r\n" }
        return Array((lines + "\r\n").utf8)
    }

    fileprivate static func minorVersion(_ word: some Collection<UInt8>) -> Int? {
        if word.elementsEqual("HTTP/1.1".utf8) { return 1 }
        return word.elementsEqual("HTTP/1.0".utf8) ? 0 : nil
    }

    /// The first line, and the fields after it.
    fileprivate static func read(
        _ head: some Collection<UInt8>
    ) throws(MalformedHead) -> (first: ArraySlice<UInt8>, fields: HeaderFields) {
        var lines = Array(head).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        // Empty lines before a request are skipped (RFC 9112 §2.2).
        guard let start = lines.firstIndex(where: { !$0.isEmpty }) else { throw .firstLine }
        var fields = HeaderFields()
        for (number, line) in lines[(start + 1)...].enumerated() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .field(number + 1) }
            let (name, value) = (line[..<colon], line[(colon + 1)...])
            guard !name.isEmpty, name.allSatisfy(Token.isMade),
                value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") })
            else { throw .field(number + 1) }
            fields.append(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
        return (lines[start], fields)
    }
}
