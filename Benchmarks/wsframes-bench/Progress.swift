import Foundation

/// One line on standard error that says what is being done; nothing if it is not a terminal.
struct Progress {
    private let isShown = isatty(2) == 1

    /// Replaces the line.
    func show(_ text: String) {
        write("\r\u{1B}[K" + text)
    }

    /// Removes the line.
    func clear() {
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        if isShown { FileHandle.standardError.write(Data(text.utf8)) }
    }
}

/// The machine that the figures come from.
enum Machine {
    /// The processor's model name; its architecture if it has none.
    static let processor: String = {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        return model?.trimmingCharacters(in: .whitespaces) ?? architecture
    }()

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown"
        #endif
    }

    /// The compiler that this was built with.
    static var swift: String {
        #if compiler(>=6.5)
            "Swift 6.5 or later"
        #elseif compiler(>=6.4)
            "Swift 6.4"
        #elseif compiler(>=6.3.1)
            "Swift 6.3.1"
        #elseif compiler(>=6.3)
            "Swift 6.3"
        #else
            "Swift 6.2"
        #endif
    }

    /// Whether this was built without optimisation: the figures mean nothing then.
    static var isDebugBuild: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }
}
