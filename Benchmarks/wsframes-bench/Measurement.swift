import BenchmarkWorkloads
import FixtureCorpus

/// How thoroughly to measure.
struct Effort {
    /// The rounds that are always run, as long as they do not take three times `nanoseconds`.
    let minimumRounds: Int
    /// The most rounds.
    let maximumRounds: Int
    /// The time for the rounds of one workload.
    let nanoseconds: UInt64
    /// The factor by which the workloads are made smaller.
    let divisor: Int

    /// For measuring: under a minute for all workloads.
    static let full = Effort(minimumRounds: 9, maximumRounds: 41, nanoseconds: 3_500_000_000, divisor: 1)
    /// For a check that everything works: a hundredth of each workload, three rounds.
    static let quick = Effort(minimumRounds: 3, maximumRounds: 3, nanoseconds: 1_000_000_000, divisor: 100)
}

/// Measures the parser on a workload, beside the limit.
struct Measurement {
    let effort: Effort
    let progress: Progress

    /// Makes the workload, checks the whole answer for every feeding once, and then times them in turn.
    ///
    /// One round is: limit, feeding, limit, feeding, …, so whatever else the machine does affects all of them alike.
    /// Before every run the copy is renewed, which is not timed: the reading API has changed it, and every run should
    /// find the caches in the same state, with the end of the stream in them and not what the previous run happened
    /// to need.
    func rows(_ kind: WorkloadKind, _ feedings: [Feeding]) throws -> [Row] {
        progress.show("\(kind.rawValue): making the bytes")
        let workload = try kind.make(dividedBy: effort.divisor)
        var copy = workload.bytes
        for feeding in feedings {
            progress.show("\(kind.rawValue): checking \(feeding.api.rawValue), chunk \(feeding.chunk)")
            if feeding.api != .write { Limit.copy(&copy, workload.bytes) }
            try feeding.run(workload, &copy, sums: true)
        }

        let way = CopyWay.fastest(workload.bytes, to: &copy)
        var times = [[Double]](repeating: [], count: feedings.count)
        var limitTimes: [API: [Double]] = [:]
        var instructions = [Int64?](repeating: nil, count: feedings.count)
        let start = Clock.wall
        for round in 0..<effort.maximumRounds {
            let elapsed = Clock.wall - start
            if elapsed > effort.nanoseconds * (round < effort.minimumRounds ? 3 : 1) { break }
            progress.show("\(kind.rawValue): round \(round + 1)")
            for (index, feeding) in feedings.enumerated() {
                let limit = Goal(kind, feeding.api).limit
                limitTimes[feeding.api, default: []].append(try time(limit, way, workload, &copy))
                let run = try time(feeding, workload, &copy)
                times[index].append(run.nanoseconds)
                instructions[index] = run.instructions.map { min($0, instructions[index] ?? .max) }
            }
        }
        return feedings.indices.map { index in
            Row(
                kind: kind, feeding: feedings[index], workload: workload, times: Sample(times[index]),
                limitTimes: Sample(limitTimes[feedings[index].api] ?? []), instructions: instructions[index])
        }
    }

    private func time(
        _ feeding: Feeding, _ workload: Workload, _ copy: inout [UInt8]
    ) throws(WrongAnswer) -> (nanoseconds: Double, instructions: Int64?) {
        if feeding.api != .write { Limit.copy(&copy, workload.bytes) }
        let instructions = Clock.instructions
        let start = Clock.thread
        try timedRun(feeding, workload, &copy)
        let end = Clock.thread
        return (Double(end - start), instructions.flatMap { start in Clock.instructions.map { $0 - start } })
    }

    /// A separate function, which `Benchmarks/instructions` can distinguish from everything else.
    @inline(never)
    private func timedRun(_ feeding: Feeding, _ workload: Workload, _ copy: inout [UInt8]) throws(WrongAnswer) {
        try feeding.run(workload, &copy, sums: false)
    }

    private func time(
        _ limit: Limit, _ way: CopyWay, _ workload: Workload, _ copy: inout [UInt8]
    ) throws(WrongAnswer) -> Double {
        if copy.count == workload.bytes.count { Limit.copy(&copy, workload.bytes) } else { copy = workload.bytes }
        let start = Clock.thread
        let found = limit.run(on: workload.bytes, &copy, way)
        let time = Double(Clock.thread - start)
        if limit == .hop, found != workload.account.frames {
            throw WrongAnswer(description: "\(workload.name): the hop limit saw \(found) frames")
        }
        return time
    }
}

/// Times of the same operation, in nanoseconds.
struct Sample {
    private let sorted: [Double]

    init(_ times: [Double]) {
        sorted = times.sorted()
    }

    var count: Int { sorted.count }

    /// The time that half of them are below.
    var median: Double { quantile(0.5) }

    /// The range of the middle half of the times, as a share of the median.
    var spread: Double { median == 0 ? 0 : (quantile(0.75) - quantile(0.25)) / median }

    private func quantile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}
