import WebSocketFrames
import WebSocketProbe

/// Plays cases through a proxy, with both ends in one thread.
struct ThroughProbe {
    /// A connection that came out of the proxy, not yet assigned to a case.
    private struct Arrival {
        let socket: Socket
        var bytes: [UInt8] = []
        var isOver = false
    }

    private let proxy: ProbeServer
    private let listener: Socket
    private let target: ProbeExchange.Target
    private var pace: Pace
    private let playsHarsh: Bool
    private let isInterrupted: () -> Bool
    private let progress: (Int, Int) -> Void
    private var arrivals: [Arrival] = []
    private var open: [ProxyPlay] = []
    private var count = 0

    /// - Parameter progress: receives the number of cases that are done, and the total.
    init(
        _ proxy: ProbeServer, _ listener: Socket, _ target: ProbeExchange.Target, _ pace: Pace, playsHarsh: Bool,
        isInterrupted: @escaping () -> Bool, progress: @escaping (Int, Int) -> Void
    ) {
        self.proxy = proxy
        self.listener = listener
        self.target = target
        self.pace = pace
        // Each case takes two descriptors.
        self.pace.jobs = min(pace.jobs, 250)
        self.playsHarsh = playsHarsh
        self.isInterrupted = isInterrupted
        self.progress = progress
    }

    /// - Returns: a result for each case; if no handshake comes through at all, only one that says so.
    mutating func run(_ cases: [ProbeCase]) -> [ProbeResult] {
        let usual = pace
        pace = usual.careful
        let opening = play([.handshake]) { _ in }
        guard opening.allSatisfy(\.outcome.isFine), !opening.isEmpty else { return opening }
        pace = usual
        var results: [ProbeResult] = []
        var playable: [ProbeCase] = []
        for probe in cases {
            if probe.needs.contains(.harsh), !playsHarsh {
                results.append(.skipped(probe, "it may disturb other users of the proxy: --harsh plays it"))
            } else {
                playable.append(probe)
            }
        }
        let total = cases.count
        let skipped = results.count
        let progress = progress
        results += play(playable) { progress(skipped + $0, total) }
        results = again(results, usual.calm) { $0.outcome == .late }
        results = again(results, usual.careful) { $0.outcome.dependsOnTime && $0.outcome != .late }
        var alone = usual.careful
        alone.jobs = 1
        // What was slow three times, the last time with nothing else running, is slow.
        return again(results, alone) { $0.outcome == .differs("delayed") }
    }

    /// Plays cases that silence decided again: a slow answer is not a wrong one.
    private mutating func again(
        _ results: [ProbeResult], _ pace: Pace, where isDoubtful: (ProbeResult) -> Bool
    ) -> [ProbeResult] {
        let doubtful = results.filter(isDoubtful).map(\.probe)
        guard !doubtful.isEmpty, !isInterrupted() else { return results }
        self.pace = pace
        return results.filter { !isDoubtful($0) } + play(doubtful) { _ in }
    }

    private mutating func play(_ cases: [ProbeCase], _ done: (Int) -> Void) -> [ProbeResult] {
        var waiting = cases[...]
        var results: [ProbeResult] = []
        while !waiting.isEmpty || !open.isEmpty {
            if isInterrupted() { return leave(results, waiting) { .skipped($0, "interrupted") } }
            do throws(SystemFault) {
                try begin(&waiting)
                try proceed()
            } catch {
                let fault = error
                return leave(results, waiting) { probe in
                    ProbeResult(
                        probe: probe, outcome: .dies, detail: "the proxy takes no connection: \(fault.message)",
                        sent: [],
                        received: [])
                }
            }
            results += open.compactMap(\.result)
            open.removeAll { $0.result != nil }
            done(results.count)
        }
        return results
    }

    /// Ends open cases with the result of `make`; those that have not started are skipped.
    private mutating func leave(
        _ results: [ProbeResult], _ waiting: ArraySlice<ProbeCase>, _ make: (ProbeCase) -> ProbeResult
    ) -> [ProbeResult] {
        defer { open = [] }
        return results + open.map { make($0.probe) }
            + waiting.map { .skipped($0, "not played: the cases before it did not end") }
    }

    private mutating func begin(_ waiting: inout ArraySlice<ProbeCase>) throws(SystemFault) {
        while open.count < pace.jobs, let probe = waiting.popFirst() {
            count += 1
            var random = SystemRandomNumberGenerator()
            let token = "\(count)-\(UInt32.random(in: 0...(.max), using: &random))"
            open.append(
                ProxyPlay(probe, try Link(to: proxy), target, token: token, now: System.seconds, pace))
        }
    }

    private mutating func proceed() throws(SystemFault) {
        var sockets = open.flatMap(\.waits)
        let counts = open.map(\.waits.count)
        sockets += arrivals.map { ($0.socket, false) }
        sockets.append((listener, false))
        let seconds = (open.map(\.nextTime).min() ?? 0) - System.seconds
        let ready = Socket.wait(for: sockets, seconds: seconds)
        let now = System.seconds
        var start = 0
        for (index, count) in counts.enumerated() {
            open[index].go(ready[start..<(start + count)], now: now, &pace)
            start += count
            if let fault = open[index].fault { throw fault }
        }
        for index in arrivals.indices where ready[start + index].canRead { read(index, now) }
        arrivals.removeAll(where: \.isOver)
        if ready[ready.count - 1].canRead { try accept() }
    }

    private mutating func accept() throws(SystemFault) {
        do throws(SystemError) {
            while let socket = try listener.accepting() { arrivals.append(Arrival(socket: socket)) }
        } catch {
            throw SystemFault(error)
        }
    }

    /// Reads a request far enough to know which case it belongs to.
    private mutating func read(_ index: Int, _ now: Double) {
        guard case .bytes(let bytes) = arrivals[index].socket.receive() else {
            arrivals[index].isOver = true
            return
        }
        arrivals[index].bytes += bytes
        let all = arrivals[index].bytes
        guard let end = HeaderFields.endOfHead(in: all) else {
            arrivals[index].isOver = all.count > 1 << 16
            return
        }
        arrivals[index].isOver = true
        let socket = arrivals[index].socket
        if let owner = owner(of: all[..<end]) {
            return open[owner].join(socket, all, target, now: now, pace)
        }
        // A proxy that checks the server's health gets an answer.
        _ = socket.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)[...])
        socket.halfClose()
    }

    /// Returns the case that a request belongs to: by the field that was sent with it, or, if the proxy removes that,
    /// the case that waits for one.
    private func owner(of head: ArraySlice<UInt8>) -> Int? {
        let alone = open.indices.filter { open[$0].isAlone }
        let text = String(decoding: head, as: UTF8.self)
        if let named = alone.first(where: { text.contains(open[$0].token) }) { return named }
        guard alone.count == 1, text.lowercased().contains("websocket") else { return nil }
        return text.contains(ProxyPlay.field) ? nil : alone[0]
    }
}
