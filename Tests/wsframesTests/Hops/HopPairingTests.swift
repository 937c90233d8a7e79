import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

/// Which conversations of captures are paired, starting from packets.
@Suite struct HopPairingTests {
    private static func findings(_ captures: [(String, [UInt8])]) throws -> [Finding] {
        let hops = HopLedger()
        for (name, bytes) in captures {
            var inspector = Inspector(source: name, hops: hops)
            try inspector.feed(bytes.span) { _ in }
            inspector.finish { _ in }
        }
        var findings: [Finding] = []
        hops.finish { findings.append($0) }
        return findings
    }

    private static func pairs(_ captures: [(String, [UInt8])]) throws -> [HopsFinding] {
        try findings(captures).compactMap { if case .hops(let finding) = $0 { finding } else { nil } }
    }

    private static func numbers(_ bytes: [UInt8]) throws -> [[Int]] {
        try pairs([("capture", bytes)]).map { [$0.front.connection ?? -1, $0.back.connection ?? -1] }
    }

    /// A client's conversation through a proxy, step by step, so that several can be interleaved.
    private final class Way {
        var front: HopCapture.Connection
        var back: HopCapture.Connection
        let keys: (String, String)

        init(_ number: Int, keys: (String, String)) {
            front = .init((UInt8(10 + number), 50_000), (1, 80))
            back = .init((1, UInt16(40_000 + number)), (2, 8080))
            self.keys = keys
        }

        func open(_ capture: inout HopCapture) {
            capture.connect(&front)
            capture.ask(keys.0, on: &front)
            capture.connect(&back)
            capture.ask(keys.1, on: &back)
            capture.answer(keys.1, on: &back)
            capture.answer(keys.0, on: &front)
        }

        func say(_ text: String, passes: Bool = true, _ capture: inout HopCapture) {
            capture.text(text, from: .client, on: &front)
            if passes { capture.text(text, from: .client, on: &back) }
            capture.text("you said \(text)", from: .server, on: &back)
            capture.text("you said \(text)", from: .server, on: &front)
        }

        func end(_ capture: inout HopCapture) {
            capture.end(&front)
            capture.end(&back)
        }
    }

    /// Twenty clients at once, each with a key of its own, and a proxy that uses other keys.
    @Test func manyClientsAreEachPairedWithTheirOwn() throws {
        var capture = HopCapture()
        let ways = (0..<20).map { Way($0, keys: ("client \($0)", "proxy \($0)")) }
        var random = SplitMix64(seed: 5)
        for way in ways { way.open(&capture) }
        for round in 0..<10 {
            for index in ways.indices.shuffled(using: &random) {
                ways[index].say("round \(round) of number \(index)", &capture)
            }
        }
        for way in ways { way.end(&capture) }
        let pairs = try Self.pairs([("capture", capture.bytes)])
        #expect(pairs.count == 20)
        for pair in pairs {
            // The client's address and the proxy's port have the same number.
            let client = try #require(pair.frontHead.client?.description.split(separator: ":").first)
            let port = try #require(pair.backHead.client?.port)
            #expect(client == "10.0.0.\(10 + Int(port) - 40_000)")
            #expect(pair.evidence == .messages)
            #expect(pair.comparison.equalCounts == [.client: 10, .server: 10])
            #expect(pair.notices.isEmpty)
        }
    }

    /// All clients send the same at nearly the same time, in one case with one key for all: none is paired with the wrong hop.
    @Test(arguments: [true, false]) func clientsThatSayTheSameAreNotMistaken(_ sameKey: Bool) throws {
        var capture = HopCapture()
        let ways = (0..<6).map { Way($0, keys: sameKey ? ("one", "one") : ("client \($0)", "proxy \($0)")) }
        for way in ways { way.open(&capture) }
        for round in 0..<10 {
            for way in ways { way.say("round \(round) of all of them", &capture) }
        }
        for way in ways { way.end(&capture) }
        #expect(try Self.numbers(capture.bytes).isEmpty)
    }

    /// Two clients of one server that do the same, one during the other's handshake, in one case with the same key.
    @Test func twoClientsOfOneServer() throws {
        var capture = HopCapture()
        var one = HopCapture.Connection((10, 50_000), (2, 8080))
        var other = HopCapture.Connection((1, 40_000), (2, 8080))
        capture.connect(&one)
        capture.ask("one", on: &one)
        capture.connect(&other)
        capture.ask("one", on: &other)
        capture.answer("one", on: &other)
        capture.answer("one", on: &one)
        for round in 0..<20 {
            capture.text("a long message of the round \(round)", from: .client, on: &one)
            capture.text("a long message of the round \(round)", from: .client, on: &other)
        }
        #expect(try Self.numbers(capture.bytes).isEmpty)
    }

    @Test func aDifferenceIsReportedByEveryFormat() throws {
        var capture = HopCapture()
        let way = Way(0, keys: ("one", "one"))
        way.open(&capture)
        way.say("first", &capture)
        way.say("<lost>", passes: false, &capture)
        way.say("third", &capture)
        way.end(&capture)
        let findings = try Self.findings([("capture", capture.bytes)])
        #expect(findings.count == 1)
        let sentence =
            "Message 1 of the client (6 bytes, packet 15) comes to the proxy and does not leave it, while later ones do."
        var totals = Totals()
        var text = TextReport(usesColor: false, width: 200)
        var lines = JSONLinesReport()
        var page = HTMLReport()
        var suites = JUnitReport(noticesFail: true)
        var junit = ""
        var output = ""
        var rows = ""
        for finding in findings {
            totals.count(finding)
            output += text.text(for: finding)
            rows += lines.text(for: finding)
            _ = page.text(for: finding)
            junit += suites.text(for: finding)
        }
        junit += suites.closing(totals)
        let markup = page.closing(totals)
        #expect(totals.notices == 1)
        #expect(output.contains(sentence))
        #expect(output.contains("10.0.0.10:50000 → 10.0.0.1:80, then 10.0.0.1:40000 → 10.0.0.2:8080"))
        #expect(output.contains("2 messages of the client are the same on both hops, passed on in under 1 ms"))
        #expect(rows.lines.count == 2)
        #expect(rows.contains(#""evidence":"key""#))
        #expect(
            rows.contains(
                #""differences":[{"kind":"message-dropped","sender":"client","count":1,"packet":15,"otherPacket":null}]"#
            ))
        #expect(rows.contains(#""notice":"hops-differ""#))
        #expect(junit.contains(#"<failure type="hops-differ""#))
        #expect(junit.contains(#"failures="1""#))
        #expect(markup.contains("Both hops of a proxy"))
        #expect(markup.contains("&lt;lost&gt;"))
        #expect(markup.contains("– not there –"))
    }

    /// Each hop in a file of its own, from machines whose clocks differ by a minute, in either order.
    @Test(arguments: [true, false]) func twoInputs(_ frontFirst: Bool) throws {
        var front = HopCapture()
        var back = HopCapture(start: 1_700_000_060)
        var hops = (HopCapture.Connection((10, 50_000), (1, 80)), HopCapture.Connection((1, 40_000), (2, 8080)))
        front.connect(&hops.0)
        front.ask("one", on: &hops.0)
        back.time = front.time
        back.connect(&hops.1)
        back.ask("one", on: &hops.1)
        back.answer("one", on: &hops.1)
        front.time = back.time
        front.answer("one", on: &hops.0)
        front.text("a question", from: .client, on: &hops.0)
        back.time = front.time
        back.text("a question", from: .client, on: &hops.1)
        back.text("an answer", from: .server, on: &hops.1)
        front.time = back.time
        front.text("an answer", from: .server, on: &hops.0)
        let inputs = [("front.pcap", front.bytes), ("back.pcap", back.bytes)]
        let pairs = try Self.pairs(frontFirst ? inputs : inputs.reversed())
        #expect(pairs.map(\.front.source) == ["front.pcap"])
        #expect(pairs.map(\.back.source) == ["back.pcap"])
        #expect(pairs.first?.comparison.equalCounts == [.client: 1, .server: 1])
        #expect(pairs.first?.comparison.delays.isEmpty == true)
        // The same file twice has no proxy.
        #expect(try Self.pairs([("a", front.bytes), ("b", front.bytes)]).isEmpty)
    }
}
