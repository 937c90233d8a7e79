import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

/// Judges a dump of what one endpoint sent, raw or written out as hex: form → handshake → stream → findings.
struct DumpJudge {
    private let source: String
    private let options: JudgingOptions
    private var findings: [Finding] = []
    /// Where every frame is shown: what waits for a violation before it.
    private var ordered = OrderedFindings()
    /// Makes the bytes of the dump; nil while they are there as they were.
    private var decoder: HexDecoder?
    /// Bytes made from hex text.
    private var decoded: [UInt8] = []
    /// What the dump says of itself, where it is hex text.
    private var directives = Directives()
    private var handshakeReader: HandshakeReader? = HandshakeReader()
    private var handshake: Handshake?
    private var stream: StreamJudge?
    private var deflateIsAssumed = false

    init(source: String, options: JudgingOptions, isHex: Bool) {
        self.source = source
        self.options = options
        decoder = isHex ? HexDecoder() : nil
    }

    /// What was found since the last call.
    mutating func takeFindings() -> [Finding] {
        defer { findings = [] }
        return findings
    }

    /// Judges the next piece of the input.
    ///
    /// - Parameter piece: its buffer may be exchanged for another one that is free.
    mutating func judge(_ piece: inout Piece) throws(InputFault) {
        guard var decoder else { return try judgeBytes(&piece) }
        // One owner at a time, or the decoder would be copied with every piece.
        self.decoder = nil
        defer { self.decoder = decoder }
        let text = piece
        try judgeDecoded(by: &decoder) { decoder, bytes throws(HexTextError) in
            try decoder.decode(text.bytes.span.extracting(text.range), into: &bytes)
        }
    }

    /// The input has ended where it may.
    mutating func finish() throws(InputFault) {
        if var decoder {
            try judgeDecoded(by: &decoder) { decoder, bytes throws(HexTextError) in try decoder.finish(into: &bytes) }
        }
        // What looked like the start of a handshake was none.
        if let progress = handshakeReader?.finish() { try endHandshake(progress) }
    }

    /// Tells what there is to tell of the stream as far as it was judged.
    ///
    /// - Parameter inputSize: bytes of the input.
    mutating func close(inputSize: UInt64) {
        if stream == nil { beginStream() }
        guard var judge = stream else { return }
        let (violations, summary) = judge.end()
        for violation in violations { ordered.add(violation, of: nil) }
        findings += ordered.take()
        if options.showsFrames, summary.state == .incompleteFrame, let frame = judge.unfinishedFrame {
            findings.append(.frame(FrameFinding(origin: summary.origin, frame: frame)))
        }
        let origin = summary.origin
        findings += HandshakeNotices(handshake: handshake, inputSize: inputSize).notices(origin).map(Finding.notice)
        let assumption =
            deflateIsAssumed && judge.usedReservedBits
            ? "The request offers permessage-deflate, and whether the server agreed is not in this dump: RSV1 is taken as "
                + "legal. --no-deflate judges otherwise." : nil
        findings += judge.notices(summary: summary, deflate: assumption).map(Finding.notice)
        findings.append(.stream(summary))
        stream = judge
    }

    /// Some of the stream was judged.
    var hasBegun: Bool { stream != nil }

    // MARK: - Form

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
        try judgeBytes(&bytes)
        swap(&bytes.bytes, &decoded)
        if let fault { throw InputFault(message: fault.description) }
    }

    // MARK: - Handshake

    private mutating func judgeBytes(_ bytes: inout Piece) throws(InputFault) {
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

    // MARK: - Stream

    private mutating func judgeFrames(_ bytes: inout Piece) {
        if stream == nil { beginStream() }
        guard !isRefused else { return }
        guard options.showsFrames else {
            findings += (stream?.judge(&bytes) ?? []).map(Finding.violation)
            return
        }
        let origin = StreamOrigin(source: source, connection: 0, sender: nil)
        var ordered = ordered
        self.ordered = OrderedFindings()
        let violations = stream?.judge(bytes.bytes.span.extracting(bytes.range), at: nil) { frame in
            var origin = origin
            // Who sent a legal frame is told by its MASK bit.
            origin.sender = frame.record.header.isMasked ? .client : .server
            ordered.add(.frame(FrameFinding(origin: origin, frame: frame)))
        } meet: { _ in
            ordered.holdPlace(for: nil)
        }
        for violation in violations ?? [] { ordered.add(violation, of: nil) }
        findings += ordered.take()
        self.ordered = ordered
    }

    /// A handshake that did not switch protocols: the bytes after it are not frames.
    private var isRefused: Bool {
        guard let status = handshake?.status else { return false }
        return status != 101
    }

    private mutating func beginStream() {
        let terms = StreamTerms(options: options, directives: directives, handshake: handshake)
        deflateIsAssumed = terms.deflateIsAssumed
        stream = StreamJudge(
            origin: StreamOrigin(source: source, connection: 0, sender: nil), validator: terms.validator,
            course: StreamJudge.Course(
                tellsAll: options.goesOn, goesOn: options.goesOn, showsPayloads: options.showsFrames),
            terms: ViolationQueue.Terms(
                extensions: terms.extensions, offeredDeflate: handshake?.offeredDeflate ?? false
            ),
            streamStart: handshake?.byteCount ?? 0, reach: options.reach)
    }
}

/// What is doubtful about how a one-way dump begins.
struct HandshakeNotices {
    let handshake: Handshake?
    let inputSize: UInt64

    func notices(_ origin: StreamOrigin) -> [NoticeFinding] {
        var notices: [NoticeFinding] = []
        if inputSize == 0 {
            notices.append(
                NoticeFinding(
                    origin: origin, Notice(.emptyInput, about: nil, "The input is empty: there is nothing to judge.")))
        }
        if let status = handshake?.status, status != 101 {
            notices.append(
                NoticeFinding(
                    origin: origin,
                    Notice(
                        .handshakeRefused, about: nil,
                        "The server answered the handshake with HTTP status \(status), not 101: no frames can "
                            + "follow.")))
        }
        for name in handshake?.otherExtensions ?? [] {
            notices.append(
                NoticeFinding(
                    origin: origin,
                    Notice(
                        .unknownExtension, about: nil,
                        "The handshake agrees to the extension \(quoted(name)). What it claims is not known here: its "
                            + "RSV bits are judged as claimed by nobody.")))
        }
        return notices
    }
}
