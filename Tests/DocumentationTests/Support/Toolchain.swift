import Foundation
import Testing

/// Programs of the toolchain, and of the system if it has them.
enum Toolchain {
    /// The program with that name, if any.
    static func program(_ name: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = [own].compactMap { $0 } + path.split(separator: ":").map { URL(fileURLWithPath: String($0)) }
        return folders.map { $0.appendingPathComponent(name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// The folder with the programs of the toolchain whose runtime this process has loaded: its compiler built the tests,
    /// whatever the search path says. Nil if the system does not reveal it.
    private static var own: URL? {
        guard let maps = FileHandle(forReadingAtPath: "/proc/self/maps") else { return nil }
        // The system returns a few lines at a time.
        var text = Data()
        while let piece = try? maps.read(upToCount: 65_536), !piece.isEmpty { text += piece }
        let library = /(\/\S*)\/lib\/swift\/linux\/libswiftCore\.so/
        guard let match = String(decoding: text, as: UTF8.self).firstMatch(of: library) else { return nil }
        return URL(fileURLWithPath: String(match.1)).appendingPathComponent("bin")
    }
}

/// What a program printed, on both outputs, and its exit status.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// Longer than any run takes, even on a busy machine.
    private static let deadline: Double = 300

    /// Runs a program to its end. Its output goes to files, so that no pipe can fill up.
    static func of(
        _ program: URL, _ arguments: [String], in folder: URL = Page.root, input: URL? = nil
    ) throws -> Outcome {
        let files = try TemporaryFolder()
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files.write("output", ""))
        process.standardError = try FileHandle(forWritingTo: files.write("errors", ""))
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        if ended.wait(timeout: .now() + deadline) == .timedOut {
            Issue.record("\(program.lastPathComponent) took more than \(deadline) s and was ended")
            process.terminate()
        }
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try files.text("output"), errors: try files.text("errors"))
    }
}
