import WebSocketCaptures
import WebSocketFrames
import WebSocketReports

/// Judges a capture, or another program's export of one: input → conversations → findings.
struct CaptureJudge {
    private enum Reader {
        case packets(CapturedConversations)
        case export(ExportedConversations)
        /// At work, or at its end.
        case none
    }

    private let source: String
    private var reader: Reader
    private var conversations: ConversationsJudge
    private let isExport: Bool
    private let hasKeyLog: Bool
    private var notices: [Finding] = []
    private var isClosed = false

    /// - Parameters:
    ///   - isExport: a text that another program exported, not packets.
    ///   - isText: packets in rows of a dump.
    init(source: String, options: JudgingOptions, isExport: Bool, isText: Bool = false) {
        self.source = source
        self.isExport = isExport
        hasKeyLog = options.hasKeyLog
        conversations = ConversationsJudge(source: source, options: options)
        reader =
            isExport
            ? .export(ExportedConversations(options: options.conversations))
            : .packets(
                CapturedConversations(options: options.conversations, isText: isText, keys: options.keys))
    }

    /// What was found since the last call.
    mutating func takeFindings() -> [Finding] {
        defer { notices = [] }
        return conversations.takeFindings() + notices
    }

    /// Judges the next piece of the input.
    mutating func judge(_ piece: Span<UInt8>) throws(InputFault) {
        try withReader { (reader, conversations) throws(InputFault) in
            do {
                switch reader {
                case .packets(var packets):
                    // One owner at a time, or it would be copied.
                    reader = .none
                    defer { reader = .packets(packets) }
                    try packets.read(piece) { conversations.see($0, $1, $2) }
                case .export(var export):
                    reader = .none
                    defer { reader = .export(export) }
                    try export.read(piece) { conversations.see($0, $1, $2) }
                case .none: break
                }
            } catch {
                // Errors of either reader say what is wrong, and where.
                throw InputFault(message: "\(error)")
            }
        }
    }

    /// The input has ended where it may, or may not: all conversations are ended.
    mutating func finish() throws(InputFault) {
        conversations.isAtEnd = true
        isClosed = true
        var isBroken = true
        defer { noteSurvey(isBroken: isBroken) }
        try withReader { (reader, conversations) throws(InputFault) in
            do {
                switch reader {
                case .packets(var packets):
                    reader = .none
                    defer { reader = .packets(packets) }
                    conversations.last = packets.survey.last
                    try packets.finish { conversations.see($0, $1, $2) }
                case .export(var export):
                    reader = .none
                    defer { reader = .export(export) }
                    try export.finish { conversations.see($0, $1, $2) }
                case .none: break
                }
            } catch {
                // Errors of either reader say what is wrong, and where.
                throw InputFault(message: "\(error)")
            }
        }
        isBroken = false
    }

    /// The input cannot be read on: what was found up to here is reported.
    mutating func close() {
        guard !isClosed else { return }
        conversations.isAtEnd = true
        isClosed = true
        withReader { reader, conversations in
            switch reader {
            case .packets(var packets):
                reader = .none
                defer { reader = .packets(packets) }
                conversations.last = packets.survey.last
                packets.close { conversations.see($0, $1, $2) }
            case .export(var export):
                reader = .none
                defer { reader = .export(export) }
                export.close { conversations.see($0, $1, $2) }
            case .none: break
            }
        }
        noteSurvey(isBroken: true)
    }

    private mutating func withReader<Failure: Error>(
        _ body: (inout Reader, inout ConversationsJudge) throws(Failure) -> Void
    ) throws(Failure) {
        var reader = Reader.none
        swap(&reader, &self.reader)
        defer { swap(&reader, &self.reader) }
        try body(&reader, &conversations)
    }

    // MARK: - What is said of the whole input

    private mutating func noteSurvey(isBroken: Bool) {
        let survey =
            switch reader {
            case .packets(let packets): packets.survey
            case .export(let export): export.survey
            case .none: CaptureSurvey()
            }
        notices += CaptureNotices(
            source: source, survey: survey, isExport: isExport, hasKeyLog: hasKeyLog,
            conversations: isBroken ? nil : conversations.count
        ).notices.map(Finding.notice)
    }
}
