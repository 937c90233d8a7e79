/// The number of simultaneous connections, and how long the probe waits for an answer, in seconds.
///
/// Silence is judged by how quickly the implementation has been answering under the current load: an answer that
/// takes several times as long as its slowest ones will not come.
struct Pace {
    var jobs = 64
    /// The shortest wait for an answer that need not come.
    var minimumForOptional = 0.1
    /// The shortest wait for an answer that must come.
    var minimumForRequired = 1.0
    /// The longest wait.
    var maximum = 5.0
    private var recent: [Double] = []
    private var next = 0

    /// Records how long a required answer took.
    mutating func note(_ seconds: Double) {
        if recent.count < 64 {
            recent.append(seconds)
        } else {
            recent[next % 64] = seconds
            next += 1
        }
    }

    /// How long to wait for an answer that need not come.
    var short: Double { min(max(minimumForOptional, 4 * (recent.max() ?? 0)), maximum) }

    /// How long to wait for an answer that must come.
    var long: Double { min(max(minimumForRequired, 8 * (recent.max() ?? 0)), maximum) }

    /// The pace for cases that are played again because silence decided them: waits as long as the user allows.
    var careful: Pace {
        var pace = self
        pace.minimumForOptional = max(minimumForOptional, min(1, maximum))
        pace.minimumForRequired = maximum
        pace.jobs = max(1, jobs / 4)
        return pace
    }

    /// The pace for cases in which only the wait for an optional answer may have been too short.
    var calm: Pace {
        var pace = self
        pace.minimumForOptional = max(minimumForOptional, min(1, maximum))
        return pace
    }
}
