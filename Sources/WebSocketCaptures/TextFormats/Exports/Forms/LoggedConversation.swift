/// The rows of a dump in a program's log, in both directions: what `curl --trace` and Netty's LoggingHandler write.
struct LoggedConversation: LinewiseForm {
    var held: [UInt8] = []
    private var rows: LoggedRows
    private var isOpen = false
    private var sender: TCPPeer?

    init(_ program: LoggedRows.Program) {
        rows = LoggedRows(program)
    }

    mutating func read(
        _ line: Span<UInt8>, number: Int, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        open(output, visit)
        switch rows.read(line) {
        case .failure(let fault): throw TextError(TextPosition(line: number, column: fault.column), fault.message)
        case .success(let bytes):
            guard let sender = rows.sender, !bytes.isEmpty else { return }
            if sender != self.sender {
                output.endRecord(visit)
                output.beginRecord(sender, nil)
                self.sender = sender
            }
            output.append(visit) { $0.append(contentsOf: bytes) }
        }
    }

    mutating func finish(
        at position: TextPosition, into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if !held.isEmpty { try takeHeldLine(number: position.line, into: &output, visit) }
        open(output, visit)
        output.endRecord(visit)
        output.report(.closed, visit)
    }

    private mutating func open(_ output: ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void) {
        guard !isOpen else { return }
        isOpen = true
        output.report(.opened(first: nil, second: nil), visit)
    }
}
