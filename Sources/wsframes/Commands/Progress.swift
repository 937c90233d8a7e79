/// The progress of long work: a line on standard error that is overwritten, only on a terminal and only if the work
/// takes more than a moment.
struct Progress {
    private let console: Console
    private let name: String
    /// The size of the input; nil if it has none.
    var total: UInt64?
    private let isOn: Bool
    private let start: Double
    private var next: Double
    private var isShown = false

    init(of total: UInt64?, named name: String, _ console: Console) {
        self.console = console
        self.name = printable(name)
        isOn = console.errorsAreTerminal
        self.total = total
        start = isOn ? System.seconds : 0
        next = start + 1
    }

    /// Shows that `bytes` of the input have been judged.
    mutating func show(_ bytes: UInt64) {
        guard isOn else { return }
        let now = System.seconds
        guard now >= next else { return }
        next = now + 0.2
        isShown = true
        let speed = UInt64(Double(bytes) / (now - start) / 1e6)
        var line = "\(name): \(bytes / 1_000_000) MB"
        if let total, total > 0 {
            line += " of \(total / 1_000_000) MB (\(UInt64(Double(bytes) / Double(total) * 100))%)"
        }
        console.show("\r\u{1B}[K" + line + ", \(speed) MB/s")
    }

    /// Removes the line, so that findings are written to a clean terminal.
    mutating func clear() {
        guard isShown else { return }
        isShown = false
        console.show("\r\u{1B}[K")
    }
}
