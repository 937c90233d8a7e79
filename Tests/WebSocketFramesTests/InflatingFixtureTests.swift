import FixtureCorpus
import PerMessageDeflate
import Testing
import WebSocketFrames

/// Every fixture with inflated messages gets its verdict, however it is cut, and at the first byte that allows it.
@Suite struct InflatingFixtureTests {
    let fixtures: [Fixture]

    init() throws {
        fixtures = try FixtureCorpus.loadAll().filter(\.extensions.inflates)
    }

    private func validator(for fixture: Fixture) -> InflatingValidator {
        InflatingValidator(sender: fixture.sender, extensions: fixture.extensions, limits: fixture.limits)
    }

    @Test func cutAtEveryByteAndInPiecesOfEverySize() {
        #expect(fixtures.count > 80)
        for fixture in fixtures {
            let stream = fixture.bytes
            // In a long stream: every place near its beginning and end, and some in between.
            let places = (0...stream.count).filter { $0 < 80 || stream.count - $0 < 80 || $0 % 61 == 0 }
            let cuts = [[], Array(0...stream.count)] + places.map { [$0] }
            for cuts in cuts {
                var judged = validator(for: fixture)
                var start = 0
                for end in cuts + [stream.count] {
                    do { try judged.consume(stream.span.extracting(start..<end)) } catch { break }
                    start = end
                }
                let verdict = Expectation(judged, bytes: stream.count)
                guard verdict == fixture.expectation else {
                    Issue.record("\(fixture.path): a different verdict when cut at \(cuts.prefix(2))")
                    break
                }
            }
        }
    }

    @Test func theViolationIsRaisedWhenItsByteIsThere() {
        for fixture in fixtures {
            guard let fault = fixture.expectation.violation else { continue }
            let end = Int(fault.end)
            var judged = validator(for: fixture)
            // A fault at the end of the payload is reported with the last byte, not later.
            #expect(throws: Never.self, "\(fixture.path): too early") {
                try judged.consume(fixture.bytes.span.extracting(0..<(end - 1)))
            }
            judged = validator(for: fixture)
            #expect(throws: (any Error).self, "\(fixture.path): too late") {
                try judged.consume(fixture.bytes.span.extracting(0..<end))
            }
        }
    }

    /// The corpus has every way in which a message can fail to inflate.
    @Test func everyFaultIsThere() throws {
        var faults: Set<InflateFault.Reason> = []
        for fixture in fixtures {
            var judged = validator(for: fixture)
            try? judged.consume(fixture.bytes.span)
            if let fault = judged.violation?.deflateFault { faults.insert(fault) }
        }
        #expect(faults == Set(InflateFault.Reason.allCases.filter(\.isViolation)))
    }
}
