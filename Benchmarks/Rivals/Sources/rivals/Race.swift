import RivalWorkloads

/// The rivals' times over the workloads.
struct Race {
    /// One rival's time over one workload.
    struct Result {
        let rival: String
        let workload: String
        let nanosecondsPerFrame: Double
        let gigabytesPerSecond: Double
    }

    let rivals: [any Rival]
    /// The factor by which the workloads are made smaller.
    let divisor: Int
    /// The number of runs of each; the median counts.
    let rounds: Int

    /// Checks every rival's answer, and times them in turn, by the thread's own clock.
    func run(_ kind: WorkloadKind) throws -> [Result] {
        let workload = try kind.make(dividedBy: divisor)
        for rival in rivals { try rival.check(workload) }
        var times = [[UInt64]](repeating: [], count: rivals.count)
        let input = Input(workload)
        for _ in 0..<rounds {
            for (index, rival) in rivals.enumerated() {
                let run = rival.prepare(input, sums: false)
                let start = threadNanoseconds
                let answer = run()
                times[index].append(threadNanoseconds - start)
                guard !answer.isRejected, answer.payload == workload.account.payload.count else {
                    throw WrongAnswer(description: "\(rival.name), \(workload.name): \(answer)")
                }
            }
        }
        return rivals.indices.map { index in
            let median = Double(times[index].sorted()[rounds / 2])
            return Result(
                rival: rivals[index].name, workload: workload.name,
                nanosecondsPerFrame: median / Double(workload.account.frames),
                gigabytesPerSecond: Double(workload.bytes.count) / median)
        }
    }
}
