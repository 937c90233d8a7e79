import Testing

/// `--join`: consecutive files are one capture.
@Suite struct SeriesTests {
    /// The file header and the packets of a capture, split before a packet.
    private static func cut(_ capture: [UInt8], beforePacket wanted: Int) -> (first: [UInt8], second: [UInt8]) {
        var offset = 24
        for _ in 0..<wanted {
            let length = (0..<4).reduce(0) { $0 | Int(capture[offset + 8 + $1]) << (8 * $1) }
            offset += 16 + length
        }
        return (Array(capture[..<offset]), Array(capture[..<24] + capture[offset...]))
    }

    /// The second file has the second frame of a message, and the end of another conversation's handshake.
    private func files() throws -> TemporaryFolder {
        var capture = MadeCapture()
        var one = capture.upgrade(port: 1001)
        capture.send(.client, Bytes.clientHello, on: &one)
        capture.send(.server, [0x01, 2, 0x48, 0x65], on: &one)
        let before = capture.packets
        capture.send(.server, [0x80, 3, 0x6C, 0x6C, 0x6F], on: &one)
        for number in 0..<8 {
            capture.send(.client, Bytes.text("question \(number)", masked: true), on: &one)
            capture.send(.server, Bytes.text("the answer to \(number)", masked: false), on: &one)
        }
        capture.send(.client, Bytes.close(1000, masked: true), on: &one)
        capture.send(.server, Bytes.close(1000, masked: false), on: &one)
        capture.end(&one)
        let (first, second) = Self.cut(capture.bytes, beforePacket: Int(before))
        let folder = try TemporaryFolder()
        try folder.write("whole.pcap", capture.bytes)
        try folder.write("z-first.pcap", first)
        try folder.write("a-second.pcap", second)
        return folder
    }

    @Test func theFilesAreReadInTheOrderOfTheirTimes() throws {
        let folder = try files()
        let whole = try Command.run(["inspect", "--format", "jsonl", "whole.pcap"], in: folder)
        for order in [["z-first.pcap", "a-second.pcap"], ["a-second.pcap", "z-first.pcap"]] {
            let joined = try Command.run(["inspect", "--format", "jsonl", "--join"] + order, in: folder)
            #expect(joined.status == 0)
            #expect(try joined.rows().map(\.withoutSource) == whole.rows().map(\.withoutSource))
            #expect(try Set(joined.rows().compactMap { $0["source"] }) == ["z-first.pcap"])
        }
    }

    /// As if each of three machines had captured a part of the packets: what `mergecap` would write is judged.
    @Test func filesThatOverlapAreMergedByTime() throws {
        let folder = try files()
        let whole = try folder.read("whole.pcap")
        var parts = [[UInt8]](repeating: Array(whole[..<24]), count: 3)
        var (offset, number) = (24, 0)
        while offset < whole.count {
            let end = offset + 16 + (0..<4).reduce(0) { $0 | Int(whole[offset + 8 + $1]) << (8 * $1) }
            parts[number % 3] += whole[offset..<end]
            (offset, number) = (end, number + 1)
        }
        for (index, part) in parts.enumerated() { try folder.write("part\(index).pcap", part) }
        let expected = try Command.run(["inspect", "--format", "jsonl", "whole.pcap"], in: folder)
        let joined = try Command.run(
            ["inspect", "--format", "jsonl", "--join", "part2.pcap", "part0.pcap", "part1.pcap"], in: folder)
        #expect(joined.status == 0)
        #expect(try joined.rows().map(\.withoutSource) == expected.rows().map(\.withoutSource))
    }

    /// Only what the user names must be a capture.
    @Test func otherFilesInAFolderAreSkipped() throws {
        let folder = try files()
        try folder.makeFolder("tree")
        try folder.write("tree/first.pcap", folder.read("z-first.pcap"))
        try folder.write("tree/second.pcap", folder.read("a-second.pcap"))
        try folder.write("tree/notes.txt", Array("what was captured".utf8))
        let outcome = try Command.run(["validate", "--join", "tree"], in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "wsframes: 1 file in folders held no capture and no dump\n")
    }

    @Test func aFileWithoutPacketsIsOneOfThem() throws {
        let folder = try files()
        try folder.write("quiet.pcap", Array(MadeCapture().bytes.prefix(24)))
        let joined = try Command.run(
            ["validate", "--join", "z-first.pcap", "quiet.pcap", "a-second.pcap"], in: folder)
        #expect(joined.status == 0 && joined.errors == "")
        #expect(try Command.run(["validate", "--join", "quiet.pcap"], in: folder).status == 4)
        try folder.write("cut.pcap", Array(MadeCapture().bytes.prefix(20)))
        #expect(try Command.run(["validate", "--join", "z-first.pcap", "cut.pcap"], in: folder).status == 3)
    }

    @Test func withoutTheOptionItIsSuggested() throws {
        let folder = try files()
        let outcome = try Command.run(["validate", "z-first.pcap", "a-second.pcap"], in: folder)
        #expect(
            outcome.errors
                == "wsframes: a-second.pcap continues connections of z-first.pcap: with --join they are read as one "
                + "capture\n")
    }

    /// What follows the cut is not enough to be sure of frames.
    @Test func itIsSuggestedAlsoIfTheSecondFileIsNotRecognised() throws {
        var capture = MadeCapture()
        var one = capture.upgrade(port: 1001)
        capture.send(.client, Bytes.clientHello, on: &one)
        let before = capture.packets
        for number in 0..<6 { capture.send(.server, [0x82, 2, 0xF0, UInt8(number)], on: &one) }
        let (first, second) = Self.cut(capture.bytes, beforePacket: Int(before))
        let folder = try TemporaryFolder()
        try folder.write("first.pcap", first)
        try folder.write("second.pcap", second)
        let outcome = try Command.run(["validate", "first.pcap", "second.pcap"], in: folder)
        #expect(outcome.stdout.contains("possible-websocket"))
        #expect(
            outcome.errors == "wsframes: second.pcap may continue connections of first.pcap: with --join they are "
                + "read as one capture\n")
        #expect(try Command.run(["validate", "second.pcap"], in: folder).errors == "")
    }

    @Test func onlyCapturesCanBeJoined() throws {
        let folder = try files()
        try folder.write("dump.bin", Bytes.serverHello)
        let outcome = try Command.run(
            ["validate", "--join", "z-first.pcap", "dump.bin", "a-second.pcap", "gone"], in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("dump.bin: is not a capture with a packet in its first MiB"))
        #expect(outcome.errors.contains("gone: cannot be opened"))
        #expect(outcome.stdout.contains("   0  10.0.0.1:1001 → 10.0.0.2:8080"))
    }

    /// A file of a ring buffer that was truncated when the disk was full: it is named, and the others are read nevertheless.
    @Test func aFileThatIsCutDoesNotEndTheSeries() throws {
        var capture = MadeCapture()
        var one = capture.upgrade(port: 1001)
        capture.send(.client, Bytes.clientHello, on: &one)
        let first = Int(capture.packets)
        capture.send(.server, Bytes.serverHello, on: &one)
        capture.send(.client, Bytes.clientHello, on: &one)
        let second = Int(capture.packets)
        capture.end(&one)
        var other = capture.upgrade(port: 1002)
        capture.send(.server, [0x83, 0], on: &other)
        let (a, rest) = Self.cut(capture.bytes, beforePacket: first)
        let (b, c) = Self.cut(rest, beforePacket: second - first)
        let folder = try TemporaryFolder()
        try folder.write("ring0", a)
        try folder.write("ring1", Array(b.dropLast(3)))
        try folder.write("ring2", c)
        let outcome = try Command.run(
            ["validate", "--join", "--format", "jsonl", "ring0", "ring1", "ring2"], in: folder)
        #expect(outcome.status == 3)
        let rows = try outcome.rows()
        #expect(rows.filter { $0["type"] == "error" }.map { $0["source"] } == ["ring1"])
        #expect(rows.filter { $0["type"] == "violation" }.map { $0["rule"] } == ["reserved-opcode"])
        #expect(rows.count { $0["type"] == "stream" } == 4)
        let last = try Command.run(["validate", "--join", "--format", "jsonl", "ring0", "ring1"], in: folder)
        #expect(last.status == 3)
        #expect(try last.rows().filter { $0["type"] == "error" }.map { $0["source"] } == ["ring1"])
        #expect(try last.rows().count { $0["type"] == "stream" } == 2)
    }

    /// Reading the time of its first packet would consume it, and then the program would wait for a writer for ever.
    @Test func aPipeCannotBeJoined() throws {
        let folder = try TemporaryFolder()
        let outcome = try Command.shell(
            """
            mkfifo pipe
            "$wsframes" validate --join pipe
            """, in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("pipe: is not a file: what can be read only once cannot be joined"))
    }
}
