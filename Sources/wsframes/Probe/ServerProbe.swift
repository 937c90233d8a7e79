import WebSocketProbe

/// All cases against one server: first its capabilities are determined, and cases that silence decided are played
/// twice.
struct ServerProbe {
    private var runner: ProbeRunner
    private let playsHarsh: Bool
    private let progress: (Int, Int) -> Void
    private var results: [ProbeResult] = []
    private var total = 0

    /// - Parameters:
    ///   - playsHarsh: whether to play cases that may disturb other users.
    ///   - progress: receives the number of cases that are done, and the total.
    init(_ runner: ProbeRunner, playsHarsh: Bool, progress: @escaping (Int, Int) -> Void) {
        self.runner = runner
        self.playsHarsh = playsHarsh
        self.progress = progress
    }

    /// - Returns: a result for each case; if the server does not speak WebSocket at all, only one that says so.
    mutating func run(_ cases: [ProbeCase]) -> [ProbeResult] {
        total = cases.count
        let opening = discover(.handshake)
        guard let opening, opening.outcome.isFine else { return opening.map { [$0] } ?? [] }
        let hasEcho = cases.contains { $0.needs.contains(.echo) } && discover(.echo)?.outcome == .strict
        var playable: [ProbeCase] = []
        for probe in cases {
            if probe.needs.contains(.echo), !hasEcho {
                results.append(.skipped(probe, "the server does not send messages back"))
            } else if probe.needs.contains(.harsh), !playsHarsh {
                results.append(.skipped(probe, "it may disturb other users of the server: --harsh plays it"))
            } else {
                playable.append(probe)
            }
        }
        play(playable)
        again(runner.pace.calm) { $0.outcome == .late }
        again(runner.pace.careful) { $0.outcome.dependsOnTime && $0.outcome != .late }
        return results
    }

    private mutating func discover(_ probe: ProbeCase) -> ProbeResult? {
        var found: ProbeResult?
        let pace = runner.pace
        runner.pace = pace.careful
        if case .gone(let fault, _, _) = runner.run([probe], { found = $0 }) {
            found = ProbeResult(
                probe: probe, outcome: .dies, detail: "takes one connection and no other: \(fault.message)", sent: [],
                received: [])
        }
        runner.pace = pace
        return found
    }

    /// Plays cases with a doubtful result again, at another pace: a slow answer is not a wrong one.
    private mutating func again(_ pace: Pace, where isDoubtful: (ProbeResult) -> Bool) {
        let doubtful = results.filter(isDoubtful).map(\.probe)
        guard !doubtful.isEmpty else { return }
        results.removeAll(where: isDoubtful)
        let usual = runner.pace
        runner.pace = pace
        play(doubtful)
        runner.pace = usual
    }

    private mutating func play(_ cases: [ProbeCase]) {
        var left = cases
        var attempts = 8
        while !left.isEmpty {
            switch playAtOnce(left) {
            case .done: return
            case .interrupted(let rest):
                results += rest.map { .skipped($0, "interrupted") }
                return
            case .gone(let fault, let suspects, let rest):
                left = rest
                // If nothing was open, the number of connections was the reason: fewer at once may succeed.
                if suspects.isEmpty {
                    attempts -= 1
                    runner.pace.jobs = max(1, runner.pace.jobs / 2)
                }
                if attempts > 0, playOneByOne(suspects, fault) { continue }
                results += left.map { .skipped($0, "the server takes no connection any more: \(fault.message)") }
                return
            }
        }
    }

    private mutating func playAtOnce(_ cases: [ProbeCase]) -> ProbeRunner.Ending {
        // A copy of the runner, so that results can be appended while it runs.
        var runner = runner
        defer { self.runner = runner }
        return runner.run(cases) { result in
            results.append(result)
            progress(results.count, total)
        }
    }

    /// Determines after which case connections were no longer accepted.
    ///
    /// - Returns: whether the server is available again.
    private mutating func playOneByOne(_ suspects: [ProbeCase], _ fault: SystemFault) -> Bool {
        guard runner.comesBack() else {
            let others =
                suspects.count < 2
                ? "" : ", or after one of \(suspects.count - 1) that ran at the same time (--jobs 1 tells which)"
            results += suspects.map { probe in
                Self.death(of: probe, "no connection is taken any more after it\(others): \(fault.message)")
            }
            return false
        }
        for probe in suspects {
            guard case .done = playAtOnce([probe]) else { return runner.comesBack() }
            do throws(SystemFault) {
                try runner.server.reach(seconds: runner.pace.maximum)
            } catch {
                results.removeLast()
                results.append(Self.death(of: probe, "takes no connection after it: \(error.message)"))
                guard runner.comesBack() else { return false }
            }
        }
        return true
    }

    private static func death(of probe: ProbeCase, _ detail: String) -> ProbeResult {
        ProbeResult(probe: probe, outcome: .dies, detail: detail, sent: probe.bytesSent, received: [])
    }
}
