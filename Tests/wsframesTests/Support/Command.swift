import Foundation
import Testing

/// One run of the command line.
///
/// Its output goes to files, so that no pipe can fill up; its input comes through a pipe, as from another program. A run that
/// takes too long is killed and counts as a failure, as does one that crashes.
struct Command {
    /// The standard input.
    enum Input {
        case nothing
        case bytes([UInt8])
        case text(String)
    }

    /// The exit status and the output of a run.
    struct Outcome {
        let status: Int32
        let output: [UInt8]
        let errors: String

        var stdout: String { String(decoding: output, as: UTF8.self) }
        var lines: [String] { stdout.lines }
        var errorLines: [String] { errors.lines }

        /// Standard output as JSON lines.
        func rows(_ location: SourceLocation = #_sourceLocation) throws -> [Row] {
            try lines.map { try #require(Row($0), "no JSON object: \($0)", sourceLocation: location) }
        }
    }

    /// Longer than any run takes, even on a busy machine.
    static let deadline: Double = 120

    /// Pipes and processes are created by one thread at a time: otherwise a process could inherit another one's pipe, and
    /// keep it open.
    private static let starting = NSLock()

    /// Runs `wsframes` with these arguments.
    @discardableResult
    static func run(
        _ arguments: [String], stdin: Input = .nothing, in folder: TemporaryFolder? = nil,
        environment: [String: String] = [:], _ location: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let program = try #require(Executable.url, "wsframes was not found beside the tests", sourceLocation: location)
        return try run(program, arguments, stdin: stdin, in: folder, environment: environment, location)
    }

    /// The same for commands that mostly wait. They run on a few threads of their own, so that the test runner's threads, one per
    /// core, are free for other tests. `peer` is kept alive until the command ends.
    static func waiting(
        _ arguments: [String], with peer: (any AnyObject & Sendable)? = nil, environment: [String: String] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        defer { withExtendedLifetime(peer) {} }
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                places.wait()
                defer { places.signal() }
                continuation.resume(with: Result { try run(arguments, environment: environment, location) })
            }
        }
    }

    private static let places = DispatchSemaphore(value: 4)

    /// Runs a shell script that finds `wsframes` as `$wsframes`, and the arguments as `$1`, `$2` …
    static func shell(
        _ script: String, _ arguments: [String] = [], in folder: TemporaryFolder? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let program = try #require(Executable.url, "wsframes was not found beside the tests", sourceLocation: location)
        return try run(
            URL(fileURLWithPath: "/bin/sh"), ["-c", script, "sh"] + arguments, stdin: .nothing, in: folder,
            environment: ["wsframes": program.path], location)
    }

    static func run(
        _ program: URL, _ arguments: [String], stdin: Input = .nothing, in folder: TemporaryFolder? = nil,
        environment: [String: String] = [:], _ location: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let files = try TemporaryFolder()
        let output = try files.write("stdout", [])
        let errors = try files.write("stderr", [])
        let running = try start(
            program, arguments, stdin: stdin, stdout: try handle(forWritingTo: output),
            stderr: try handle(forWritingTo: errors), folder: folder?.path, environment: environment)
        let status = running.wait(location)
        return Outcome(status: status, output: try files.read("stdout"), errors: try files.text("stderr"))
            .checked(location)
    }

    /// Starts `wsframes` and returns, for tests that do something while it runs.
    static func start(
        _ arguments: [String], stdout: FileHandle, stderr: FileHandle
    ) throws -> RunningCommand {
        try start(
            try #require(Executable.url), arguments, stdin: .nothing, stdout: stdout, stderr: stderr, folder: nil,
            environment: [:])
    }

    private static func start(
        _ program: URL, _ arguments: [String], stdin: Input, stdout: FileHandle, stderr: FileHandle, folder: String?,
        environment: [String: String]
    ) throws -> RunningCommand {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = stdout
        process.standardError = stderr
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        // The environment of the person who runs the tests must not matter.
        let inherited = ProcessInfo.processInfo.environment.filter { name, _ in
            ["PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"].contains(name)
        }
        process.environment = inherited.merging(environment) { $1 }

        starting.lock()
        defer { starting.unlock() }
        let running = RunningCommand(process)
        switch stdin {
        case .nothing: process.standardInput = FileHandle.nullDevice
        case .bytes(let bytes): running.feed(Data(bytes))
        case .text(let text): running.feed(Data(text.utf8))
        }
        try process.run()
        running.beginFeeding()
        return running
    }

    static func handle(forWritingTo path: String) throws -> FileHandle {
        try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}

extension Command.Outcome {
    /// What must hold for every run.
    fileprivate func checked(_ location: SourceLocation) -> Self {
        #expect((0...4).contains(status), "no exit status of the contract", sourceLocation: location)
        for word in ["Fatal error", "Stack dump", "💣", "Crash"] where errors.contains(word) {
            Issue.record("standard error tells of a crash: \(errors.prefix(2000))", sourceLocation: location)
        }
        for line in errorLines where !line.hasPrefix("wsframes: ") {
            Issue.record("a line on standard error without the program's name: \(line)", sourceLocation: location)
        }
        return self
    }
}

extension String {
    /// The lines, without their line feeds. (A carriage return is part of its line.)
    var lines: [String] {
        var lines = utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
