import WebSocketFrames

/// The content of a file, passed in pieces of any size: what it inflates to if it is compressed with gzip, and its
/// bytes if it is not.
///
/// ```swift
/// var content = ContentReader()
/// try content.read(received.span) { piece in print(piece.count) }
/// try content.finish { piece in print(piece.count) }
/// ```
public enum ContentReader: Sendable {
    /// Not yet known: these first bytes are too few to decide.
    case undecided([UInt8])
    /// The file is not compressed.
    case plain
    /// The file is compressed with gzip.
    case gzip(GzipReader)

    /// Creates a reader at the start of a file.
    public init() { self = .undecided([]) }

    /// Reads the next piece of the file.
    ///
    /// - Parameters:
    ///   - piece: the next bytes of the file.
    ///   - visit: receives its content, piece by piece.
    /// - Throws: an error where compressed data is damaged; everything before that has been visited.
    public mutating func read(_ piece: Span<UInt8>, _ visit: (Span<UInt8>) -> Void) throws(CaptureError) {
        switch self {
        case .plain: visit(piece)
        case .gzip(var reader):
            // Moved out, to keep it from being copied.
            self = .plain
            defer { self = .gzip(reader) }
            try reader.read(piece, visit)
        case .undecided(var start):
            start.append(piece)
            guard start.count >= 3 else {
                self = .undecided(start)
                return
            }
            self = GzipReader.isGzip(start.span) ? .gzip(GzipReader()) : .plain
            try read(start.span, visit)
        }
    }

    /// Ends the file.
    ///
    /// - Parameter visit: receives the content of a file that is too short to be compressed.
    /// - Throws: an error if compressed data is damaged, or ends too early.
    public mutating func finish(_ visit: (Span<UInt8>) -> Void) throws(CaptureError) {
        switch self {
        case .plain: break
        case .undecided(let start):
            self = .plain
            if !start.isEmpty { visit(start.span) }
        case .gzip(var reader):
            defer { self = .gzip(reader) }
            try reader.finish()
        }
    }
}
