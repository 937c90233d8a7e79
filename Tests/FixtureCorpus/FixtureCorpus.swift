import Foundation
import WebSocketFrames

/// The corpus under `Fixtures/`: finds it relative to the sources, and loads every case.
public enum FixtureCorpus {
    /// The folder `Fixtures/` of this checkout.
    public static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures").path

    /// Every case that is judged frame by frame, sorted by path: all except those whose messages must be inflated.
    ///
    /// - Throws: a ``FixtureError`` for the first file that does not conform to `FORMAT.md`.
    public static func load() throws(FixtureError) -> [Fixture] {
        try loadAll().filter { !$0.extensions.inflates }
    }

    /// Every case, sorted by path. Loaded once.
    public static func loadAll() throws(FixtureError) -> [Fixture] {
        try loaded.get()
    }

    private static let loaded = Result { () throws(FixtureError) in
        var fixtures: [Fixture] = []
        for path in try paths() {
            guard let data = FileManager.default.contents(atPath: folder + "/" + path) else {
                throw FixtureError(path: path, line: 1, message: "cannot be read")
            }
            fixtures.append(try Fixture(path: path, file: [UInt8](data)))
        }
        return fixtures
    }

    /// The paths of all cases relative to ``folder``, sorted by their bytes.
    private static func paths() throws(FixtureError) -> [String] {
        guard let found = FileManager.default.subpaths(atPath: folder) else {
            throw FixtureError(path: folder, line: 1, message: "the folder cannot be read")
        }
        var paths: [String] = []
        for path in found where path.hasSuffix(".hex") {
            switch path.prefix(while: { $0 != "/" }) {
            // Whole conversations in other formats, and inputs as users have them, are not in this format.
            case "captures", "field": break
            case "recorded", "diagnosis": paths.append(path)
            case let section where section.hasPrefix("rfc"): paths.append(path)
            default: throw FixtureError(path: path, line: 1, message: "is in no section of an RFC")
            }
        }
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
