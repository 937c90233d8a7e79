import FixtureCorpus
import SeededRandom
import Testing
import WebSocketCaptures

/// Captures that are truncated or corrupted, or declare wrong lengths: everything before the damage is found, and nothing
/// traps, hangs, or reads beyond the file.
@Suite struct DamagedCaptureTests {
    /// Every byte of a small file; a sample of a larger one, which differs from file to file.
    private func places(in capture: RecordedCapture, every: Int) -> [Int] {
        guard capture.bytes.count > every else { return Array(0..<capture.bytes.count) }
        var numbers = SplitMix64(seed: UInt64(capture.bytes.count))
        return (0..<Sample.rounds(12, debug: 2)).map { _ in numbers.below(capture.bytes.count) }.sorted()
    }

    /// Whatever the damage, the order of the events is possible, and there are no more bytes than the file holds.
    private func check(_ run: CaptureRun, of bytes: Int, _ place: Int) {
        guard let conversations = JudgedConversation.all(of: run) else {
            Issue.record("damaged at \(place), the order of the events is impossible")
            return
        }
        let count = conversations.reduce(0) { $0 + $1.client.bytes + $1.server.bytes }
        if count > bytes || !conversations.allSatisfy(\.isClosed) {
            Issue.record("damaged at \(place), \(count) bytes were found in \(bytes)")
        }
    }

    @Test(arguments: CaptureCorpus.paths) func cutAnywhere(_ path: String) throws {
        let capture = try CaptureCorpus.load(path)
        let whole = CaptureRun(capture.bytes, isExport: capture.isExport, keyLog: capture.keyLog)
        var run = CaptureRun(isExport: capture.isExport, keyLog: capture.keyLog)
        var read = 0
        for place in places(in: capture, every: 1_200) {
            run.read(capture.bytes[read..<place])
            read = place
            guard run.fault == nil else { break }
            // What was reported up to the cut is a prefix of what is reported for the whole file.
            if !whole.seen.starts(with: run.seen) { Issue.record("cut at \(place), the events before it differ") }
            var cut = run
            cut.end()
            check(cut, of: place, place)
            if !cut.seen.starts(with: run.seen) { Issue.record("cut at \(place), earlier events changed") }
            guard !capture.isExport, let fault = cut.fault else { continue }
            // A truncated file is reported at its length.
            if cut.faultOffset != UInt64(place) || (place > 0 && !fault.contains("byte \(place)")) {
                Issue.record("cut at \(place): \(fault)")
            }
        }
    }

    /// A file may end between two packets; anywhere else it is truncated.
    @Test func onlyATruncationBetweenPacketsIsNoError() throws {
        let capture = try CaptureCorpus.load("tcp/middle.pcap")
        var ends: Set<Int> = [24]
        var next = 24
        while next + 16 <= capture.bytes.count {
            next += 16 + (0..<4).reduce(0) { $0 | Int(capture.bytes[next + 8 + $1]) << (8 * $1) }
            ends.insert(next)
        }
        #expect(ends.contains(capture.bytes.count) && ends.count > 10)
        var run = CaptureRun(isExport: false)
        for place in 0...capture.bytes.count {
            if place > 0 { run.read(capture.bytes[(place - 1)..<place]) }
            var cut = run
            cut.end()
            if (cut.fault == nil) != ends.contains(place) {
                Issue.record("cut at \(place): \(cut.fault ?? "no fault")")
            }
        }
    }

    @Test(arguments: CaptureCorpus.paths) func aByteChanged(_ path: String) throws {
        let capture = try CaptureCorpus.load(path)
        var numbers = SplitMix64(seed: 7)
        var run = CaptureRun(isExport: capture.isExport, keyLog: capture.keyLog)
        var read = 0
        for place in places(in: capture, every: 500) {
            run.read(capture.bytes[read..<place])
            read = place
            guard run.fault == nil else { break }
            var damaged = run
            damaged.read([capture.bytes[place] ^ UInt8(1 + numbers.below(255))])
            if damaged.fault == nil { damaged.read(capture.bytes[(place + 1)...]) }
            damaged.end()
            check(damaged, of: capture.bytes.count, place)
            if !damaged.seen.starts(with: run.seen) { Issue.record("changed at \(place), the events before it differ") }
        }
    }

    /// Four bytes that may be a length become the largest, the smallest, or any value.
    @Test(arguments: CaptureCorpus.paths) func lengthsThatLie(_ path: String) throws {
        let capture = try CaptureCorpus.load(path)
        guard !capture.isExport else { return }
        var numbers = SplitMix64(seed: UInt64(capture.bytes.count) &+ 1)
        for round in 0..<Sample.rounds(6, debug: 1) {
            var bytes = capture.bytes
            for _ in 0...(round % 4) {
                let place = numbers.below(bytes.count - 4)
                let lie: UInt32 =
                    switch numbers.below(4) {
                    case 0: .max
                    case 1: 0
                    case 2: UInt32(truncatingIfNeeded: numbers.next())
                    default: UInt32(numbers.below(70_000))
                    }
                for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: lie >> (8 * index)) }
            }
            let run = CaptureRun(bytes, pieces: 1 + numbers.below(5_000), keyLog: capture.keyLog)
            check(run, of: bytes.count, round)
        }
    }
}
