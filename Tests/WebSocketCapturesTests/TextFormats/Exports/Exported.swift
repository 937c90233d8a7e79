import Testing
import WebSocketCaptures

/// The result of reading an export.
struct Exported: Equatable {
    /// An event and its bytes.
    struct Entry: Hashable {
        var event: ExportEvent
        var bytes: [UInt8]
    }

    var entries: [Entry] = []
    var error: TextError?

    /// Reads a text that arrives in pieces.
    init(_ pieces: [ArraySlice<UInt8>]) {
        var reader = ExportReader()
        var entries: [Entry] = []
        func visit(_ event: ExportEvent, _ bytes: Span<UInt8>) {
            entries.append(Entry(event: event, bytes: bytes.indices.map { bytes[$0] }))
        }
        do throws(TextError) {
            for piece in pieces { try reader.read(Array(piece).span, visit) }
            try reader.finish(visit)
        } catch {
            self.error = error
        }
        self.entries = entries
    }

    /// Reads a text as a whole, byte by byte, and in two pieces at a hundred cuts; all results must be equal.
    static func everyWay(_ text: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) -> Exported {
        let whole = Exported([text[...]])
        let single = Exported(text.indices.map { text[$0...$0] })
        #expect(single == whole, "byte by byte", sourceLocation: sourceLocation)
        for cut in stride(from: 0, to: text.count, by: max(1, text.count / 100)) {
            let cutInTwo = Exported([text[..<cut], text[cut...]])
            if cutInTwo != whole {
                Issue.record("cut at \(cut): \(cutInTwo) instead of \(whole)", sourceLocation: sourceLocation)
                break
            }
        }
        return whole
    }

    static func everyWay(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Exported {
        everyWay(Array(text.utf8), sourceLocation: sourceLocation)
    }

    /// All events except those with bytes.
    var turns: [ExportEvent] {
        entries.map(\.event).filter { event in
            if case .bytes = event { false } else { true }
        }
    }

    func stream(_ side: TCPPeer) -> [UInt8] {
        entries.flatMap { entry -> [UInt8] in
            guard case .bytes(side, _) = entry.event else { return [] }
            return entry.bytes
        }
    }
}
