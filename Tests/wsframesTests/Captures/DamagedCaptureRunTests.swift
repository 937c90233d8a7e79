import FixtureCorpus
import SeededRandom
import Testing
import WebSocketFrames

@testable import wsframes

/// Truncated and corrupted captures: everything before the damage is reported, and where the file is broken.
@Suite struct DamagedCaptureRunTests {
    private static let paths = CaptureCorpus.paths.filter { path in
        path.hasSuffix(".pcap") && (path.hasPrefix("violations/") || path.hasPrefix("links/"))
    }

    /// Where each packet begins, and where the last one ends. (All but two of these files are little-endian.)
    private func packetStarts(of bytes: [UInt8]) -> [Int] {
        let isBigEndian = bytes[0] == 0xA1
        var starts = [24]
        while let last = starts.last, last + 16 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[last + 8 + $1]) << (8 * (isBigEndian ? 3 - $1 : $1)) }
            starts.append(last + 16 + length)
        }
        return starts
    }

    @Test(arguments: paths) func everythingBeforeATruncationIsReported(_ path: String) throws {
        let capture = try CaptureCorpus.load(path)
        let starts = packetStarts(of: capture.bytes)
        try #require(starts.last == capture.bytes.count)
        let whole = try JudgedCapture(capture.bytes)
        var numbers = SplitMix64(seed: UInt64(capture.bytes.count))
        for _ in 0..<8 {
            let place = Int.random(in: 25..<capture.bytes.count, using: &numbers)
            let cut = try JudgedCapture(Array(capture.bytes[..<place]))
            #expect((cut.fault == nil) == starts.contains(place), "cut at \(place)")
            if let fault = cut.fault { #expect(fault.contains("at byte \(place)")) }
            #expect(!cut.notices(nil).contains("no-websocket") || cut.fault == nil)
            // The number of the last complete packet.
            let packets = UInt64(starts.prefix { $0 <= place }.count - 1)
            for (index, conversation) in capture.note.conversations {
                for (sender, direction) in conversation.directions {
                    guard let packet = direction.packet, packet <= packets else { continue }
                    let rule = direction.expectation.violation?.rule.name
                    #expect(
                        cut.rows(UInt64(index), sender.name).rules.first == rule, "\(sender) cut at \(place)")
                }
            }
            // Each conversation is reported to its end, as in the whole file, and there are no more of them.
            #expect(cut.rows.streams.count <= whole.rows.streams.count)
            #expect(cut.rows.streams.count % 2 == 0)
        }
    }

    @Test(arguments: paths) func aChangedByteDoesNotTrap(_ path: String) throws {
        let capture = try CaptureCorpus.load(path)
        var numbers = SplitMix64(seed: 99)
        for _ in 0..<8 {
            var bytes = capture.bytes
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                bytes[Int.random(in: bytes.indices, using: &numbers)] = .random(in: 0...255, using: &numbers)
            }
            let judged = try JudgedCapture(bytes, "--all", showsFrames: true, pieces: 777)
            let plain = try JudgedCapture(bytes, "--all")
            #expect(judged.rows.filter { $0.type != "notice" } == plain.rows.filter { $0.type != "notice" })
            #expect(judged.fault == plain.fault)
        }
    }

    @Test func aCutFileEndsWithStatusThreeAndThePlace() throws {
        let folder = try TemporaryFolder()
        let capture = try CaptureCorpus.load("violations/unmasked.answered.pcap")
        try folder.write("cut.pcap", capture.bytes.dropLast(3))
        try folder.write("whole.pcap", capture.bytes)
        let outcome = try Command.run(
            ["validate", "--format", "jsonl", "whole.pcap", "cut.pcap", "whole.pcap"], in: folder)
        #expect(outcome.status == 3)
        let place = "at byte \(capture.bytes.count - 3)"
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorLines.first?.hasPrefix("wsframes: cut.pcap: the capture ends inside packet ") == true)
        #expect(outcome.errorLines.first?.contains(place) == true)
        let rows = try outcome.rows()
        #expect(rows.violations.compactMap { $0["source"] } == ["whole.pcap", "cut.pcap", "whole.pcap"])
        #expect(rows.errors.count == 1 && rows.errors.first?["source"] == "cut.pcap")
    }
}

extension TemporaryFolder {
    @discardableResult
    func write(_ name: String, _ bytes: ArraySlice<UInt8>) throws -> String { try write(name, Array(bytes)) }
}
