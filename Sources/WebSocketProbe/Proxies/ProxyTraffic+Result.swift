import WebSocketFrames

extension ProxyTraffic {
    /// Returns the result of a case that was played through a proxy.
    ///
    /// The strict endpoint at the other end answers what the case asks for: anything else is the proxy's doing. In
    /// addition, what passed through is compared in both directions: it may have been altered although the case
    /// succeeded.
    ///
    /// - Parameter result: the result of the exchange at one end of the proxy.
    public func result(of result: ProbeResult) -> ProbeResult {
        let probe = result.probe
        if case .skipped = result.outcome { return result }
        let comparison = ProxyComparison(self, probe)
        let findings = comparison?.findings ?? []
        let wrong = findings.filter { !$0.isAllowed }
        let isExplained = result.outcome.isFine || findings.contains(where: \.explainsAll)
        let shown = wrong.isEmpty && isExplained ? findings : wrong
        guard let first = shown.first else {
            return made(result.outcome, Self.detail(of: result, comparison), probe, sender: probe.target.peer)
        }
        let sentences = shown.prefix(3).map { $0.message.hasSuffix(".") ? String($0.message.dropLast()) : $0.message }
        let detail = sentences.joined(separator: "; also: ")
        return made(
            first.isAllowed ? .differs(first.kind) : .alters(first.kind), detail, probe, sender: first.sender)
    }

    /// Returns the result of a case in which one end of the proxy received nothing.
    public func result(of probe: ProbeCase, _ outcome: ProbeResult.Outcome, _ detail: String) -> ProbeResult {
        made(outcome, detail, probe, sender: probe.target.peer)
    }

    private static func detail(of result: ProbeResult, _ comparison: ProxyComparison?) -> String {
        guard let comparison, comparison.isBroken else { return result.detail }
        if comparison.passesViolation { return "passes it on: \(result.detail)" }
        switch result.outcome {
        case .lax: return "repairs it: what comes out breaks no rule. \(result.detail)"
        default: return "does not pass it on: \(result.detail)"
        }
    }

    private func made(
        _ outcome: ProbeResult.Outcome, _ detail: String, _ probe: ProbeCase, sender: Endpoint
    ) -> ProbeResult {
        ProbeResult(
            probe: probe, outcome: outcome, detail: detail,
            directions: [sender, sender.peer].map { endpoint in
                ProbeResult.ProxiedDirection(
                    sender: endpoint, sent: self[endpoint].sent, received: self[endpoint].received)
            })
    }
}
