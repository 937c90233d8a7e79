import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// The kind of content of a frame's payload, as far as that frame and earlier ones show it.
enum MessageContent: Sendable, Hashable {
    /// UTF-8 text; a continuation, and a fragment with more to come, may begin and end inside a character.
    case text
    case binary
    /// Compressed (RFC 7692): the message's first frame has RSV1 set.
    case deflate(isText: Bool)
    /// Changed by another extension.
    case changed
    /// The payload of a control frame.
    case control
    /// The payload of a continuation whose message is not known, or of an opcode without meaning.
    case unknown
}

/// Follows the messages of a conversation, to tell what continuations contain.
struct MessageTracker {
    /// The content of the open message, by sender.
    private var open: [Endpoint?: MessageContent] = [:]

    /// Returns the content of the sender's next frame.
    mutating func content(of header: EncodedFrameHeader, from sender: Endpoint?) -> MessageContent {
        if header.opcode.isControl { return header.reservedBits.isEmpty ? .control : .changed }
        let content: MessageContent
        switch header.opcode {
        case .continuation:
            let known = open[sender] ?? .unknown
            content = header.reservedBits.isEmpty ? known : .changed
        case _ where header.reservedBits == .rsv1: content = .deflate(isText: header.opcode == .text)
        case _ where !header.reservedBits.isEmpty: content = .changed
        case .text: content = .text
        case .binary: content = .binary
        default: content = .unknown
        }
        if header.isFinal {
            open[sender] = nil
        } else if header.opcode != .continuation {
            open[sender] = content
        }
        return content
    }

    /// Notes that frames of the sender may be missing: the content of its message is no longer known.
    mutating func lose(_ sender: Endpoint?) {
        open[sender] = nil
    }

    /// Forgets everything: the next frames belong to another conversation.
    mutating func reset() {
        open = [:]
    }
}

/// Pieces of text whose edges may cut characters.
enum TextPiece {
    /// Returns the piece without incomplete characters at its edges.
    ///
    /// - Parameters:
    ///   - beginsInside: whether the piece may begin inside a character.
    ///   - endsInside: whether the piece may end inside a character.
    static func trimmed(_ bytes: [UInt8], beginsInside: Bool, endsInside: Bool) -> ArraySlice<UInt8> {
        var piece = bytes[...]
        if beginsInside {
            var count = 0
            while count < 3, let byte = piece.first, byte & 0xC0 == 0x80 {
                piece.removeFirst()
                count += 1
            }
        }
        guard endsInside else { return piece }
        for (distance, byte) in piece.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            if distance + 1 < length { piece.removeLast(distance + 1) }
            break
        }
        return piece
    }

    /// Returns the text; nil if the bytes are not UTF-8.
    static func text(of bytes: ArraySlice<UInt8>) -> String? {
        var text = ""
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded): text.unicodeScalars.append(Unicode.UTF8.decode(encoded))
            case .error: return nil
            case .emptyInput: return text
            }
        }
    }
}

extension SeenFrame {
    /// Whether more of the payload exists, or was announced, than is shown.
    var isCut: Bool { payloadCount > UInt64(payload.count) || !isWhole }

    /// The part of the payload that is shown, without incomplete characters at its edges.
    var textBytes: ArraySlice<UInt8> { text(of: payload, isCut: isCut) }

    /// The inflated payload in the same form; nil if it was not inflated.
    var inflatedTextBytes: ArraySlice<UInt8>? { inflated.map { text(of: $0.bytes, isCut: isCutInflated) } }

    /// Whether the inflated payload is longer than what is shown, or incomplete.
    var isCutInflated: Bool { inflated.map { $0.count > UInt64($0.bytes.count) } ?? false || !isWhole }

    private func text(of bytes: [UInt8], isCut: Bool) -> ArraySlice<UInt8> {
        let header = record.header
        return TextPiece.trimmed(
            bytes, beginsInside: header.opcode == .continuation, endsInside: isCut || !header.isFinal)
    }
}
