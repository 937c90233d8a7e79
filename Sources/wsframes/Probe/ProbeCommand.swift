import WebSocketFrames
import WebSocketProbe
import WebSocketReports

/// `wsframes probe`: plays the cases of the corpus against a server, against clients that connect, or through a proxy.
struct ProbeCommand {
    /// What is probed, and where it is.
    private enum Subject {
        case server(ProbeAddress)
        case client(ProbeAddress)
        /// The proxy, and the address that it connects to.
        case proxy(ProbeAddress, ProbeAddress)
    }

    private let arguments: ParsedArguments
    private let console: Console
    private let subject: Subject
    private var pace = Pace()

    init(_ arguments: ParsedArguments, _ console: Console) throws(UsageError) {
        self.arguments = arguments
        self.console = console
        if let proxy = arguments.word("--through") {
            guard arguments.operands.isEmpty, let place = arguments.word("--listen") else {
                throw UsageError(
                    message: "--through takes the address of a proxy, and --listen the one that the proxy connects to",
                    hint: "wsframes probe --through ws://127.0.0.1:8080 --listen 127.0.0.1:9001")
            }
            subject = .proxy(try ProbeAddress(proxy), try ProbeAddress(listening: place))
        } else if let place = arguments.word("--listen") {
            guard arguments.operands.isEmpty else {
                throw UsageError(
                    message: "--listen probes clients that connect, and takes no URL",
                    hint: "wsframes probe --listen 127.0.0.1:9001")
            }
            subject = .client(try ProbeAddress(listening: place))
        } else {
            guard arguments.operands.count == 1 || (arguments.operands.isEmpty && arguments.has("--list")) else {
                throw UsageError(message: "probe needs one URL", hint: "wsframes probe ws://localhost:8080/")
            }
            subject = .server(try ProbeAddress(arguments.operands.first?.text ?? "ws://localhost/"))
        }
        if let seconds = arguments.number("--timeout") { pace.maximum = Double(max(1, min(seconds, 3600))) }
        pace.minimumForRequired = min(pace.minimumForRequired, pace.maximum)
        // Each connection takes a descriptor, and a process usually has 1,024.
        if let jobs = arguments.number("--jobs") { pace.jobs = Int(max(1, min(jobs, 500))) }
        for line in arguments.words("--header") where !line.contains(":") || line.contains(where: \.isNewline) {
            throw UsageError(message: "\(quoted(line)) is not a header field", hint: "--header 'Cookie: a=b'")
        }
    }

    func run() throws(UsageError) -> ExitStatus {
        do throws(SystemFault) {
            let limit = Int(clamping: arguments.number("--max-message") ?? 1 << 20)
            let corpus = try ProbeCorpus(arguments.word("--cases"), only: arguments.words("--only"), limit: limit)
            let cases = try corpus.cases(for: roles)
            guard !cases.isEmpty else {
                console.complain("no case has such a name (wsframes probe --list prints the names)")
                return .wrongUsage
            }
            if arguments.has("--list") {
                console.write(cases.map { $0.name + "\n" }.joined())
                console.flush()
                return .clean
            }
            return try report(play(cases))
        } catch {
            clearProgress()
            console.complain(error.message)
            return .unreadable
        }
    }

    /// The roles that cases are played for: a proxy is between both.
    private var roles: Set<Endpoint> {
        switch subject {
        case .server: [.server]
        case .client: [.client]
        case .proxy: [.server, .client]
        }
    }

    private func play(_ cases: [ProbeCase]) throws(SystemFault) -> [ProbeResult] {
        switch subject {
        case .server(let address):
            let runner = ProbeRunner(
                server: try server(address), target: target(address), pace: pace,
                isInterrupted: console.isInterrupted)
            var probe = ServerProbe(runner, playsHarsh: arguments.has("--harsh"), progress: show)
            return probe.run(cases)
        case .client(let address):
            let listener = try listen(at: address, "each connection gets one of \(cases.count) cases")
            var probe = ProbeListener(
                listener: listener, target: target(address), pace: pace, isInterrupted: console.isInterrupted)
            return try probe.run(cases, show)
        case .proxy(let address, let backend):
            let listener = try listen(at: backend, "\(address.place) must pass on to it")
            var probe = ThroughProbe(
                try server(address), listener, target(address), pace, playsHarsh: arguments.has("--harsh"),
                isInterrupted: console.isInterrupted, progress: show)
            return probe.run(cases)
        }
    }

    private func server(_ address: ProbeAddress) throws(SystemFault) -> ProbeServer {
        try ProbeServer.reachable(address, checksCertificate: !arguments.has("--insecure"), pace.maximum)
    }

    private func target(_ address: ProbeAddress) -> ProbeExchange.Target {
        ProbeExchange.Target(
            host: address.authority, path: address.path, headers: arguments.words("--header"),
            subprotocols: arguments.words("--subprotocol"))
    }

    private func listen(at address: ProbeAddress, _ what: String) throws(SystemFault) -> Socket {
        let listener = try Socket.listening(at: address.endpoints(forListening: true), named: address.place)
        let place = listener.port.map { address.port == 0 ? "\(address.host):\($0)" : address.place } ?? address.place
        console.complain("listening at \(place): \(what)")
        return listener
    }

    // MARK: - Output

    private func show(_ done: Int, _ total: Int) {
        guard console.errorsAreTerminal else { return }
        console.show("\r\u{1B}[K\(done) of \(total) cases")
    }

    private func clearProgress() {
        if console.errorsAreTerminal { console.show("\r\u{1B}[K") }
    }

    private func report(_ results: [ProbeResult]) throws(SystemFault) -> ExitStatus {
        clearProgress()
        let report = ProbeReport(target: subjectWords.name, command: command, results: results)
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

    /// The name of the subject in reports, and the arguments that specify it.
    private var subjectWords: (name: String, arguments: [String]) {
        switch subject {
        case .server(let address): (address.text, [address.text])
        case .client(let address): ("clients at \(address.text)", ["--listen", address.text])
        case .proxy(let address, let backend):
            ("\(address.text) to \(backend.text)", ["--through", address.text, "--listen", backend.text])
        }
    }

    /// The command that plays a case of this run again, without the case's name.
    private var command: String {
        var words = ["wsframes", "probe"] + subjectWords.arguments
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
