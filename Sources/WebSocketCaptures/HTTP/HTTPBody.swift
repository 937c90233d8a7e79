/// How the end of a message's body is determined (RFC 9112 §6.3).
enum HTTPBody: Sendable, Hashable {
    case none
    /// This many bytes, at least 1.
    case bytes(UInt64)
    case chunked
    /// Everything up to the end of the connection: nothing else can follow.
    case untilClose

    /// Creates the body of a request; nil if its headers contradict each other.
    init?(ofRequest head: [UInt8]) {
        switch Self.transferCoding(in: head) {
        case .chunked: self = .chunked
        case .another: return nil
        case .none:
            switch Self.contentLength(in: head) {
            case .absent: self = .none
            case .bytes(let count): self = count == 0 ? .none : .bytes(count)
            case .broken: return nil
            }
        }
    }

    /// Creates the body of a response that may have one; nil if its headers contradict each other.
    init?(ofResponse head: [UInt8]) {
        switch Self.transferCoding(in: head) {
        case .chunked: self = .chunked
        case .another: self = .untilClose
        case .none:
            switch Self.contentLength(in: head) {
            case .absent: self = .untilClose
            case .bytes(let count): self = count == 0 ? .none : .bytes(count)
            case .broken: return nil
            }
        }
    }

    /// Returns whether its Content-Length is a number, or it has none.
    static func hasReadableLength(_ head: [UInt8]) -> Bool {
        if case .broken = contentLength(in: head) { false } else { true }
    }

    private enum TransferCoding { case none, chunked, another }
    private enum ContentLength { case absent, broken, bytes(UInt64) }

    private static func transferCoding(in head: [UInt8]) -> TransferCoding {
        guard let last = HTTPHead.elements(of: "transfer-encoding", in: head).last else { return .none }
        return last.lazy.map(\.lowercased).elementsEqual("chunked".utf8) ? .chunked : .another
    }

    /// Returns the Content-Length. A length that is repeated identically is valid (RFC 9110 §8.6).
    private static func contentLength(in head: [UInt8]) -> ContentLength {
        let lengths = HTTPHead.elements(of: "content-length", in: head)
        guard let first = lengths.first else { return .absent }
        guard lengths.allSatisfy({ $0.elementsEqual(first) }) else { return .broken }
        guard first.count <= 18, first.allSatisfy(\.isDecimalDigit) else { return .broken }
        return .bytes(first.reduce(0) { $0 * 10 + UInt64($1 - ASCII.zero) })
    }
}
