import Foundation

/// A capture of the corpus, and its expected findings.
public struct RecordedCapture: Sendable {
    /// The file's path relative to `Fixtures/captures/`.
    public let path: String
    /// The contents of the file.
    public let bytes: [UInt8]
    /// Its note.
    public let note: CaptureNote
    /// The contents of the key log that its note names, if any.
    public let keyLog: [UInt8]?

    /// Whether this is a text exported by another program rather than packets.
    public var isExport: Bool { path.hasSuffix(".txt") || path.hasSuffix(".yaml") }
}

/// The captures under `Fixtures/captures/`, each with its note.
public enum CaptureCorpus {
    /// The folder `Fixtures/captures/` of this checkout.
    public static let folder = FixtureCorpus.folder + "/captures"

    /// The paths of all captures with a note, relative to ``folder`` and sorted.
    public static let paths: [String] = files.filter { path in
        !path.hasSuffix(".note") && !path.hasSuffix(".keys") && files.contains(note(of: path))
    }.sorted()

    /// Files that are neither a capture with a note, nor a note with a capture, nor the description of the format.
    public static let strayFiles: [String] = files.filter { file in
        file != "FORMAT.md" && !paths.contains(file)
            && !paths.contains { note(of: $0) == file || keyLog(of: $0) == file }
    }.sorted()

    /// Loads a capture and its note.
    public static func load(_ path: String) throws -> RecordedCapture {
        let place = note(of: path)
        let note = try CaptureNote(
            path: "captures/" + place,
            text: try String(contentsOf: URL(fileURLWithPath: folder + "/" + place), encoding: .utf8))
        return RecordedCapture(
            path: path, bytes: try bytes(of: path), note: note,
            keyLog: note.keyLog == nil ? nil : try bytes(of: keyLog(of: path)))
    }

    private static let files: Set<String> = {
        let manager = FileManager.default
        let found = manager.subpaths(atPath: folder) ?? []
        return Set(found.filter { manager.contents(atPath: folder + "/" + $0) != nil })
    }()

    private static func note(of path: String) -> String { withoutEnding(path) + ".note" }

    /// The path of a capture's key log, relative to ``folder``, whether or not it exists.
    public static func keyLog(of path: String) -> String { withoutEnding(path) + ".keys" }

    private static func withoutEnding(_ path: String) -> String {
        String(path.prefix(upTo: path.lastIndex { $0 == "." || $0 == "/" } ?? path.endIndex))
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path)))
    }
}
