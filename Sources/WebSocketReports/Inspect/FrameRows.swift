import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// The lines of a table of frames, one per frame, with the titles before the first one.
struct FrameRows {
    private let width: Int
    private let usesReservedBits: Bool
    /// Nil until there is a line.
    private var columns: FrameColumns?
    /// The conversation's number, if every line has to name it.
    var number: Int? {
        didSet { if number != oldValue { columns = nil } }
    }
    private var date: String?
    private var messages = MessageTracker()
    /// The last frame that was shown, by sender.
    private var lastFrames: [Endpoint?: UInt64] = [:]

    init(width: Int, usesReservedBits: Bool) {
        self.width = width
        self.usesReservedBits = usesReservedBits
    }

    /// The indentation of what is written below a line.
    var indentation: Int { columns?.indentation ?? 2 }

    /// Returns the line of a frame, after any lines that must precede it.
    mutating func lines(for frame: SeenFrame, from sender: Endpoint?) -> [StyledLine] {
        lastFrames[sender] = frame.record.index
        let content = messages.content(of: frame.record.header, from: sender)
        let day = frame.packetPosition?.time.map { $0.day + " UTC" }
        let isFirst = columns == nil
        var columns =
            columns
            ?? FrameColumns(
                width: width, showsPlace: frame.packetPosition != nil, usesReservedBits: usesReservedBits,
                showsNumber: number != nil)
        defer { self.columns = columns }

        var lines: [StyledLine] = []
        if isFirst {
            lines = [StyledLine(), columns.titles(date: day)]
        } else if let day, date != nil, day != date {
            lines = [columns.dateLine(day)].filter { $0.width > 0 }
        }
        date = day ?? date
        let cells = FrameCells(
            frame: frame, content: content, sender: sender, direction: columns.direction, number: number)
        lines.append(columns.line(cells.text(of:room:)))
        return lines
    }

    /// Returns the line of the frame that breaks a rule, if it has not been shown yet.
    mutating func lines(for finding: ViolationFinding) -> [StyledLine] {
        let sender = finding.origin.sender
        let violation = finding.violation
        defer { messages.lose(sender) }
        guard lastFrames[sender] != violation.frame, violation.header.count > 0 else { return [] }
        return lines(for: SeenFrame(upTo: finding), from: sender)
    }
}

extension SeenFrame {
    /// Creates the frame that breaks a rule, up to and including the offending field.
    fileprivate init(upTo finding: ViolationFinding) {
        let violation = finding.violation
        let header = violation.header
        let start = violation.frameOffset.addingClamped(UInt64(clamping: header.count))
        let end = violation.offset.addingClamped(UInt64(clamping: violation.length))
        let count = header.isComplete && end > start ? end - start : 0
        let window = ByteWindow(finding.context, at: finding.contextOffset)
        var payload: [UInt8] = []
        while payload.count < min(count, UInt64(FrameWalk.previewCount)) {
            let index = UInt64(payload.count)
            guard let byte = window[start.addingClamped(index)] else { break }
            payload.append(byte ^ (header.maskingKey?[index] ?? 0))
        }
        self.init(
            record: FrameRecord(index: violation.frame, offset: violation.frameOffset, header: header),
            payload: payload, payloadCount: count, isWhole: false, packetPosition: finding.packetPosition)
    }
}
