import WebSocketCaptures

/// Judges a capture, or another program's export of one: input → conversations → findings.
struct CaptureInspector {
    private enum Kind { case packets, export }

    private let source: String
    private let hasKeyLog: Bool
    private let cryptographyAdvice: String
    private let kind: Kind
    private var packets: CapturedConversations
    private var export: ExportedConversations
    private let conversations: any ConversationFollower

    /// - Parameters:
    ///   - isExport: a text that another program exported, not packets.
    ///   - isText: packets in rows of a dump.
    ///   - conversations: is told what happens in them.
    init(
        source: String, settings: InspectionSettings, isExport: Bool, isText: Bool = false,
        conversations: any ConversationFollower
    ) {
        self.source = source
        hasKeyLog = settings.hasKeyLog
        cryptographyAdvice = settings.cryptographyAdvice
        kind = isExport ? .export : .packets
        packets = CapturedConversations(options: settings.conversations, isText: isText, keys: settings.keys)
        export = ExportedConversations(options: settings.conversations)
        self.conversations = conversations
    }

    /// Judges the next bytes of the input.
    mutating func feed(_ bytes: Span<UInt8>, _ visit: (Finding) -> Void) throws(InputFault) {
        let conversations = conversations
        do {
            switch kind {
            case .packets: try packets.read(bytes) { conversations.feed($0, $1, $2, visit) }
            case .export: try export.read(bytes) { conversations.feed($0, $1, $2, visit) }
            }
        } catch {
            // Errors of either reader say what is wrong, and where.
            throw InputFault(message: "\(error)")
        }
    }

    /// Another file of the same capture begins.
    mutating func beginNextFile() throws(InputFault) {
        do {
            try packets.beginNextFile()
        } catch {
            throw InputFault(message: "\(error)")
        }
    }

    /// No more is waited for.
    func flush(_ visit: (Finding) -> Void) {
        conversations.flush(visit)
    }

    /// The input has ended: all conversations are ended.
    mutating func finish(_ visit: (Finding) -> Void) throws(InputFault) {
        let conversations = conversations
        conversations.beginEnd(at: survey.last)
        var fault: InputFault?
        do {
            switch kind {
            case .packets: try packets.finish { conversations.feed($0, $1, $2, visit) }
            case .export: try export.finish { conversations.feed($0, $1, $2, visit) }
            }
        } catch {
            fault = InputFault(message: "\(error)")
        }
        noteSurvey(isBroken: fault != nil, visit)
        if let fault { throw fault }
    }

    /// The input cannot be read on: what was found up to here is given.
    mutating func close(_ visit: (Finding) -> Void) {
        let conversations = conversations
        conversations.beginEnd(at: survey.last)
        switch kind {
        case .packets: packets.close { conversations.feed($0, $1, $2, visit) }
        case .export: export.close { conversations.feed($0, $1, $2, visit) }
        }
        noteSurvey(isBroken: true, visit)
    }

    private var survey: CaptureSurvey { kind == .packets ? packets.survey : export.survey }

    private func noteSurvey(isBroken: Bool, _ visit: (Finding) -> Void) {
        let notices = CaptureNotices(
            survey: survey, isExport: kind == .export,
            sealed: SealedConnections(
                source: source, survey: survey, hasKeyLog: hasKeyLog, cryptographyAdvice: cryptographyAdvice),
            conversations: isBroken ? nil : conversations.count)
        let origin = StreamOrigin(source: source, connection: nil, sender: nil)
        for notice in notices.all { conversations.give(.notice(NoticeFinding(origin: origin, notice)), visit) }
    }
}
