import FixtureCorpus
import Testing
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// Which conversations of the recorded captures are hops of one proxy and how they differ; nothing else is paired.
@Suite struct HopCorpusTests {
    private struct Answer: Hashable {
        let front: Int
        let back: Int
        var evidence = HopEvidence.key
        var differences: [HopDifference.Kind] = []
    }

    /// All captures with both hops of a proxy; the others have none.
    private static let answers: [String: [Answer]] = {
        var answers: [String: [Answer]] = [
            "proxies/haproxy-nginx.proxy-protocol": [Answer(front: 1, back: 0), Answer(front: 2, back: 1)],
            "proxies/nginx.deflate-stripped": [
                Answer(front: 1, back: 0, differences: [.extensionsDiffer, .violationMade])
            ],
            "proxies/nginx.upgrade-not-passed": [Answer(front: 1, back: 0, differences: [.upgradeNotPassed])],
            "proxies/nginx.two-hosts": [Answer(front: 0, back: 1)],
            "hops/speaking-proxy": [Answer(front: 0, back: 1, evidence: .messages)],
            "hops/speaking-proxy.deflate": [Answer(front: 0, back: 1, evidence: .messages)],
            "hops/speaking-proxy.pings-end": [
                Answer(front: 0, back: 1, evidence: .messages, differences: [.pingsEnd])
            ],
            "hops/speaking-proxy.loses-one": [
                Answer(front: 0, back: 1, evidence: .messages, differences: [.messageDropped])
            ],
        ]
        for name in [
            "haproxy.echo.sll", "haproxy.timeout-tunnel", "haproxy.violation", "haproxy.proxy-protocol-unexpected",
            "nginx.echo", "nginx.deflate.ipv6-sll2", "nginx.first-frame-behind-101", "nginx.read-timeout",
            "nginx.upstream-killed",
        ] { answers["proxies/" + name] = [Answer(front: 1, back: 0)] }
        for (name, kind) in [
            ("message-dropped", HopDifference.Kind.messageDropped), ("message-added", .messageAdded),
            ("message-cut", .messageCut), ("messages-merged", .messagesMerged), ("message-split", .messageSplit),
            ("message-in-fragments", .framesDiffer), ("frame-made-illegal", .violationMade),
            ("type-changed", .typeChanged),
        ] { answers["hops/" + name] = [Answer(front: 1, back: 0, differences: [kind])] }
        return answers
    }()

    @Test(arguments: CaptureCorpus.paths) func hopsArePairedAndNothingElse(_ path: String) throws {
        let pairs = try Self.pairs([path]).map { finding in
            Answer(
                front: finding.front.connection ?? -1, back: finding.back.connection ?? -1, evidence: finding.evidence,
                differences: finding.comparison.differences.map(\.kind))
        }
        let name = path.split(separator: ".").dropLast().joined(separator: ".")
        #expect(pairs == Self.answers[name] ?? [])
    }

    @Test func everyAnswerHasItsCapture() {
        let names = CaptureCorpus.paths.map { $0.split(separator: ".").dropLast().joined(separator: ".") }
        #expect(Set(Self.answers.keys).isSubset(of: names))
    }

    /// Nothing is paired across inputs: neither a capture with its variants, nor with exports of it.
    @Test func acrossTheCorpusNothingIsPaired() throws {
        for pair in try Self.pairs(CaptureCorpus.paths) { #expect(pair.front.source == pair.back.source) }
        for path in ["plain/websockets--node-ws.echo.pcap", "proxies/nginx.echo.pcap"] {
            for other in CaptureCorpus.paths where other != path {
                for pair in try Self.pairs([path, other]) {
                    #expect(pair.front.source == pair.back.source, "\(path) \(other)")
                }
            }
        }
    }

    private static func pairs(_ paths: [String]) throws -> [HopsFinding] {
        let hops = HopLedger()
        for path in paths {
            let bytes = try CaptureCorpus.load(path).bytes
            var inspector = Inspector(source: path, hops: hops)
            try? inspector.feed(bytes.span) { _ in }
            inspector.finish { _ in }
        }
        var found: [HopsFinding] = []
        hops.finish { if case .hops(let finding) = $0 { found.append(finding) } }
        return found
    }
}
