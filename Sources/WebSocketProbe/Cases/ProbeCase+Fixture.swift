import PerMessageDeflate
import WebSocketCaptures
import WebSocketFrames

extension ProbeCase {
    /// The barrier after a stream: a ping whose pong proves that everything before it was accepted.
    static let barrier = Array("wsframes barrier".utf8)

    /// Creates a case from a fixture of the corpus, in the format described in `Fixtures/FORMAT.md`.
    ///
    /// A stream that breaks a rule must be answered with the Close that the rule requires. It is sent in two parts:
    /// up to the last byte of the offending field, which is enough for a strict receiver, and the rest. A legal
    /// stream is followed by a ping, whose pong proves that all of it was accepted.
    ///
    /// - Parameters:
    ///   - fixture: the text of the `.hex` file.
    ///   - path: its path below `Fixtures`.
    /// - Returns: nil if the fixture cannot be put to an endpoint: an incomplete stream, one without a known sender,
    ///   or one about the receiver's limits.
    public init?(fixture: [UInt8], path: String) {
        guard path.hasPrefix("rfc"), let stream = FixtureStream(fixture), let sender = stream.sender,
            stream.limits == .none
        else { return nil }
        // A fixture may leave open whether a compressed message inflates; an endpoint cannot.
        var validator = InflatingValidator(
            sender: sender, extensions: stream.deflate ? .permessageDeflate(.standard, inflating: true) : .none)
        var steps: [Step] = []
        var breaksByClose = false
        var section = Self.firstSection(in: stream.title) ?? "RFC 6455"
        do {
            try validator.consume(stream.bytes.span)
            guard validator.state == .complete, path.contains("/accept.") else { return nil }
            let size = path.contains("one-byte") ? 1 : 0
            if validator.isClosed {
                steps = [
                    .send(stream.bytes, size: size),
                    .expect(.close(validator.closeCode)),
                ]
                // The server closes TCP first, and the client after it (RFC 6455 §7.1.1).
                steps += sender == .server ? [.halfClose, .expect(.end)] : [.expect(.end)]
            } else {
                steps = [.send(stream.bytes, size: size)] + Self.barrierSteps(from: sender)
            }
        } catch {
            // After the stream's Close its receiver has closed as well, and reads nothing more.
            guard !validator.isClosed, path.contains("/reject.\(error.rule.name).") else { return nil }
            // The stream is an array, so its positions fit into Int.
            let end = Int(clamping: error.offset) + error.length
            guard let padding = Self.padding(after: stream.bytes, error) else { return nil }
            let rest = Array(stream.bytes.dropFirst(end)) + padding
            steps = [.send(Array(stream.bytes.prefix(end)), size: 0)]
            steps.append(.expect(.failure(codes: Self.codes(for: error, in: stream.bytes + padding), rule: error.rule)))
            if !rest.isEmpty { steps.append(.send(rest, size: 0)) }
            section = String(describing: error.rule.entry.section)
            breaksByClose = error.header.opcode == .close
        }
        name = String(path.dropLast(".hex".count))
        // What follows is the sentence that a report quotes anyway.
        title = Self.firstSentences(of: stream.title)
        self.section = section
        target = sender.peer
        needs = stream.deflate ? [.deflate] : []
        opening = Opening()
        self.steps = steps
        self.breaksByClose = breaksByClose
    }

    /// Returns zeros that complete the frame in which a broken stream stops, for receivers that wait for whole
    /// frames.
    ///
    /// - Returns: nil for a frame of more than 1 MiB: a receiver that waits for it could not fairly be called silent.
    ///   If the length itself is one that no frame can have, there is nothing to wait for.
    private static func padding(after bytes: [UInt8], _ violation: Violation) -> [UInt8]? {
        if violation.rule == .lengthOverflow { return [] }
        var frame = Array(bytes.dropFirst(Int(clamping: violation.frameOffset)))
        let count = frame.count
        // The header may be cut off, too: completed with zeros, it says how long the frame is.
        while frame.count < headerCount(frame) { frame.append(0) }
        let lengthBytes = frame[1] & 0x7F == 126 ? 2 : frame[1] & 0x7F == 127 ? 8 : 0
        let length =
            lengthBytes == 0
            ? UInt64(frame[1] & 0x7F) : frame[2..<(2 + lengthBytes)].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let end = UInt64(headerCount(frame)) &+ length
        guard length <= 1 << 20 else { return nil }
        guard end > UInt64(count) else { return [] }
        return [UInt8](repeating: 0, count: Int(end) - count)
    }

    private static func headerCount(_ frame: [UInt8]) -> Int {
        guard frame.count > 1 else { return 2 }
        return 2 + (frame[1] & 0x7F == 126 ? 2 : frame[1] & 0x7F == 127 ? 8 : 0) + (frame[1] & 0x80 == 0 ? 0 : 4)
    }

    /// Returns the codes with which a strict receiver may fail the connection.
    private static func codes(for violation: Violation, in bytes: [UInt8]) -> [CloseCode] {
        let code = violation.closeCode
        // No receiver accepts a message of 2⁶³ bytes, whatever it thinks of the bit.
        if violation.rule == .lengthOverflow { return [code, .messageTooBig] }
        // §7.4.1 specifies 1007 for data within a message, which a reason is not.
        if violation.rule == .closeReasonNotUTF8 { return [code, .protocolError] }
        // RFC 7692 does not specify the code for a message that does not inflate.
        if violation.rule.name == "invalid-deflate" { return [code, .protocolError] }
        guard violation.rule == .invalidCloseCode else { return [code] }
        // A receiver that judges the whole frame may find the reason first.
        let start = Int(clamping: violation.frameOffset) + violation.header.count
        let payload = bytes.dropFirst(start).prefix(Int(clamping: violation.header.payloadLength))
        let reason = payload.enumerated().dropFirst(2).map { index, byte in
            byte ^ (violation.header.maskingKey?[UInt64(index)] ?? 0)
        }
        return String(validating: reason, as: UTF8.self) == nil ? [code, .invalidPayload] : [code]
    }

    /// Returns a text up to where it quotes an RFC.
    private static func firstSentences(of text: String) -> String {
        let words = text.split(separator: " ")
        guard let end = words.firstIndex(of: "RFC"), end > 0 else { return text }
        return words[..<end].joined(separator: " ")
    }

    /// Returns the first `RFC 6455 §5.4` in a text; nil if it has none.
    private static func firstSection(in text: String) -> String? {
        let words = text.split(separator: " ")
        for index in words.indices.dropFirst(2) where words[index].hasPrefix("§") && words[index - 2] == "RFC" {
            return "RFC \(words[index - 1]) \(words[index].prefix { $0 != ":" && $0 != "," })"
        }
        return nil
    }

    static func barrierSteps(from sender: Endpoint) -> [Step] {
        [.send(ProbeFrames.frame(.ping, barrier, from: sender), size: 0), .expect(.pong(barrier))]
    }
}

/// The parts of a fixture that a probe needs: the bytes, their sender, and how they are to be judged.
private struct FixtureStream {
    var bytes: [UInt8] = []
    var sender: Endpoint?
    var deflate = false
    var limits = Limits.none
    var title = ""

    init?(_ text: [UInt8]) {
        var decoder = HexDecoder()
        do {
            try decoder.decode(text.span, into: &bytes)
            try decoder.finish(into: &bytes)
        } catch { return nil }
        let directives = decoder.directives
        // Questions about windows need a handshake of their own.
        guard directives.deflateParameters == nil else { return nil }
        // A handshake before the stream belongs to another conversation.
        guard !bytes.starts(with: Array("GET ".utf8)), !bytes.starts(with: Array("HTTP/".utf8)) else { return nil }
        switch directives.sender {
        case .client?: sender = .client
        case .server?: sender = .server
        case .auto?, nil: sender = nil
        }
        deflate = directives.deflate
        limits = Limits(frame: directives.maxFrame ?? .max, message: directives.maxMessage ?? .max)
        let lines = text.split(separator: UInt8(ascii: "\n")).lazy.map { String(decoding: $0, as: UTF8.self) }
        for line in lines {
            guard line.hasPrefix("# ") else { break }
            title += (title.isEmpty ? "" : " ") + line.dropFirst(2)
        }
    }
}
