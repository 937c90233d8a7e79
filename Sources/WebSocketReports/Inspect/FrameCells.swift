import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// The cells of one frame in the table of frames.
struct FrameCells {
    let frame: SeenFrame
    let content: MessageContent
    let sender: Endpoint?
    let direction: FrameColumns.Direction
    let number: Int?

    /// Returns the text of a column; the payload's is made to fit into `room` columns.
    func text(of kind: FrameColumns.Kind, room: Int) -> StyledLine {
        let header = frame.record.header
        switch kind {
        case .number: return StyledLine(number.map(String.init) ?? "", .strong)
        case .packet: return StyledLine(frame.packetPosition.map { String($0.packet) } ?? "", .quiet)
        case .time: return StyledLine(frame.packetPosition?.time?.clock ?? "", .quiet)
        case .sender: return from
        case .offset: return StyledLine(String(frame.record.offset), .quiet)
        case .fin: return StyledLine(header.isFinal ? "FIN" : "-")
        case .reservedBits: return StyledLine(Self.reservedBits(header.reservedBits), .doubt)
        case .opcode: return StyledLine(header.opcode.name, header.opcode.isControl ? .strong : .plain)
        case .length: return StyledLine(header.isLengthKnown ? String(header.payloadLength) : "?")
        case .mask: return StyledLine(header.isMaskKnown ? header.isMasked ? "masked" : "" : "?", .quiet)
        case .payload: return payload(room: room)
        }
    }

    private var from: StyledLine {
        guard let sender else { return StyledLine("unknown") }
        let text =
            switch direction {
            case .sender: sender.name
            case .arrow: "\(sender.name) →"
            case .both: "\(sender.name) → \(sender.peer.name)"
            }
        return StyledLine(text, sender == .client ? .client : .server)
    }

    /// `RSV1`, `RSV1+3`
    private static func reservedBits(_ bits: ReservedBits) -> String {
        let names = [(ReservedBits.rsv1, "1"), (.rsv2, "2"), (.rsv3, "3")].filter { bits.contains($0.0) }.map(\.1)
        return names.isEmpty ? "" : "RSV" + names.joined(separator: "+")
    }

    private func payload(room: Int) -> StyledLine {
        guard room > 0 else { return StyledLine() }
        let header = frame.record.header
        if frame.isWhole { return StyledLine(FramePreview.text(of: frame, as: content, width: room)) }
        guard header.isComplete else {
            return StyledLine(
                "header " + header.map { Numbers.hexDigits($0).lowercased() }.joined(separator: " ") + " …", .doubt)
        }
        var line = StyledLine("\(frame.payloadCount) of \(Numbers.count(header.payloadLength, "byte"))", .doubt)
        let text = FramePreview.text(of: frame, as: content, width: max(room - line.width - 2, 1))
        if !text.isEmpty { line.append("  " + text) }
        return line
    }
}

extension CaptureTime {
    /// The day in UTC: `2026-11-23`.
    var day: String { String(description.prefix(10)) }

    /// The time of day in UTC, to the microsecond: `07:03:55.123456`.
    var clock: String { String(description.dropFirst(11).prefix(15)) }
}
