import Foundation

/// Finds the program under test, which the build puts next to the tests.
enum Executable {
    static let url: URL? = folders.map { $0.appendingPathComponent("wsframes") }.first { url in
        let kind = try? url.resourceValues(forKeys: [.isRegularFileKey, .isExecutableKey])
        return kind?.isRegularFile == true && kind?.isExecutable == true
    }

    /// Every folder that may be the build folder: those above the running program, above each loaded bundle, and above the test
    /// bundle that a helper was asked to load.
    private static var folders: [URL] {
        var places = [Bundle.main.executableURL, Bundle.main.bundleURL, Bundle(for: Marker.self).bundleURL]
        places += Bundle.allBundles.map(\.bundleURL)
        places += CommandLine.arguments.filter { $0.contains(".xctest") }.map { URL(fileURLWithPath: $0) }
        return places.compactMap { $0 }.flatMap(upwards)
    }

    /// The folders above `url`: the executable of a test bundle is up to three levels below the bundle.
    private static func upwards(_ url: URL) -> [URL] {
        var folders = [url]
        for _ in 0..<4 { folders.append(folders[folders.count - 1].deletingLastPathComponent()) }
        return folders
    }

    private final class Marker {}
}
