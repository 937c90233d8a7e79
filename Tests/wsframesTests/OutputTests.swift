import Foundation
import Testing

/// Standard output that is full, closed, or closed while the program writes; and standard input that is closed.
@Suite struct OutputTests {
    /// Reads the first line, and then closes the pipe.
    private func readOneLine(_ arguments: [String]) throws -> (line: String, status: Int32, errors: [String]) {
        let folder = try TemporaryFolder()
        let errors = try folder.write("stderr", [])
        let pipe = Pipe()
        let running = try Command.start(
            arguments, stdout: pipe.fileHandleForWriting, stderr: try Command.handle(forWritingTo: errors))
        try pipe.fileHandleForWriting.close()
        var line: [UInt8] = []
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A { line.append(byte) }
        try pipe.fileHandleForReading.close()
        let status = running.wait(#_sourceLocation)
        return (String(decoding: line, as: UTF8.self), status, try folder.text("stderr").lines)
    }

    @Test(arguments: ["text", "jsonl"]) func aPipeClosedEarlyIsSilentAndChangesNoVerdict(_ format: String) throws {
        let folder = try TemporaryFolder()
        var dump: [UInt8] = []
        while dump.count < 1 << 18 { dump += Bytes.binary(200, masked: false) }
        let path = try folder.write("broken", dump)
        let (line, status, errors) = try readOneLine(
            ["validate", "--sender", "client", "--all", "--format", format, path])
        #expect(line.contains("unmasked-client-frame"))
        #expect(status == 1)
        #expect(errors == [])
    }

    @Test func aPipeClosedEarlyAfterLegalStreamsIsNoViolation() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("legal", Bytes.clientHello)
        let (line, status, errors) = try readOneLine(
            ["validate", "--format", "jsonl"] + [String](repeating: path, count: 3000))
        #expect(line.hasPrefix(#"{"type":"stream""#))
        #expect(status == 0)
        #expect(errors == [])
    }

    #if os(Linux)
        @Test(arguments: [
            ["validate", "--format", "jsonl", "legal"], ["validate", "legal"], ["rules"], ["explain", "1002"],
            ["--help"], ["--version"], ["validate", "--help"], ["completions", "bash"],
        ])
        func aFullDiskIsAFaultOfOurOwn(_ arguments: [String]) throws {
            let folder = try TemporaryFolder()
            try folder.write("legal", Bytes.clientHello)
            let outcome = try Command.shell(#"exec "$wsframes" "$@" > /dev/full"#, arguments, in: folder)
            #expect(outcome.status == 3)
            #expect(outcome.errorLines == ["wsframes: cannot write to standard output: No space left on device"])
        }
    #endif

    @Test func closedStandardOutputIsAFaultOfOurOwn() throws {
        let folder = try TemporaryFolder()
        try folder.write("legal", Bytes.clientHello)
        let outcome = try Command.shell(#"exec "$wsframes" validate legal >&-"#, in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errorLines == ["wsframes: cannot write to standard output: Bad file descriptor"])
        // The dump must not be opened as file descriptor 1 and overwritten.
        #expect(try folder.read("legal") == Bytes.clientHello)
    }

    @Test func closedStandardErrorKeepsTheStatus() throws {
        let outcome = try Command.shell(#"exec "$wsframes" validate missing 2>&-"#, in: TemporaryFolder())
        #expect(outcome.status == 3)
        #expect(outcome.stdout == "0 streams judged, no violation, 1 input not read\n")
    }

    @Test func closedStandardInputCannotBeRead() throws {
        let folder = try TemporaryFolder()
        try folder.write("legal", Bytes.clientHello)
        let outcome = try Command.shell(#"exec "$wsframes" validate legal - <&-"#, in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errorLines == ["wsframes: -: cannot be read: Bad file descriptor"])
        #expect(outcome.lines.first?.hasPrefix("ok      legal, ") == true)
    }

    @Test func aFolderAsStandardInputCannotBeRead() throws {
        let outcome = try Command.shell(#"exec "$wsframes" validate - < ."#, in: TemporaryFolder())
        #expect(outcome.status == 3)
        #expect(outcome.errorLines == ["wsframes: -: cannot be read: Is a directory"])
    }

    @Test func aPipeCanBeGivenAsAFile() throws {
        let outcome = try Command.run(["validate", "/dev/stdin"], stdin: .bytes(Bytes.clientHello))
        #expect(outcome.status == 0)
        #expect(outcome.lines.first?.hasPrefix("ok      /dev/stdin, client → server: 1 frame") == true)
    }

    /// Input in small portions is judged as it arrives, with the same verdict.
    @Test func aPipeThatIsFilledSlowly() throws {
        let script =
            #"(printf '\201\205\067\372\041'; sleep 0.2; printf '\075\177\237\115\121\130') | "$wsframes" validate -"#
        let outcome = try Command.shell(script)
        #expect(outcome.status == 0)
        #expect(outcome.lines.first == "ok      -, client → server: 1 frame, 1 message, 11 bytes")
    }
}
