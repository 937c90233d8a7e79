/// Standard output: gathered, and written when there is much of it or when somebody waits for it.
///
/// A reader that goes away early (`| head`) is no fault of the input: it is said once on standard error, the rest is
/// dropped, and the exit status stays that of the verdict.
struct Output {
    private var gathered: [UInt8] = []
    private var isClosed = false
    /// Findings could not be delivered for another reason than a reader that went away.
    private(set) var hasFailed = false

    mutating func write(_ text: String) {
        guard !isClosed else { return }
        gathered.append(contentsOf: text.utf8)
        if gathered.count >= 1 << 16 { flush() }
    }

    mutating func flush() {
        guard !isClosed, !gathered.isEmpty else { return }
        do {
            try FileHandle.standardOutput.write(gathered)
        } catch {
            isClosed = true
            if error.isBrokenPipe {
                complain("standard output was closed early; what came after is not printed")
            } else {
                hasFailed = true
                complain("cannot write to standard output: \(error.message)")
            }
        }
        gathered.removeAll(keepingCapacity: true)
    }
}

/// One line to standard error.
func complain(_ message: String) {
    // When not even that can be written, there is nobody left to tell.
    try? FileHandle.standardError.write(Array("wsframes: \(message)\n".utf8))
}
