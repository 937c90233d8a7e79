import Testing
import WebSocketInspection

/// Whoever interrupts ends the input where it is: what is known is said, and the input is not blamed for its end.
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

    @Test func norIsADigitOfHexText() throws {
        let half = Array("#: sender client\n81 85 37 fa 21 3d 7f 9f 4d 51 5".utf8)
        #expect(try errors(findings(half, isStopped: false)) == 1)
        #expect(try errors(findings(half, isStopped: true)) == 0)
    }
}
