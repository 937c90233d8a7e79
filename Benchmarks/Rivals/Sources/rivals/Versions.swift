import Foundation

/// The versions that the figures were made with.
enum Versions {
    /// SwiftNIO's version, as the package manager resolved it.
    static let nio: String = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Package.resolved")
        let pins = (try? JSONDecoder().decode(Resolved.self, from: Data(contentsOf: file)))?.pins
        return pins?.first { $0.identity == "swift-nio" }?.state.version ?? "of unknown version"
    }()

    /// Returns a Debian package's version as `run` found it, for libraries whose headers do not contain it.
    static func package(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name + "_VERSION"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The processor's model name.
    static let processor: String = {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        return model?.trimmingCharacters(in: .whitespaces) ?? "a processor that does not say its name"
    }()

    private struct Resolved: Decodable {
        let pins: [Pin]
        struct Pin: Decodable {
            let identity: String
            let state: State
        }
        struct State: Decodable {
            let version: String?
        }
    }
}
