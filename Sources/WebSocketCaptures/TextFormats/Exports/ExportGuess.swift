/// The form of an export, recognised by the start of its first significant line.
enum ExportGuess {
    /// The output of `tshark -z follow,…`, with lines at its head.
    case follow
    /// Rows of ``follow`` without those lines.
    case rawRows, hexRows
    /// YAML.
    case packets
    /// C arrays.
    case arrays
    /// What `curl --trace` writes.
    case trace
    /// Fields of packets.
    case fields

    /// The number of characters of a line that are enough to recognise it.
    static let detectionCount = 32

    /// Creates the form that a line begins.
    ///
    /// - Parameter line: its first ``detectionCount`` characters, or all of it with its end.
    init?(_ line: Span<UInt8>) {
        if line.has("==========") || line.has("Follow: ") {
            self = .follow
        } else if line.has("peers:") || line.has("packets:") || PeerPackets.isOlderForm(line) {
            self = .packets
        } else if line.has("char peer") {
            self = .arrays
        } else if LoggedRows.isCurlMark(line) {
            self = .trace
        } else if HexRows.isRow(line) {
            self = .hexRows
        } else if RawRow.isRow(line) {
            self = .rawRows
        } else if FieldRows.isRow(line) {
            self = .fields
        } else {
            return nil
        }
    }

    /// The reader for the form.
    var reader: any ExportForm {
        switch self {
        case .follow: FollowText()
        case .rawRows: FollowText(headless: .raw)
        case .hexRows: FollowText(headless: .hex)
        case .packets: PeerPackets()
        case .arrays: PeerArrays()
        case .trace: LoggedConversation(.curl)
        case .fields: FieldRows()
        }
    }
}

/// The opening of an export: lines that no export begins with, such as a program's warnings, up to the one that shows
/// the form.
struct ExportOpening: Sendable {
    /// The start of the current line, at most ``ExportGuess/detectionCount`` bytes.
    private(set) var line: [UInt8] = []
    private var isSkipping = false
    private var number = 1

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The position at which ``line`` begins.
    var linePosition: TextPosition { TextPosition(line: number, column: 1) }

    /// Consumes the next byte.
    ///
    /// - Returns: the form, once a line has shown it.
    mutating func read(_ byte: UInt8) -> ExportGuess? {
        if !isSkipping {
            line.append(byte)
            if number == 1, line == Self.mark { line = [] }
            if byte == ASCII.lineFeed || line.count == ExportGuess.detectionCount {
                if let guess = ExportGuess(line.span) { return guess }
                line = []
                isSkipping = true
            }
        }
        if byte == ASCII.lineFeed {
            isSkipping = false
            number &+= 1
        }
        return nil
    }

    /// Ends the text inside its opening.
    func finish() -> ExportGuess? { ExportGuess(line.span) }

    /// The line has been read.
    mutating func forgetLine() { line = [] }
}
