import WebSocketCaptures
import WebSocketReports

/// Why an input cannot be judged to its end: one line for the user.
struct InputFault: Error {
    let message: String
}

/// Judges one input from its first byte to its last: reads it, tells what it is, and gives it to the judge of its kind.
///
/// What was found before an input turned out to be broken is reported all the same.
struct InputJudge {
    private let source: String
    private let options: JudgingOptions
    private var findings: [Finding] = []
    /// Bytes of the input that have been read.
    private(set) var size: UInt64 = 0

    private var piece = Piece(bytes: [UInt8](repeating: 0, count: pieceSize), range: 0..<0)
    private var sizeAtStart: UInt64?
    private var judge = Judge.none

    /// Two pieces of this size fit into a core's second-level cache.
    private static let pieceSize = 1 << 17

    private enum Judge {
        case dump(DumpJudge)
        case capture(CaptureJudge)
        /// Not known yet, or at work.
        case none
    }

    init(source: String, options: JudgingOptions) {
        self.source = source
        self.options = options
    }

    /// What was found since the last call.
    mutating func takeFindings() -> [Finding] {
        defer { findings = [] }
        return findings
    }

    /// Reads and judges the next piece of `file`.
    ///
    /// - Returns: true when the input is done with.
    mutating func judgeMore(of file: FileHandle) -> Bool {
        do throws(InputFault) {
            let count = try read(file)
            size += UInt64(count)
            try judgePiece(isLast: count == 0)
            return count == 0
        } catch {
            close()
            findings.append(.error(InputError(source: source, message: error.message)))
            return true
        }
    }

    private mutating func read(_ file: FileHandle) throws(InputFault) -> Int {
        // The judge of the stream may have exchanged the buffer.
        if piece.bytes.count != Self.pieceSize { piece.bytes = [UInt8](repeating: 0, count: Self.pieceSize) }
        let count: Int
        if case .none = judge {
            count = try readStart(of: file)
        } else {
            count = try read(file, from: 0)
        }
        piece.range = 0..<count
        return count
    }

    /// Reads as much as tells what the input is, and makes its judge. It may be that no more comes for a long time.
    private mutating func readStart(of file: FileHandle) throws(InputFault) -> Int {
        sizeAtStart = file.size
        var count = 0
        var isWhole = false
        var isTold = false
        while !isWhole, !isTold {
            let new = try read(file, from: count)
            count += new
            isWhole = new == 0
            isTold =
                options.input != .auto || count > InputDetector.prefixCount
                || InputDetector.captureKind(of: piece.bytes.span.extracting(first: count)) != nil
        }
        judge = try makeJudge(of: piece.bytes.span.extracting(first: count), isWhole: isWhole)
        return count
    }

    /// Reads what has come into the buffer from `start` on.
    private mutating func read(_ file: FileHandle, from start: Int) throws(InputFault) -> Int {
        do {
            return try file.read(into: &piece.bytes, from: start)
        } catch {
            throw InputFault(message: "cannot be read: \(error.message)")
        }
    }

    private func makeJudge(of start: Span<UInt8>, isWhole: Bool) throws(InputFault) -> Judge {
        switch options.input {
        case .raw: return dump(isHex: false)
        case .hex: return dump(isHex: true)
        case .pcap: return capture(isExport: false)
        case .auto: break
        }
        let prefix = start.extracting(first: InputDetector.prefixCount)
        switch InputDetector.kind(of: prefix, isWhole: isWhole && start.count <= InputDetector.prefixCount) {
        case .raw: return dump(isHex: false)
        case .hex: return dump(isHex: true)
        case .pcap, .pcapng: return capture(isExport: false)
        case .packetText: return capture(isExport: false, isText: true)
        case .export: return capture(isExport: true)
        case .unsupported(let reason): throw InputFault(message: reason)
        }
    }

    private func dump(isHex: Bool) -> Judge {
        .dump(DumpJudge(source: source, options: options, isHex: isHex))
    }

    private func capture(isExport: Bool, isText: Bool = false) -> Judge {
        .capture(CaptureJudge(source: source, options: options, isExport: isExport, isText: isText))
    }

    // MARK: - Judging

    private mutating func judgePiece(isLast: Bool) throws(InputFault) {
        // One owner at a time, or the judge would be copied with every piece.
        var current = Judge.none
        swap(&current, &judge)
        defer { swap(&current, &judge) }
        switch current {
        case .dump(var dump):
            current = .none
            defer {
                findings += dump.takeFindings()
                current = .dump(dump)
            }
            guard isLast else { return try dump.judge(&piece) }
            try dump.finish()
            try checkSize()
            dump.close(inputSize: size)
        case .capture(var capture):
            current = .none
            defer {
                findings += capture.takeFindings()
                current = .capture(capture)
            }
            guard isLast else { return try capture.judge(piece.bytes.span.extracting(piece.range)) }
            try capture.finish()
            try checkSize()
        case .none: break
        }
    }

    private func checkSize() throws(InputFault) {
        guard let sizeAtStart, size < sizeAtStart else { return }
        throw InputFault(message: "the file shrank while it was read: \(size) of \(sizeAtStart) bytes were there")
    }

    /// The input cannot be judged any further: tell of what was.
    private mutating func close() {
        var current = Judge.none
        swap(&current, &judge)
        switch current {
        case .dump(var dump):
            current = .none
            if dump.hasBegun { dump.close(inputSize: size) }
            findings += dump.takeFindings()
        case .capture(var capture):
            current = .none
            capture.close()
            findings += capture.takeFindings()
        case .none: break
        }
    }
}
