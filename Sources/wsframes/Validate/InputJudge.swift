import WebSocketCaptures
import WebSocketFrames
import WebSocketReports

/// Why an input cannot be judged to its end: one line for the user.
struct InputFault: Error {
    let message: String
}

/// Judges one input from its first byte to its last: file → form → handshake → stream → findings.
///
/// What was found before an input turned out to be broken is told all the same.
struct InputJudge {
    private let source: String
    private let options: ValidateOptions
    private var findings: [Finding] = []
    /// Bytes of the input that have been read.
    private(set) var size: UInt64 = 0

    private var piece = Piece(bytes: [UInt8](repeating: 0, count: pieceSize), range: 0..<0)
    /// Bytes of a stream made from hex text; not used while the input is raw.
    private var decoded: [UInt8] = []
    private var sizeAtStart: UInt64?
    private var form: Form?
    /// What the input says of itself, where it is hex text.
    private var directives = Directives()
    private var handshakeReader: HandshakeReader? = HandshakeReader()
    private var handshake: Handshake?
    private var stream: StreamJudge?
    private var deflateIsAssumed = false

    /// Two pieces of this size fit into a core's second-level cache.
    private static let pieceSize = 1 << 17

    private enum Form {
        case raw
        case hex(HexDecoder)
    }

    init(source: String, options: ValidateOptions) {
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
            if count > 0 {
                try judgePiece()
                return false
            }
            try endForm()
            try endHandshake()
            if let sizeAtStart, size < sizeAtStart {
                throw InputFault(
                    message: "the file shrank while it was read: \(size) of \(sizeAtStart) bytes were there")
            }
            endStream()
        } catch {
            if stream != nil { endStream() }
            findings.append(.error(InputError(source: source, message: error.message)))
        }
        return true
    }

    private mutating func read(_ file: FileHandle) throws(InputFault) -> Int {
        // The judge of the stream may have exchanged the buffer.
        if piece.bytes.count != Self.pieceSize { piece.bytes = [UInt8](repeating: 0, count: Self.pieceSize) }
        do {
            let isFirst = form == nil
            if isFirst { sizeAtStart = file.size }
            // The form is told by the first bytes, so wait for those; behind them, take what has come.
            let count = try file.read(into: &piece.bytes, from: 0, stopsEarly: !isFirst)
            piece.range = 0..<count
            if isFirst {
                form = try makeForm(of: piece.bytes.span.extracting(first: count), isWhole: count < Self.pieceSize)
            }
            return count
        } catch let fault as InputFault {
            throw fault
        } catch {
            let reason = (error as? SystemError)?.message ?? "unknown error"
            throw InputFault(message: "cannot be read: \(reason)")
        }
    }

    private func makeForm(of start: Span<UInt8>, isWhole: Bool) throws(InputFault) -> Form {
        switch options.input {
        case .raw: return .raw
        case .hex: return .hex(HexDecoder())
        case .pcap: throw Self.captureFault
        case .auto: break
        }
        let prefix = start.extracting(first: Recognition.prefixCount)
        switch Recognition.kind(of: prefix, isWhole: isWhole && start.count <= Recognition.prefixCount) {
        case .raw: return .raw
        case .hex: return .hex(HexDecoder())
        case .pcap, .pcapng: throw Self.captureFault
        case .unsupported(let reason): throw InputFault(message: reason)
        }
    }

    private static let captureFault = InputFault(
        message: """
            packet captures cannot be read yet; export one direction of the conversation as raw bytes \
            (Wireshark: Follow TCP Stream, one direction, Show as Raw, Save as)
            """)

    // MARK: - Form

    private mutating func judgePiece() throws(InputFault) {
        var current = Piece.empty
        swap(&current, &piece)
        defer { swap(&current, &piece) }
        guard case .hex(var decoder) = form else { return try judgeStreamBytes(&current) }
        // One owner at a time, or the decoder would be copied with every piece.
        form = nil
        defer { form = .hex(decoder) }
        try judgeDecoded(by: &decoder) { decoder, bytes throws(HexTextError) in
            try decoder.decode(current.bytes.span.extracting(current.range), into: &bytes)
        }
    }

    private mutating func endForm() throws(InputFault) {
        guard case .hex(var decoder) = form else { return }
        try judgeDecoded(by: &decoder) { decoder, bytes throws(HexTextError) in try decoder.finish(into: &bytes) }
    }

    /// Judges the bytes that `decode` makes, also those it made before it failed.
    private mutating func judgeDecoded(
        by decoder: inout HexDecoder, _ decode: (inout HexDecoder, inout [UInt8]) throws(HexTextError) -> Void
    ) throws(InputFault) {
        var bytes = Piece.empty
        swap(&bytes.bytes, &decoded)
        bytes.bytes.removeAll(keepingCapacity: true)
        var fault: HexTextError?
        do {
            try decode(&decoder, &bytes.bytes)
        } catch {
            fault = error
        }
        directives = decoder.directives
        bytes.range = 0..<bytes.bytes.count
        try judgeStreamBytes(&bytes)
        swap(&bytes.bytes, &decoded)
        if let fault { throw InputFault(message: fault.description) }
    }

    // MARK: - Handshake

    private mutating func judgeStreamBytes(_ bytes: inout Piece) throws(InputFault) {
        if handshakeReader != nil { try passHandshake(in: &bytes) }
        guard handshakeReader == nil, !bytes.isEmpty else { return }
        judgeFrames(&bytes)
    }

    private mutating func passHandshake(in bytes: inout Piece) throws(InputFault) {
        guard let progress = handshakeReader?.read(bytes.bytes.span.extracting(bytes.range)) else { return }
        if case .ended(_, let consumed) = progress {
            bytes.range = (bytes.range.lowerBound + consumed)..<bytes.range.upperBound
        }
        try endHandshake(progress)
    }

    /// The input has ended: what looked like the start of a handshake was none.
    private mutating func endHandshake() throws(InputFault) {
        guard let progress = handshakeReader?.finish() else { return }
        try endHandshake(progress)
    }

    private mutating func endHandshake(_ progress: HandshakeReader.Progress) throws(InputFault) {
        switch progress {
        case .needMore: return
        case .broken(let reason): throw InputFault(message: reason)
        case .ended(let handshake, _):
            self.handshake = handshake
            let pending = handshakeReader?.pending ?? []
            handshakeReader = nil
            guard !pending.isEmpty else { return }
            var first = Piece(bytes: pending, range: 0..<pending.count)
            judgeFrames(&first)
        }
    }

    private mutating func judgeFrames(_ bytes: inout Piece) {
        if stream == nil { beginStream() }
        guard !isRefused, let violations = stream?.judge(&bytes) else { return }
        findings += violations.map(Finding.violation)
    }

    /// A handshake that did not switch protocols: the bytes behind it are not frames.
    private var isRefused: Bool {
        guard let status = handshake?.status else { return false }
        return status != 101
    }

    // MARK: - Stream

    private mutating func beginStream() {
        let terms = StreamTerms(options: options, directives: directives, handshake: handshake)
        deflateIsAssumed = terms.deflateIsAssumed
        stream = StreamJudge(
            source: source, validator: terms.validator, goesOn: options.goesOn,
            streamStart: handshake?.byteCount ?? 0)
    }

    private mutating func endStream() {
        if stream == nil { beginStream() }
        guard var judge = stream else { return }
        let (violations, summary) = judge.end()
        findings += violations.map(Finding.violation)
        let facts = StreamFacts(
            summary: summary, inputSize: size, handshake: handshake, closeCode: judge.closeCode,
            usedReservedBits: judge.usedReservedBits, deflateIsAssumed: deflateIsAssumed)
        findings += facts.notices.map(Finding.notice)
        findings.append(.stream(summary))
        stream = judge
    }
}
