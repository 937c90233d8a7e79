import Testing

@testable import WebSocketCaptures

/// The traces of RFC 8448 §4 to §7: resumption with early data, a hello retry, a client certificate, compatibility mode.
@Suite struct RFC8448TraceTests {
    private static let traces: [RFC8448Trace] = [.resumed, .retried, .clientAuthenticated, .compatible]

    private func opened(_ trace: RFC8448Trace, pieces: Int = .max, withoutLabels part: String? = nil) -> Opened {
        let lines = trace.keyLog.split(separator: "\n").filter { line in part.map { !line.contains($0) } ?? true }
        var opened = Opened(keyLog: lines.joined(separator: "\n"))
        for (side, hex) in trace.flights { opened.read(RFC8448.bytes(hex), from: side, pieces: pieces) }
        opened.finish()
        return opened
    }

    @Test(arguments: traces, [.max, 1, 3, 5, 64]) func aTraceIsRead(_ trace: RFC8448Trace, pieces: Int) {
        let opened = opened(trace, pieces: pieces)
        #expect(opened.outcome == .open && opened.serverName == "server")
        #expect(opened.bytes(of: .first) == trace.ofClient && opened.bytes(of: .second) == trace.ofServer)
        // Nothing was lost, and both sides ended with close_notify.
        let others = opened.steps.filter { if case .bytes = $0 { false } else { true } }
        #expect(others == [.finished(.first), .finished(.second)])
        #expect(opened.alerts.isEmpty && opened.unclosed.isEmpty)
    }

    /// Some programs log the application traffic secrets only. Early data is then missing, like a lost packet.
    @Test(arguments: traces) func theApplicationsSecretsAreEnough(_ trace: RFC8448Trace) {
        let opened = opened(trace, withoutLabels: "_TRAFFIC_SECRET ")
        #expect(opened.outcome == .open && opened.bytes(of: .second) == trace.ofServer)
        #expect(opened.steps.contains(.finished(.second)))
    }

    /// Without its own secret, no early data is reported.
    @Test func earlyDataHasASecretOfItsOwn() {
        let opened = opened(.resumed, withoutLabels: "EARLY")
        #expect(opened.bytes(of: .second) == RFC8448Trace.resumed.ofServer)
        #expect(!opened.bytes(of: .first).starts(with: Array("ABCDEF".utf8)))
        #expect(opened.steps.contains { if case .gap(.first, _) = $0 { true } else { false } }, "\(opened.steps)")
    }

    @Test(arguments: traces) func withoutASecretItIsSealed(_ trace: RFC8448Trace) {
        let opened = opened(trace, withoutLabels: "SECRET")
        #expect(opened.outcome == .sealed(.noKey) && opened.steps.isEmpty)
    }
}
