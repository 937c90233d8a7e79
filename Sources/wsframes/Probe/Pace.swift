/// How many connections there are at once, and how long the probe waits for an answer, in seconds.
///
/// Silence is judged by how quick the implementation has answered lately, under the load that there is: what takes
/// longer than several of its slowest answers is not on its way.
struct Pace {
    var jobs = 64
    /// What is waited for where nothing may come, at least.
    var least = 0.1
    /// What is waited for where something must come, at least.
    var patience = 1.0
    /// Nothing is waited for longer.
    var most = 5.0
    private var recent: [Double] = []
    private var next = 0

    /// An answer that had to come took so long.
    mutating func note(_ seconds: Double) {
        if recent.count < 64 {
            recent.append(seconds)
        } else {
            recent[next % 64] = seconds
            next += 1
        }
    }

    /// How long it is waited for what may not come at all.
    var short: Double { min(max(least, 4 * (recent.max() ?? 0)), most) }

    /// How long it is waited for what must come.
    var long: Double { min(max(patience, 8 * (recent.max() ?? 0)), most) }

    /// For cases that are played once more because silence has decided them: waits as long as the user allows.
    var careful: Pace {
        var pace = self
        pace.least = max(least, min(1, most))
        pace.patience = most
        pace.jobs = max(1, jobs / 4)
        return pace
    }

    /// For cases where the first time was too short only for what may come or not.
    var calm: Pace {
        var pace = self
        pace.least = max(least, min(1, most))
        return pace
    }
}
