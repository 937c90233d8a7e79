import FixtureCorpus
import WebSocketFrames

/// The rows for a fixture's `#=` lines, in the form of the contract.
enum ExpectedRows {
    /// The row of the stream, up to the code of its Close, which the fixture does not give.
    static func stream(_ fixture: Fixture, source: String) -> String {
        let expected = fixture.expectation
        let code = expected.violation.map { String($0.closeCode.rawValue) } ?? "null"
        return opening("stream", fixture, source)
            + #""state":"\#(expected.state.name)","frames":\#(expected.frames),"messages":\#(expected.messages),"#
            + #""bytes":\#(expected.bytes),"closed":\#(expected.closed),"closeCode":\#(code),"sentCloseCode":"#
    }

    /// The row of the violation, if any, up to its header; the rest is free.
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

    /// The sender: from the fixture, its handshake, or its first MASK bit.
    private static func sender(of fixture: Fixture) -> String {
        if let sender = fixture.sender { return sender.name }
        if let first = fixture.handshake.first { return first == UInt8(ascii: "G") ? "client" : "server" }
        let seen = fixture.expectation.violation.map(\.end) ?? .max
        guard fixture.bytes.count > 1, seen > 1 else { return "unknown" }
        return fixture.bytes[1] & 0x80 == 0 ? "server" : "client"
    }

    /// The options for the fixture's `#:` lines.
    static func options(_ fixture: Fixture) -> [String] {
        var options = fixture.sender.map { ["--sender", $0.name] } ?? []
        if fixture.extensions == .permessageDeflate { options.append("--deflate") }
        if fixture.limits.frame != .max { options += ["--max-frame", String(fixture.limits.frame)] }
        if fixture.limits.message != .max { options += ["--max-message", String(fixture.limits.message)] }
        return options
    }
}
