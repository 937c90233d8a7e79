import Foundation

/// Where the program under test is: the build puts it beside the tests.
enum Executable {
    static let url: URL? = folders.map { $0.appendingPathComponent("wsframes") }.first { url in
        let kind = try? url.resourceValues(forKeys: [.isRegularFileKey, .isExecutableKey])
        return kind?.isRegularFile == true && kind?.isExecutable == true
    }

    /// Every folder that may be the build's: around the running program, around each loaded bundle, and around the test
    /// bundle where a helper was reported to load it.
    private static var folders: [URL] {
        var places = [Bundle.main.executableURL, Bundle.main.bundleURL, Bundle(for: Marker.self).bundleURL]
        places += Bundle.allBundles.map(\.bundleURL)
        places += CommandLine.arguments.filter { $0.contains(".xctest") }.map { URL(fileURLWithPath: $0) }
        return places.compactMap { $0 }.flatMap(upwards)
    }

    /// The folders above `url`: a test bundle has its program up to three below itself.
    private static func upwards(_ url: URL) -> [URL] {
        var folders = [url]
        for _ in 0..<4 { folders.append(folders[folders.count - 1].deletingLastPathComponent()) }
        return folders
    }

    private final class Marker {}
}
