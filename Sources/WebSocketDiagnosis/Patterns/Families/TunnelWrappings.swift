internal import WebSocketFrames

// What a proxy puts around, or in front of, the bytes that it should only pass on.

enum TunnelWrappings {
    private static let proxyV2: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// `PROXY TCP4 …`, or the binary header of version 2.
    static func proxyProtocol(_ scene: Scene) -> Match? {
        guard scene.isAtHeader else { return nil }
        if scene.head.starts(with: proxyV2) {
            return Match(
                certainty: .certain,
                message: "at \(scene.place(scene.start)) stands the 12-byte signature of a PROXY protocol header, "
                    + "version 2.")
        }
        let line = scene.head.line
        guard ["PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN"].contains(where: { line.begins(with: $0) }) else {
            return nil
        }
        return Match(
            certainty: .certain,
            message:
                "at \(scene.place(scene.start)) stands a PROXY protocol header, version 1: \(Wording.quoted(line)).")
    }

    /// `5\r\n`, 5 bytes of frames, `\r\n`.
    static func chunked(_ scene: Scene) -> Match? {
        guard scene.isAtHeader, let chunk = Chunk(at: scene.start, in: scene.bytes) else { return nil }
        let size = "\"\(String(chunk.count, radix: 16))\\r\\n\""
        if chunk.count == 0 {
            // The last chunk: it ends with an empty line, and nothing but it looks like that.
            let tail = scene.bytes[chunk.start...]
            guard tail.starts(with: [0x0D, 0x0A]), scene.isEnd(chunk.start + 2) else { return nil }
            return Match(
                certainty: .likely,
                message: "at \(scene.place(scene.start)) stands the empty last chunk of a chunked HTTP body: "
                    + "\"0\\r\\n\\r\\n\".")
        }
        let dataEnd = min(chunk.end, scene.bytes.count)
        let data = FrameRun(
            from: chunk.start, in: Array(scene.bytes[..<dataEnd]), sender: scene.sender,
            extensions: scene.evidence.extensions, reachesEnd: chunk.end <= scene.bytes.count)
        guard data.frames > 0 || data.isCut else { return nil }
        let ends = scene.bytes[dataEnd...].prefix(2)
        guard ends.elementsEqual([0x0D, 0x0A].prefix(ends.count)) else { return nil }
        let what =
            "at \(scene.place(scene.start)) stands \(size), the size line of an HTTP chunk, and behind it "
            + Wording.count(chunk.count, "byte") + " that begin with a legal frame header"
        guard ends.count == 2, data.frames > 0 else { return Match(certainty: .likely, message: what + ".") }
        return Match(certainty: .certain, message: what + " and end with \"\\r\\n\".")
    }

    /// `\r\n`, then frames.
    static func strayLineBreaks(_ scene: Scene) -> Match? {
        guard scene.isAtHeader else { return nil }
        let breaks = scene.head.prefix(9).prefix { $0 == 0x0D || $0 == 0x0A }
        guard (1...8).contains(breaks.count) else { return nil }
        let end = breaks.endIndex
        let what =
            "\(Wording.count(breaks.count, "byte")) of line breaks, \(Wording.quoted(breaks)), "
            + "stand\(breaks.count == 1 ? "s" : "") at \(scene.place(scene.start)) where a frame should begin"
        let where_ = scene.isFirstFrame ? ", just behind the handshake" : ""
        if scene.isEnd(end) {
            guard breaks.elementsEqual([0x0D, 0x0A]) || breaks.elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) else {
                return nil
            }
            return Match(certainty: .likely, message: "\(what)\(where_), and nothing follows.")
        }
        guard case .frames(let run) = scene.landing(at: end), run.frames > 0 else { return nil }
        let isPair = breaks.starts(with: [0x0D, 0x0A])
        let isSure = isPair && (run.frames > 1 || run.isExact || run.bits >= 12)
        if !isPair, run.frames < 2, !run.isExact { return nil }
        return Match(certainty: isSure ? .certain : .likely, message: "\(what)\(where_), and legal frames follow.")
    }

    /// 1F 8B 08: a content coding that was applied to the tunnel.
    static func gzip(_ scene: Scene) -> Match? {
        guard scene.isAtHeader, scene.head.count >= 10, scene.head.starts(with: [0x1F, 0x8B, 0x08]) else { return nil }
        let at = scene.head.startIndex
        let flags = scene.head[at + 3]
        guard flags & 0xE0 == 0 else { return nil }
        var message = "at \(scene.place(scene.start)) a gzip stream begins (1F 8B 08)"
        // Without a name or an extra field the compressed bytes begin behind the ten of the header.
        if flags == 0 {
            switch Inflate.raw(scene.head.dropFirst(10)) {
            case .whole(let inside), .begun(let inside):
                guard inside.count > 1 else { break }
                let run = FrameRun(
                    from: 0, in: inside, sender: scene.sender, extensions: scene.evidence.extensions,
                    reachesEnd: false)
                message += run.frames > 0 ? ", and inflated it holds frames" : ", and it inflates"
                return Match(certainty: .certain, message: message + ".")
            case .broken: return nil
            }
        }
        return Match(certainty: .likely, message: message + ".")
    }
}

/// The size line of an HTTP/1.1 chunk (RFC 9112 §7.1), and where its data stands.
private struct Chunk {
    let count: Int
    /// The index of the first byte of its data.
    let start: Int
    /// The index behind its data.
    var end: Int { start + count }

    init?(at index: Int, in bytes: [UInt8]) {
        let digits = bytes[index...].prefix(7).prefix { Character(UnicodeScalar($0)).isHexDigit }
        guard (1...6).contains(digits.count), bytes[digits.endIndex...].starts(with: [0x0D, 0x0A]) else { return nil }
        count = digits.reduce(0) { $0 << 4 | (Character(UnicodeScalar($1)).hexDigitValue ?? 0) }
        start = digits.endIndex + 2
    }
}
