/// The source of packets.
enum PacketSource: Sendable {
    case file(CaptureReader)
    case text(PacketText)
    case series(PacketMerge)
    /// None, while the source is being read.
    case none

    var holdsDecryptionSecrets: Bool {
        switch self {
        case .file(let reader): reader.holdsDecryptionSecrets
        case .series(let merge): merge.holdsDecryptionSecrets
        case .text, .none: false
        }
    }

    /// The index of the file of which more bytes are needed; nil if all files have ended.
    var nextFile: Int? { if case .series(let merge) = self { merge.nextFile } else { nil } }

    /// Reads the next piece, which is of the file ``nextFile`` in a series; nil ends that file.
    mutating func read(
        _ piece: Span<UInt8>?, secrets: (Span<UInt8>) -> Void, visit: (PacketRecord, Span<UInt8>) -> Void
    ) throws(CaptureError) {
        guard let piece else {
            guard case .series(var merge) = self else { return }
            self = .none
            defer { self = .series(merge) }
            return try merge.endFile(secrets: secrets, visit: visit)
        }
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
        case .series(var merge):
            self = .none
            defer { self = .series(merge) }
            try merge.read(piece, secrets: secrets, visit: visit)
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
