import Testing

@testable import WebSocketCaptures

@Suite("Heads and bodies of HTTP")
struct HTTPBodyTests {
    private func response(_ fields: String, _ status: String = "200", to request: String? = nil) -> HTTPBody? {
        let asked = request.flatMap { RequestHead(Array("\($0) / HTTP/1.1\r\n\r\n".utf8)) }
        return ResponseHead(Array("HTTP/1.1 \(status) x\r\n\(fields)\r\n".utf8))?.body(answering: asked)
    }

    private func request(_ fields: String) -> HTTPBody? {
        RequestHead(Array("PUT / HTTP/1.1\r\n\(fields)\r\n".utf8))?.body
    }

    @Test("of responses (RFC 9112 §6.3)")
    func responses() {
        #expect(response("") == .untilClose)
        #expect(response("Content-Length: 12\r\n") == .bytes(12))
        #expect(response("Content-Length: 0\r\n") == HTTPBody.none)
        #expect(response("Content-Length: 12, 12\r\ncontent-length:12\r\n") == .bytes(12))
        #expect(response("Content-Length: 12\r\nTransfer-Encoding: chunked\r\n") == .chunked)
        #expect(response("Transfer-Encoding: chunked, gzip\r\n") == .untilClose)
        for status in ["204", "304", "100", "101"] {
            #expect(response("Content-Length: 12\r\n", status) == HTTPBody.none)
        }
        #expect(response("Content-Length: 12\r\n", to: "HEAD") == HTTPBody.none)
        #expect(response("Content-Length: 12\r\n", to: "GET") == .bytes(12))
        for broken in ["x", "-1", "1, 2", "1 2", "9999999999999999999", "1\r\nContent-Length: 2"] {
            #expect(response("Content-Length: \(broken)\r\n") == nil, "\(broken)")
        }
    }

    @Test("of requests")
    func requests() {
        #expect(request("") == HTTPBody.none)
        #expect(request("Content-Length: 7\r\n") == .bytes(7))
        #expect(request("Transfer-Encoding: Chunked\r\n") == .chunked)
        #expect(request("Transfer-Encoding: gzip\r\n") == nil)
        #expect(RequestHead(Array("PUT / HTTP/2.0\r\n\r\n".utf8)) == nil)
        #expect(RequestHead(Array("PUT /\r\n\r\n".utf8)) == nil)
    }

    @Test("the same heads are found wherever the stream is cut")
    func walk() {
        let text =
            "\r\nPUT /1 HTTP/1.1\nContent-Length: 3\n\nabc\r\nPUT /2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "10;x=y\r\n0123456789ABCDEF\r\n00\r\nA: b\r\n\r\nGET /3 HTTP/1.1\r\n\r\n"
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var walk = HTTPWalk(.requests)
            var found: [String] = []
            var rest = ArraySlice<UInt8>()
            for piece in [bytes[..<cut], bytes[cut...]] {
                rest = ArraySlice(Array(rest) + Array(piece))
                while true {
                    var taken = 0
                    let step = walk.step(rest, taken: &taken)
                    rest = rest.dropFirst(taken)
                    guard case .head(let count) = step, let head = RequestHead(Array(rest.prefix(count))) else {
                        #expect(step == .needMore)
                        break
                    }
                    found.append(head.target)
                    rest = rest.dropFirst(count)
                    walk.begin(head.body)
                }
            }
            #expect(found == ["/1", "/2", "/3"], "\(cut)")
            #expect(rest.isEmpty)
        }
    }

    @Test(
        "malformed chunks, and malformed heads",
        arguments: ["x\r\n", "\r\n", ";\r\n", "1\r\nab", "1234567890ABCDEF0\r\n"])
    func broken(text: String) {
        var walk = HTTPWalk(.responses)
        walk.begin(.chunked)
        var taken = 0
        #expect(walk.step(Array(text.utf8)[...], taken: &taken) == .broken)
        var heads = HTTPWalk(.responses)
        #expect(heads.step(Array((text + "?").utf8)[...], taken: &taken) == .broken)
    }
}
