import WebSocketFrames
import WebSocketProbe

extension ProbeReport {
    /// Returns one object per case, the worst first, and one that counts them.
    public func jsonLines() -> String {
        var text = ""
        for result in results {
            let (sentence, section) = Self.demand(of: result.probe)
            var row = JSONObject()
            row.add("type", "probe")
            row.add("target", target)
            row.add("name", result.probe.name)
            row.add("result", result.outcome.name)
            row.add("fine", result.outcome.isFine)
            row.add("kind", result.outcome.kind)
            row.add("rule", result.probe.rule?.name)
            row.add("section", section)
            row.add("sentence", sentence)
            row.add("title", result.probe.title)
            row.add("detail", result.detail)
            row.add("closeCode", result.outcome.code.map { UInt64($0.rawValue) })
            row.add("sender", result.directions.first?.sender.name)
            row.add("handshakeSent", String(decoding: result.sentHead, as: UTF8.self))
            row.add("handshakeReceived", String(decoding: result.receivedHead, as: UTF8.self))
            row.add("sent", Self.allHex(result.sent))
            row.add("received", Self.allHex(result.received))
            row.add("again", command(for: result))
            text += row.line
        }
        var last = JSONObject()
        last.add("type", "probe-summary")
        last.add("target", target)
        last.add("cases", UInt64(results.count))
        for (name, count) in counts { last.add(name, UInt64(count)) }
        return text + last.line
    }

    private static func allHex(_ bytes: [UInt8]) -> String {
        bytes.prefix(ProbeResult.maximumKept).map(Numbers.hexDigits).joined()
    }

    /// Returns JUnit XML: each section is a suite, each case a test case.
    public func junit() -> String {
        var xml = Markup()
        xml.literal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        xml.element("testsuites", Markup.Attribute("name", "wsframes probe \(target)")) { suites in
            suites.literal("\n")
            for section in sections {
                let cases = results.filter { Self.section(of: $0.probe) == section.name }
                    .sorted { $0.probe.name < $1.probe.name }
                let failures = cases.count { !$0.outcome.isFine }
                suites.element(
                    "testsuite", Markup.Attribute("name", section.name),
                    Markup.Attribute("tests", String(cases.count)),
                    Markup.Attribute("failures", String(failures)),
                    Markup.Attribute("skipped", String(section.counts["skipped"] ?? 0))
                ) { suite in
                    suite.literal("\n")
                    for result in cases { write(result, to: &suite) }
                }
                suites.literal("\n")
            }
        }
        xml.literal("\n")
        return xml.source
    }

    private func write(_ result: ProbeResult, to suite: inout Markup) {
        suite.element(
            "testcase", Markup.Attribute("classname", Self.section(of: result.probe)),
            Markup.Attribute("name", result.probe.name)
        ) { test in
            if case .skipped(let reason) = result.outcome {
                test.empty("skipped", Markup.Attribute("message", reason))
            } else if !result.outcome.isFine {
                let (sentence, section) = Self.demand(of: result.probe)
                test.element(
                    "failure", Markup.Attribute("type", result.outcome.name),
                    Markup.Attribute("message", "\(result.outcome.name): \(result.detail)")
                ) { failure in
                    failure.lines(
                        """
                        \(section): \(sentence)
                        asked: \(result.probe.title)
                        sent: \(Self.hex(result.sent, most: 256))
                        got: \(Self.hex(result.received, most: 256))
                        again: \(command(for: result))
                        """)
                }
            }
        }
        suite.literal("\n")
    }

    /// What was sent and received in each case that failed, as dumps for `wsframes validate`: name and contents.
    public var dumps: [(name: String, text: String)] {
        results.filter { !$0.outcome.isFine || $0.outcome.kind != nil }.flatMap { result in
            let name = result.probe.name.split(separator: "/").joined(separator: ".")
            guard result.directions.isEmpty else {
                return result.directions.flatMap { way in
                    let stem = "\(name).\(way.sender.name)"
                    return [
                        (name: "\(stem).sent.hex", text: dump(result, way.sentHead, way.sent, of: way.sender)),
                        (
                            name: "\(stem).received.hex",
                            text: dump(result, way.receivedHead, way.received, of: way.sender)
                        ),
                    ]
                }
            }
            let peer = result.probe.target.peer
            return [
                (name: "\(name).sent.hex", text: dump(result, result.sentHead, result.sent, of: peer)),
                (
                    name: "\(name).received.hex",
                    text: dump(result, result.receivedHead, result.received, of: result.probe.target)
                ),
            ]
        }
    }

    private func dump(_ result: ProbeResult, _ head: [UInt8], _ bytes: [UInt8], of sender: Endpoint) -> String {
        let (sentence, section) = Self.demand(of: result.probe)
        var text = ""
        for line in [
            "\(result.outcome.name): \(result.detail)", "\(section): \(sentence)", "asked: \(result.probe.title)",
            "again: \(command(for: result))", "what the \(sender.name) sent:",
        ] { text += "# \(Escaping.visible(line))\n" }
        text += "#: sender \(sender.name)\n"
        if result.probe.needs.contains(.deflate) { text += "#: deflate\n" }
        for part in [head, bytes] where !part.isEmpty {
            text += "\n"
            for start in stride(from: 0, to: part.count, by: 32) {
                text += part[start..<min(start + 32, part.count)].map(Numbers.hexDigits).joined(separator: " ") + "\n"
            }
        }
        return text
    }
}

extension ProbeResult.Outcome {
    /// The code of the Close that was received, if the result is about it.
    var code: CloseCode? {
        switch self {
        case .refuses(let code), .otherCode(let code): code
        default: nil
        }
    }

    /// What a proxy does to the data that passes through it, if the result is about that.
    var kind: String? {
        switch self {
        case .alters(let kind), .differs(let kind): kind
        default: nil
        }
    }
}
