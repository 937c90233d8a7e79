import Foundation

/// Finds products of the build, which are next to the tests.
enum BuiltProduct {
    /// The first of these paths that exists in the build folder, if any.
    static func url(of paths: String...) -> URL? {
        var places = [Bundle.main.executableURL, Bundle.main.bundleURL].compactMap { $0 }
        places += Bundle.allBundles.map(\.bundleURL)
        places += CommandLine.arguments.filter { $0.contains(".xctest") }.map { URL(fileURLWithPath: $0) }
        for place in places {
            var folder = place
            for _ in 0..<5 {
                for path in paths {
                    let url = folder.appendingPathComponent(path)
                    let kind = try? url.resourceValues(forKeys: [.isRegularFileKey, .isDirectoryKey])
                    // A folder may have the name of a program: its sources.
                    if kind?.isRegularFile == true || (kind?.isDirectory == true && path.hasSuffix(".swiftmodule")) {
                        return url
                    }
                }
                folder.deleteLastPathComponent()
            }
        }
        return nil
    }
}
