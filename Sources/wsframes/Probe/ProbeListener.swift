import WebSocketProbe

/// Plays cases against clients that connect: each connection gets the next case.
struct ProbeListener {
    let listener: Socket
    /// What requests ask for is up to the client.
    let target: ProbeExchange.Target
    var pace: Pace
    let isInterrupted: () -> Bool

    /// Waits for clients until every case has been played, or nobody has connected for three times the longest
    /// waiting time. Cases that silence decided are played again, with more time.
    ///
    /// - Throws: an error if no further connection can be accepted.
    mutating func run(_ cases: [ProbeCase], _ progress: @escaping (Int, Int) -> Void) throws(SystemFault)
        -> [ProbeResult]
    {
        var results: [ProbeResult] = []
        let first = try play(cases, quiet: 12) { progress($0, cases.count) }
        let isDoubtful = { (result: ProbeResult) in result.outcome.dependsOnTime && !result.outcome.isFine }
        results += first.results.filter { !isDoubtful($0) }
        let doubtful = first.results.filter(isDoubtful)
        guard first.left.isEmpty else {
            return first.results + first.left.map { .skipped($0, "no client connected any more") }
        }
        pace = pace.careful
        let second = try play(doubtful.map(\.probe), quiet: 3) { progress(results.count + $0, cases.count) }
        let left = Set(second.left.map(\.name))
        return results + second.results + doubtful.filter { left.contains($0.probe.name) }
    }

    /// - Parameter quiet: how long to wait for the first client, in multiples of the longest waiting time.
    /// - Returns: the results of the cases, and the cases for which nobody connected.
    private mutating func play(
        _ cases: [ProbeCase], quiet: Double, _ progress: (Int) -> Void
    ) throws(SystemFault) -> (results: [ProbeResult], left: [ProbeCase]) {
        var waiting = cases[...]
        var open: [Play] = []
        var results: [ProbeResult] = []
        var quietUntil = System.seconds + quiet * pace.maximum
        while !open.isEmpty || (!waiting.isEmpty && System.seconds < quietUntil && !isInterrupted()) {
            let now = System.seconds
            var sockets = open.map { ($0.link.socket, $0.wantsToWrite) }
            var ends = open.map(\.deadline)
            if !waiting.isEmpty, open.count < pace.jobs {
                sockets.append((listener, false))
                ends.append(quietUntil)
            }
            let ready = Socket.wait(for: sockets, seconds: (ends.min() ?? now) - now)
            let after = System.seconds
            for index in open.indices { open[index].go(ready[index], now: after, &pace) }
            for play in open {
                guard let result = play.result else { continue }
                results.append(result)
                progress(results.count)
                quietUntil = after + 3 * pace.maximum
            }
            open.removeAll { $0.isOver }
            while open.count < pace.jobs, let probe = waiting.first, let socket = try accept() {
                waiting.removeFirst()
                open.append(Play(probe, Link(accepted: socket), target, now: after, pace))
                quietUntil = after + 3 * pace.maximum
            }
        }
        return (results, Array(waiting))
    }

    private func accept() throws(SystemFault) -> Socket? {
        do throws(SystemError) {
            return try listener.accepting()
        } catch {
            throw SystemFault(error)
        }
    }
}
