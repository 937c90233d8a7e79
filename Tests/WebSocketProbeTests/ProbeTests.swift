import FixtureCorpus
import Foundation
import PerMessageDeflate
import ProbedPeers
import SeededRandom
import Testing
import WebSocketFrames
import WebSocketProbe

/// Every case of the corpus, as the command line reads it.
enum Cases {
    static let all: Result<[ProbeCase], any Error> = Result {
        let paths = FileManager.default.subpaths(atPath: FixtureCorpus.folder) ?? []
        return try paths.sorted().compactMap { path in
            let file = FileManager.default.contents(atPath: FixtureCorpus.folder + "/" + path)
            if path.hasSuffix(".hex") { return ProbeCase(fixture: [UInt8](file ?? Data()), path: path) }
            guard path.hasSuffix(".case") else { return nil }
            return try ProbeCase(file: String(decoding: file ?? Data(), as: UTF8.self), path: path)
        }
    }

    /// The cases for a server in memory, which does not know permessage-deflate, and reads byte by byte, too slowly for long
    /// streams.
    static func forServers() throws -> [ProbeCase] {
        try all.get().filter { probe in
            let count = probe.steps.reduce(0) { count, step in
                if case .send(let bytes, _) = step { count + bytes.count } else { count }
            }
            return probe.target == .server && probe.needs.isDisjoint(with: [.deflate, .harsh, .proxy]) && count < 1_000
        }
    }
}

/// Servers with one fault: it is found, and nothing else is reported.
@Suite struct ProbeTests {
    @Test func aStrictServerIsStrictEverywhere() throws {
        let cases = try Cases.forServers()
        #expect(cases.count > 300)
        for probe in cases {
            let result = play(probe, against: .none)
            #expect(result.outcome == .strict, "\(probe.name): \(result.outcome), \(result.detail)")
        }
    }

    /// The rules whose faults a case can show.
    static let rules = Rule.allCases.filter { rule in
        switch rule {
        case .frameTooBig, .messageTooBig, .maskedServerFrame, .misplacedRSV1, .dataAfterClose: false
        default: rule.name != "invalid-deflate"
        }
    }

    @Test(arguments: rules) func aRuleThatIsNotKept(_ rule: Rule) throws {
        let asked = try Cases.forServers().filter { Self.asks($0, about: rule) }
        #expect(!asked.isEmpty, "no case asks about \(rule.name)")
        // If the end of the frame is unknown, the server waits for ever; a Close that it accepts, it answers.
        let ignored = asked.map { play($0, against: .ignores(rule)).outcome }
        let wrong: [ProbeResult.Outcome] = [.lax, .hangs]
        #expect(ignored.contains(where: wrong.contains), "\(rule.name): \(ignored)")
        for probe in asked {
            #expect(play(probe, against: .otherCode(rule)).outcome == .otherCode(.internalError), "\(probe.name)")
            #expect(play(probe, against: .cutsOff(rule)).outcome == .cutOff, "\(probe.name)")
            #expect(play(probe, against: .hangs(rule)).outcome == .hangs, "\(probe.name)")
        }
        var sample = Sample(oneIn: 6, seed: UInt64(rule.name.utf8.count))
        for probe in try Cases.forServers() where !Self.asks(probe, about: rule) && sample.takes() {
            let result = play(probe, against: .otherCode(rule))
            #expect(result.outcome == .strict, "\(probe.name): \(result.outcome), \(result.detail)")
        }
    }

    private static func asks(_ probe: ProbeCase, about rule: Rule) -> Bool {
        probe.steps.contains { if case .expect(.failure(_, rule)) = $0 { true } else { false } }
    }

    @Test(arguments: [
        (MemoryServer.Fault.ignoresPings, "pings/"), (.answersPingsEmpty, "pings/"), (.ignoresCloses, "closing/"),
        (.complainsAboutCloses, "closing/"), (.keepsTCP, "closing/"), (.upgradesAnything, "handshake/"),
        (.breaksEcho, "sizes/"), (.refusesEmptyFrames, "fragments/"), (.wrongAccept, ""),
    ]) func aBehaviourThatIsWrong(_ fault: MemoryServer.Fault, _ topic: String) throws {
        var sample = Sample(oneIn: 4)
        let cases = try Cases.forServers().filter { $0.name.hasPrefix("probe/") || sample.takes() }
        let results = cases.map { play($0, against: fault) }
        let wrong = results.filter { !$0.outcome.isFine }
        #expect(wrong.contains { $0.probe.name.contains("probe/" + topic) }, "\(fault)")
        // A case that does not involve the fault stays strict.
        if fault != .wrongAccept {
            #expect(results.contains { $0.outcome == .strict && $0.probe.name.hasPrefix("rfc6455-5.2") }, "\(fault)")
        }
    }

    /// A Close that breaks a rule was accepted if it is answered like a legal one.
    @Test func aCloseThatIsAnsweredNormallyWasTaken() throws {
        let probe = try #require(
            try Cases.forServers().first { $0.name.hasSuffix("reject.unmasked-client-frame.close") })
        #expect(play(probe, against: .ignores(.unmaskedClientFrame)).outcome == .lax)
    }

    /// A message that does not inflate, or not to text, would be refused for another reason than the case's.
    @Test func noCaseIsCompressedAndBroken() throws {
        for probe in try Cases.all.get() where probe.needs.contains(.deflate) && probe.rule == nil {
            var validator = InflatingValidator(
                sender: probe.target.peer, extensions: .permessageDeflate(.standard))
            try validator.consume(probe.bytesSent.span)
        }
        let names = try Cases.all.get().map(\.name)
        #expect(!names.contains("rfc7692-6-rsv1/accept.compressed-bytes-are-not-judged-as-text"))
        #expect(names.contains("rfc7692-7.2.3-examples/accept.3-no-compression-from-client"))
    }

    @Test func aServerThatWaitsForWholeFramesIsLateAndNotWrong() throws {
        for probe in try Cases.forServers() {
            let outcome = play(probe, against: .waitsForFrames).outcome
            let isEndless = Self.asks(probe, about: .lengthOverflow)
            #expect(outcome.isFine || (isEndless && outcome == .hangs), "\(probe.name): \(outcome)")
        }
    }
}

/// What may come instead of a handshake.
@Suite struct OpeningTests {
    @Test(arguments: [
        (MemoryServer.Fault.none, ProbeResult.Outcome.strict, "answers as it must"),
        (.endlessHead, .lax, "more than 64 KiB"),
        (.speaksAnother, .lax, "not HTTP"),
        (.redirects, .refuses(nil), "302"),
        (.answersTooEarly, .lax, "before its response"),
        (.wrongAccept, .lax, "Sec-WebSocket-Accept"),
        (.masksFrames, .lax, "masked-server-frame"),
        (.ignoresPings, .hangs, "does not answer the ping"),
    ]) func anOpening(_ fault: MemoryServer.Fault, _ outcome: ProbeResult.Outcome, _ words: String) {
        let result = play(.handshake, against: fault)
        #expect(result.outcome == outcome, "\(result.detail)")
        #expect(result.detail.contains(words), "\(result.detail)")
        #expect(result.sentHead.starts(with: Array("GET / HTTP/1.1\r\nHost: localhost\r\n".utf8)))
    }

    /// RFC 6455 §4.1 tells the client to wait; what a server does if it does not is unspecified.
    @Test(arguments: [
        (MemoryServer.Fault.none, ProbeResult.Outcome.strict), (.redirects, .strict), (.ignoresPings, .strict),
        (.answersTooEarly, .lax), (.wrongAccept, .lax), (.speaksAnother, .lax),
    ]) func aFrameThatComesTooEarly(_ fault: MemoryServer.Fault, _ outcome: ProbeResult.Outcome) throws {
        let probe = try #require(
            try Cases.all.get().first { $0.name == "probe/handshake/frame-in-the-same-segment" })
        let result = play(probe, against: fault)
        #expect(result.outcome == outcome, "\(result.detail)")
    }

    @Test func evenAFloodEnds() {
        var exchange = ProbeExchange(
            .handshake, target: ProbeExchange.Target(host: "localhost", path: "/"),
            nonce: [UInt8](repeating: 7, count: 16))
        _ = exchange.next()
        for _ in 0..<100 { exchange.receive([UInt8](repeating: 0x41, count: 65_536)) }
        guard case .finish(let result) = exchange.next() else {
            Issue.record("continues")
            return
        }
        #expect(result.receivedHead.count + result.received.count <= ProbeResult.maximumKept)
    }
}

/// Case files.
@Suite struct CaseFileTests {
    @Test func everyNameIsThereOnce() throws {
        let names = try Cases.all.get().map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.contains("probe/pings/inside-a-message"))
    }

    @Test(arguments: [
        ("send ping", "no '#: target' before the first step"),
        ("#: target server\nsned ping", "'sned' is not a step"),
        ("#: target server\nsend pong \"a", "'\"a' is not a payload"),
        ("#: target server\nsend ping \"\\q\"", "a backslash begins a byte"),
        ("#: target server\nsend hex 8g", "'8g' is not a byte"),
        ("#: target server\nexpect tea", "'tea' cannot be expected"),
        ("#: target server\nexpect close abc", "'abc' is not a close code"),
        ("#: target server\nrepeat 99999999 send ping \"x\"", "repeat takes a count"),
        ("#: target server\nsend text 99999999*\"x\"", "is not a payload"),
        ("#: target server\nhalf-close now", "'now' does not belong here"),
        ("#: target nobody", "'#: target nobody' is not a setting"),
    ]) func whatIsWrongIsSaid(_ text: String, _ message: String) {
        let file = "# A sentence.\n# RFC 6455 §5.5\n" + text + "\n"
        do {
            _ = try ProbeCase(file: file, path: "probe/x.case")
            Issue.record("taken: \(text)")
        } catch {
            let words = message.split(separator: " ").last.map(String.init) ?? ""
            #expect(error.message.contains(words), "\(error.message)")
            #expect(error.line >= 3)
        }
    }

    @Test func aFileIsReadAsItIsMeant() throws {
        let file =
            "# A sentence.\n# RFC 6455 §5.4\n#: target server\n#: needs echo\n\nsend text no-fin 2*\"a\"\nexpect close 1000\n"
        let probe = try ProbeCase(file: file, path: "probe/x.case")
        #expect(probe.title == "A sentence." && probe.section == "RFC 6455 §5.4" && probe.needs == .echo)
        let frame: [UInt8] = [0x01, 0x82, 0x37, 0xFA, 0x21, 0x3D, 0x61 ^ 0x37, 0x61 ^ 0xFA]
        #expect(probe.steps == [.send(frame, size: 0), .expect(.close(.normalClosure))])
    }
}
