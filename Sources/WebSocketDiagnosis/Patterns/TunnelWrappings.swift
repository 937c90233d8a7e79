internal import WebSocketFrames

// What a proxy puts around, or before, bytes that it should only pass on.

enum TunnelWrappings {
    private static let proxyV2: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// `PROXY TCP4 …`, or the binary header of version 2.
    static func proxyProtocol(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader else { return nil }
        if context.head.starts(with: proxyV2) {
            return Match(
                certainty: .certain,
                message: "at \(context.place(context.start)) is the 12-byte signature of a PROXY protocol header, "
                    + "version 2.")
        }
        let line = context.head.line
        guard ["PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN"].contains(where: { line.begins(with: $0) }) else {
            return nil
        }
        return Match(
            certainty: .certain,
            message:
                "at \(context.place(context.start)) is a PROXY protocol header, version 1: \(Wording.quoted(line))."
        )
    }

    /// `5\r\n`, 5 bytes of frames, `\r\n`.
    static func chunked(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, let chunk = Chunk(at: context.start, in: context.bytes) else { return nil }
        let size = "\"\(String(chunk.count, radix: 16))\\r\\n\""
        if chunk.count == 0 {
            // The last chunk: it ends with an empty line, and nothing else looks like that.
            let end = chunk.start + 2
            guard context.bytes[chunk.start...].starts(with: [0x0D, 0x0A]) else { return nil }
            let isEnd = context.isEnd(end)
            guard isEnd || context.landing(at: end).confirms else { return nil }
            let where_ =
                context.isFirstFrame ? ", right after the handshake," : isEnd ? ", at the end of the stream," : ""
            return Match(
                certainty: isEnd && !context.isFirstFrame ? .likely : .certain,
                suspect: context.sender == .server ? .server : nil,
                message:
                    "at \(context.place(context.start))\(where_) is the empty last chunk of a chunked HTTP body, "
                    + "\"0\\r\\n\\r\\n\"\(isEnd ? "" : ", and legal frames follow"): whoever wrote it ended a response "
                    + "body, and a 101 has none.")
        }
        let dataEnd = min(chunk.end, context.bytes.count)
        let data = FrameRun(
            from: chunk.start, in: Array(context.bytes[..<dataEnd]), sender: context.sender,
            extensions: context.evidence.extensions, reachesEnd: chunk.end <= context.bytes.count)
        guard data.frames > 0 || data.isCut else { return nil }
        let ends = context.bytes[dataEnd...].prefix(2)
        guard ends.elementsEqual([0x0D, 0x0A].prefix(ends.count)) else { return nil }
        let what =
            "at \(context.place(context.start)) is \(size), the size line of an HTTP chunk, and after it "
            + Wording.count(chunk.count, "byte") + " that begin with a legal frame header"
        guard ends.count == 2, data.frames > 0 else { return Match(certainty: .likely, message: what + ".") }
        return Match(certainty: .certain, message: what + " and end with \"\\r\\n\".")
    }

    /// `\r\n`, then frames.
    static func strayLineBreaks(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader else { return nil }
        let breaks = context.head.prefix(9).prefix { $0 == 0x0D || $0 == 0x0A }
        guard (1...8).contains(breaks.count) else { return nil }
        let end = breaks.endIndex
        let what =
            "\(Wording.count(breaks.count, "byte")) of line breaks, \(Wording.quoted(breaks)), "
            + "\(breaks.count == 1 ? "is" : "are") at \(context.place(context.start)) where a frame should begin"
        let where_ = context.isFirstFrame ? ", just after the handshake" : ""
        if context.isEnd(end) {
            guard breaks.elementsEqual([0x0D, 0x0A]) || breaks.elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) else {
                return nil
            }
            return Match(certainty: .likely, message: "\(what)\(where_), and nothing follows.")
        }
        guard case .frames(let run) = context.landing(at: end), run.frames > 0 else { return nil }
        let isPair = breaks.starts(with: [0x0D, 0x0A])
        let isSure = isPair && (run.frames > 1 || run.isExact || run.bits >= 12)
        if !isPair, run.frames < 2, !run.isExact { return nil }
        return Match(certainty: isSure ? .certain : .likely, message: "\(what)\(where_), and legal frames follow.")
    }

    /// 1F 8B 08: a content coding that was applied to the tunnel.
    static func gzip(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, context.head.count >= 10, context.head.starts(with: [0x1F, 0x8B, 0x08]) else {
            return nil
        }
        let at = context.head.startIndex
        let flags = context.head[at + 3]
        guard flags & 0xE0 == 0 else { return nil }
        var message = "at \(context.place(context.start)) a gzip stream begins (1F 8B 08)"
        // Without a name or an extra field the compressed bytes begin after the ten bytes of the header.
        if flags == 0 {
            switch Inflate.raw(context.head.dropFirst(10)) {
            case .whole(let inside), .begun(let inside):
                guard inside.count > 1 else { break }
                let run = FrameRun(
                    from: 0, in: inside, sender: context.sender, extensions: context.evidence.extensions,
                    reachesEnd: false)
                message += run.frames > 0 ? ", and it inflates to frames" : ", and it inflates"
                return Match(certainty: .certain, message: message + ".")
            case .broken: return nil
            }
        }
        return Match(certainty: .likely, message: message + ".")
    }
}

/// The size line of an HTTP/1.1 chunk (RFC 9112 §7.1), and the position of its data.
private struct Chunk {
    let count: Int
    /// The index of the first byte of its data.
    let start: Int
    /// The index after its data.
    var end: Int { start + count }

    init?(at index: Int, in bytes: [UInt8]) {
        let digits = bytes[index...].prefix(7).prefix { Character(UnicodeScalar($0)).isHexDigit }
        guard (1...6).contains(digits.count), bytes[digits.endIndex...].starts(with: [0x0D, 0x0A]) else { return nil }
        count = digits.reduce(0) { $0 << 4 | (Character(UnicodeScalar($1)).hexDigitValue ?? 0) }
        start = digits.endIndex + 2
    }
}
