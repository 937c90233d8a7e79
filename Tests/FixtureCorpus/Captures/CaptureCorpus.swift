import Foundation

/// A capture of the corpus, and what must be found in it.
public struct RecordedCapture: Sendable {
    /// The file's path below `Fixtures/captures/`.
    public let path: String
    /// The file.
    public let bytes: [UInt8]
    /// Its note.
    public let note: CaptureNote

    /// A text that another program exported, not packets.
    public var isExport: Bool { path.hasSuffix(".txt") || path.hasSuffix(".yaml") }
}

/// The captures under `Fixtures/captures/`, each with its note.
public enum CaptureCorpus {
    /// The folder `Fixtures/captures/` of this checkout.
    public static let folder = FixtureCorpus.folder + "/captures"

    /// The paths of all captures below ``folder``, sorted; those that a note belongs to.
    public static let paths: [String] = files.filter { path in
        !path.hasSuffix(".note") && files.contains(note(of: path))
    }.sorted()

    /// Files that are neither a capture with a note nor the note of one, nor the format's description.
    public static let strayFiles: [String] = files.filter { file in
        file != "FORMAT.md" && !paths.contains(file) && !paths.contains { note(of: $0) == file }
    }.sorted()

    /// Loads a capture and its note.
    public static func load(_ path: String) throws -> RecordedCapture {
        let note = note(of: path)
        return RecordedCapture(
            path: path, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path))),
            note: try CaptureNote(
                path: "captures/" + note,
                text: try String(contentsOf: URL(fileURLWithPath: folder + "/" + note), encoding: .utf8)))
    }

    private static let files: Set<String> = {
        let manager = FileManager.default
        let found = manager.subpaths(atPath: folder) ?? []
        return Set(found.filter { manager.contents(atPath: folder + "/" + $0) != nil })
    }()

    private static func note(of path: String) -> String {
        let name = path.prefix(upTo: path.lastIndex { $0 == "." || $0 == "/" } ?? path.endIndex)
        return name + ".note"
    }
}
