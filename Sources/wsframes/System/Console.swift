/// What a run of the command reads and writes besides files: provided by the system, or by a test in its own process.
final class Console {
    let standardInput: any ByteSource
    /// Writes to standard output, all of it.
    private let writeOutput: ([UInt8]) throws(SystemError) -> Void
    private let writeErrors: ([UInt8]) -> Void
    /// Whether standard output and standard error are terminals.
    let isTerminal: Bool
    let errorsAreTerminal: Bool
    /// Whether standard output goes to another program.
    private let outputIsPipe: Bool
    /// The number of columns of the terminal that standard output or standard error is; nil if neither is one.
    let terminalWidth: Int?
    let environment: (String) -> String?
    /// Whether the user wants the run to end.
    let isInterrupted: @Sendable () -> Bool

    init(
        standardInput: any ByteSource, output: @escaping ([UInt8]) throws(SystemError) -> Void,
        errors: @escaping ([UInt8]) -> Void, isTerminal: Bool = false, errorsAreTerminal: Bool = false,
        outputIsPipe: Bool = false, terminalWidth: Int? = nil,
        environment: @escaping (String) -> String? = { _ in nil },
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.standardInput = standardInput
        writeOutput = output
        writeErrors = errors
        self.isTerminal = isTerminal
        self.errorsAreTerminal = errorsAreTerminal
        self.outputIsPipe = outputIsPipe
        self.terminalWidth = terminalWidth
        self.environment = environment
        self.isInterrupted = isInterrupted
    }

    /// Returns the process's own console.
    static func ofProcess() -> Console {
        Console(
            standardInput: FileHandle.standardInput,
            output: { bytes throws(SystemError) in try FileHandle.standardOutput.write(bytes) },
            // If not even that can be written, there is nowhere left to report it.
            errors: { try? FileHandle.standardError.write($0) },
            isTerminal: FileHandle.standardOutput.isTerminal, errorsAreTerminal: FileHandle.standardError.isTerminal,
            outputIsPipe: FileHandle.standardOutput.isPipe, terminalWidth: System.terminalWidth,
            environment: System.environment,
            isInterrupted: { System.isInterrupted })
    }

    // MARK: Standard output

    /// Output that is collected, and written when there is much of it or when somebody waits for it.
    private var gathered: [UInt8] = []
    /// Whether the reader has gone (`| head`), which is not a fault of the input. Further output is dropped, and the
    /// exit status is that of the verdict.
    private(set) var isClosed = false
    /// Whether findings could not be delivered for another reason than a reader that has gone.
    private(set) var hasFailed = false

    /// Whether nobody waits for more: the user has interrupted, or the output is closed.
    var isOver: Bool { isInterrupted() || isClosed }

    func write(_ text: String) {
        guard !isClosed else { return }
        gathered.append(contentsOf: text.utf8)
        if gathered.count >= 1 << 16 { flush() }
    }

    func flush() {
        guard !isClosed, !gathered.isEmpty else { return }
        do throws(SystemError) {
            try writeOutput(gathered)
        } catch {
            isClosed = true
            if !error.isBrokenPipe {
                hasFailed = true
                complain("cannot write to standard output: \(error.message)")
            }
        }
        gathered.removeAll(keepingCapacity: true)
    }

    /// Writes one line to standard error, after what was written before.
    func complain(_ message: String) {
        flush()
        writeErrors(Array("wsframes: \(message)\n".utf8))
    }

    /// Writes text to standard error unchanged.
    func show(_ text: String) { writeErrors(Array(text.utf8)) }

    // MARK: What the terminal can do

    /// Returns whether to use colour: only on a terminal, and not if `NO_COLOR` is set to anything but an empty
    /// value; the user's `choice` overrides both.
    func usesColor(_ choice: String?) -> Bool {
        switch choice {
        case "always": return true
        case "never": return false
        default:
            let isUnwanted = environment("NO_COLOR").map { !$0.isEmpty } ?? false
            return !isUnwanted && environment("TERM") != "dumb" && isTerminal
        }
    }

    /// The number of columns of a line: the terminal's, at least 40, even if a pager or `head` is in between; 100 in
    /// files and without a terminal.
    var width: Int {
        let isSeen = isTerminal || (outputIsPipe && errorsAreTerminal)
        return isSeen ? max(terminalWidth ?? 100, 40) : 100
    }
}

/// Bytes that arrive in order: from a file, a pipe, a test's array.
protocol ByteSource {
    /// The current size; nil for pipes, terminals and devices, which have none.
    var size: UInt64? { get }

    /// Reads into `buffer[start...]` as much as has arrived and fits; waits if nothing has arrived.
    ///
    /// - Returns: the number of bytes that were read; 0 at the end of the input.
    func read(into buffer: inout [UInt8], from start: Int) throws(SystemError) -> Int

    /// Waits until there is something to read, or the end, for no longer than `seconds`.
    func waitForBytes(seconds: Double) -> Bool
}
