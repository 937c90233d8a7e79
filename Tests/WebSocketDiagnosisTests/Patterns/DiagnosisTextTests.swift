import FixtureCorpus
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Everything that a diagnosis says is safe to print, and so is the table.
@Suite struct DiagnosisTextTests {
    @Test func namesAreUniqueAndInLowerCase() {
        let names = Diagnosis.patterns.map(\.name)
        #expect(names.count > 40)
        #expect(Set(names).count == names.count)
        let form = /[a-z0-9]+(-[a-z0-9]+)*/
        for name in names { #expect(name.wholeMatch(of: form) != nil, "\(name)") }
        #expect(!names.contains("none"))
        #expect(Set(names).isDisjoint(with: Rule.allCases.map(\.name)), "a rule has that name")
    }

    @Test func everyPatternHasItsTexts() {
        for pattern in Diagnosis.patterns {
            #expect((10...80).contains(pattern.title.count), "\(pattern.name)")
            #expect(!pattern.title.hasSuffix("."), "\(pattern.name)")
            #expect(pattern.signs.hasSuffix("."), "\(pattern.name)")
            #expect((1...4).contains(pattern.checks.count), "\(pattern.name)")
            for check in pattern.checks { #expect(check.hasSuffix(".") && check.count < 160, "\(check)") }
            #expect(isPlain(pattern.title + pattern.signs + pattern.checks.joined()), "\(pattern.name)")
        }
    }

    @Test func messagesArePlainAndShort() throws {
        var seen = 0
        for fixture in try FixtureCorpus.load() {
            guard let evidence = Evidence(fixture), let diagnosis = Diagnosis.of(evidence) else { continue }
            seen += 1
            #expect(isVisible(diagnosis.message), "\(diagnosis.message)")
            #expect(diagnosis.message.count < 420, "\(diagnosis.message)")
            #expect(diagnosis.message.hasSuffix("."), "\(diagnosis.message)")
        }
        #expect(seen > 100)
    }

    @Test func nothingFromTheInputDrivesATerminal() throws {
        let escape = Array("HTTP/1.1 502 \u{1B}[2J\u{7}\u{9B}31m \"quoted\" \\ \u{202E}".utf8)
        let evidence = try #require(Evidence(stream: escape, validator: FrameValidator(sender: .server)))
        let diagnosis = try #require(Diagnosis.of(evidence))
        #expect(diagnosis.name == "http-response")
        #expect(isPlain(diagnosis.message), "\(diagnosis.message)")
        #expect(diagnosis.message.contains(#"\x1B[2J\x07\xC2\x9B31m \"quoted\" \\"#), "\(diagnosis.message)")
    }

    @Test func longTextIsCut() throws {
        let stream = Array(String(repeating: "All work and no play. ", count: 300).utf8)
        let evidence = try #require(Evidence(stream: stream, validator: FrameValidator(sender: .server)))
        let diagnosis = try #require(Diagnosis.of(evidence))
        #expect(diagnosis.name == "unframed-text")
        #expect(diagnosis.message.count < 300)
    }

    /// ASCII, and letters and digits of any script.
    private func isVisible(_ text: String) -> Bool {
        isPlain(String(String.UnicodeScalarView(text.unicodeScalars.filter { !isLetterOrDigit($0.properties) })))
    }

    private func isLetterOrDigit(_ properties: Unicode.Scalar.Properties) -> Bool {
        properties.isAlphabetic || properties.numericType != nil
    }

    private func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
