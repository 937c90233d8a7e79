import Foundation

/// A capture of the corpus, and what must be found in it.
public struct RecordedCapture: Sendable {
    /// The file's path below `Fixtures/captures/`.
    public let path: String
    /// The file.
    public let bytes: [UInt8]
    /// Its note.
    public let note: CaptureNote
    /// The key log that its note names; nil if it names none.
    public let keyLog: [UInt8]?

    /// A text that another program exported, not packets.
    public var isExport: Bool { path.hasSuffix(".txt") || path.hasSuffix(".yaml") }
}

/// The captures under `Fixtures/captures/`, each with its note.
public enum CaptureCorpus {
    /// The folder `Fixtures/captures/` of this checkout.
    public static let folder = FixtureCorpus.folder + "/captures"

    /// The paths of all captures below ``folder``, sorted; those that a note belongs to.
    public static let paths: [String] = files.filter { path in
        !path.hasSuffix(".note") && !path.hasSuffix(".keys") && files.contains(note(of: path))
    }.sorted()

    /// Files that are neither a capture with a note nor the note of one, nor the format's description.
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

    /// The path below ``folder`` of the key log that belongs to a capture, if there is one.
    public static func keyLog(of path: String) -> String { withoutEnding(path) + ".keys" }

    private static func withoutEnding(_ path: String) -> String {
        String(path.prefix(upTo: path.lastIndex { $0 == "." || $0 == "/" } ?? path.endIndex))
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path)))
    }
}
