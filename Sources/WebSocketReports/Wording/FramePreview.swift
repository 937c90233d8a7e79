import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

// What every report shows of a frame's payload: text as text, everything else as bytes, on one line.

enum FramePreview {
    /// Returns the beginning of the payload, at most about `width` columns of it; empty for a frame without payload.
    ///
    /// - Parameter content: the kind of content, if the frames before it show that.
    static func text(of frame: SeenFrame, as content: MessageContent? = nil, width: Int) -> String {
        let header = frame.record.header
        if let inflated = frame.inflated { return text(inflated, of: frame, as: content, width: width) }
        if let content, !frame.payload.isEmpty, content != .control, content != .unknown {
            return message(frame, content, width: width)
        }
        let isCut = frame.payloadCount > UInt64(frame.payload.count)
        guard !frame.payload.isEmpty else { return isCut ? "…" : "" }
        // What an extension has changed is no longer text.
        guard header.reservedBits.isEmpty else { return hex(frame.payload, isCut: isCut, width: width) }
        switch header.opcode {
        case .text: return quoted(frame.payload, isCut: isCut, width: width)
        case .close where frame.payload.count >= 2: return close(frame.payload, width: width)
        case .binary, .close: return hex(frame.payload, isCut: isCut, width: width)
        default:
            // Continuations, pings and pongs do not say what they contain.
            return looksLikeText(frame.payload, isCut: isCut)
                ? quoted(frame.payload, isCut: isCut, width: width) : hex(frame.payload, isCut: isCut, width: width)
        }
    }

    /// Returns `→ 233 bytes “{"items":[…”`: the size to which a compressed payload was inflated, and its beginning.
    private static func text(
        _ inflated: InflatedPayload, of frame: SeenFrame, as content: MessageContent?, width: Int
    ) -> String {
        let size = "→ " + Numbers.count(inflated.count, "byte")
        let room = max(width - Columns.count(in: size) - 1, 1)
        guard !inflated.bytes.isEmpty, let bytes = frame.inflatedTextBytes else { return size }
        let isText =
            switch content ?? (frame.record.header.opcode == .text ? .deflate(isText: true) : .unknown) {
            case .deflate(let isText): isText
            default: looksLikeText(Array(bytes), isCut: false)
            }
        guard isText else { return size + " " + hex(inflated.bytes, isCut: frame.isCutInflated, width: room) }
        let dots = bytes.startIndex > 0 ? "…" : ""
        let isCut = frame.isCutInflated || bytes.endIndex < inflated.bytes.count
        return size + " " + dots + quoted(Array(bytes), isCut: isCut, width: room - dots.count)
    }

    /// Returns a piece of a message, without characters of text that are cut off at its edges.
    private static func message(_ frame: SeenFrame, _ content: MessageContent, width: Int) -> String {
        guard content == .text else {
            let label = if case .deflate = content { "deflate " } else { "" }
            return label + hex(frame.payload, isCut: frame.isCut, width: width - label.count)
        }
        let bytes = frame.textBytes
        let isCut = frame.isCut || bytes.endIndex < frame.payload.count
        let dots = bytes.startIndex > 0 ? "…" : ""
        return dots + quoted(Array(bytes), isCut: isCut, width: width - dots.count)
    }

    /// Returns `1000 (normal closure) “bye”`.
    private static func close(_ payload: [UInt8], width: Int) -> String {
        let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        let text = "\(code.rawValue) (\(code.name))"
        guard payload.count > 2 else { return text }
        return text + " " + quoted(Array(payload[2...]), isCut: false, width: max(width - text.count - 1, 16))
    }

    /// Returns text between typographic quotes, which spares escaping the quotes of JSON.
    private static func quoted(_ bytes: [UInt8], isCut: Bool, width: Int) -> String {
        var pieces = Escaping.pieces(of: bytes, quotes: false)
        if isCut { dropOpenCharacter(of: bytes, from: &pieces) }
        var used = 2
        let shown = pieces.prefix { piece in
            used += Columns.count(in: piece)
            return used <= max(width - 1, 4)
        }
        let ends = shown.count == pieces.count && !isCut
        return "“" + shown.joined() + (ends ? "”" : "…")
    }

    /// Drops a character that is cut off at the end of the preview, which is not a fault and not shown as one.
    private static func dropOpenCharacter(of bytes: [UInt8], from pieces: inout [String]) {
        for (distance, byte) in bytes.reversed().prefix(3).enumerated() {
            if byte < 0x80 { return }
            guard byte >= 0xC0 else { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            if distance + 1 < length { pieces.removeLast(min(distance + 1, pieces.count)) }
            return
        }
    }

    private static func hex(_ bytes: [UInt8], isCut: Bool, width: Int) -> String {
        let room = max((width - 1) / 3, 1)
        let shown = bytes.prefix(room).map { Numbers.paddedHex(UInt64($0), digits: 2, uppercase: false) }
        return shown.joined(separator: " ") + (isCut || shown.count < bytes.count ? " …" : "")
    }

    /// Returns whether the bytes are printable UTF-8 throughout, as far as they are available.
    private static func looksLikeText(_ bytes: [UInt8], isCut: Bool) -> Bool {
        var pieces = Escaping.pieces(of: bytes, quotes: false)
        if isCut { dropOpenCharacter(of: bytes, from: &pieces) }
        return pieces.allSatisfy { !$0.hasPrefix("\\x") && !$0.hasPrefix("\\u") }
    }
}
