import WebSocketCaptures

/// Judges a capture, or another program's export of one: finds its conversations and reports what is wrong with them.
struct CaptureInspector {
    private enum Kind { case packets, export }

    private let source: String
    /// The arguments that name the input, for a shell.
    private var operands: String
    private let hasKeyLog: Bool
    private let cryptographyAdvice: String
    private let kind: Kind
    private var packets: CapturedConversations
    private var export: ExportedConversations
    private let recorder: ConversationRecorder
    /// Judges what was recorded; nil if that is done elsewhere.
    private let judge: ConversationJudge?

    /// - Parameters:
    ///   - isExport: whether the input is a text that another program exported, not packets.
    ///   - isText: whether the packets are in rows of a dump.
    ///   - recorder: records the events of the conversations.
    ///   - judge: judges what was recorded; nil if that is done elsewhere.
    init(
        source: String, settings: InspectionSettings, isExport: Bool, isText: Bool = false,
        recorder: ConversationRecorder, judge: ConversationJudge?
    ) {
        self.source = source
        operands = SealedConnections.shellWord(source)
        hasKeyLog = settings.hasKeyLog
        cryptographyAdvice = settings.cryptographyAdvice
        kind = isExport ? .export : .packets
        packets = CapturedConversations(options: settings.conversations, isText: isText, keys: settings.keys)
        export = ExportedConversations(options: settings.conversations)
        self.recorder = recorder
        self.judge = judge
    }

    /// - Parameter firstTimes: the time of the first packet of each file, in ascending order.
    init(
        series firstTimes: [CaptureTime], source: String, settings: InspectionSettings, judge: ConversationJudge
    ) {
        self.init(
            source: source, settings: settings, isExport: false, recorder: ConversationRecorder(), judge: judge)
        operands = "--join \(operands) …"
        packets = CapturedConversations(
            series: firstTimes, options: settings.conversations, keys: settings.keys)
    }

    /// The index of the file of a series of which the next bytes are needed; nil if all have ended.
    var nextFile: Int? { packets.nextFile }

    /// Judges the next bytes of the input, or of the file ``nextFile`` of a series.
    mutating func feed(_ bytes: Span<UInt8>, _ visit: (Finding) -> Void) throws(InputFault) {
        try readOn(bytes, visit)
    }

    /// Ends the file ``nextFile`` of a series.
    mutating func endFile(_ visit: (Finding) -> Void) throws(InputFault) {
        try readOn(nil, visit)
    }

    /// - Parameter bytes: nil ends the file ``nextFile``.
    private mutating func readOn(_ bytes: Span<UInt8>?, _ visit: (Finding) -> Void) throws(InputFault) {
        let judge = judge
        defer { judgeRest(visit) }
        try recorder.record { batch throws(InputFault) in
            do {
                guard let bytes else { return try packets.endFile { batch.add($0, $1, $2, for: judge, visit) } }
                switch kind {
                case .packets: try packets.read(bytes) { batch.add($0, $1, $2, for: judge, visit) }
                case .export: try export.read(bytes) { batch.add($0, $1, $2, for: judge, visit) }
                }
            } catch {
                // Errors of either reader say what is wrong, and where.
                throw InputFault(message: "\(error)")
            }
        }
    }

    private func judgeRest(_ visit: (Finding) -> Void) {
        if let judge { recorder.record { $0.hand(to: judge, visit) } }
    }

    /// Stops waiting for further bytes.
    func flush(_ visit: (Finding) -> Void) {
        judge?.flush(visit)
    }

    /// Ends the input, and with it all conversations.
    mutating func finish(_ visit: (Finding) -> Void) throws(InputFault) {
        let (judge, last) = (judge, survey.last)
        var fault: InputFault?
        recorder.record { batch in
            batch.add(.end(last))
            do {
                switch kind {
                case .packets: try packets.finish { batch.add($0, $1, $2, for: judge, visit) }
                case .export: try export.finish { batch.add($0, $1, $2, for: judge, visit) }
                }
            } catch {
                fault = InputFault(message: "\(error)")
            }
        }
        noteSurvey(isBroken: fault != nil, visit)
        if let fault { throw fault }
    }

    /// Ends an input that cannot be read any further: reports what was found up to here.
    mutating func close(_ visit: (Finding) -> Void) {
        let (judge, last) = (judge, survey.last)
        recorder.record { batch in
            batch.add(.end(last))
            switch kind {
            case .packets: packets.close { batch.add($0, $1, $2, for: judge, visit) }
            case .export: export.close { batch.add($0, $1, $2, for: judge, visit) }
            }
        }
        noteSurvey(isBroken: true, visit)
    }

    private var survey: CaptureSurvey { kind == .packets ? packets.survey : export.survey }

    private func noteSurvey(isBroken: Bool, _ visit: (Finding) -> Void) {
        let notices = CaptureNotices(
            survey: survey, isExport: kind == .export,
            sealed: SealedConnections(
                operands: operands, survey: survey, hasKeyLog: hasKeyLog, cryptographyAdvice: cryptographyAdvice),
            conversations: isBroken ? nil : recorder.count)
        let origin = StreamOrigin(source: source, connection: nil, sender: nil)
        for notice in notices.all { recorder.add(.notice(NoticeFinding(origin: origin, notice))) }
        judgeRest(visit)
    }
}
