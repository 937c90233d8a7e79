import Testing

/// Compressed files are judged by their contents: alone, in folders, from standard input and in a series.
@Suite struct GzipRunTests {
    /// A member of stored blocks (RFC 1951 §3.2.4).
    private static func zipped(_ bytes: [UInt8]) -> [UInt8] {
        func little(_ number: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
        }
        var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        for start in stride(from: 0, to: bytes.count, by: 1000) {
            let block = bytes[start..<min(start + 1000, bytes.count)]
            let count = UInt32(block.count)
            member += [block.endIndex == bytes.count ? 1 : 0] + little(count, 2) + little(~count, 2) + block
        }
        var check: UInt32 = .max
        for byte in bytes {
            check ^= UInt32(byte)
            for _ in 0..<8 { check = check >> 1 ^ (check & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return member + little(~check, 4) + little(UInt32(bytes.count), 4)
    }

    private static let capture: [UInt8] = {
        var capture = MadeCapture()
        var one = capture.upgrade(port: 1001)
        capture.send(.client, Bytes.clientHello, on: &one)
        capture.send(.server, [0x83, 0x00], on: &one)
        return capture.bytes
    }()

    private func rows(_ arguments: [String], stdin: Command.Input = .nothing, in folder: TemporaryFolder) throws
        -> [[String: String]]
    {
        let outcome = try Command.run(["validate", "--format", "jsonl"] + arguments, stdin: stdin, in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.errors == "")
        return try outcome.rows().map(\.withoutSource)
    }

    @Test func aGzipFileIsJudgedLikeItsContents() throws {
        let folder = try TemporaryFolder()
        let zipped = Self.zipped(Self.capture)
        try folder.write("plain.pcap", Self.capture)
        try folder.write("tree/zipped.pcap.gz", zipped)
        let expected = try rows(["plain.pcap"], in: folder)
        #expect(try rows(["tree/zipped.pcap.gz"], in: folder) == expected)
        #expect(try rows(["tree"], in: folder) == expected)
        #expect(try rows(["-"], stdin: .bytes(zipped), in: folder) == expected)
        #expect(try rows(["--input", "pcap", "-"], stdin: .bytes(zipped), in: folder) == expected)
        #expect(try rows(["--join", "tree/zipped.pcap.gz"], in: folder) == expected)
        // Two members are one file.
        let glued = Self.zipped(Array(Self.capture[..<500])) + Self.zipped(Array(Self.capture[500...]))
        #expect(try rows(["-"], stdin: .bytes(glued), in: folder) == expected)
        // A compressed dump.
        try folder.write("dump.gz", Self.zipped(Array("#: sender server\n83 00\n".utf8)))
        #expect(try rows(["dump.gz"], in: folder).count == 2)
    }

    @Test func aTruncatedGzipFileIsJudgedUpToItsEnd() throws {
        let folder = try TemporaryFolder()
        let zipped = Self.zipped(Self.capture)
        try folder.write("cut.gz", [UInt8](zipped.dropLast(4)))
        let outcome = try Command.run(["validate", "--format", "jsonl", "cut.gz"], in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("the gzip file ends inside a member"))
        #expect(try outcome.rows().contains { $0["rule"] == "reserved-opcode" })
        let joined = try Command.run(["validate", "--join", "--format", "jsonl", "cut.gz"], in: folder)
        #expect(joined.status == 3)
        #expect(try joined.rows().contains { $0["rule"] == "reserved-opcode" })
        // A dump that is too short to be recognised before its end.
        try folder.write("cut-dump.gz", [UInt8](Self.zipped(Array("#: sender server\n83 00\n".utf8)).dropLast(4)))
        let dump = try Command.run(["validate", "--format", "jsonl", "cut-dump.gz"], in: folder)
        #expect(dump.status == 3)
        #expect(try dump.rows().contains { $0["rule"] == "reserved-opcode" })
        try folder.write("two-bytes", [0x1F, 0x8B])
        #expect(try Command.run(["validate", "two-bytes"], in: folder).status != 0)
    }
}
