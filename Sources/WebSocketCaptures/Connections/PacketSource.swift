/// The source of packets.
enum PacketSource: Sendable {
    case file(CaptureReader)
    case text(PacketText)
    /// None, while the source is being read.
    case none

    var holdsDecryptionSecrets: Bool {
        if case .file(let reader) = self { reader.holdsDecryptionSecrets } else { false }
    }

    mutating func read(
        _ piece: Span<UInt8>, secrets: (Span<UInt8>) -> Void, visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) {
        switch self {
        case .file(var reader):
            // Moved out, to keep it from being copied.
            self = .none
            defer { self = .file(reader) }
            try reader.read(piece, secrets: secrets, visit: visit)
        case .text(var text):
            self = .none
            defer { self = .text(text) }
            try text.read(piece, visit)
        case .none: break
        }
    }

    /// Ends a text, whose last packet may not have an end of its own.
    mutating func endText(_ visit: (PacketRecord, Span<UInt8>) -> Void) {
        guard case .text(var text) = self else { return }
        text.finish(visit)
        self = .text(text)
    }

    mutating func finish() throws(CaptureError) {
        guard case .file(var reader) = self else { return }
        defer { self = .file(reader) }
        try reader.finish()
    }
}
