/// The rows of a dump in a program's log (``LoggedRows``), all in one direction.
struct LoggedDump: LinewiseHexForm {
    var held: [UInt8] = []
    private var rows: LoggedRows
    private var senders: Set<TCPPeer?> = []

    init(_ program: LoggedRows.Program) {
        rows = LoggedRows(program)
    }

    mutating func read(_ line: Span<UInt8>, number: Int, into bytes: inout [UInt8]) throws(TextError) {
        switch rows.read(line) {
        case .success(let new):
            guard !new.isEmpty else { return }
            senders.insert(rows.sender)
            guard senders.count == 1 else {
                throw TextError(
                    TextPosition(line: number, column: 1),
                    "the other direction begins here, and all before it is one's: put each into a file of its own")
            }
            bytes.append(contentsOf: new)
        case .failure(let fault):
            throw TextError(TextPosition(line: number, column: fault.column), fault.message)
        }
    }
}
