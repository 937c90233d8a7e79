import WebSocketFrames

/// A frame's header drawn bit by bit, like the diagram in RFC 6455 §5.2, as far as it has arrived.
struct HeaderDiagram {
    private let header: EncodedFrameHeader
    private let rule: Rule?

    /// - Parameter rule: the broken rule, whose bits are marked.
    init(_ header: EncodedFrameHeader, broken rule: Rule?) {
        self.header = header
        self.rule = rule
    }

    struct Cell {
        let title: String
        let value: String
        var meaning = ""
        /// The byte of the header that begins here, written above the cell.
        var caption = ""
        /// The part of `value` that is at fault, in columns; empty if there is none.
        var fault = 0..<0

        /// Covers the title, since the mark is as wide as the title if the whole value is at fault.
        var width: Int { max(title.count, value.count, meaning.count) + 2 }
    }

    /// Returns the diagram, with as many boxes below each other as the width requires.
    func lines(width: Int) -> [StyledLine] {
        var rows: [[Cell]] = []
        var used = 0
        for group in groups {
            let groupWidth = group.reduce(0) { $0 + $1.width + 1 }
            if rows.isEmpty || used + groupWidth > width - 1 {
                rows.append([])
                used = 0
            }
            rows[rows.count - 1] += group
            used += groupWidth
        }
        return rows.flatMap(box)
    }

    private func box(_ cells: [Cell]) -> [StyledLine] {
        var captions = StyledLine()
        var column = 2
        for cell in cells {
            if !cell.caption.isEmpty {
                captions.pad(to: column)
                captions.append(cell.caption, .quiet)
            }
            column += cell.width + 1
        }
        var lines = [captions, border(cells, "┌", "┬", "┐")]
        lines.append(
            row(cells) { StyledLine(Columns.centered($0.title, in: $0.width), $0.fault.isEmpty ? .plain : .fault) })
        lines.append(row(cells, value))
        lines.append(row(cells) { StyledLine(Columns.centered($0.meaning, in: $0.width)) })
        lines.append(border(cells, "└", "┴", "┘"))
        if cells.contains(where: { !$0.fault.isEmpty }) { lines.append(marks(cells)) }
        return lines
    }

    private func border(_ cells: [Cell], _ left: String, _ middle: String, _ right: String) -> StyledLine {
        let segments = cells.map { String(repeating: "─", count: $0.width) }
        return StyledLine(left + segments.joined(separator: middle) + right, .quiet)
    }

    private func row(_ cells: [Cell], _ content: (Cell) -> StyledLine) -> StyledLine {
        var line = StyledLine("│", .quiet)
        for cell in cells {
            line.append(content(cell))
            line.append("│", .quiet)
        }
        return line
    }

    private func value(of cell: Cell) -> StyledLine {
        let left = (cell.width - cell.value.count) / 2
        var line = StyledLine(Columns.spaces(left))
        line.append(String(cell.value.prefix(cell.fault.lowerBound)))
        line.append(String(cell.value.dropFirst(cell.fault.lowerBound).prefix(cell.fault.count)), .fault)
        line.append(String(cell.value.dropFirst(cell.fault.upperBound)))
        line.pad(to: cell.width)
        return line
    }

    private func marks(_ cells: [Cell]) -> StyledLine {
        var line = StyledLine()
        var column = 1
        for cell in cells {
            if cell.fault.count == cell.value.count {
                line.pad(to: column + 1)
                line.append(String(repeating: "^", count: cell.width - 2), .fault)
            } else if !cell.fault.isEmpty {
                line.pad(to: column + (cell.width - cell.value.count) / 2 + cell.fault.lowerBound)
                line.append(String(repeating: "^", count: cell.fault.count), .fault)
            }
            column += cell.width + 1
        }
        return line
    }
}

// MARK: - The contents of the cells

extension HeaderDiagram {
    /// The cells of byte 0, of byte 1, of the extended length and of the masking key, as far as they have arrived.
    var groups: [[Cell]] {
        var groups: [[Cell]] = []
        if header.count > 0 { groups.append(byte0) }
        if header.count > 1 { groups.append(byte1) }
        if header.count > 2, lengthEnd > 2 { groups.append([extendedLength]) }
        if header.count > lengthEnd, header.isMasked { groups.append([maskingKey]) }
        return groups
    }

    private var shortLength: UInt8 { header[1] & 0x7F }

    private var lengthEnd: Int {
        switch shortLength {
        case 126: 4
        case 127: 10
        default: 2
        }
    }

    private var byte0: [Cell] {
        let reserved: [Cell] = [(1, ReservedBits.rsv1), (2, .rsv2), (3, .rsv3)].map { number, bit in
            let isSet = header.reservedBits.contains(bit)
            let isFault = isSet && (rule == .reservedBits || (rule == .misplacedRSV1 && bit == .rsv1))
            return cell("RSV\(number)", isSet ? "1" : "0", isFault: isFault)
        }
        let opcode = header.opcode
        let opcodeIsFault =
            switch rule {
            case .reservedOpcode, .dataAfterClose, .unexpectedContinuation, .interleavedMessage: true
            default: false
            }
        var cells = [
            cell(
                "FIN", header.isFinal ? "1" : "0", header.isFinal ? "last" : "more", isFault: rule == .fragmentedControl
            )
        ]
        cells[0].caption = "byte 0: \(Numbers.hex(UInt64(header[0])))"
        return cells + reserved + [
            cell(
                "opcode", Numbers.bits(opcode.rawValue, count: 4), opcode.isReserved ? "reserved" : opcode.name,
                isFault: opcodeIsFault)
        ]
    }

    private var byte1: [Cell] {
        let maskIsFault = rule == .unmaskedClientFrame || rule == .maskedServerFrame
        let lengthIsFault =
            switch rule {
            case .oversizedControl, .truncatedCloseCode: true
            case .frameTooBig, .messageTooBig: lengthEnd == 2
            default: false
            }
        let meaning =
            switch shortLength {
            case 126: "126: 16 bit"
            case 127: "127: 64 bit"
            default: String(shortLength)
            }
        var cells = [
            cell("MASK", header.isMasked ? "1" : "0", header.isMasked ? "yes" : "no", isFault: maskIsFault),
            cell("length", Numbers.bits(shortLength, count: 7), meaning, isFault: lengthIsFault),
        ]
        cells[0].caption = "byte 1: \(Numbers.hex(UInt64(header[1])))"
        return cells
    }

    private var extendedLength: Cell {
        let isWhole = header.count >= lengthEnd
        let isFault =
            switch rule {
            case .nonMinimalLength, .frameTooBig, .messageTooBig, .lengthOverflow: isWhole
            default: false
            }
        var cell = cell(
            "extended length", bytes(2..<lengthEnd), isWhole ? Numbers.count(header.payloadLength, "byte") : "",
            isFault: isFault)
        if rule == .lengthOverflow { cell.fault = 0..<2 }
        cell.caption = "bytes 2–\(lengthEnd - 1)"
        return cell
    }

    private var maskingKey: Cell {
        var cell = cell("masking key", bytes(lengthEnd..<(lengthEnd + 4)), "", isFault: false)
        cell.caption = "bytes \(lengthEnd)–\(lengthEnd + 3)"
        return cell
    }

    private func cell(_ title: String, _ value: String, _ meaning: String = "", isFault: Bool) -> Cell {
        Cell(title: title, value: value, meaning: meaning, fault: isFault ? 0..<value.count : 0..<0)
    }

    /// Returns bytes of the header in hex; dots for those that have not arrived.
    private func bytes(_ range: Range<Int>) -> String {
        range.map { $0 < header.count ? Numbers.hexDigits(header[$0]) : ".." }.joined(separator: " ")
    }
}
