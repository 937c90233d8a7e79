import Foundation
import Testing

/// A process that has been started, and its end.
final class RunningCommand {
    private let process: Process
    private let ended = DispatchSemaphore(value: 0)
    private var pipe: Pipe?
    private var input = Data()

    init(_ process: Process) {
        self.process = process
        process.terminationHandler = { [ended] _ in ended.signal() }
    }

    /// Gives the process `data` as its standard input, through a pipe.
    func feed(_ data: Data) {
        let pipe = Pipe()
        // The reading end stays open here too: a process that does not read all of it harms nobody.
        process.standardInput = pipe.fileHandleForReading
        self.pipe = pipe
        input = data
    }

    /// The process runs: write its input.
    func beginFeeding() {
        guard let pipe else { return }
        let writing = pipe.fileHandleForWriting
        Thread.detachNewThread { [input] in
            try? writing.write(contentsOf: input)
            try? writing.close()
        }
    }

    /// Waits for the end.
    ///
    /// - Returns: the exit status; -1 where there is none, which is a failure.
    func wait(_ location: SourceLocation) -> Int32 {
        if ended.wait(timeout: .now() + Command.deadline) == .timedOut {
            Issue.record("took more than \(Command.deadline) s and was ended", sourceLocation: location)
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        // What it did not read, so that the thread that writes comes to its end.
        _ = try? pipe?.fileHandleForReading.readToEnd()
        guard process.terminationReason == .exit else {
            Issue.record("was ended by signal \(process.terminationStatus)", sourceLocation: location)
            return -1
        }
        return process.terminationStatus
    }
}
