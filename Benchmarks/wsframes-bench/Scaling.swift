import BenchmarkWorkloads
import WebSocketFrames

/// Whether cost grows where it should not: with the number of frames, their size, the connections, the threads.
///
/// Each figure is the shortest of several runs, which is what the machine does when it is left alone.
enum Scaling {
    static func run() async throws {
        write("\(Machine.processor) · \(Machine.swift)\n\n")
        sizes()
        try frames()
        try frameSizes()
        try connections()
        try await threads()
    }

    /// The memory that a connection takes: the parser's value, and nothing it refers to.
    private static func sizes() {
        write("bytes per connection\n")
        write("  FrameValidator  \(MemoryLayout<FrameValidator>.size)\n")
        write("  FrameReader     \(MemoryLayout<FrameReader>.size)\n\n")
    }

    /// One stream of `tiny-text`, with more and more frames. From 10⁶ on it no longer fits into any cache.
    private static func frames() throws {
        write("frames in a stream, tiny-text         validate      read\n")
        for exponent in 3...7 {
            var count = 1
            for _ in 0..<exponent { count *= 10 }
            let workload = try WorkloadKind.tinyText.make(frames: count)
            let runs = max(3, 300_000 / count)
            var copy = workload.bytes
            let times = try API.allCases.map { api in
                try shortest(of: runs, Double(count)) {
                    Limit.copy(&copy, workload.bytes)
                } run: {
                    try Feeding(api: api, chunk: 0).run(workload, &copy, sums: false)
                }
            }
            write("  10^\(exponent)                             \(columns(times, "ns/frame"))\n")
        }
        write("\n")
    }

    /// One masked text frame, fed from a buffer of 256 KiB again and again: a gigabyte needs no gigabyte of memory.
    private static func frameSizes() throws {
        write("size of a frame, ASCII                validate      read\n")
        let piece = 1 << 18
        for exponent in [12, 14, 16, 18, 20, 22, 24, 26, 28, 30] {
            let size = 1 << exponent
            let repeats = max(1, (1 << 26) / size)
            // The key is 0, so a buffer that was unmasked does not change.
            let header = EncodedFrameHeader(
                opcode: .text, payloadLength: UInt64(size), maskingKey: MaskingKey(0, 0, 0, 0))
            let start = Array(header)
            var payload = [UInt8](repeating: UInt8(ascii: "w"), count: min(piece, size))
            var begun = start
            let validate = try shortest(of: 3, Double(repeats)) {
            } run: {
                var validator = FrameValidator(sender: .client)
                for _ in 0..<repeats {
                    try validator.consume(start.span)
                    for _ in 0..<(size / payload.count) { try validator.consume(payload.span) }
                }
                try expect(validator.frameCount, repeats)
            }
            let read = try shortest(of: 3, Double(repeats)) {
            } run: {
                var reader = FrameReader(peer: .client)
                for _ in 0..<repeats {
                    try drain(&reader, &begun)
                    for _ in 0..<(size / payload.count) { try drain(&reader, &payload) }
                }
                try expect(reader.frameCount, repeats)
            }
            let speeds = [validate, read].map { Double(size) / $0 }
            write("  \(byteCount(size).filled(to: 34))\(columns(speeds, "GB/s    "))\n")
        }
        write("\n")
    }

    /// Many connections that each get one small frame in turn: each round visits all of their states.
    private static func connections() throws {
        write("connections, a 16-byte text in turn   validate      read\n")
        let workload = try WorkloadKind.fixedText.make(frames: 1)
        for count in [1, 10, 100, 1_000, 10_000, 100_000] {
            let rounds = max(2, 400_000 / count)
            let frames = Double(rounds * count)
            let validate = try shortest(of: 5, frames) {
            } run: {
                var validators = [FrameValidator](repeating: FrameValidator(sender: .client), count: count)
                for _ in 0..<rounds {
                    for index in validators.indices { try validators[index].consume(workload.bytes.span) }
                }
                for validator in validators { try expect(validator.messageCount, rounds) }
            }
            // The bytes are received anew for each connection: a copy of 22 bytes that is timed as well.
            var received = workload.bytes
            let read = try shortest(of: 5, frames) {
            } run: {
                var readers = [FrameReader](repeating: FrameReader(peer: .client), count: count)
                for _ in 0..<rounds {
                    for index in readers.indices {
                        for byte in received.indices { received[byte] = workload.bytes[byte] }
                        try drain(&readers[index], &received)
                    }
                }
                for reader in readers { try expect(reader.messageCount, rounds) }
            }
            write("  \(String(count).filled(to: 34))\(columns([validate, read], "ns/frame"))\n")
        }
        write("\n")
    }

    /// Two threads with a stream each, compared with one. In the threads' own time the second must not slow down the
    /// first; in wall-clock time the speed is twice that of one if two cores are free.
    private static func threads() async throws {
        write("threads, a stream of tiny-text each   own time      on the wall\n")
        let workload = try WorkloadKind.tinyText.make(frames: 20_000)
        for count in 1...2 {
            var own = Double.infinity
            var wall = Double.infinity
            for _ in 0..<9 {
                let start = Clock.wall
                let time = try await withThrowingTaskGroup(of: UInt64.self) { group in
                    for _ in 0..<count { group.addTask { try validate(workload, times: 200) } }
                    return try await group.reduce(0, +)
                }
                own = min(own, Double(time) / Double(count))
                wall = min(wall, Double(Clock.wall - start))
            }
            let speeds = [own, wall].map { Double(workload.bytes.count * 200 * count) / $0 }
            write("  \(String(count).filled(to: 34))\(columns(speeds, "GB/s    "))\n")
        }
    }

    /// Returns the thread's own time: it does not wait in between, and therefore stays on one thread.
    private static func validate(_ workload: Workload, times: Int) throws -> UInt64 {
        var none: [UInt8] = []
        let start = Clock.thread
        for _ in 0..<times { try Feeding(api: .validate, chunk: 0).run(workload, &none, sums: false) }
        return Clock.thread - start
    }

    // MARK: Helpers

    /// Returns the nanoseconds of the shortest run, divided by the `count` operations in it.
    private static func shortest(
        of runs: Int, _ count: Double, before: () -> Void, run: () throws -> Void
    ) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<runs {
            before()
            let start = Clock.thread
            try run()
            best = min(best, Double(Clock.thread - start))
        }
        return best / count
    }

    /// Consumes all available events.
    private static func drain(_ reader: inout FrameReader, _ bytes: inout [UInt8]) throws {
        var span = bytes.mutableSpan
        var index = 0
        while try reader.next(in: &span, from: &index) != nil {}
    }

    private static func expect(_ found: UInt64, _ expected: Int) throws {
        guard found == UInt64(expected) else {
            throw WrongAnswer(description: "scale: \(found) instead of \(expected) frames or messages")
        }
    }

    private static func columns(_ figures: [Double], _ unit: String) -> String {
        figures.map { "\($0.digits(3)) \(unit)".filled(to: 14) }.joined()
    }

    private static func byteCount(_ count: Int) -> String {
        count >= 1 << 30 ? "\(count >> 30) GiB" : count >= 1 << 20 ? "\(count >> 20) MiB" : "\(count >> 10) KiB"
    }
}
