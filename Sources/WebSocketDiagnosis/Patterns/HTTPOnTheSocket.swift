internal import WebSocketFrames

// HTTP where frames should be: something on the path does not know, or has forgotten, that the connection was
// upgraded.

enum HTTPOnTheSocket {
    /// The number of bytes of a head that are examined.
    private static let headCount = 4_096

    /// `HTTP/1.1 502 Bad Gateway`
    static func response(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, let status = status(of: context.head) else { return nil }
        let what =
            "at \(context.place(context.start)) an HTTP response begins on the upgraded connection: "
            + "\(Wording.quoted(context.head.line))."
        guard status == 101 else {
            return Match(certainty: .certain, suspect: author(of: context, status: status), message: what)
        }
        return Match(
            certainty: .certain, suspect: .sender,
            message: what + " It is a second answer to the handshake, as when two pieces of code handle the upgrade."
        )
    }

    /// `GET /chat HTTP/1.1 … Upgrade: websocket`
    static func secondHandshake(_ context: ViolationContext) -> Match? {
        guard let line = requestLine(context), head(context).holds(anyCase: "\nupgrade: websocket") else { return nil }
        return match(context, "a second handshake", line)
    }

    /// `GET /health HTTP/1.1`
    static func request(_ context: ViolationContext) -> Match? {
        guard let line = requestLine(context) else { return nil }
        return match(context, "an HTTP request", line)
    }

    /// A client that was refused may send another request: with credentials, to another target, or later (RFC 6455
    /// §4.1). Frames before it, or the response, show that it was not refused.
    private static func match(_ context: ViolationContext, _ what: String, _ line: ArraySlice<UInt8>) -> Match {
        let isKnown = !context.evidence.isUnanswered || context.startInStream > 0 || context.evidence.stream.offset > 0
        return Match(
            certainty: isKnown ? .certain : .likely, suspect: requester(context),
            message: "at \(context.place(context.start)) \(what) begins "
                + (isKnown ? "on the upgraded connection" : "where the first frame should")
                + ": \(Wording.quoted(line))."
                + (isKnown
                    ? "" : " The response to the request before it is missing; if it was a refusal, this is legal."))
    }

    /// `PRI * HTTP/2.0`
    static func http2(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, context.head.begins(with: "PRI * HTTP/2.0\r\n") else { return nil }
        return Match(
            certainty: .certain,
            message: "at \(context.place(context.start)) an HTTP/2 connection begins: \"PRI * HTTP/2.0\".")
    }

    /// `User-Agent: …`, an empty line, and then frames: the head of the handshake was ended too early.
    static func headCut(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, context.isFirstFrame, context.start == 0, context.evidence.stream.offset == 0 else {
            return nil
        }
        let head = head(context)
        var at = head.startIndex
        var lines = 0
        while at < head.endIndex {
            let line = head[at...].line
            if line.isEmpty {
                guard lines > 0 else { return nil }
                break
            }
            guard isField(line) else { return nil }
            lines += 1
            at = line.endIndex
            guard head[at...].starts(with: [0x0D, 0x0A]) || head[at...].first == 0x0A else { return nil }
            at += head[at] == 0x0D ? 2 : 1
        }
        guard at < head.endIndex else { return nil }
        let end = at + (head[at] == 0x0D ? 2 : 1)
        let isFollowed = context.isEnd(end) || context.landing(at: end).confirms
        return Match(
            certainty: isFollowed ? .certain : .likely,
            message: "the first \(Wording.count(end, "byte")) of the stream are HTTP header lines, "
                + "\(Wording.quoted(head.line))\(lines > 1 ? " and \(lines - 1) more" : ""), and an empty line: an empty "
                + "line before them had already ended the head of the handshake"
                + (isFollowed && !context.isEnd(end) ? "; frames begin after them." : "."))
    }

    /// `Name: value`
    private static func isField(_ line: ArraySlice<UInt8>) -> Bool {
        guard let colon = line.firstIndex(of: 0x3A), colon - line.startIndex >= 2,
            line.dropFirst(colon + 1 - line.startIndex).first.map({ $0 == 0x20 || $0 == 0x09 }) ?? true
        else { return false }
        return line[..<colon].allSatisfy { CleanText.isLetter($0) || $0 == 0x2D || (0x30...0x39).contains($0) }
            && CleanText.isLetter(line[line.startIndex]) && CleanText.holds(line)
    }

    private static func head(_ context: ViolationContext) -> ArraySlice<UInt8> { context.head.prefix(headCount) }

    private static func status(of head: ArraySlice<UInt8>) -> Int? {
        guard head.begins(with: "HTTP/1."), head.count >= 12 else { return nil }
        let at = head.startIndex
        guard head[at + 8] == 0x20, head[(at + 9)...(at + 11)].allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        if head.count > 12, ![0x20, 0x0D, 0x0A].contains(head[at + 12]) { return nil }
        return head[(at + 9)...(at + 11)].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static let methods = [
        "GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ",
    ]

    /// Returns the first line of a request where a header should be.
    static func requestLine(_ context: ViolationContext) -> ArraySlice<UInt8>? {
        guard context.isAtHeader, methods.contains(where: { context.head.begins(with: $0) }) else { return nil }
        let line = head(context).line
        guard line.count >= 14, line.suffix(9).begins(with: " HTTP/1.") else { return nil }
        return line
    }

    /// Software that identifies itself in an answer that no WebSocket server gives.
    private static let proxies = [
        "nginx", "haproxy", "awselb", "cloudflare", "cloudfront", "envoy", "varnish", "squid", "traefik", "akamaighost",
        "google frontend", "openresty", "\nvia: ",
        // The pages of HAProxy, which does not name itself.
        "no server is available to handle this request",
        "<h1>400 bad request</h1>\nyour browser sent an invalid request",
        "your browser didn't send a complete request in time",
    ]

    private static func author(of context: ViolationContext, status: Int) -> UsualSuspect {
        guard context.sender == .server else { return .unknown }
        let head = head(context)
        if proxies.contains(where: { head.holds(anyCase: $0) }) || (502...504).contains(status) { return .between }
        return .server
    }

    private static func requester(_ context: ViolationContext) -> UsualSuspect {
        guard context.sender == .client else { return .unknown }
        let head = head(context)
        let isForwarded = ["\nx-forwarded-", "\nforwarded: ", "\nvia: ", "\nx-real-ip: "].contains {
            head.holds(anyCase: $0)
        }
        return isForwarded ? .between : .client
    }
}
