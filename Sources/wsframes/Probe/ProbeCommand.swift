import WebSocketFrames
import WebSocketProbe
import WebSocketReports

/// `wsframes probe`: plays the cases of the corpus against a server, or against clients that connect.
struct ProbeCommand {
    private let arguments: ParsedArguments
    private let console: Console
    private let address: ProbeAddress
    private let role: Endpoint
    private var pace = Pace()

    init(_ arguments: ParsedArguments, _ console: Console) throws(UsageError) {
        self.arguments = arguments
        self.console = console
        if let place = arguments.word("--listen") {
            guard arguments.operands.isEmpty else {
                throw UsageError(
                    message: "--listen probes clients that connect, and takes no URL",
                    hint: "wsframes probe --listen 127.0.0.1:9001")
            }
            (role, address) = (.client, try ProbeAddress(listening: place))
        } else {
            guard arguments.operands.count == 1 || (arguments.operands.isEmpty && arguments.has("--list")) else {
                throw UsageError(message: "probe needs one URL", hint: "wsframes probe ws://localhost:8080/")
            }
            (role, address) = (.server, try ProbeAddress(arguments.operands.first?.text ?? "ws://localhost/"))
        }
        if let seconds = arguments.number("--timeout") { pace.most = Double(max(1, min(seconds, 3600))) }
        pace.patience = min(pace.patience, pace.most)
        // Each connection takes a descriptor, of which a process has 1,024 as a rule.
        if let jobs = arguments.number("--jobs") { pace.jobs = Int(max(1, min(jobs, 500))) }
        for line in arguments.words("--header") where !line.contains(":") || line.contains(where: \.isNewline) {
            throw UsageError(message: "\(quoted(line)) is no header field", hint: "--header 'Cookie: a=b'")
        }
    }

    func run() throws(UsageError) -> ExitStatus {
        do throws(SystemFault) {
            let limit = Int(clamping: arguments.number("--max-message") ?? 1 << 20)
            let corpus = try ProbeCorpus(arguments.word("--cases"), only: arguments.words("--only"), limit: limit)
            let cases = try corpus.cases(for: role)
            guard !cases.isEmpty else {
                console.complain("no case is named so (wsframes probe --list prints the names)")
                return .wrongUsage
            }
            if arguments.has("--list") {
                console.write(cases.map { $0.name + "\n" }.joined())
                console.flush()
                return .clean
            }
            return try report(role == .server ? probeServer(cases) : probeClients(cases))
        } catch {
            clearProgress()
            console.complain(error.message)
            return .unreadable
        }
    }

    private func probeServer(_ cases: [ProbeCase]) throws(SystemFault) -> [ProbeResult] {
        let target = ProbeExchange.Target(
            host: address.authority, path: address.path, headers: arguments.words("--header"),
            subprotocols: arguments.words("--subprotocol"))
        let runner = ProbeRunner(
            server: try ProbeServer.reachable(address, checksCertificate: !arguments.has("--insecure"), pace.most),
            target: target, pace: pace, isInterrupted: console.isInterrupted)
        var probe = ServerProbe(runner, playsHarsh: arguments.has("--harsh"), progress: show)
        return probe.run(cases)
    }

    private func probeClients(_ cases: [ProbeCase]) throws(SystemFault) -> [ProbeResult] {
        let listener = try Socket.listening(at: address.endpoints(forListening: true), named: address.place)
        let place = listener.port.map { address.port == 0 ? "\(address.host):\($0)" : address.place } ?? address.place
        console.complain("listening at \(place): each connection gets one of \(cases.count) cases")
        let target = ProbeExchange.Target(host: address.authority, path: address.path)
        var probe = ProbeListener(listener: listener, target: target, pace: pace, isInterrupted: console.isInterrupted)
        return try probe.run(cases, show)
    }

    // MARK: - What is seen

    private func show(_ done: Int, _ total: Int) {
        guard console.errorsAreTerminal else { return }
        console.show("\r\u{1B}[K\(done) of \(total) cases")
    }

    private func clearProgress() {
        if console.errorsAreTerminal { console.show("\r\u{1B}[K") }
    }

    private func report(_ results: [ProbeResult]) throws(SystemFault) -> ExitStatus {
        clearProgress()
        let report = ProbeReport(
            target: role == .server ? address.text : "clients at \(address.text)", command: command, results: results)
        if let folder = arguments.word("--evidence") { try write(report.dumps, to: FilePath(folder)) }
        switch arguments.word("--format") {
        case "jsonl": console.write(report.jsonLines())
        case "html": console.write(report.html())
        case "junit": console.write(report.junit())
        default:
            console.write(report.text(usesColor: console.usesColor(arguments.word("--color")), width: console.width))
        }
        console.flush()
        if console.hasFailed { return .unreadable }
        return results.allSatisfy(\.outcome.isFine) ? .clean : .violations
    }

    private func write(_ dumps: [(name: String, text: String)], to folder: FilePath) throws(SystemFault) {
        do throws(SystemError) {
            try System.makeFolder(folder)
            for dump in dumps {
                try FileHandle(creating: folder.appending(FilePath(dump.name))).write(Array(dump.text.utf8))
            }
        } catch {
            throw SystemFault(message: "\(folder.text): \(error.message)")
        }
    }

    /// The command that plays a case of this run once more, without the case's name.
    private var command: String {
        var words = ["wsframes", "probe"]
        words += role == .server ? [address.text] : ["--listen", address.text]
        for option in ["--header", "--subprotocol", "--cases", "--max-message"] {
            for word in arguments.words(option) { words += [option, word] }
        }
        for option in ["--harsh", "--insecure"] where arguments.has(option) { words.append(option) }
        return words.map(Self.shellWord).joined(separator: " ")
    }

    private static func shellWord(_ word: String) -> String {
        let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~:/[]@%+=,".contains($0)) }
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
