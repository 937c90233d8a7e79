import WebSocketCaptures
import WebSocketFrames

/// Judges one input from its first byte to its last: recognises its format by content, finds the conversations in it,
/// judges both directions of each, and says what happened and how each ended.
///
/// ```swift
/// var inspector = Inspector(InspectionSettings())
/// try inspector.feed(bytes.span) { print($0) }  // as often as bytes come
/// inspector.finish { print($0) }
/// ```
///
/// It opens no files and prints nothing. Findings come in order: those of a conversation together, its two streams
/// last. A violation is reported when what follows it is known, so that it can be explained: after another 4 MiB, at
/// the end, or when ``flush(_:)`` asks for it. Memory is bounded, whatever the input is.
public struct Inspector: ~Copyable {
    private enum Kind {
        case capture(isExport: Bool, isText: Bool = false)
        case dump(isHex: Bool)
    }

    private let settings: InspectionSettings
    private let source: String
    private let hops: HopLedger?
    private let recorder: ConversationRecorder?
    /// The number of bytes fed so far.
    public private(set) var size: UInt64 = 0
    /// Whether the input was not recognised, and is skipped because the settings say so: it has no findings.
    public private(set) var isSkipped = false

    /// Inflates a compressed capture.
    private var content: ContentReader
    /// The number of bytes of its content.
    private var contentSize: UInt64 = 0

    /// What has arrived before it is known what the input is. `start.count <= InputDetector.prefixCount` between
    /// calls
    private var start: [UInt8] = []
    private var dump: DumpInspector?
    private var capture: CaptureInspector?
    /// Whether nothing more is judged: the input has ended, or cannot be read any further.
    private var isOver = false

    /// Creates an inspector at the start of an input.
    ///
    /// - Parameters:
    ///   - settings: how to judge it.
    ///   - source: its name in findings.
    ///   - hops: the ledger in which the other hops of its conversations are searched for; nil for no search.
    ///   - recorder: records the conversations of a capture for a ``ConversationJudge``; nil to judge them here.
    public init(
        _ settings: InspectionSettings = InspectionSettings(), source: String = "-", hops: HopLedger? = nil,
        recorder: ConversationRecorder? = nil
    ) {
        self.settings = settings
        self.source = source
        self.hops = hops
        self.recorder = recorder
        content = settings.input == .auto || settings.input == .pcap ? ContentReader() : .plain
    }

    /// Judges the next bytes.
    ///
    /// - Parameter visit: receives each finding.
    /// - Throws: the reason why the input cannot be read any further, after all findings up to there, and the error
    ///   itself, have been reported. What is fed after that is ignored.
    public mutating func feed(_ bytes: Span<UInt8>, _ visit: (Finding) -> Void) throws(InputError) {
        var copy: [UInt8] = []
        var isPlainCapture = false
        if case .plain = content { isPlainCapture = capture != nil }
        if !isPlainCapture { copy.append(bytes) }
        size &+= UInt64(bytes.count)
        try attempt(visit) { inspector throws(InputFault) in
            if isPlainCapture {
                try inspector.capture?.feed(bytes, visit)
            } else {
                var chunk = Chunk(bytes: copy, range: 0..<copy.count)
                copy = []
                try inspector.feed(exchanging: &chunk, visit)
            }
        }
    }

    /// Judges the first `count` bytes of a buffer, which may be exchanged for another one: the last bytes of a dump
    /// are kept, and a buffer that is handed over need not be copied.
    ///
    /// - Parameters:
    ///   - buffer: has any size and content afterwards.
    ///   - visit: receives each finding.
    /// - Throws: as ``feed(_:_:)`` does.
    public mutating func feed(
        exchanging buffer: inout [UInt8], count: Int, _ visit: (Finding) -> Void
    ) throws(InputError) {
        precondition(count >= 0 && count <= buffer.count, "count is 0 to the buffer's size")
        size &+= UInt64(count)
        var chunk = Chunk(bytes: buffer, range: 0..<count)
        buffer = []
        defer { buffer = chunk.bytes }
        try attempt(visit) { inspector throws(InputFault) in try inspector.feed(exchanging: &chunk, visit) }
    }

    /// Stops waiting: reports what was found with what is known now. Call it when an input has been silent for a
    /// while, to show people what has happened.
    public mutating func flush(_ visit: (Finding) -> Void) {
        guard !isOver else { return }
        if dump == nil, capture == nil, start.contains(where: { $0 < 0x09 || $0 >= 0x7F }) {
            // An input with such bytes is not text of any kind, and more of it will not change that.
            try? attempt(visit) { inspector throws(InputFault) in try inspector.begin(isWhole: false, visit) }
        }
        dump?.flush(visit)
        capture?.flush(visit)
    }

    /// Ends the input.
    ///
    /// - Parameter visit: receives the remaining findings, including an error if the input may not end there.
    public mutating func finish(_ visit: (Finding) -> Void) {
        guard !isOver else { return }
        try? attempt(visit) { inspector throws(InputFault) in
            try inspector.endContent(visit)
            try inspector.dump?.finish(visit)
            let size = inspector.contentSize
            inspector.dump?.close(inputSize: size, visit)
            let isCapture = inspector.capture != nil
            inspector.dump = nil
            if isCapture {
                // Whatever happens, it has then ended.
                defer { inspector.capture = nil }
                try inspector.capture?.finish(visit)
            }
        }
        isOver = true
    }

    /// Ends an input that is not read to its end: the same as ``finish(_:)``, but it is not an error if the input may
    /// not end there.
    public mutating func stop(_ visit: (Finding) -> Void) {
        finish { finding in
            if case .error = finding { return }
            visit(finding)
        }
    }

    /// Ends an input that cannot be read any further, for a reason that the caller knows: reports what was found, and
    /// then the error.
    public mutating func fail(_ message: String, _ visit: (Finding) -> Void) {
        try? attempt(visit) { _ throws(InputFault) in throw InputFault(message: message) }
    }

    // MARK: -

    private mutating func attempt(
        _ visit: (Finding) -> Void, _ body: (inout Inspector) throws(InputFault) -> Void
    ) throws(InputError) {
        guard !isOver else { return }
        do throws(InputFault) {
            try body(&self)
        } catch {
            close(visit)
            let error = InputError(source: source, message: error.message)
            visit(.error(error))
            throw error
        }
    }

    /// Reports what was found.
    private mutating func close(_ visit: (Finding) -> Void) {
        isOver = true
        if dump?.hasBegun ?? false { dump?.close(inputSize: contentSize, visit) }
        capture?.close(visit)
        dump = nil
        capture = nil
    }

    private mutating func feed(exchanging chunk: inout Chunk, _ visit: (Finding) -> Void) throws(InputFault) {
        if case .plain = content { return try feedContent(exchanging: &chunk, visit) }
        try readContent(chunk.bytes.span.extracting(chunk.range), visit)
    }

    /// Ends the content: what was read of it is all there is, and is judged even if compressed data is cut off.
    private mutating func endContent(_ visit: (Finding) -> Void) throws(InputFault) {
        var fault: InputFault?
        do throws(InputFault) { try readContent(nil, visit) } catch { fault = error }
        if dump == nil, capture == nil { try begin(isWhole: true, visit) }
        guard let fault else { return }
        try? dump?.finish(visit)
        throw fault
    }

    /// - Parameter bytes: the next bytes; nil at the end.
    private mutating func readContent(_ bytes: Span<UInt8>?, _ visit: (Finding) -> Void) throws(InputFault) {
        // What it passes on is judged meanwhile.
        var content = ContentReader.plain
        swap(&content, &self.content)
        defer { swap(&content, &self.content) }
        var fault: InputFault?
        func judge(_ piece: Span<UInt8>) {
            guard fault == nil else { return }
            var copy: [UInt8] = []
            copy.append(piece)
            var chunk = Chunk(bytes: copy, range: 0..<copy.count)
            do throws(InputFault) {
                try feedContent(exchanging: &chunk, visit)
            } catch {
                fault = error
            }
        }
        do throws(CaptureError) {
            if let bytes { try content.read(bytes, judge) } else { try content.finish(judge) }
        } catch {
            fault = fault ?? InputFault(message: "\(error)")
        }
        if let fault { throw fault }
    }

    private mutating func feedContent(
        exchanging chunk: inout Chunk, _ visit: (Finding) -> Void
    ) throws(InputFault) {
        contentSize &+= UInt64(chunk.range.count)
        if dump != nil {
            try dump?.feed(exchanging: &chunk, visit)
        } else if capture != nil {
            try capture?.feed(chunk.bytes.span.extracting(chunk.range), visit)
        } else if !isSkipped {
            start += chunk.bytes[chunk.range]
            let isKnown =
                settings.input != .auto || start.count > InputDetector.prefixCount
                || InputDetector.captureKind(of: start.span) != nil
            if isKnown, !start.isEmpty { try begin(isWhole: false, visit) }
        }
    }

    /// Decides what the input is, and judges what has arrived of it.
    private mutating func begin(isWhole: Bool, _ visit: (Finding) -> Void) throws(InputFault) {
        switch try kind(isWhole: isWhole) {
        case .dump(let isHex): dump = DumpInspector(source: source, settings: settings, isHex: isHex)
        case .capture(let isExport, let isText):
            capture = CaptureInspector(
                source: source, settings: settings, isExport: isExport, isText: isText,
                recorder: recorder ?? ConversationRecorder(),
                judge: recorder == nil ? ConversationJudge(settings, source: source, hops: hops) : nil)
        case nil: isSkipped = true
        }
        var chunk = Chunk(bytes: start, range: 0..<start.count)
        start = []
        contentSize &-= UInt64(chunk.range.count)
        if !isSkipped { try feedContent(exchanging: &chunk, visit) }
    }

    private func kind(isWhole: Bool) throws(InputFault) -> Kind? {
        switch settings.input {
        case .raw: return .dump(isHex: false)
        case .hex: return .dump(isHex: true)
        case .pcap: return .capture(isExport: false)
        case .auto: break
        }
        let prefix = start.span.extracting(first: InputDetector.prefixCount)
        let isWhole = isWhole && start.count <= InputDetector.prefixCount
        switch InputDetector.kind(of: prefix, isWhole: isWhole, isMeant: !settings.skipsUnrecognised) {
        case .raw: return settings.skipsUnrecognised ? nil : .dump(isHex: false)
        case .hex: return .dump(isHex: true)
        case .pcap, .pcapng: return .capture(isExport: false)
        case .packetText: return .capture(isExport: false, isText: true)
        case .export: return .capture(isExport: true)
        case .unsupported(let reason):
            guard !settings.skipsUnrecognised else { return nil }
            throw InputFault(message: reason)
        }
    }
}
