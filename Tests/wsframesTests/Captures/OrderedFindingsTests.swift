import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

@testable import wsframes

/// Findings stand where they belong, although a violation is reported only when the bytes after it are known.
@Suite struct OrderedFindingsTests {
    private func notice(_ name: String) -> Finding {
        .notice(
            NoticeFinding(
                origin: StreamOrigin(source: "a", connection: 0, sender: nil),
                Notice(NoticeKind(name, .stream, "", means: "", checks: []), about: nil, "")))
    }

    private func violation(_ sender: Endpoint, frame: UInt8) throws -> ViolationFinding {
        var validator = FrameValidator(sender: sender)
        var bytes: [UInt8] = []
        for _ in 0..<frame { bytes += sender == .client ? [0x8A, 0x80, 0, 0, 0, 0] : [0x8A, 0] }
        bytes.append(0x83)
        try? validator.consume(bytes.span)
        return ViolationFinding(
            origin: StreamOrigin(source: "a", connection: 0, sender: sender),
            violation: try #require(validator.violation), streamStart: 0, context: [], contextOffset: 0,
            lastGoodFrame: nil)
    }

    private func names(_ findings: [Finding]) -> [String] {
        findings.map { finding in
            switch finding {
            case .notice(let notice): notice.kind.name
            case .violation(let found): "\(found.origin.sender?.name ?? "?") \(found.violation.frame)"
            default: "other"
            }
        }
    }

    @Test func whatComesAfterAViolationWaitsForIt() throws {
        var findings = OrderedFindings()
        findings.add(notice("one"))
        findings.holdPlace(for: .client)
        findings.add(notice("two"))
        #expect(names(findings.take()) == ["one"])
        findings.add(notice("three"))
        #expect(names(findings.take()) == [])
        findings.add(try violation(.client, frame: 0), of: .client)
        #expect(names(findings.take()) == ["client 0", "two", "three"])
    }

    @Test func eachEndpointHasItsOwnPlaces() throws {
        var findings = OrderedFindings()
        findings.holdPlace(for: .client)
        findings.holdPlace(for: .server)
        findings.holdPlace(for: .client)
        findings.add(try violation(.server, frame: 4), of: .server)
        findings.add(try violation(.client, frame: 1), of: .client)
        #expect(names(findings.take()) == ["client 1", "server 4"])
        findings.add(try violation(.client, frame: 2), of: .client)
        #expect(names(findings.take()) == ["client 2"])
    }

    @Test func noMoreWaitThanTheCeiling() throws {
        var findings = OrderedFindings()
        findings.holdPlace(for: .client)
        for _ in 0..<OrderedFindings.mostWaiting { findings.add(notice("frame")) }
        #expect(findings.take().count == OrderedFindings.mostWaiting)
        findings.add(try violation(.client, frame: 0), of: .client)
        #expect(names(findings.take()) == ["client 0"])
    }
}
