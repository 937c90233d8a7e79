import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

/// A capture must not run scripts in the page, break out of an element or an attribute, or reorder the text around it.
@Suite struct HTMLEscapingTests {
    static let hostile = [
        "</style><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "]]>--><!--",
        "javascript:alert(1)", "&lt;b&gt;&#60;i&#62;", "\u{0}\u{1B}[31m\r\n\t\u{7F}\u{9B}",
        "\u{202E}gnp.\u{2066}\u{2028}",
        "\u{FFFE}\u{FFFF}\u{E000}\u{200B}", "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "${x}{{y}}<%=z%>",
    ]

    /// Findings with the text in every place that takes one.
    static func findings(_ text: String) -> [Finding] {
        var chat = SampleConversation(source: text, target: text, host: text)
        chat.head.subprotocol = text
        chat.head.otherExtensions = [text, text]
        for byte0: UInt8 in [0x81, 0x82, 0x89, 0x8A] { chat.send(.client, byte0, Array(text.utf8.prefix(120))) }
        chat.send(.server, 0x01, Array(text.utf8) + [0xFF, 0xC0])
        chat.send(.server, 0xC1, Array(text.utf8))
        let diagnosis = Diagnosis(
            name: text, certainty: .likely, suspect: .unknown, message: text, checks: [text, text])
        chat.breakRule(.client, [0x83] + Array(text.utf8), diagnosis: diagnosis)
        chat.send(.client, 0x88, [0x03, 0xE8] + Array(text.utf8.prefix(120)))
        chat.notice(text, text, about: .client)
        let whole = StreamOrigin(source: text, connection: nil, sender: nil)
        let dump = StreamOrigin(source: text, connection: 0, sender: nil)
        var notice = NoticeFinding(origin: dump, name: text, message: text)
        notice.diagnosis = diagnosis
        return chat.ended() + [
            .notice(NoticeFinding(origin: whole, name: text, message: text)), .notice(notice),
            .error(InputError(source: text, message: text)),
        ] + Rule.allCases.flatMap { Sample.findings(breaking: $0, source: text) }.map(Finding.violation)
    }

    private static let tags: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "details",
        "summary", "h1", "h2", "h3", "h4", "h5", "p", "ul", "li", "dl", "dt", "dd", "div", "span", "a", "b", "i", "u",
        "strong", "bdi", "mark", "code", "pre", "blockquote", "table", "caption", "thead", "tbody", "tr", "th", "td",
        "svg", "path",
    ]
    private static let attributes: Set<String> = [
        "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "title", "style", "colspan",
        "aria-hidden", "aria-label", "role", "tabindex", "open", "viewBox", "preserveAspectRatio", "d",
    ]

    @Test(arguments: hostile)
    func nothingBreaksOutOfThePage(_ text: String) throws {
        var report = HTMLReport()
        let page = report.whole(Self.findings(text), inputs: 1)
        let checker = try MarkupChecker(page)
        #expect(Set(checker.elements.map(\.name)).isSubset(of: Self.tags))
        #expect(Set(checker.elements.flatMap(\.attributes.keys)).isSubset(of: Self.attributes))
        #expect(checker.values(of: "href").allSatisfy { $0.hasPrefix("#c") })
        for style in checker.values(of: "style") {
            #expect(style.wholeMatch(of: /width:[0-9]+px|left:[0-9.]+%(;width:[0-9.]+%)?/) != nil, "\(style)")
        }
        #expect(checker.count("style") == 1 && checker.count("title") == 1)
        // It must still be readable, as often as it was reported.
        #expect(checker.text.split(separator: Escaping.visible(text)).count > 12)
    }

    @Test func theStyleSheetCannotEndEarly() {
        #expect(!StyleSheet.text.description.contains("<"))
    }

    @Test func textComesBackFromItsEscapes() throws {
        for text in Self.hostile {
            var markup = Markup()
            markup.element("p", Markup.Attribute("title", text), text: text)
            let checker = try MarkupChecker(markup.source)
            #expect(checker.text == Escaping.visible(text))
            #expect(checker.values(of: "title") == [Escaping.visible(text)])
        }
    }

    @Test func noScalarWithASpecialMeaningIsLeftUnescaped() throws {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = Markup.escaped("x" + String(scalar))
            for scalar in text.unicodeScalars {
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                    Issue.record("U+\(String(value, radix: 16)) gets through")
                default:
                    if "<>\"'".unicodeScalars.contains(scalar) { Issue.record("\(scalar) gets through") }
                }
            }
        }
    }

    @Test func onlyLineFeedsStayInLines() {
        var markup = Markup()
        markup.lines("a<\n\u{1B}\r\n\nb")
        #expect(markup.source == "a&lt;\n\\x1B\\r\n\nb" || markup.source == "a&lt;\n\\x1B\\r\\n\nb")
    }
}
