import ProbedPeers
import SeededRandom
import Testing
import WebSocketFrames
import WebSocketProbe

/// Proxies with one behaviour each: it is found every time, and nothing else is reported.
@Suite struct ProxyTests {
    private static func results(_ manner: MemoryProxy.Manner, _ cases: [ProbeCase]) -> [ProbeResult] {
        cases.map { probe in
            var playing = PlayingThroughProxy(probe, through: manner)
            return playing.result()
        }
    }

    private static func cases(_ isWanted: (ProbeCase) -> Bool = { _ in true }) throws -> [ProbeCase] {
        try Cases.all.get().filter { probe in
            !probe.needs.contains(.harsh) && probe.bytesSent.count < 1_000 && isWanted(probe)
        }
    }

    /// Cases that break no rule, some of each kind.
    private static func legalCases() throws -> [ProbeCase] {
        let folders = ["probe/", "rfc6455-5.5.1", "rfc6455-5.6", "rfc7692"]
        return try cases { probe in
            probe.rule == nil && probe.opening.answer == .upgrade && folders.contains { probe.name.hasPrefix($0) }
                && probe.name != "probe/closing/data-after-the-close"
        }
    }

    @Test(arguments: [MemoryProxy.Manner.transparent, .masksAnew]) func whatPassesUnchangedIsClean(
        _ manner: MemoryProxy.Manner
    ) throws {
        let cases = try Self.cases()
        #expect(cases.count > 660)
        var sample = Sample(oneIn: 3)
        let results = Self.results(manner, cases.filter { _ in sample.takes() })
        for result in results {
            // This proxy masks a frame anew only once it is complete.
            #expect(
                result.outcome == .strict || (manner == .masksAnew && result.outcome == .late),
                "\(result.probe.name): \(result.outcome), \(result.detail)")
        }
    }

    /// What a proxy does, the result that it must lead to, and the others that it may: followed by other bytes, a message may
    /// not match any that was sent, or an empty one may get lost in another.
    static let findings: [(manner: MemoryProxy.Manner, must: ProbeResult.Outcome, may: [ProbeResult.Outcome])] = [
        (
            .masksWrongly, .alters("message-changed"),
            [
                .alters("violation-made"), .alters("messages-replaced"), .alters("ping-changed"),
                .alters("pong-changed"), .alters("close-changed"),
            ]
        ),
        // A message lost after a Close may have been dropped by a proxy that answered the Close itself.
        (.dropsMessages, .alters("message-dropped"), [.differs("lost-at-close")]),
        (.doublesMessages, .alters("message-added"), []),
        (.splitsMessages, .alters("message-split"), [.alters("messages-replaced"), .alters("message-added")]),
        (.mergesMessages, .alters("messages-merged"), [.alters("messages-replaced"), .alters("message-dropped")]),
        (.fragments, .differs("frames-differ"), []),
        (.changesBytes, .alters("message-changed"), []),
        (.makesTextBinary, .alters("type-changed"), []),
        (.answersPings, .differs("pings-answered"), []),
        (.dropsPings, .alters("ping-dropped"), []),
        (.doublesPings, .alters("ping-doubled"), []),
        (.dropsPongs, .alters("pong-dropped"), [.differs("pong-kept"), .differs("lost-at-close")]),
        (.changesCloseCodes, .alters("close-changed"), []),
        (.answersCloses, .alters("close-dropped"), []),
        // After the server's Close there is nothing to cut, but what the client still sends is lost.
        (.cuts, .alters("connection-cut"), [.alters("message-dropped"), .differs("lost-at-close")]),
        (.keepsEnds, .alters("end-kept"), []),
        (.closesForClients, .differs("end-as-close"), []),
        (.delays, .differs("delayed"), []),
        (.hidesExtensions, .alters("extensions-differ"), []),
    ]

    @Test(arguments: findings) func whatAProxyDoesIsFound(
        _ manner: MemoryProxy.Manner, _ must: ProbeResult.Outcome, _ may: [ProbeResult.Outcome]
    ) throws {
        // In a debug build, a sample of the fixtures.
        var sample = Sample(oneIn: 6)
        let cases = try Self.legalCases().filter { $0.name.hasPrefix("probe/") || sample.takes() }
        expect(Self.results(manner, cases), must, may)
    }

    /// Cases that break a rule: a proxy that parses frames refuses them, and does not repair them.
    @Test(arguments: [
        (MemoryProxy.Manner.repairsMasks, ProbeResult.Outcome.lax), (.refusesOpcodes, .strict),
        (.keepsEnds, .alters("end-kept")),
    ]) func whatBreaksARule(_ manner: MemoryProxy.Manner, _ must: ProbeResult.Outcome) throws {
        var sample = Sample(oneIn: 3)
        let cases = try Self.cases { $0.rule != nil && $0.name.hasPrefix("rfc6455-5") && sample.takes() }
        expect(Self.results(manner, cases), must, [])
    }

    private func expect(
        _ results: [ProbeResult], _ must: ProbeResult.Outcome, _ may: [ProbeResult.Outcome]
    ) {
        #expect(results.contains { $0.outcome == must }, "no \(must)")
        for result in results {
            if case .skipped = result.outcome { continue }
            #expect(
                ([must, .strict, .late] + may).contains(result.outcome),
                "\(result.probe.name): \(result.outcome), \(result.detail)")
        }
    }

    /// The cases in which it must be found, and no others.
    @Test func aDroppedMessageIsFoundEachTime() throws {
        for probe in try Self.legalCases() where probe.target == .server {
            var playing = PlayingThroughProxy(probe, through: .dropsMessages)
            let result = playing.result()
            var isDropped = false
            for case .send(let bytes, _) in probe.steps where bytes.first == 0x81 || bytes.first == 0x82 {
                isDropped = true
            }
            if isDropped, !probe.needs.contains(.deflate) {
                #expect(result.outcome == .alters("message-dropped"), "\(probe.name): \(result.outcome)")
            }
        }
    }

    @Test func brokenFramesArePassedOnOrRefused() throws {
        let probe = try #require(try Cases.all.get().first { $0.name.hasSuffix("reject.reserved-opcode.0x3") })
        var passing = PlayingThroughProxy(probe, through: .transparent)
        #expect(passing.result().detail.hasPrefix("passes it on: "))
        var refusing = PlayingThroughProxy(probe, through: .refusesOpcodes)
        let refused = refusing.result()
        #expect(refused.outcome.isFine && refused.detail.hasPrefix("does not pass it on: "), "\(refused.detail)")
    }

    @Test func theEvidenceIsOfBothDirections() throws {
        let probe = try #require(try Cases.all.get().first { $0.name == "probe/pings/125-bytes" })
        var playing = PlayingThroughProxy(probe, through: .dropsPongs)
        let result = playing.result()
        #expect(result.directions.map(\.sender) == [.server, .client])
        #expect(result.sent.first == 0x8A && result.received.isEmpty)
        #expect(result.directions[1].sent == result.directions[1].received && !result.directions[1].sent.isEmpty)
    }
}
