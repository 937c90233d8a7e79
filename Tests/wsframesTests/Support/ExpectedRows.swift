import FixtureCorpus
import WebSocketFrames

/// What a fixture's `#=` lines say, as the contract writes it.
enum ExpectedRows {
    /// The stream's row up to what was sent in its Close, which the fixture does not say.
    static func stream(_ fixture: Fixture, source: String) -> String {
        let expected = fixture.expectation
        let code = expected.violation.map { String($0.closeCode.rawValue) } ?? "null"
        return opening("stream", fixture, source)
            + #""state":"\#(expected.state.name)","frames":\#(expected.frames),"messages":\#(expected.messages),"#
            + #""bytes":\#(expected.bytes),"closed":\#(expected.closed),"closeCode":\#(code),"sentCloseCode":"#
    }

    /// The violation's row up to its header, what follows being free; nil if nothing is violated.
    static func violation(_ fixture: Fixture, source: String) -> String? {
        guard let fault = fixture.expectation.violation else { return nil }
        return opening("violation", fixture, source)
            + #""frame":\#(fault.frame),"frameOffset":\#(fault.frameOffset),"offset":\#(fault.offset),"#
            + #""length":\#(fault.length),"rule":"\#(fault.rule.name)","section":"\#(fault.rule.entry.section)","#
            + #""closeCode":\#(fault.closeCode.rawValue),"header":"\#(fault.headerHex)","#
    }

    private static func opening(_ type: String, _ fixture: Fixture, _ source: String) -> String {
        #"{"type":"\#(type)","source":"\#(source)","connection":0,"sender":"\#(sender(of: fixture))","#
    }

    /// Who sent it: what the fixture says, else what its handshake or its first MASK bit tells.
    private static func sender(of fixture: Fixture) -> String {
        if let sender = fixture.sender { return sender.name }
        if let first = fixture.handshake.first { return first == UInt8(ascii: "G") ? "client" : "server" }
        let seen = fixture.expectation.violation.map(\.end) ?? .max
        guard fixture.bytes.count > 1, seen > 1 else { return "unknown" }
        return fixture.bytes[1] & 0x80 == 0 ? "server" : "client"
    }

    /// The options that say what the fixture's `#:` lines say.
    static func options(_ fixture: Fixture) -> [String] {
        var options = fixture.sender.map { ["--sender", $0.name] } ?? []
        if fixture.extensions == .permessageDeflate { options.append("--deflate") }
        if fixture.limits.frame != .max { options += ["--max-frame", String(fixture.limits.frame)] }
        if fixture.limits.message != .max { options += ["--max-message", String(fixture.limits.message)] }
        return options
    }
}
