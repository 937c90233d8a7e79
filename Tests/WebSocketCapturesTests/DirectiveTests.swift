import Testing
import WebSocketCaptures

@Suite("Directives")
struct DirectiveTests {
    @Test("each line means what it says")
    func lines() {
        let decoded = Decoded.everyWay(
            "# text\r\n#: sender client\r\n#:deflate\r\n#:\tmax-frame  65536 \n#: max-message 18446744073709551615\n\n81"
        )
        #expect(decoded.error == nil)
        #expect(decoded.bytes == [0x81])
        #expect(decoded.directives.sender == .client)
        #expect(decoded.directives.deflate)
        #expect(decoded.directives.maxFrame == 65536)
        #expect(decoded.directives.maxMessage == .max)
        #expect(Decoded.everyWay("#: sender server").directives.sender == .server)
        #expect(Decoded.everyWay("#: sender auto\n").directives.sender == .auto)
        #expect(Decoded.everyWay("81").directives == Directives())
    }

    @Test("only at the start of a line, and only before the first byte")
    func places() {
        let decoded = Decoded.everyWay(
            " #: sender client\n#= #: deflate\n##: deflate\n81 #: deflate\n#: max-frame x\n05"
        )
        #expect(decoded.error == nil)
        #expect(decoded.bytes == [0x81, 0x05])
        #expect(decoded.directives == Directives())
    }

    @Test("may precede every form", arguments: DumpSample.all)
    func everyForm(sample: DumpSample) {
        let decoded = Decoded([Array(("#: sender server\n" + sample.text).utf8)[...]])
        #expect(decoded.directives.sender == .server)
        #expect(decoded.bytes == DumpSample.bytes)
    }

    private static let malformedTexts: [BrokenText] = [
        BrokenText("#: sender\n81", [], 1, 10, "not ''"),
        BrokenText("#\n#: sender clients\n81", [], 2, 11, "not 'clients'"),
        BrokenText("#: deflate yes\n81", [], 1, 12, "takes no value, but has 'yes'"),
        BrokenText("#: max-frame -1\n81", [], 1, 14, "not '-1'"),
        BrokenText("#: max-message 18446744073709551616\n81", [], 1, 16, "a number of bytes"),
        BrokenText("#: max-frame 1 2\n81", [], 1, 16, "'2' is too much"),
        BrokenText("#: Sender client\n81", [], 1, 4, "'Sender' is not known"),
        BrokenText("#:\n81", [], 1, 3, "'' is not known"),
        BrokenText("#: b\u{1B}[2J", [], 1, 4, "'b?[2J' is not known"),
        BrokenText("#: sender auto\n#: sender auto\n81", [], 2, 4, "said twice"),
    ]

    @Test("a malformed one is an error", arguments: malformedTexts)
    func malformed(text: BrokenText) throws {
        let error = try #require(Decoded.everyWay(text.text).error)
        #expect(error.line == text.line)
        #expect(error.column == text.column)
        #expect(error.message.contains(text.message), "\(error)")
    }
}
