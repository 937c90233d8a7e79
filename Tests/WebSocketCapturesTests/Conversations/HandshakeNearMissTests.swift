import Testing
import WebSocketCaptures

/// What earns a notice about a handshake, and what resembles it but does not: in captures and in dumps.
@Suite struct HandshakeNearMissTests {
    @Test(arguments: HandshakeCase.all) func earned(_ one: HandshakeCase) {
        for heads in one.earning {
            let (capture, dump) = HandshakeCase.notices(of: heads)
            #expect(capture.contains(one.kind.name), "\(heads)")
            #expect(dump == capture, "\(heads)")
        }
    }

    @Test(arguments: HandshakeCase.all) func notEarned(_ one: HandshakeCase) {
        #expect(one.nearMisses.count >= 2)
        for heads in one.nearMisses {
            let (capture, dump) = HandshakeCase.notices(of: heads)
            #expect(Set(capture) == Set(heads.others), "\(heads)")
            #expect(dump == capture, "\(heads)")
        }
    }

    // MARK: - Notices that depend on several messages, or on their times

    private typealias Case = (kind: String, sent: [Sent], earns: Bool)

    private static let request = SampleHandshake.request()
    private static let response = SampleHandshake.response()
    private static let refusal = "HTTP/1.1 429 No\r\nContent-Length: 2\r\n\r\nno"
    private static let frames = SampleHandshake.clientFrames
    private static let served = SampleHandshake.serverFrames

    private static func asked(_ answers: String...) -> [Sent] {
        [.text(.first, request)] + answers.map { .text(.second, $0) }
    }

    private func notices(_ sent: [Sent]) -> [String] {
        Recorded(sent).conversations.flatMap(\.notices).map { String($0.prefix { $0 != " " }) }
    }

    @Test func secondResponses() {
        #expect(notices(Self.asked(Self.refusal + Self.response)).contains("second-response"))
        #expect(notices(Self.asked(Self.refusal, Self.response)).contains("second-response"))
        let plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let page = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"
        for near in [
            Self.asked("HTTP/1.1 100 Continue\r\n\r\n" + Self.response),
            Self.asked("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 102 P\r\n\r\n", Self.response),
            [.text(.first, plain + Self.request), .text(.second, page + Self.response)],
            [.text(.first, plain), .text(.second, page), .text(.first, Self.request), .text(.second, Self.response)],
            Self.asked(Self.refusal) + Self.asked(Self.response),
            [.text(.first, Self.request + Self.request), .text(.second, Self.refusal + Self.response)],
            Self.asked("HTTP/1.1 400 No\r\nContent-Length: 16\r\n\r\nHTTP/1.1 101 x\r\n"),
            Self.asked(Self.refusal, "HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n"),
        ] {
            #expect(Set(notices(near)).subtracting(["handshake-refused"]) == [], "\(near)")
        }
    }

    @Test func secondResponsesOfDumps() {
        func notices(_ dump: String) -> [String] {
            var reader = HandshakeReader()
            guard case .ended(let handshake?, _) = reader.read(Array((dump + "\u{1}").utf8).span) else {
                return ["none"]
            }
            return handshake.notices.map(\.kind.name)
        }
        #expect(notices(Self.request + Self.refusal + Self.response) == ["second-response"])
        for near in [
            Self.request + "HTTP/1.1 100 Continue\r\n\r\n" + Self.response,
            Self.request + Self.refusal + Self.request + Self.response, Self.refusal + Self.response,
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + Self.request
                + Self.response,
        ] {
            #expect(notices(near) == [], "\(near)")
        }
    }

    @Test func answersThatAreNotHTTP() {
        for answer in ["RFB 003.008\n", "HELLO", "\u{15}\u{3}\u{1}\0\u{2}\u{2}(", "HTTP 101\r\n\r\n"] {
            #expect(notices(Self.asked(answer) + [.finish(.second)]) == ["answer-not-http"], "\(answer)")
            let whole = Recorded(Self.asked(answer)).only?.messages
            #expect(
                Recorded([.text(.first, Self.request)] + answer.map { .text(.second, String($0)) }).only?.messages
                    == whole, "\(answer) cut into bytes")
        }
        #expect(notices(Self.asked("HTTP/1.0 101 x" + Self.response.dropFirst(30))).contains("old-http-version"))
        for near in [
            Self.asked("H", "TTP/1.", String(Self.response.dropFirst(7))),
            Self.asked("\r\n" + Self.response), Self.asked("HTTP/1.1 101 " + Self.response.dropFirst(32)),
            Self.asked("HTTP/1.1 101" + Self.response.dropFirst(32)),
            [.text(.second, Self.response), .text(.first, Self.request)],
        ] {
            #expect(notices(near) == [], "\(near)")
        }
    }

    @Test func tooEarly() {
        let request = Array(Self.request.utf8)
        #expect(notices([.bytes(.first, request + Self.frames), .text(.second, Self.response)]) == ["too-early"])
        let early = Self.served + Array(Self.response.utf8)
        // Wherever it is split into packets.
        for cut in early.indices {
            let packets = [early[..<cut], early[cut...]].map { Sent.bytes(.second, $0) }
            #expect(notices([.bytes(.first, request)] + packets) == ["too-early"], "cut at \(cut)")
        }
        for near in [
            Self.asked(Self.response) + [.bytes(.first, Self.frames)],
            Self.asked(Self.response.appending(Self.served)),
            // The response was captured after both, so their order is unknown.
            [.bytes(.first, request), .bytes(.first, Self.frames), .text(.second, Self.response)],
            // A request in two packets is only a request.
            [.bytes(.first, request[..<50]), .bytes(.first, request[50...]), .text(.second, Self.response)],
            [
                .text(.first, "GET / HTTP/1.1\r\nHost: a\r\n\r\n" + Self.request),
                .text(.second, "HTTP/1.1 204 x\r\n\r\n"),
            ]
                + [.text(.second, Self.response), .bytes(.first, Self.frames)],
        ] {
            #expect(notices(near) == [], "\(near)")
        }
    }
}

extension String {
    fileprivate func appending(_ bytes: [UInt8]) -> String { self + String(decoding: bytes, as: UTF8.self) }
}
