import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// What every report for people says about a violation in addition to its rule: sentences with this violation's own
/// values.
struct ViolationFacts {
    private let finding: ViolationFinding
    private let violation: Violation

    init(_ finding: ViolationFinding) {
        self.finding = finding
        self.violation = finding.violation
    }

    /// What is wrong, as a sentence.
    var sentence: String {
        let clause = ViolationMessage.text(of: violation, sender: finding.origin.sender)
        let isHex = clause.hasPrefix("0x")
        return (isHex ? clause : clause.prefix(1).uppercased() + clause.dropFirst()) + "."
    }

    /// Whose fault it is: `At fault: the client.`
    var blame: String {
        let measure = violation.closeCode == .messageTooBig ? ", by the \(receiver)'s limit" : ""
        let culprit = finding.origin.sender.map { "the \($0.name)" } ?? "whoever sent these bytes"
        return "At fault: \(culprit)\(measure)."
    }

    /// What the receiver must do. 1011 is named only if it was sent.
    var demand: String {
        let code = violation.closeCode
        return "Must be closed with \(code.rawValue) (\(code.name))\(answeredWith1011 ? ", not 1011" : "")."
    }

    /// Whether the receiver took the fault upon itself.
    var answeredWith1011: Bool { finding.receiverCloseCode?.rawValue == 1011 && finding.origin.sender != nil }

    /// What the close code means, and what 1011 means if that was sent.
    var codeMeaning: String {
        let meaning =
            switch violation.closeCode {
            case .messageTooBig: "1009 says that the message is more than the \(receiver) takes"
            case .invalidPayload: "1007 says that the payload is not what its type promises"
            default: "\(violation.closeCode.rawValue) says that the peer broke the protocol"
            }
        return answeredWith1011
            ? "\(meaning). The \(receiver) sent 1011, which says that it had failed itself." : meaning + "."
    }

    /// A hint if there is text where a frame should begin: most often the sender or a proxy spoke HTTP. Nil if there
    /// is none.
    var textHint: String? {
        let window = ByteWindow(finding.context, at: finding.contextOffset)
        var text = ""
        var offset = violation.frameOffset
        while text.count < 48, let byte = byte(at: offset, in: window) {
            guard (0x20...0x7E).contains(byte) || (text.count >= 8 && (byte == 0x0D || byte == 0x0A)) else { break }
            text.unicodeScalars.append(Unicode.Scalar(byte))
            offset &+= 1
        }
        guard text.count >= 8 else { return nil }
        let more = byte(at: offset, in: window).map { $0 >= 0x20 && $0 < 0x7F } == true ? "…" : ""
        return "These bytes read as text, not as a frame: \(Escaping.quoted(text))\(more)"
    }

    private func byte(at offset: UInt64, in window: ByteWindow) -> UInt8? {
        let index = offset &- violation.frameOffset
        if offset >= violation.frameOffset, index < UInt64(violation.header.count) {
            return violation.header[Int(index)]
        }
        return window[offset]
    }

    /// Which field of which frame is at fault, and where it is.
    var place: String {
        var text = ""
        if violation.length == 0 {
            text = "just past frame \(violation.frame), at offset \(Numbers.offset(violation.offset))"
        } else {
            text = "\(field) of frame \(violation.frame), at offset \(Numbers.offset(violation.offset))"
            if violation.length > 1 { text += ", \(violation.length) bytes" }
        }
        if violation.offset != violation.frameOffset {
            text += "; the frame begins at \(Numbers.offset(violation.frameOffset))"
        }
        if finding.streamStart > 0 {
            let inInput = finding.streamStart.addingClamped(violation.offset)
            text +=
                "; in the input that is offset \(Numbers.offset(inInput)), since the stream begins at "
                + Numbers.offset(finding.streamStart)
        }
        return text
    }

    /// What comes before the offending frame; nil if that is not known.
    var before: String? {
        guard let frame = finding.lastGoodFrame else {
            return violation.frame == 0 ? "nothing: this is the stream's first frame" : nil
        }
        let header = frame.header
        let facts = [
            header.opcode.name, header.isFinal ? "FIN" : "no FIN", header.isMasked ? "masked" : "not masked",
            Numbers.count(header.payloadLength, "byte"),
        ]
        return "frame \(frame.index) at offset \(Numbers.offset(frame.offset)) is the last good one: "
            + facts.joined(separator: ", ")
    }

    /// What usually makes an endpoint break the rule.
    var causes: [String] { fitting(violation.rule.entry.causes) }

    /// What to check next.
    var checks: [String] { fitting(violation.rule.entry.checks) }

    /// Returns the lines that apply: the first frame of a stream has none before it.
    private func fitting(_ lines: StaticString) -> [String] {
        RuleText.lines(of: lines).filter { violation.frame > 0 || !$0.contains("the frame before") }
    }

    private var field: String {
        switch violation.rule.field {
        case .text, .closeReason, .compressedPayload:
            "byte \(Numbers.grouped(ViolationMessage.payloadIndex(of: violation))) of the payload"
        case .byte0, .byte1, .extendedLength, .length, .closeCode: violation.rule.field.name
        }
    }

    private var receiver: String { finding.origin.sender?.peer.name ?? "receiver" }
}
