import Testing
import WebSocketCaptures

@Suite("Handshakes that were captured only in part")
struct MissingHalfTests {
    private let request = SampleHandshake.request()
    private let response = SampleHandshake.response("Sec-WebSocket-Extensions: permessage-deflate\r\n")
    private let clientFrames = SampleHandshake.clientFrames
    private let serverFrames = SampleHandshake.serverFrames

    @Test("only the server was captured")
    func onlyServer() throws {
        let recorded = Recorded([.bytes(.second, Array(response.utf8) + serverFrames)], isSeenFromStart: false)
        let conversation = try #require(recorded.only)
        #expect(conversation.head.opening == .upgrade)
        #expect(conversation.head.target == nil)
        #expect(conversation.head.server?.port == 8080)
        #expect(conversation.head.agreedDeflate == true)
        #expect(conversation.notices == ["request-not-captured"])
        #expect(conversation.server == serverFrames)
    }

    @Test("only the server was captured, with more bytes than are held")
    func onlyServerLong() throws {
        let frames = Array(repeating: serverFrames, count: 20_000).flatMap(\.self)
        let recorded = Recorded([.bytes(.second, Array(response.utf8) + frames)])
        #expect(try #require(recorded.only).server == frames)
        #expect(recorded.maximumHeld <= 65_536)
    }

    @Test("the request is cut or missing, but the client's frames were captured")
    func requestLost() throws {
        let whole = [Sent.text(.second, response), .bytes(.first, clientFrames), .bytes(.second, serverFrames)]
        let conversation = try #require(Recorded(whole, isSeenFromStart: false).only)
        #expect(conversation.notices == ["request-not-captured"])
        #expect(conversation.client == clientFrames)
        #expect(conversation.server == serverFrames)
        for cut in stride(from: 1, to: request.utf8.count - 4, by: 5) {
            let recorded = Recorded(
                [.bytes(.first, Array(request.utf8)[cut...])] + whole, isSeenFromStart: false)
            #expect(recorded.only == conversation, "\(cut)")
        }
        let lost = try #require(
            Recorded([
                .text(.first, "GET /chat HT"), .gap(.first, 7), .text(.second, response), .bytes(.second, serverFrames),
            ]).only)
        #expect(lost.steps == ["gap client notCaptured", "bytes server"])
        #expect(lost.server == serverFrames)
    }

    @Test("only the client was captured")
    func onlyClient() throws {
        let recorded = Recorded([.text(.first, request), .bytes(.first, clientFrames), .finish(.first)])
        #expect(recorded.outcome == .webSocket)
        let conversation = try #require(recorded.only)
        #expect(conversation.head.opening == .upgrade)
        #expect(conversation.head.agreedDeflate == nil)
        #expect(conversation.head.target == "/chat")
        #expect(conversation.notices == ["response-not-captured"])
        #expect(conversation.steps == ["bytes client", "finished client"])
        #expect(conversation.client == clientFrames)
    }

    @Test("only the client was captured, with more bytes than are held")
    func onlyClientLong() throws {
        let frames = Array(repeating: clientFrames, count: 20_000).flatMap(\.self)
        let recorded = Recorded([.bytes(.first, Array(request.utf8) + frames)])
        #expect(try #require(recorded.only).client == frames)
        #expect(recorded.maximumHeld <= 65_536)
    }

    @Test("the response is missing, with and without the server's frames")
    func responseLost() throws {
        let frames = try #require(
            Recorded(
                [.text(.first, request), .bytes(.second, serverFrames), .bytes(.first, clientFrames)],
                isSeenFromStart: false
            ).only)
        #expect(frames.notices == ["response-not-captured"])
        #expect(frames.server == serverFrames)
        #expect(frames.client == clientFrames)
        let lost = try #require(
            Recorded([
                .text(.second, "HTTP/1.1 1"), .gap(.second), .text(.first, request), .bytes(.first, clientFrames),
            ]).only)
        #expect(lost.steps == ["gap server notCaptured", "bytes client"])
        #expect(lost.server == [])
        let late = Recorded([
            .text(.second, response), .gap(.second), .text(.first, request), .bytes(.first, clientFrames),
        ])
        #expect(late.only?.head.agreedDeflate == true)
        #expect(late.only?.steps == ["gap server notCaptured", "bytes client"])
        let frames8k = Array(repeating: clientFrames, count: 800).flatMap(\.self)
        let early = Recorded([
            .gap(.second), .text(.first, request), .bytes(.first, frames8k), .bytes(.first, frames8k),
        ])
        #expect(early.only?.client == frames8k + frames8k)
        #expect(early.maximumHeld == 0)
    }

    @Test("a request that was never answered")
    func unanswered() throws {
        #expect(
            try #require(Recorded([.text(.first, request), .finish(.second)]).only).notices == ["response-not-captured"]
        )
        #expect(Recorded([.text(.first, request + request)]).outcome == .skipped(.ordinaryHTTP))
    }

    @Test("more than can be held comes before the server's response is complete")
    func overflow() throws {
        let frames = Array(repeating: clientFrames, count: 20_000).flatMap(\.self)
        let head = Array(response.utf8)
        let recorded = Recorded([
            .text(.first, request), .bytes(.second, head[..<20]), .bytes(.first, frames), .bytes(.second, head[20...]),
            .bytes(.first, clientFrames), .bytes(.second, serverFrames), .finish(.first),
        ])
        let conversation = try #require(recorded.only)
        #expect(conversation.notices == ["unoffered-extension server", "too-early client"])
        #expect(conversation.steps == ["bytes client", "gap client ceiling", "bytes server", "finished client"])
        #expect(conversation.client == Array(frames.prefix(65_536)))
        #expect(conversation.server == serverFrames)
        #expect(recorded.maximumHeld <= 2 * 65_536)
    }

    @Test("the rest of an earlier exchange precedes the handshake")
    func restOfBody() throws {
        let rest = String(repeating: "the rest of a page\r\n", count: 90)
        let parts = [
            Sent.text(.second, rest), .text(.second, rest), .text(.first, request),
            .text(.second, SampleHandshake.response()), .bytes(.first, clientFrames), .bytes(.second, serverFrames),
        ]
        let conversation = try #require(Recorded(parts, isSeenFromStart: false).only)
        #expect(conversation.notices == [])
        #expect(conversation.head.opening == .upgrade)
        #expect(conversation.client == clientFrames)
        #expect(conversation.server == serverFrames)
        let upload = [Sent.text(.first, rest), .text(.first, rest)] + parts[2...]
        #expect(Recorded(upload, isSeenFromStart: false).only == conversation)
        let answered = [Sent.text(.first, rest), .text(.second, "HTTP/1.1 204 Done\r\n\r\n")] + parts[2...]
        #expect(Recorded(answered, isSeenFromStart: false).only == conversation)
    }
}
