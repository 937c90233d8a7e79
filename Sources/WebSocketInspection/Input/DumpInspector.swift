import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Judges a dump of what one endpoint sent, raw or as hex text: determines its form, reads the handshake, judges the
/// stream.
struct DumpInspector {
    private let source: String
    private let settings: InspectionSettings
    private var sequence = FindingSequence()
    /// Decodes the bytes of the dump; nil if the dump is raw.
    private var decoder: HexDecoder?
    /// The bytes decoded from hex text.
    private var decoded: [UInt8] = []
    private var handshakeReader: HandshakeReader? = HandshakeReader()
    private var handshake: Handshake?
    /// Nil if messages are not wanted.
    private var gatherer: MessageGatherer?
    private var stream: StreamInspector?

    init(source: String, settings: InspectionSettings, isHex: Bool) {
        self.source = source
        self.settings = settings
        decoder = isHex ? HexDecoder() : nil
    }

    /// Whether some of the stream has been judged.
    var hasBegun: Bool { stream != nil }

    /// Judges the next bytes of the input.
    ///
    /// - Parameter chunk: its buffer may be exchanged for another one that is free.
    mutating func feed(exchanging chunk: inout Chunk, _ visit: (Finding) -> Void) throws(InputFault) {
        guard decoder != nil else { return try feedBytes(&chunk, visit) }
        decoded.removeAll(keepingCapacity: true)
        var fault: TextError?
        do throws(TextError) {
            try decoder?.decode(chunk.bytes.span.extracting(chunk.range), into: &decoded)
        } catch {
            fault = error
        }
        try feedDecoded(fault, visit)
    }

    /// Ends the input at a point where it may end.
    mutating func finish(_ visit: (Finding) -> Void) throws(InputFault) {
        if decoder != nil {
            decoded.removeAll(keepingCapacity: true)
            var fault: TextError?
            do throws(TextError) {
                try decoder?.finish(into: &decoded)
            } catch {
                fault = error
            }
            try feedDecoded(fault, visit)
        }
        // What looked like the start of a handshake was not one.
        if let progress = handshakeReader?.finish() { try endHandshake(progress, visit) }
    }

    /// Stops waiting: reports what was found with what is known now.
    mutating func flush(_ visit: (Finding) -> Void) {
        stream?.completePending()
        sequence.release(visit)
    }

    /// Reports everything about the stream as far as it was judged.
    ///
    /// - Parameter inputSize: the size of the input in bytes.
    mutating func close(inputSize: UInt64, _ visit: (Finding) -> Void) {
        let stream = beginStream()
        var summary = stream.finish()
        summary.isJudged = inputSize > 0
        sequence.release(visit)
        if settings.showsFrames, summary.state == .incompleteFrame, let frame = stream.unfinishedFrame {
            visit(.frame(FrameFinding(origin: summary.origin, frame: frame)))
        }
        if !summary.isJudged {
            let notice = Notice(.emptyInput, about: nil, "The input is empty: there is nothing to judge.")
            visit(.notice(NoticeFinding(origin: summary.origin, notice)))
        }
        for notice in handshake?.notices ?? [] { visit(.notice(NoticeFinding(origin: summary.origin, notice))) }
        stream.notices(summary, aboutCapture: false, visit)
        visit(.stream(summary))
    }

    // MARK: - Form and handshake

    /// Judges what was decoded, even if the text then turned out to be malformed.
    private mutating func feedDecoded(_ fault: TextError?, _ visit: (Finding) -> Void) throws(InputFault) {
        var chunk = Chunk(bytes: decoded, range: 0..<decoded.count)
        decoded = []
        try feedBytes(&chunk, visit)
        decoded = chunk.bytes
        if let fault { throw InputFault(message: fault.description) }
    }

    private mutating func feedBytes(_ chunk: inout Chunk, _ visit: (Finding) -> Void) throws(InputFault) {
        if let progress = handshakeReader?.read(chunk.bytes.span.extracting(chunk.range)) {
            if case .ended(_, let consumed) = progress {
                chunk.range = (chunk.range.lowerBound + consumed)..<chunk.range.upperBound
            }
            try endHandshake(progress, visit)
        }
        guard handshakeReader == nil, !chunk.isEmpty else { return }
        judge(&chunk, visit)
    }

    private mutating func endHandshake(
        _ progress: HandshakeReader.Progress, _ visit: (Finding) -> Void
    ) throws(InputFault) {
        switch progress {
        case .needMore: return
        case .broken(let reason): throw InputFault(message: reason)
        case .ended(let handshake, _):
            self.handshake = handshake
            let pending = handshakeReader?.pending ?? []
            handshakeReader = nil
            guard !pending.isEmpty else { return }
            var first = Chunk(bytes: pending, range: 0..<pending.count)
            judge(&first, visit)
        }
    }

    /// Whether the handshake did not switch protocols: the bytes after it are not frames.
    private var isRefused: Bool { handshake?.status.map { $0 != 101 } ?? false }

    // MARK: - Stream

    private mutating func judge(_ chunk: inout Chunk, _ visit: (Finding) -> Void) {
        let stream = beginStream()
        guard !isRefused else { return }
        let messages = gather(chunk)
        if settings.showsFrames {
            let source = source
            stream.feed(chunk.bytes.span.extracting(chunk.range), at: nil) { frame in
                // The MASK bit of a legal frame identifies its sender.
                let sender: Endpoint = frame.record.header.isMasked ? .client : .server
                let origin = StreamOrigin(source: source, connection: 0, sender: sender)
                sequence.add(.frame(FrameFinding(origin: origin, frame: frame)), visit)
            } onViolation: { _, _, _, pending in
                if let pending { sequence.add(pending) }
            } onEvent: { _ in
                // A dump has no gaps.
            }
        } else {
            stream.feed(exchanging: &chunk) { _, _, _, pending in
                if let pending { sequence.add(pending) }
            }
        }
        for message in messages { sequence.add(.message(message), visit) }
        if sequence.count > ConversationInspector.maximumWaiting { stream.completePending() }
        sequence.release(visit)
    }

    /// Returns the messages that end among the bytes, if they are wanted.
    private mutating func gather(_ chunk: Chunk) -> [MessageFinding] {
        var messages: [MessageFinding] = []
        gatherer?.feed(chunk.bytes.span.extracting(chunk.range), at: nil) { messages.append($0) }
        return messages
    }

    /// Creates the stream from what the user says, then from what the dump says, then from the defaults.
    private mutating func beginStream() -> StreamInspector {
        if let stream { return stream }
        let directives = decoder?.directives ?? Directives()
        let sender: Endpoint? =
            if case .said(let sender) = settings.sender {
                sender
            } else {
                switch directives.sender {
                case .client: .client
                case .server: .server
                case .auto: nil
                case nil: handshake?.sender
                }
            }
        let agreement = Agreement(
            of: handshake, said: settings.deflate ?? (directives.deflate ? true : nil),
            parameters: directives.deflateParameters)
        if settings.gathersMessages {
            gatherer = MessageGatherer(
                origin: StreamOrigin(source: source, connection: 0, sender: nil), sender: sender,
                extensions: agreement.extensions)
        }
        let new = StreamInspector(
            origin: StreamOrigin(source: source, connection: 0, sender: nil), sender: sender,
            limits: Limits(
                frame: settings.maximumFrame ?? directives.maxFrame ?? .max,
                message: settings.maximumMessage ?? directives.maxMessage ?? .max),
            agreement: agreement,
            policy: ContinuationPolicy(
                reportsAll: settings.reportsAll, continues: settings.reportsAll, showsPayloads: settings.showsFrames),
            streamStart: handshake?.byteCount ?? 0, budget: HistoryBudget())
        stream = new
        return new
    }
}

extension Handshake {
    /// The sender of a dump that begins with this: the request is the client's, the response the server's. Both
    /// together come from a transcript, and show nothing.
    fileprivate var sender: Endpoint? {
        if hasRequest { return status == nil ? .client : nil }
        return status == nil ? nil : .server
    }
}
