import WebSocketInspection
import WebSocketReports

/// `wsframes relay`: forwards connections, and judges both sides of each as they run.
struct RelayCommand {
    /// How long to wait for the server to accept a connection, in seconds.
    private static let timeout = 10.0
    /// The most connections that are forwarded at once; others wait until one ends.
    private static let maximumConnections = 400
    /// Findings are shown after this many seconds of silence.
    private static let silence = 0.2
    /// Forwarded data is judged a piece at a time, when there is nothing to forward. If traffic never leaves such a
    /// moment, at most this many bytes wait: beyond that they are judged in between.
    private static let maximumWaiting = 1 << 20

    private let arguments: ParsedArguments
    private let console: Console
    private let settings: InspectionSettings
    private let isStrict: Bool
    private let backend: ProbeAddress
    private let front: ProbeAddress
    private var report: any Report
    private var totals = Totals()
    private var open: [RelayedConnection] = []
    private var count = 0

    init(_ arguments: ParsedArguments, _ console: Console) throws(UsageError) {
        self.arguments = arguments
        self.console = console
        guard arguments.operands.count == 1, let place = arguments.word("--listen") else {
            throw UsageError(
                message: "relay needs one URL, and where to listen",
                hint: "wsframes relay --listen 127.0.0.1:9000 ws://localhost:8080")
        }
        backend = try ProbeAddress(arguments.operands[0].text)
        front = try ProbeAddress(listening: place)
        var settings = try InspectionSettings(arguments)
        settings.input = .pcap
        settings.showsFrames = true
        settings.mingles = arguments.word("--format") != "jsonl"
        self.settings = settings
        isStrict = arguments.has("--strict")
        report =
            arguments.word("--format") == "jsonl"
            ? JSONLinesReport(showsFrames: true)
            : InspectReport(usesColor: console.usesColor(arguments.word("--color")), width: console.width)
    }

    mutating func run() -> ExitStatus {
        do throws(SystemFault) {
            let server = try ProbeServer.reachable(
                backend, checksCertificate: !arguments.has("--insecure"), Self.timeout)
            let listener = try Socket.listening(at: front.endpoints(forListening: true), named: front.place)
            let file = try capture()
            let place = front.port == 0 ? "\(front.host):\(listener.port ?? 0)" : front.place
            console.complain("listening at \(place), passing on to \(backend.place)")
            try relay(listener, server, file)
        } catch {
            console.complain(error.message)
            return .unreadable
        }
        if totals.errors > 0 || console.hasFailed { return .unreadable }
        if totals.violations > 0 || (isStrict && totals.notices > 0) { return .violations }
        return totals.judgedStreams == 0 ? .nothingJudged : .clean
    }

    private func capture() throws(SystemFault) -> FileHandle? {
        guard let path = arguments.word("--write") else { return nil }
        do throws(SystemError) {
            return try FileHandle(creating: FilePath(path))
        } catch {
            throw SystemFault(message: "\(printable(path)): \(error.message)")
        }
    }

    private mutating func relay(_ listener: Socket, _ server: ProbeServer, _ file: FileHandle?) throws(SystemFault) {
        var inspector = Inspector(settings, source: "relay")
        var fault: SystemFault?
        var waiting = WaitingPieces()
        func take(_ packets: [UInt8]) {
            do throws(SystemError) {
                try file?.write(packets)
            } catch {
                fault = SystemFault(message: "the capture cannot be written: \(error.message)")
            }
            // What is wrong with the bytes is reported as a finding.
            try? inspector.feed(packets.span) { give($0) }
        }
        take(RelayedPackets.header)
        while fault == nil, !console.isInterrupted(), !console.isClosed,
            !(arguments.has("--once") && count > 0 && open.isEmpty)
        {
            var waits = open.flatMap(\.waits)
            let listens = open.count < Self.maximumConnections && !(arguments.has("--once") && count > 0)
            waits.append((listener, Socket.Interest(reads: listens, writes: false)))
            let ready = Socket.wait(for: waits, seconds: waiting.isEmpty ? Self.silence : 0)
            if !ready.contains(where: { $0.canRead || $0.canWrite }) {
                if let piece = waiting.next() {
                    take(piece.packets)
                } else {
                    inspector.flush { give($0) }
                    console.flush()
                }
            }
            for (index, connection) in open.enumerated() {
                connection.go(ready[2 * index], ready[2 * index + 1]) { waiting.append($0) }
                if let fault = connection.fault { console.complain("\(backend.place): \(fault.message)") }
            }
            open.removeAll { $0.isOver }
            while waiting.size > Self.maximumWaiting, let piece = waiting.next() { take(piece.packets) }
            if listens, ready[ready.count - 1].canRead { try accept(listener, server) }
        }
        while let piece = waiting.next() { take(piece.packets) }
        inspector.finish { give($0) }
        console.write(report.closing(totals))
        console.flush()
        if let fault { throw fault }
    }

    private mutating func accept(_ listener: Socket, _ server: ProbeServer) throws(SystemFault) {
        var socket: Socket?
        do throws(SystemError) {
            socket = try listener.accepting()
        } catch {
            throw SystemFault(error)
        }
        guard let socket else { return }
        count += 1
        open.append(try RelayedConnection(socket, to: server, timeout: Self.timeout))
    }

    private mutating func give(_ finding: Finding) {
        totals.count(finding)
        console.write(report.text(for: finding))
        if console.isTerminal { console.flush() }
    }
}
