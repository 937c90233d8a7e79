import WebSocketFrames

/// The columns of a table of frames. They have default widths, and grow when something does not fit.
struct FrameColumns {
    enum Kind {
        case number, packet, time, sender, offset, fin, reservedBits, opcode, length, mask, payload
    }

    /// How a direction is written.
    enum Direction {
        /// `client`
        case sender
        /// `client →`
        case arrow
        /// `client → server`
        case both
    }

    let direction: Direction
    private let width: Int
    private var columns: [Column]

    private struct Column {
        let kind: Kind
        var width: Int
        /// The number of spaces before the column.
        var gap = 2
        var isRight = false
    }

    /// - Parameters:
    ///   - width: the number of columns of the terminal that a line may take. If there is no room for everything, the
    ///     mask is left out first (a client masks and a server does not), then the time, then the offset.
    ///   - showsPlace: whether frames have packets to be named.
    ///   - usesReservedBits: whether RSV bits are to be expected.
    ///   - showsNumber: whether each line begins with the number of the conversation.
    init(width: Int, showsPlace: Bool, usesReservedBits: Bool, showsNumber: Bool) {
        self.width = width
        // Space that packet and time do not need is left for the others.
        let room = (showsPlace ? width : width + 25) - (showsNumber ? 6 : 0)
        direction = room >= 110 ? .both : room >= 100 ? .arrow : .sender
        columns = showsNumber ? [Column(kind: .number, width: 4, isRight: true)] : []
        if showsPlace {
            columns.append(Column(kind: .packet, width: 6, isRight: true))
            if room >= 80 { columns.append(Column(kind: .time, width: 15)) }
        }
        columns.append(Column(kind: .sender, width: direction == .both ? 15 : direction == .arrow ? 8 : 6))
        if room >= 60 { columns.append(Column(kind: .offset, width: 6, isRight: true)) }
        columns.append(Column(kind: .fin, width: 3))
        columns.append(Column(kind: .reservedBits, width: usesReservedBits ? 4 : 0, gap: 1))
        columns.append(Column(kind: .opcode, width: 6, gap: 1))
        columns.append(Column(kind: .length, width: 6, gap: 1, isRight: true))
        if room >= 100 { columns.append(Column(kind: .mask, width: 6, gap: 1)) }
        columns.append(Column(kind: .payload, width: 0))
    }

    /// The indentation of what is written below a line: under the second column.
    var indentation: Int {
        guard let packet = columns.firstIndex(where: { $0.kind == .packet }), width >= 60 else { return 2 }
        return columns[...packet].reduce(0) { $0 + $1.width + 2 }
    }

    /// Returns a line of the table, cut to its width.
    ///
    /// - Parameter cell: returns the text of a column; for the payload it is passed the available room.
    mutating func line(_ cell: (_ kind: Kind, _ room: Int) -> StyledLine) -> StyledLine {
        var line = StyledLine()
        var start = 0
        for index in columns.indices {
            if start > 0, columns[index].width > 0 || columns[index].kind == .payload { start += columns[index].gap }
            let text = cell(columns[index].kind, max(width - start, 0))
            if columns[index].kind != .payload, text.width > columns[index].width {
                if columns[index].width == 0 { start += columns[index].gap }
                columns[index].width = text.width
            }
            let column = columns[index]
            if text.width > 0 {
                line.pad(to: column.isRight ? start + column.width - text.width : start)
                line.append(text)
            }
            start += column.width
        }
        return line.cut(to: width)
    }

    /// Returns the line above the table.
    mutating func titles(date: String?) -> StyledLine {
        line { kind, _ in
            let text =
                switch kind {
                case .number: "conv"
                case .packet: "packet"
                case .time: date ?? "time"
                case .sender: "sender"
                case .offset: "offset"
                case .fin: "FIN"
                case .reservedBits, .mask: ""
                case .opcode: "opcode"
                case .length: "length"
                case .payload: "payload"
                }
            return StyledLine(text, .quiet)
        }
    }

    /// Returns a line that contains only a date, for the beginning of another day.
    mutating func dateLine(_ date: String) -> StyledLine {
        line { kind, _ in StyledLine(kind == .time ? date : "", .quiet) }
    }
}
