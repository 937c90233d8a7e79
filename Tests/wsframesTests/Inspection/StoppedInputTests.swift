import Testing
import WebSocketInspection

/// An interrupt ends the input: what is known is reported, and the input is not blamed for being incomplete.
@Suite struct StoppedInputTests {
    private func findings(_ bytes: [UInt8], isStopped: Bool) throws -> [Finding] {
        var findings: [Finding] = []
        var inspector = Inspector()
        try inspector.feed(bytes.span) { findings.append($0) }
        if isStopped {
            inspector.stop { findings.append($0) }
        } else {
            inspector.finish { findings.append($0) }
        }
        return findings
    }

    private func errors(_ findings: [Finding]) -> Int {
        findings.count { if case .error = $0 { true } else { false } }
    }

    @Test func aPacketThatIsHalfThereIsNoError() throws {
        var capture = MadeCapture()
        var one = capture.upgrade(port: 1001)
        capture.send(.server, [0x83, 0x00], on: &one)
        capture.send(.client, Bytes.clientHello, on: &one)
        let half = [UInt8](capture.bytes.dropLast(3))
        #expect(try errors(findings(half, isStopped: false)) == 1)
        let stopped = try findings(half, isStopped: true)
        #expect(errors(stopped) == 0)
        #expect(stopped.contains { if case .violation = $0 { true } else { false } })
        #expect(stopped.count { if case .stream = $0 { true } else { false } } == 2)
    }

    @Test func halfAPairOfHexDigitsAtASignalIsNotAnError() throws {
        let half = Array("#: sender client\n81 85 37 fa 21 3d 7f 9f 4d 51 5".utf8)
        #expect(try errors(findings(half, isStopped: false)) == 1)
        #expect(try errors(findings(half, isStopped: true)) == 0)
    }

    /// What was found before a signal has been written to standard output, and so has the verdict.
    ///
    /// Once the shell has written the dump, everything except the contents of the pipe has been read and judged.
    @Test(arguments: ["TERM", "HUP"]) func aSignalLosesNothing(_ signal: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("dump", [0x83, 0] + Bytes.binary(1 << 20, masked: false))
        let outcome = try Command.shell(
            """
            mkfifo pipe
            "$wsframes" validate --format jsonl --sender server --input raw --all - <pipe >found &
            exec 3>pipe
            cat dump >&3
            kill -\(signal) $!
            wait $!; status=$?
            exec 3>&-
            cat found
            exit $status
            """, in: folder)
        #expect(outcome.status == 1)
        #expect(try outcome.rows().map(\.type) == ["violation", "stream"])
    }
}
