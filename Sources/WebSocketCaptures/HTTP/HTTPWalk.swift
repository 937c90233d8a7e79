/// Follows the requests, or the responses, that one side of a connection sends: finds the heads, and skips the
/// bodies. It keeps nothing: the bytes of a head stay with the caller until it is whole.
struct HTTPWalk: Sendable {
    /// The result of a step.
    enum Step: Equatable {
        /// More bytes are needed. (Those that belong to a body have been consumed.)
        case needMore
        /// The next head: this many bytes after the consumed ones. It has not been consumed itself.
        case head(count: Int)
        /// What follows is not a head, or one that is longer than ``HandshakeReader/maximumHeadCount``.
        case broken
    }

    private enum State: Sendable {
        /// Inside a head, or before one: this many of its bytes have been examined.
        case head(seen: Int, HTTPHeadEnd)
        case body(remaining: UInt64)
        /// In the line before a chunk; `digits` of its length have been read.
        case chunkLine(length: UInt64, digits: Int, isInExtension: Bool)
        case chunk(remaining: UInt64)
        /// In the line break after a chunk.
        case chunkEnd
        case trailers(HTTPHeadEnd)
        case untilClose
    }

    /// The kinds of heads that are possible.
    enum Kind: Sendable { case requests, responses }

    let kind: Kind
    private var state = State.head(seen: 0, HTTPHeadEnd())

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// Whether the next byte belongs to a head.
    var isAtHead: Bool {
        if case .head = state { true } else { false }
    }

    /// Whether everything up to the end of the connection is a body.
    var isUntilClose: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// The number of next bytes that are of no interest and need not be kept for ``step(_:taken:)``.
    var skippable: UInt64 {
        switch state {
        case .body(let remaining), .chunk(let remaining): remaining
        case .untilClose: .max
        case .head, .chunkLine, .chunkEnd, .trailers: 0
        }
    }

    /// Skips bytes that are ``skippable``.
    mutating func skip(_ count: Int) {
        let count = UInt64(clamping: count)
        switch state {
        case .body(let remaining):
            state = remaining > count ? .body(remaining: remaining - count) : .head(seen: 0, HTTPHeadEnd())
        case .chunk(let remaining):
            state = remaining > count ? .chunk(remaining: remaining - count) : .chunkEnd
        case .head, .chunkLine, .chunkEnd, .trailers, .untilClose: break
        }
    }

    /// Begins what follows a head that was found and consumed.
    mutating func begin(_ body: HTTPBody) {
        state =
            switch body {
            case .none: .head(seen: 0, HTTPHeadEnd())
            case .bytes(let count): .body(remaining: count)
            case .chunked: .chunkLine(length: 0, digits: 0, isInExtension: false)
            case .untilClose: .untilClose
            }
    }

    /// Continues.
    ///
    /// - Parameters:
    ///   - bytes: the bytes that have arrived and have not been consumed, from the first on.
    ///   - taken: the number of them that were consumed now: the caller must not pass them again.
    mutating func step(_ bytes: ArraySlice<UInt8>, taken: inout Int) -> Step {
        taken = 0
        while taken < bytes.count {
            let rest = bytes.dropFirst(taken)
            if case .head(let seen, let end) = state {
                // Empty lines before a head are skipped (RFC 9112 §2.2).
                let isLineBreak = rest.first == ASCII.lineFeed || rest.first == ASCII.carriageReturn
                guard seen == 0, isLineBreak else { return seek(in: rest, seen: seen, end: end) }
                taken += 1
                continue
            }
            if skippable > 0 {
                let count = Int(clamping: min(skippable, UInt64(rest.count)))
                skip(count)
                taken += count
            } else {
                guard read(rest[rest.startIndex]) else { return .broken }
                taken += 1
            }
        }
        return .needMore
    }

    // MARK: Heads

    private mutating func seek(in bytes: ArraySlice<UInt8>, seen: Int, end: HTTPHeadEnd) -> Step {
        guard mayBegin(bytes) else { return .broken }
        var end = end
        var seen = seen
        for byte in bytes.dropFirst(seen) {
            seen += 1
            if end.isReached(by: byte) {
                state = .head(seen: 0, HTTPHeadEnd())
                return .head(count: seen)
            }
        }
        state = .head(seen: seen, end)
        return seen < HandshakeReader.maximumHeadCount ? .needMore : .broken
    }

    /// Returns whether a head may begin with these bytes, as far as they go.
    private func mayBegin(_ bytes: ArraySlice<UInt8>) -> Bool {
        switch kind {
        case .responses: return bytes.prefix(Self.response.count).elementsEqual(Self.response.prefix(bytes.count))
        case .requests:
            let method = bytes.prefix(Self.maximumMethodCount).prefix { $0.isWordByte || $0 == Self.hyphen }
            let next = bytes.dropFirst(method.count).first
            return next == nil || (next == ASCII.space && !method.isEmpty)
        }
    }

    /// The beginning of a response.
    static let response = Array("HTTP/1.".utf8)
    private static let hyphen = UInt8(ascii: "-")
    private static let maximumMethodCount = 32

    // MARK: Chunks (RFC 9112 §7.1)

    /// Consumes a byte around a chunk; returns false if it is not allowed there.
    private mutating func read(_ byte: UInt8) -> Bool {
        switch state {
        case .chunkLine(let length, let digits, let isInExtension):
            if byte == ASCII.lineFeed {
                guard digits > 0 else { return false }
                state = length == 0 ? .trailers(HTTPHeadEnd(isAtLineStart: true)) : .chunk(remaining: length)
            } else if !isInExtension, byte.isHexDigit {
                guard digits < 15 else { return false }
                let value = UInt64(HexDigits.value(of: byte))
                state = .chunkLine(length: length << 4 | value, digits: digits + 1, isInExtension: false)
            } else {
                guard digits > 0 else { return false }
                state = .chunkLine(length: length, digits: digits, isInExtension: true)
            }
        case .chunkEnd:
            if byte == ASCII.lineFeed {
                state = .chunkLine(length: 0, digits: 0, isInExtension: false)
            } else if byte != ASCII.carriageReturn {
                return false
            }
        case .trailers(var end):
            state = end.isReached(by: byte) ? .head(seen: 0, HTTPHeadEnd()) : .trailers(end)
        case .head, .body, .chunk, .untilClose: return false
        }
        return true
    }
}
