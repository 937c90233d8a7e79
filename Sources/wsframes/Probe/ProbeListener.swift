import WebSocketProbe

/// Plays cases against clients that connect: each connection gets the next case.
struct ProbeListener {
    let listener: Socket
    /// What requests ask for is the client's affair.
    let target: ProbeExchange.Target
    var pace: Pace
    let isInterrupted: () -> Bool

    /// Waits for clients until every case has been played, or nobody has connected for three times the longest patience.
    ///
    /// - Throws: where no connection can be taken any more.
    mutating func run(_ cases: [ProbeCase], _ progress: (Int, Int) -> Void) throws(SystemFault) -> [ProbeResult] {
        var waiting = cases[...]
        var open: [Play] = []
        var results: [ProbeResult] = []
        var quietUntil = System.seconds + 12 * pace.most
        while !open.isEmpty || (!waiting.isEmpty && System.seconds < quietUntil && !isInterrupted()) {
            let now = System.seconds
            let sockets = open.map { ($0.link.socket, $0.wantsToWrite) }
            let ends = open.map(\.deadline) + (waiting.isEmpty ? [] : [quietUntil])
            let ready = Socket.wait(for: sockets + [(listener, false)], seconds: (ends.min() ?? now) - now)
            let after = System.seconds
            for index in open.indices { open[index].go(ready[index], now: after, &pace) }
            for play in open {
                guard let result = play.result else { continue }
                results.append(result)
                progress(results.count, cases.count)
                quietUntil = after + 3 * pace.most
            }
            open.removeAll { $0.isOver }
            while !waiting.isEmpty, let socket = try accept() {
                guard let probe = waiting.popFirst() else { break }
                open.append(Play(probe, Link(accepted: socket), target, now: after, pace))
                quietUntil = after + 3 * pace.most
            }
            // Whoever connects once too often is not kept waiting.
            if waiting.isEmpty { _ = try accept() }
        }
        return results + waiting.map { .skipped($0, "no client connected any more") }
    }

    private func accept() throws(SystemFault) -> Socket? {
        do throws(SystemError) {
            return try listener.accepting()
        } catch {
            throw SystemFault(error)
        }
    }
}
