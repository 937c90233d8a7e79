import Foundation
import Testing

/// A process that has been started.
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
        // The reading end stays open here as well, so that writing is safe even if the process does not read everything.
        process.standardInput = pipe.fileHandleForReading
        self.pipe = pipe
        input = data
    }

    /// To be called once the process runs.
    func beginFeeding() {
        guard let pipe else { return }
        let writing = pipe.fileHandleForWriting
        Thread.detachNewThread { [input] in
            try? writing.write(contentsOf: input)
            try? writing.close()
        }
    }

    /// Waits for the process to exit.
    ///
    /// - Returns: the exit status; -1 and a recorded issue if there is none.
    func wait(_ location: SourceLocation) -> Int32 {
        if ended.wait(timeout: .now() + Command.deadline) == .timedOut {
            Issue.record("took more than \(Command.deadline) s and was ended", sourceLocation: location)
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        // Reads what the process did not, so that the writing thread ends.
        _ = try? pipe?.fileHandleForReading.readToEnd()
        guard process.terminationReason == .exit else {
            Issue.record("was ended by signal \(process.terminationStatus)", sourceLocation: location)
            return -1
        }
        return process.terminationStatus
    }
}
