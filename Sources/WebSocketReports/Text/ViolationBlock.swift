import WebSocketDiagnosis
import WebSocketFrames

/// A violation for people. The first three lines say what is wrong, where, and whose fault it is; then come the bits and
/// the bytes; then the rule, and what to do.
struct ViolationBlock {
    private let finding: ViolationFinding
    private let violation: Violation
    private let window: ByteWindow
    private let preview: PayloadPreview?
    private let width: Int

    init(_ finding: ViolationFinding, width: Int) {
        self.finding = finding
        self.violation = finding.violation
        self.window = ByteWindow(finding.context, at: finding.contextOffset)
        self.preview = PayloadPreview(finding.violation, window: window)
        self.width = width
    }

    var lines: [StyledLine] {
        let blank = [StyledLine()]
        let parts = [head, place, diagram, bytes, rule].filter { !$0.isEmpty }
        return parts.flatMap { $0 + blank }
    }

    // MARK: - What, where, whose fault

    private var head: [StyledLine] {
        let place = "\(OriginText.place(of: finding.origin)), frame \(violation.frame), offset \(violation.offset)"
        let message = ViolationMessage.text(of: violation, sender: finding.origin.sender)
        return Paragraph.headed(violation.rule.name, .fault, rest: place, width: width)
            + Self.sentence(message, .strong, width) + fault + hints
    }

    /// A clause as a sentence.
    private static func sentence(_ clause: String, _ style: Style, _ width: Int) -> [StyledLine] {
        let text = clause.prefix(1).uppercased() + clause.dropFirst() + "."
        let isHex = clause.hasPrefix("0x")
        return Paragraph.prose(isHex ? clause + "." : text, width: width - 2, style: style).indented(by: 2)
    }

    private var receiver: String { finding.origin.sender?.peer.name ?? "receiver" }

    private var fault: [StyledLine] {
        let code = violation.closeCode
        let measure = code == .messageTooBig ? ", by the \(receiver)'s limit" : ""
        let culprit = finding.origin.sender.map { "the \($0.name)" } ?? "whoever sent these bytes"
        return Paragraph.headed(
            "At fault: \(culprit)\(measure).", .fault, space: 1,
            rest: "Must be closed with \(code.rawValue) (\(code.name)), not 1011.", width: width - 2
        ).indented(by: 2)
    }

    /// Text where a frame should begin is no frame: most often the sender or a proxy spoke HTTP.
    private var hints: [StyledLine] {
        var text = ""
        var offset = violation.frameOffset
        while text.count < 48, let byte = byte(at: offset) {
            guard (0x20...0x7E).contains(byte) || (text.count >= 8 && (byte == 0x0D || byte == 0x0A)) else { break }
            text.unicodeScalars.append(Unicode.Scalar(byte))
            offset &+= 1
        }
        guard text.count >= 8 else { return [] }
        let more = byte(at: offset).map { $0 >= 0x20 && $0 < 0x7F } == true ? "…" : ""
        return Paragraph.prose(
            "These bytes read as text, not as a frame: \(Escaping.quoted(text))\(more)", width: width - 2, style: .doubt
        ).indented(by: 2)
    }

    private func byte(at offset: UInt64) -> UInt8? {
        let index = offset &- violation.frameOffset
        if offset >= violation.frameOffset, index < UInt64(violation.header.count) {
            return violation.header[Int(index)]
        }
        return window[offset]
    }

    // MARK: - Bits and bytes

    private static let labelWidth = 8

    private func labelled(_ label: String, _ text: String) -> [StyledLine] {
        Paragraph.beside(label, column: Self.labelWidth, text, width: width - 2).indented(by: 2)
    }

    private var place: [StyledLine] {
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
        return labelled("where", text) + lastGoodFrame
    }

    private var lastGoodFrame: [StyledLine] {
        guard let frame = finding.lastGoodFrame else {
            return violation.frame == 0 ? labelled("before", "nothing: this is the stream's first frame") : []
        }
        let header = frame.header
        let facts = [
            header.opcode.name, header.isFinal ? "FIN" : "no FIN", header.isMasked ? "masked" : "not masked",
            Numbers.count(header.payloadLength, "byte"),
        ]
        return labelled(
            "before",
            "frame \(frame.index) at offset \(Numbers.offset(frame.offset)) is the last good one: "
                + facts.joined(separator: ", "))
    }

    private var diagram: [StyledLine] {
        guard violation.header.count > 0 else { return [] }
        return HeaderDiagram(violation.header, broken: violation.rule).lines(width: width - 4).indented(by: 4)
    }

    private var bytes: [StyledLine] {
        let fault = preview?.fault ?? violation.offset..<violation.offset.addingClamped(UInt64(violation.length))
        let headerEnd = violation.frameOffset.addingClamped(UInt64(violation.header.count))
        let view = ByteView(
            window: window,
            offsets: window.offsets(around: violation.offset, before: 48, behind: 40),
            fault: fault,
            header: violation.frameOffset..<headerEnd)
        let rows = view.lines(width: width - 4).indented(by: 4)
        guard let preview else { return rows }
        let label = violation.header.isMasked ? "unmasked" : "as text"
        let text = Paragraph.beside(label, column: 10, preview.lines(width: width - 14)).indented(by: 4)
        return rows + [StyledLine()] + text
    }

    // MARK: - The rule, and what to do

    private var rule: [StyledLine] {
        let entry = violation.rule.entry
        return labelled("rule", entry.meaning.description)
            + labelled("", "“\(entry.sentence)” (\(entry.section))")
            + labelled("code", code)
            + list("causes", entry.causes) + list("check", entry.checks)
    }

    private var field: String {
        switch violation.rule.field {
        case .text, .closeReason:
            "byte \(Numbers.grouped(ViolationMessage.payloadIndex(of: violation))) of the payload"
        case .byte0, .byte1, .extendedLength, .length, .closeCode: violation.rule.field.name
        }
    }

    private var code: String {
        let meaning =
            switch violation.closeCode {
            case .messageTooBig: "1009 says that the message is more than the \(receiver) takes"
            case .invalidPayload: "1007 says that the payload is not what its type promises"
            default: "\(violation.closeCode.rawValue) says that the peer broke the protocol"
            }
        return "\(meaning); 1011 would say that the \(receiver) itself had failed, and it did not."
    }

    private func list(_ label: String, _ items: StaticString) -> [StyledLine] {
        let bullets = Paragraph.bullets(
            RuleText.lines(of: items), width: width - 2 - Self.labelWidth)
        return Paragraph.beside(label, column: Self.labelWidth, bullets).indented(by: 2)
    }
}
