import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

// Rows for conversations, frames and messages.

extension JSONObject {
    /// Creates the row of a conversation, with everything known about its beginning.
    init(_ finding: ConversationFinding) {
        let head = finding.head
        self.init("conversation", ofConversation: finding.origin)
        add("opening", head.opening.name)
        switch head.opening {
        case .upgrade, .extendedConnect: break
        case .middle(let client, let server):
            add("skippedByClient", client)
            add("skippedByServer", server)
        case .refused(nil): break
        case .refused(let status?): add("status", UInt64(clamping: status))
        }
        add("client", head.client?.description)
        add("server", head.server?.description)
        add("method", head.method)
        add("target", head.target)
        add("host", head.host)
        add("subprotocol", head.subprotocol)
        add("offeredDeflate", head.offeredDeflate)
        add("extensions", head.agreedExtensions)
        add(head.packetPosition)
    }

    /// Creates the row of a frame.
    ///
    /// For an incomplete frame, whatever its header does not contain yet is null.
    init(_ finding: FrameFinding, _ content: MessageContent) {
        let frame = finding.frame
        let header = frame.record.header
        self.init("frame", finding.origin)
        add("frame", frame.record.index)
        add("offset", frame.record.offset)
        add(frame.packetPosition)
        add("fin", header.isFinal)
        add("rsv", UInt64(header.reservedBits.rawValue >> 4))
        add("opcode", header.opcode.name)
        add("opcodeValue", UInt64(header.opcode.rawValue))
        add("masked", header.isMaskKnown ? header.isMasked : nil)
        add("length", header.isLengthKnown ? header.payloadLength : nil)
        add("headerLength", UInt64(clamping: header.count))
        add("header", header.hex)
        add("payload", Self.hex(frame.payload))
        let isShown = !frame.payload.isEmpty || frame.payloadCount == 0
        if let inflated = frame.inflated {
            add("inflatedLength", inflated.count)
            add("inflated", Self.hex(inflated.bytes))
            if content == .deflate(isText: true), let bytes = frame.inflatedTextBytes,
                let text = TextPiece.text(of: bytes)
            {
                add("text", text)
            }
        }
        if content == .text, isShown, let text = TextPiece.text(of: frame.textBytes) { add("text", text) }
        if !frame.isWhole { add("whole", false) }
        if frame.payloadCount > UInt64(frame.payload.count) { add("payloadCut", true) }
    }

    /// The most bytes of a message in its row, unless it is asked for in full.
    static let messageBytes = 1_000

    /// Creates a row with what all rows about messages have.
    init(ofMessage message: MessageFinding) {
        self.init("message", message.origin)
        add("message", message.index)
        add("opcode", message.opcode.name)
        add("firstFrame", message.firstFrame)
        add("lastFrame", message.lastFrame)
        add(message.packetPosition)
        add("compressed", message.isCompressed)
        add("inflated", message.isInflated)
        add("length", message.count)
    }

    /// Creates the row of a message. Text is `text`, everything else `base64`.
    init(_ message: MessageFinding, isWhole: Bool) {
        self.init(ofMessage: message)
        let shown = isWhole ? message.bytes[...] : message.bytes.prefix(Self.messageBytes)
        let isCut = message.count > UInt64(shown.count)
        let isText = message.opcode == .text && (!message.isCompressed || message.isInflated)
        let piece = TextPiece.trimmed(Array(shown), beginsInside: false, endsInside: isCut)
        if isText, let text = TextPiece.text(of: piece) {
            add("text", text)
        } else {
            add("base64", String(decoding: Base64.encoded(Array(shown)), as: UTF8.self))
        }
        if isCut { add("payloadCut", true) }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension EncodedFrameHeader {
    /// Whether byte 1 has arrived.
    var isMaskKnown: Bool { count >= 2 }

    /// Whether the whole length has arrived.
    var isLengthKnown: Bool { count >= 2 && count >= expectedCount &- (isMasked ? 4 : 0) }
}
