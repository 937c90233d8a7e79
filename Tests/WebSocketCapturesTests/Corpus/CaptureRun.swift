import FixtureCorpus
import PlainCryptography
import WebSocketCaptures
import WebSocketFrames

/// A capture, or an export of one, on its way through the readers, and what they have reported so far.
///
/// A value: a copy can be ended while the original reads on.
struct CaptureRun {
    /// An event and its bytes.
    struct Seen: Hashable {
        var conversation: Int
        var event: ConversationEvent
        var bytes: [UInt8]
    }

    private enum Reader {
        case packets(CapturedConversations)
        case export(ExportedConversations)
    }

    private var reader: Reader
    private(set) var seen: [Seen] = []
    /// What is wrong with the file.
    private(set) var fault: String?
    /// Where that is, in a packet capture.
    private(set) var faultOffset: UInt64?
    private(set) var survey = CaptureSurvey()

    init(
        isExport: Bool, isText: Bool = false, options: ConversationOptions = ConversationOptions(),
        keyLog: [UInt8]? = nil
    ) {
        var log = KeyLog()
        if let keyLog { log.read(keyLog.span) }
        let keys = TLSKeys(log: log) { RememberedCryptography.shared }
        reader =
            isExport
            ? .export(ExportedConversations(options: options))
            : .packets(CapturedConversations(options: options, isText: isText, keys: keys))
    }

    /// Reads a whole capture, in pieces of `size` bytes.
    init(
        _ bytes: [UInt8], isExport: Bool = false, isText: Bool = false, pieces: Int = .max, keyLog: [UInt8]? = nil
    ) {
        self.init(isExport: isExport, isText: isText, keyLog: keyLog)
        var start = 0
        while start < bytes.count, fault == nil {
            let end = min(bytes.count, start + min(pieces, bytes.count))
            read(bytes[start..<end])
            start = end
        }
        end()
    }

    mutating func read(_ piece: ArraySlice<UInt8>) {
        run(piece) { (reader, piece, visit) throws in
            switch reader {
            case .packets(var packets):
                defer { reader = .packets(packets) }
                try packets.read(piece, visit)
            case .export(var export):
                defer { reader = .export(export) }
                try export.read(piece, visit)
            }
        }
    }

    /// Ends the file, or stops where it is broken.
    mutating func end() {
        let isBroken = fault != nil
        run([]) { (reader, _, visit) throws in
            switch reader {
            case .packets(var packets):
                defer { reader = .packets(packets) }
                if isBroken { packets.close(visit) } else { try packets.finish(visit) }
            case .export(var export):
                defer { reader = .export(export) }
                if isBroken { export.close(visit) } else { try export.finish(visit) }
            }
        }
        switch reader {
        case .packets(let packets): survey = packets.survey
        case .export(let export): survey = export.survey
        }
    }

    private mutating func run(
        _ piece: ArraySlice<UInt8>,
        _ body: (inout Reader, Span<UInt8>, CapturedConversations.Visitor) throws -> Void
    ) {
        var seen: [Seen] = []
        do {
            try body(&reader, piece.span) { conversation, event, bytes in
                seen.append(Seen(conversation: conversation, event: event, bytes: bytes.indices.map { bytes[$0] }))
            }
        } catch {
            fault = "\(error)"
            faultOffset = (error as? CaptureError)?.offset
        }
        self.seen += seen
    }
}
