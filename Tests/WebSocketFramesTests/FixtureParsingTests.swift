import FixtureCorpus
import Testing
import WebSocketFrames

/// The fixture format is parsed strictly: an error names the file and the line.
@Suite struct FixtureParsingTests {
    static let accepted = """
        # A ping.
        #: sender server
        #: max-frame 5
        #= state complete
        #= frames 1
        #= messages 0
        #= bytes 2
        #= closed false

        89 0  # FIN, ping
        \t0 # 0 bytes

        """

    static let rejected = """
        #= state violation
        #= frames 0
        #= messages 0
        #= bytes 1
        #= closed false
        #= rule reserved-bits
        #= offset 0
        #= length 1
        #= frame 0
        #= frame-offset 0
        #= header c1
        #= close-code 1002
        c1

        """

    private func parse(_ text: String, path: String = "rfc6455-5.5.2-ping/accept.empty.hex") throws -> Fixture {
        try Fixture(path: path, file: Array(text.utf8))
    }

    /// The line that the error names.
    private func line(_ text: String, path: String = "rfc6455-5.5.2-ping/accept.empty.hex") -> Int? {
        do {
            _ = try Fixture(path: path, file: Array(text.utf8))
            return nil
        } catch {
            #expect(error.description.hasPrefix(path + ":"))
            return error.line
        }
    }

    @Test func aWholeFile() throws {
        let fixture = try parse(Self.accepted)
        #expect(fixture.section == "rfc6455-5.5.2-ping")
        #expect(fixture.caseName == "empty")
        #expect(fixture.sender == .server)
        #expect(fixture.extensions == .none)
        #expect(fixture.limits == Limits(frame: 5))
        #expect(fixture.bytes == [0x89, 0x00])
        #expect(fixture.handshake.isEmpty)
        #expect(fixture.expectation.violation == nil)
        #expect(fixture.expectation.frames == 1)
    }

    @Test func aViolation() throws {
        let fixture = try parse(Self.rejected, path: "a/reject.reserved-bits.rsv1.and-more.hex")
        let fault = try #require(fixture.expectation.violation)
        #expect(fault.rule == .reservedBits)
        #expect(fault.headerHex == "c1")
        #expect(fault.closeCode == .protocolError)
        #expect(fixture.caseName == "rsv1.and-more")
        #expect(fixture.sender == nil)
    }

    @Test func aDiagnosis() throws {
        let path = "diagnosis/reject.reserved-bits.some-pattern.case.hex"
        #expect(try parse(Self.rejected, path: path).diagnosis == nil)
        func said(_ lines: String) -> String {
            Self.rejected.replacing("#= closed false", with: "#= closed false\n" + lines)
        }
        let none = try #require(try parse(said("#= diagnosis none"), path: path).diagnosis)
        #expect(none.name == nil)
        let whole = said("#= diagnosis some-pattern\n#= suspect between\n#= certainty likely")
        let diagnosis = try #require(try parse(whole, path: path).diagnosis)
        #expect(diagnosis.name == "some-pattern")
        #expect(diagnosis.suspect == "between")
        #expect(diagnosis.certainty == "likely")
        for (good, bad, expected) in [
            ("between", "nobody", 7), ("likely", "sure", 8), ("some-pattern", "none", 7), ("some-pattern", "", 6),
            ("#= suspect between\n", "", 1), ("#= diagnosis some-pattern\n", "", 6),
        ] {
            #expect(line(whole.replacing(good, with: bad), path: path) == expected, "\(bad)")
        }
    }

    @Test func theHandshakeIsCutOff() throws {
        let handshake = Array("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".utf8)
        let after = Self.accepted.replacing("bytes 2", with: "bytes \(2 + handshake.count)") + handshake.hex + "\n"
        #expect(try parse(after).bytes == [0x89, 0x00] + handshake, "a handshake counts only at the beginning")
        let inFront = Self.accepted.replacing("89 0 ", with: handshake.hex + "89 0 ")
        #expect(try parse(inFront).bytes == [0x89, 0x00])
        #expect(try parse(inFront).handshake == handshake)
        let endless = Self.accepted.replacing("89 0 ", with: Array("GET / HTTP/1.1\r\n".utf8).hex + "89 0 ")
        #expect(line(endless) == 1)
    }

    @Test(arguments: [
        ("#: sender server", "#: sender both", 2),
        ("#: sender server", "#: sendr server", 2),
        ("#: sender server", "#:sender server", 2),
        ("#: max-frame 5", "#: max-frame", 3),
        ("#: max-frame 5", "#: max-frame +5", 3),
        ("#: max-frame 5", "#: sender server", 3),
        ("#: max-frame 5", "#: deflate yes", 3),
        ("#: max-frame 5", "#: max-frame 5 6", 3),
        ("#= state complete", "#= state done", 4),
        ("#= state complete", "#= state incomplete-frame", 4),
        ("#= frames 1", "#= frames one", 5),
        ("#= frames 1", "", 1),
        ("#= frames 1", "#= frames 1\n#= offset 0", 6),
        ("#= bytes 2", "#= bytes 3", 7),
        ("#= closed false", "#= closed no", 8),
        ("89 0 ", "89 g ", 10),
        ("\t0", "\t", 11),
    ])
    func errorsNameTheLine(good: String, bad: String, at expected: Int) {
        #expect(line(Self.accepted.replacing(good, with: bad)) == expected)
    }

    @Test(arguments: [
        "rule reserved-bits", "offset 0", "length 1", "frame 0", "frame-offset 0", "header c1", "close-code 1002",
    ])
    func everyKeyOfAViolationIsDemanded(setting: String) {
        let path = "a/reject.reserved-bits.rsv1.hex"
        #expect(line(Self.rejected, path: path) == nil)
        #expect(line(Self.rejected.replacing("#= \(setting)\n", with: ""), path: path) == 1)
    }

    @Test(arguments: [
        "accept.empty.hex", "a/accept.hex", "a/accept..hex", "a/accept.Upper.hex", "a/accept.a_b.hex", "a/accept.b.txt",
        "a/reject.reserved-bits.b.hex", "a/incomplete-frame.b.hex", "a/ok.b.hex", "a/accept.hex/b",
    ])
    func namesMustFit(path: String) {
        #expect(line(Self.accepted, path: path) != nil)
    }

    @Test func theLastLineIsWhole() {
        #expect(line(String(Self.accepted.dropLast())) != nil)
        #expect(line("") != nil)
    }
}
