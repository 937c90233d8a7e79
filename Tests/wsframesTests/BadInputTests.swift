import Foundation
import Testing

/// Inputs that cannot be read, or are not what they claim: one clear line, status 3, and the others are judged nevertheless.
@Suite struct BadInputTests {
    /// Judges `operands` between a legal and a broken dump, and returns what was reported about `operands`.
    private func judge(
        _ operands: [String], options: [String] = [], in folder: TemporaryFolder,
        _ location: SourceLocation = #_sourceLocation
    ) throws -> (rows: [Row], errors: [String]) {
        try folder.write("before.bin", Bytes.clientHello)
        try folder.write("after.bin", Bytes.frame(0x83, [], masked: true))
        let outcome = try Command.run(
            ["validate", "--format", "jsonl"] + options + ["before.bin"] + operands + ["after.bin"], in: folder,
            location)
        #expect(outcome.status == 3, sourceLocation: location)
        let rows = try outcome.rows(location)
        #expect(rows.first?["source"] == "before.bin", sourceLocation: location)
        #expect(rows.last?["source"] == "after.bin", sourceLocation: location)
        #expect(rows.last?["state"] == "violation", sourceLocation: location)
        #expect(rows.allSatisfy { $0.fitsContract }, sourceLocation: location)
        #expect(rows.errors.count == outcome.errorLines.count, "one line for each error", sourceLocation: location)
        return (rows.filter { !["before.bin", "after.bin"].contains($0["source"]) }, outcome.errorLines)
    }

    @Test func aMissingFile() throws {
        let (rows, errors) = try judge(["missing.bin"], in: TemporaryFolder())
        #expect(errors == ["wsframes: missing.bin: cannot be opened: No such file or directory"])
        #expect(rows.count == 1)
        #expect(rows.first?["message"] == "cannot be opened: No such file or directory")
    }

    @Test func aNameWithoutCharacters() throws {
        let (rows, errors) = try judge([""], in: TemporaryFolder())
        #expect(errors.count == 1)
        #expect(rows.map(\.type) == ["error"])
    }

    @Test func aNameThatIsTooLong() throws {
        let (rows, _) = try judge([String(repeating: "x", count: 5000)], in: TemporaryFolder())
        #expect(rows.map(\.type) == ["error"])
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func withoutPermission() throws {
        let folder = try TemporaryFolder()
        try folder.write("closed.bin", Bytes.clientHello)
        try folder.write("tree/closed/a.bin", Bytes.clientHello)
        try folder.write("tree/open/b.bin", Bytes.clientHello)
        let files = FileManager.default
        for name in ["closed.bin", "tree/closed"] {
            try files.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.path(name))
        }
        defer { try? files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path("tree/closed")) }
        let (rows, errors) = try judge(["closed.bin", "tree"], in: folder)
        #expect(errors.count == 2)
        #expect(errors.allSatisfy { $0.hasSuffix("Permission denied") })
        #expect(rows.errors.map { $0["source"] } == ["closed.bin", "tree/closed"])
        #expect(rows.sources == ["tree/open/b.bin"])
    }

    @Test func anEmptyFolder() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("empty/also-empty")
        try folder.write("empty/.hidden", Bytes.clientHello)
        try folder.write("empty/README.md", text: "no dump")
        let (rows, errors) = try judge(["empty"], in: folder)
        #expect(errors.count == 1)
        #expect(rows.map(\.type) == ["error"])
        #expect(rows.first?["source"] == "empty")
    }

    @Test func anOddNumberOfHexDigits() throws {
        let folder = try TemporaryFolder()
        try folder.write("odd.hex", text: "# a comment\n81 85 37 fa 21 3d 7f 9f 4d 51 5\n")
        let (rows, errors) = try judge(["odd.hex"], in: folder)
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("wsframes: odd.hex: line 2, column 31: odd number of hex") == true)
        // What precedes the error is judged: a frame without its end.
        #expect(rows.streams.map { $0["state"] } == ["incomplete-frame"])
        #expect(rows.streams.first?.number("bytes") == 10)
    }

    @Test(arguments: [
        ("81 05 48 65\n6c 6c zz\n", "line 2, column 7"),
        ("# x\n#: sender server\n81 05 48\n65 6c 6c ö6f", "line 4, column 10"),
        ("0x81, 0x05, 0x4865", "line 1, column 17"),
        ("#: sender nobody\n81 00\n", "line 1, column 11"),
        ("#: max-frame -1\n81 00\n", "line 1, column 14"),
        ("#: colour red\n81 00\n", "line 1, column 4"),
        ("00000000: 8105 4865 6c6c 6f\n00000008: 8100\n", "line 2, column 1"),
        (#"b'\x81\xZZ'"#, "line 1, column 9"),
        ("<Buffer 81 05 48 65 ... 3 more bytes>", "line 1, column 21"),
    ])
    func invalidHexTextIsAnErrorWithItsPosition(_ text: String, _ place: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("garbage.hex", text: text)
        let (rows, errors) = try judge(["garbage.hex"], in: folder)
        #expect(errors.count == 1)
        #expect(errors.first?.contains("garbage.hex: \(place): ") == true, "\(errors)")
        #expect(rows.errors.count == 1)
        #expect(rows.last?.type == "error")
    }

    /// The text is obviously meant as hex, and a typo is not a violation by the sender.
    @Test func aSlipInTheOnlyLineDoesNotMakeHexTextRaw() throws {
        let folder = try TemporaryFolder()
        try folder.write("slip.hex", text: "81 05 48 65 zz 6c 6f\n")
        let (rows, errors) = try judge(["slip.hex"], in: folder)
        #expect(errors.first?.contains("slip.hex: line 1, column 13: ") == true)
        #expect(rows.violations.isEmpty)
    }

    @Test func aTypoInHexTextIsAnErrorWithItsPosition() throws {
        let outcome = try Command.run(["validate", "--input", "hex", "-"], stdin: .text("81 05 48 65 zz 6c 6f\n"))
        #expect(outcome.status == 3)
        #expect(outcome.errorLines.first?.hasPrefix("wsframes: -: line 1, column 13: ") == true)
    }

    @Test func aViolationBeforeTheSyntaxErrorIsReportedToo() throws {
        let folder = try TemporaryFolder()
        try folder.write("both.hex", text: "83 00\nzz\n")
        let (rows, _) = try judge(["both.hex"], in: folder)
        #expect(rows.map(\.type) == ["violation", "stream", "error"])
    }

    @Test(arguments: [
        ("pcap", [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] as [UInt8]),
        ("pcap of nanoseconds", [0xA1, 0xB2, 0x3C, 0x4D, 0, 2, 0, 4]),
        ("pcapng", [0x0A, 0x0D, 0x0D, 0x0A, 0x1C, 0, 0, 0]),
    ])
    func aCaptureThatStopsInItsHeader(_ kind: String, _ start: [UInt8]) throws {
        let folder = try TemporaryFolder()
        try folder.write("capture", start + [0, 0])
        let (rows, errors) = try judge(["capture"], in: folder)
        #expect(errors.count == 1, "\(kind)")
        #expect(errors.first?.hasPrefix("wsframes: capture: the capture ends inside ") == true, "\(kind)")
        #expect(errors.first?.contains("at byte 10: ") == true, "\(kind)")
        #expect(rows.map(\.type) == ["error"], "\(kind)")
    }

    @Test(
        arguments: [
            ([0x1F, 0x8B, 8, 0], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x50, 0x4B, 3, 4], "zip"),
            ([0xFF, 0xFE, 0x38, 0, 0x31, 0], "UTF-16"), (Array(#"{"log":{}}"#.utf8), "HAR"),
        ] as [([UInt8], String)])
    func whatIsKnownToBeNoDumpIsNamed(_ start: [UInt8], _ name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("other", start)
        let (rows, errors) = try judge(["other"], in: folder)
        #expect(errors.first?.contains(name) == true)
        #expect(rows.map(\.type) == ["error"])
    }

    @Test func hexIsAskedForAndIsNotThere() throws {
        let outcome = try Command.run(["validate", "--input", "hex", "-"], stdin: .bytes(Bytes.clientHello))
        #expect(outcome.status == 3)
        #expect(outcome.errorLines == ["wsframes: -: line 1, column 1: byte 0x81 is not a hexadecimal digit"])
    }

    @Test func aCaptureIsAskedForAndIsNotThere() throws {
        let outcome = try Command.run(["validate", "--input", "pcap", "-"], stdin: .bytes(Bytes.clientHello))
        #expect(outcome.status == 3)
        #expect(outcome.errorLines.count == 1)
    }

    /// With `--input raw`, digits are bytes like any others.
    @Test func rawIsAskedForAndTheBytesAreDigits() throws {
        let outcome = try Command.run(["validate", "--input", "raw", "-"], stdin: .text(Bytes.hex(Bytes.clientHello)))
        #expect(outcome.status == 1)
        #expect(outcome.stdout.hasPrefix("reserved-bits "))
        #expect(outcome.stdout.contains(#"are text where a frame should begin: "81 85 37 "#))
    }
}
