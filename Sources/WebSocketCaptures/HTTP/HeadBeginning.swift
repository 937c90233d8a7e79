/// Whether the first bytes of a dump, or those after a head, begin an HTTP head.
enum HeadBeginning: Equatable {
    /// More bytes are needed to decide.
    case needMore
    /// They do not: they belong to the stream.
    case none
    /// They do, after this many bytes of empty lines.
    case head(lineBreaks: Int)

    /// The kinds of heads that may come.
    enum Kinds { case requests, responses, both }

    /// - Parameters:
    ///   - bytes: the bytes that have arrived. All but the last have been examined without a decision.
    ///   - isAfterHead: whether another head was read before: empty lines may be between the two (RFC 9112 §2.2).
    ///   - kinds: the kinds of heads that may come.
    init(_ bytes: [UInt8], isAfterHead: Bool, mayCome kinds: Kinds) {
        let lineBreaks = isAfterHead ? bytes.prefix { $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed }.count : 0
        let start = bytes[lineBreaks...]
        self = .none
        // The most empty lines that are skipped.
        guard lineBreaks <= 8 else { return }
        if kinds != .requests, Self.response.starts(with: start) || start.starts(with: Self.response) {
            self = start.count >= Self.response.count ? .head(lineBreaks: lineBreaks) : .needMore
        } else if kinds == .responses {
            return
        } else if Self.get.starts(with: start) || start.starts(with: Self.get), !isAfterHead {
            self = start.count >= Self.get.count ? .head(lineBreaks: lineBreaks) : .needMore
        } else if let request = Self.request(start) {
            self = request ? .head(lineBreaks: lineBreaks) : .needMore
        }
    }

    static func isResponse(_ head: [UInt8]) -> Bool { head.starts(with: response) }

    private static let response = Array("HTTP/1.".utf8)
    private static let get = Array("GET ".utf8)

    /// Matches a method, a target, and the version up to its digit: any text can begin with POST.
    ///
    /// - Returns: false if more bytes are needed to decide; nil if it is not a request.
    private static func request(_ start: ArraySlice<UInt8>) -> Bool? {
        switch ProtocolSniff(of: start, isStart: true) {
        case .needMore: return false
        case .request: break
        default: return nil
        }
        guard start.count < longestLine, let last = start.last else { return nil }
        guard last == ASCII.lineFeed else {
            return last >= ASCII.space && last != 0x7F || last == ASCII.carriageReturn ? false : nil
        }
        return HTTPHead.requestLine(of: Array(start)) != nil ? true : nil
    }

    /// Longer than any first line.
    private static let longestLine = 8_192
}
