import WebSocketProbe

/// Plays cases against a server: several at once, each on its own connection, in one thread.
struct ProbeRunner {
    let server: ProbeServer
    let target: ProbeExchange.Target
    var pace: Pace
    let isInterrupted: () -> Bool

    /// How a run ended.
    enum Ending {
        /// All cases were played.
        case done
        /// The server no longer accepts connections. Any of `open` may be the reason; `left` were not played.
        case gone(SystemFault, open: [ProbeCase], left: [ProbeCase])
        case interrupted(left: [ProbeCase])
    }

    /// Plays `cases`, and passes on each result as soon as it is known.
    mutating func run(_ cases: [ProbeCase], _ visit: (ProbeResult) -> Void) -> Ending {
        var waiting = cases[...]
        var open: [Play] = []
        while !waiting.isEmpty || !open.isEmpty {
            if isInterrupted() { return .interrupted(left: open.map(\.probe) + waiting) }
            while open.count < pace.jobs, let probe = waiting.popFirst() {
                do throws(SystemFault) {
                    open.append(Play(probe, try Link(to: server), target, now: System.seconds, pace))
                } catch {
                    return .gone(error, open: open.map(\.probe), left: [probe] + waiting)
                }
            }
            let now = System.seconds
            let seconds = open.map { $0.deadline - now }.min() ?? 0
            let ready = Socket.wait(for: open.map { ($0.link.socket, $0.wantsToWrite) }, seconds: seconds)
            let after = System.seconds
            for index in open.indices { open[index].go(ready[index], now: after, &pace) }
            for play in open {
                if let result = play.result { visit(result) }
            }
            open.removeAll { $0.result != nil }
            guard let fault = open.lazy.compactMap(\.fault).first else { continue }
            let suspects = open.filter { $0.fault == nil && $0.link.isOpen }.map(\.probe)
            let others = open.filter { $0.fault != nil || !$0.link.isOpen }.map(\.probe)
            return .gone(fault, open: suspects, left: others + waiting)
        }
        return .done
    }

    /// Returns whether the server accepts a connection, now or within the time that the pace allows.
    func comesBack() -> Bool {
        let deadline = System.seconds + pace.maximum
        repeat {
            do throws(SystemFault) {
                try server.reach(seconds: max(0.1, deadline - System.seconds))
                return true
            } catch {
                Socket.pause(seconds: 0.1)
            }
        } while System.seconds < deadline && !isInterrupted()
        return false
    }
}
