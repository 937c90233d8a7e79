import Foundation
import Testing

/// Dumps that begin with the HTTP handshake are judged from the first byte after it.
@Suite struct HandshakeTests {
    private func bytes(_ head: String, _ frames: [UInt8]) -> [UInt8] { Array(head.utf8) + frames }
    private let compressed = Bytes.frame(0xC1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], masked: true)
    private let compressedByServer = Bytes.frame(0xC1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], masked: false)

    @Test func aRequestIsTheClients() throws {
        let head = Bytes.request + "\r\n"
        let rows = try judge(bytes(head, Bytes.clientHello + Bytes.serverHello), status: 1)
        #expect(rows.map { $0["sender"] } == ["client", "client"])
        #expect(rows.violations.first?["rule"] == "unmasked-client-frame")
        #expect(rows.violations.first?.number("offset") == 12)
        #expect(rows.violations.first?.number("frameOffset") == 11)
        #expect(rows.violations.first?.number("inputOffset") == UInt64(head.utf8.count + 12))
        #expect(rows.last?.number("bytes") == 18)
        // The handshake shows the sender before any MASK bit does.
        #expect(try judge(bytes(head, [0x83]), status: 1).last?["sender"] == "client")
        #expect(try judge(bytes(head, Bytes.serverHello), status: 1).rules == ["unmasked-client-frame"])
    }

    @Test func aResponseIsTheServers() throws {
        let head = Bytes.response + "\r\n"
        let rows = try judge(bytes(head, Bytes.serverHello + Bytes.clientHello), status: 1)
        #expect(rows.map { $0["sender"] } == ["server", "server"])
        #expect(rows.violations.first?.number("offset") == 8)
        #expect(try judge(bytes(head, Bytes.clientHello), status: 1).rules == ["masked-server-frame"])
    }

    @Test func aTranscriptOfBothSidesDoesNotDetermineTheSender() throws {
        let head = Bytes.request + "\r\n" + Bytes.response + "\r\n"
        #expect(try judge(bytes(head, Bytes.clientHello), status: 0).last?["sender"] == "client")
        let rows = try judge(bytes(head, Bytes.serverHello + [0x83]), status: 1)
        #expect(rows.last?["sender"] == "server")
        #expect(rows.violations.first?.number("offset") == 7)
    }

    @Test func aHandshakeInHexTextIsFoundToo() throws {
        let rows = try judge(Bytes.hex(bytes(Bytes.request + "\r\n", Bytes.clientHello)), status: 0)
        #expect(rows.last?["sender"] == "client")
        #expect(rows.last?.number("bytes") == 11)
    }

    @Test func offsetsInTheTextReportAreOfBoth() throws {
        let head = Bytes.response + "\r\n"
        let outcome = try Command.run(["validate", "-"], stdin: .bytes(bytes(head, [0x83, 0])))
        #expect(outcome.stdout.contains("server → client, frame 0, offset 0\n"))
        #expect(outcome.stdout.contains("in the input that is offset \(head.utf8.count) "))
    }

    // MARK: - permessage-deflate

    @Test func aResponseThatAgreesIsBelieved() throws {
        let agreed = Bytes.response + Bytes.agreedDeflate + "\r\n"
        let rows = try judge(bytes(agreed, compressedByServer), status: 0)
        #expect(rows.map(\.type) == ["stream"])
        #expect(try judge(bytes(agreed, compressedByServer), "--no-deflate", status: 1).rules == ["reserved-bits"])
        let misplaced = try judge(bytes(agreed, Bytes.frame(0xC9, [], masked: false)), status: 1)
        #expect(misplaced.rules == ["misplaced-rsv1"])
    }

    @Test func aResponseThatSaysNothingDeclines() throws {
        let declined = Bytes.request + Bytes.deflate + "\r\n" + Bytes.response + "\r\n"
        #expect(try judge(bytes(declined, compressed), status: 1).rules == ["reserved-bits"])
        #expect(try judge(bytes(declined, compressed), "--deflate", status: 0).rules == [])
    }

    @Test func anOfferWithoutAnAnswerCountsAsAgreedAndIsReported() throws {
        let offered = Bytes.request + Bytes.deflate + "\r\n"
        let rows = try judge(bytes(offered, compressed), status: 0)
        #expect(rows.map(\.type) == ["notice", "stream"])
        #expect(rows.notices == ["deflate-assumed"])
        #expect(try judge(bytes(offered, compressed), "--strict", status: 1).notices == ["deflate-assumed"])
        // Without RSV1 no assumption is needed; with an option none is made.
        #expect(try judge(bytes(offered, Bytes.clientHello), "--strict", status: 0).notices == [])
        #expect(try judge(bytes(offered, compressed), "--strict", "--deflate", status: 0).notices == [])
        #expect(try judge(bytes(offered, compressed), "--no-deflate", status: 1).rules == ["reserved-bits"])
    }

    @Test func unknownExtensionsAreReported() throws {
        let other = Bytes.response + "sec-websocket-extensions: x-secret;a=1, permessage-deflate\r\n\r\n"
        let rows = try judge(bytes(other, compressedByServer), status: 0)
        #expect(rows.notices == ["unknown-extension"])
        #expect(rows.first?["message"]?.contains("\"x-secret\"") == true)
        // Which bits the extension claims is unknown, so none is judged; opcodes are.
        #expect(try judge(bytes(other, Bytes.frame(0xA1, [], masked: false)), status: 0).rules == [])
        #expect(try judge(bytes(other, Bytes.frame(0xA3, [], masked: false)), status: 1).rules == ["reserved-opcode"])
        let steering = Bytes.response + "sec-websocket-extensions: x-\u{1B}secret\r\n\r\n"
        let messages = try judge(bytes(steering, Bytes.serverHello), status: 0).compactMap { $0["message"] }
        #expect(messages.contains { $0.contains("\"x-?secret\"") })
        #expect(!messages.contains { $0.contains("\u{1B}") })
    }

    // MARK: - Handshakes without a conversation

    @Test(arguments: [200, 400, 403, 426, 503]) func aRefusalIsReportedAndItsBodyIsNotJudged(_ status: Int) throws {
        let refusal = "HTTP/1.1 \(status) No\r\nContent-Type: text/plain\r\n\r\nNot here, not now."
        for dump in [refusal, Bytes.request + "\r\n" + refusal] {
            let rows = try judge(bytes(dump, []), status: 0)
            #expect(rows.notices == ["handshake-refused"])
            #expect(rows.first?["message"]?.contains("\(status)") == true)
            #expect(rows.streams.map { $0["state"] } == ["complete"])
            #expect(rows.last?.number("frames") == 0)
            _ = try judge(bytes(dump, []), "--strict", status: 1)
        }
    }

    @Test func aHandshakeAloneIsAStreamWithoutFrames() throws {
        for head in [Bytes.request, Bytes.response] {
            let rows = try judge(bytes(head + "\r\n", []), status: 0)
            #expect(rows.map(\.type) == ["stream"])
            #expect(rows.last?.number("bytes") == 0)
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: x\r\n", "the dump ends inside its HTTP handshake"),
        ("HTTP/1.1 OK\r\n\r\n", "the HTTP response's first line holds no status of three digits"),
        ("GET /" + String(repeating: "x", count: 70_000), "an HTTP handshake of more than 65,536 bytes"),
    ])
    func aHandshakeThatCannotBeReadIsAnErrorOfTheInput(_ head: String, _ message: String) throws {
        let outcome = try Command.run(["validate", "--format", "jsonl", "-"], stdin: .text(head))
        #expect(outcome.status == 3)
        #expect(outcome.errorLines == ["wsframes: -: \(message)"])
        #expect(try outcome.rows().map(\.type) == ["error"])
    }

    @Test func whatOnlyBeginsLikeAHandshakeIsJudged() throws {
        for start in ["G", "GE", "GET", "HTTP/1"] {
            let outcome = try Command.run(
                ["validate", "--format", "jsonl", "--input", "raw", "-"], stdin: .text(start))
            #expect(outcome.status == 1)
            #expect(try outcome.rows().rules == ["reserved-bits"])
            // Text in no known form is not read as frames unless `--input raw` says so.
            #expect(try Command.run(["validate", "-"], stdin: .text(start)).status == 3)
        }
    }

    // MARK: - What precedes the relevant handshake, and what is wrong with it

    @Test(arguments: [
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
    ])
    func interimResponsesAreSkipped(_ interim: String) throws {
        let stream = Bytes.serverHello + [0x83, 0]
        for head in [interim + Bytes.response, Bytes.request + "\r\n" + interim + Bytes.response] {
            let rows = try judge(bytes(head + "\r\n", stream), status: 1)
            #expect(rows.rules == ["reserved-opcode"])
            #expect(rows.violations.first?.number("frame") == 1)
            #expect(rows.notices == [])
        }
    }

    @Test func requestsBeforeTheUpgradeAreSkipped() throws {
        let plain = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
        let posted = "POST /login HTTP/1.1\r\nHost: example.org\r\nContent-Length: 3\r\n\r\na=b"
        for before in [plain, plain + plain, posted] {
            let rows = try judge(
                bytes(before + Bytes.request + "\r\n", Bytes.clientHello + [0x83, 0x80]), status: 1)
            #expect(rows.rules == ["reserved-opcode"])
            #expect(rows.violations.first?.number("frame") == 1)
            #expect(!rows.contains { $0.line.contains("second-handshake") })
        }
    }

    @Test func aRefusalBeforeTheUpgradeIsSkipped() throws {
        let refusal = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"
        let again = Bytes.request + "\r\n" + refusal + Bytes.request + "\r\n" + Bytes.response + "\r\n"
        let rows = try judge(bytes(again, Bytes.serverHello + [0x83, 0]), status: 1)
        #expect(rows.rules == ["reserved-opcode"])
        #expect(rows.violations.first?.number("frame") == 1)
    }

    /// The client's side of a handshake that the server refused with 401: the client asks again with credentials.
    @Test func aRequestThatIsRepeatedWithCredentialsIsTheUpgrade() throws {
        let first = Bytes.request + "\r\n"
        let digest = Bytes.request + "Authorization: Digest response=\"1\"\r\n\r\n"
        let negotiated = Bytes.request + "authorization: NTLM TlRMTVNTUAADAAAA\r\n\r\n"
        let frames = Bytes.clientHello + [0x83, 0x80]
        for head in [first + digest, first + digest + negotiated, first + "\r\n" + digest] {
            let rows = try judge(bytes(head, frames), status: 1)
            #expect(rows.rules == ["reserved-opcode"])
            #expect(rows.violations.first?.number("frame") == 1)
        }
        // A copy of the request is not a further attempt, and is in place of frames.
        for head in [first + first, first + "\r\n" + first, first + digest + digest] {
            let rows = try judge(bytes(head, frames), status: 1)
            #expect(rows.rules == (head.contains("\r\n\r\n\r\n") ? ["reserved-opcode"] : ["reserved-bits"]))
            #expect(rows.violations.first?.number("offset") == 0)
        }
        // Nor is it one if the dump ends inside its head.
        let rows = try judge(bytes(first + String(digest.dropLast(4)), []), status: 1)
        #expect(rows.rules == ["reserved-bits"])
    }

    /// … or later, after a redirect, or with a version that the server named (RFC 6455 §4.1, §4.4).
    @Test(arguments: [
        ("dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA=="), ("GET /", "GET /elsewhere/"),
        ("Version: 13", "Version: 8"),
    ])
    func aRequestThatIsRepeatedWithoutCredentialsIsTheUpgrade(_ old: String, _ new: String) throws {
        let first = Bytes.request.replacingOccurrences(of: old, with: new) + "\r\n"
        #expect(first != Bytes.request + "\r\n")
        let rows = try judge(bytes(first + Bytes.request + "\r\n", Bytes.clientHello + [0x83, 0x80]), status: 1)
        #expect(rows.rules == ["reserved-opcode"])
        #expect(rows.violations.first?.number("frame") == 1)
    }

    /// Whether the first request was refused is known from its response, or from frames.
    @Test func aSecondRequestIsNotCertainlyAFaultWithoutTheResponse() throws {
        let request = Bytes.request + "\r\n"
        let plain = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
        for second in [request, plain] {
            for (before, certainty) in [
                (bytes(request, []), "likely"), (bytes(request, Bytes.clientHello), "certain"),
                (bytes(Bytes.response + "\r\n" + request, []), "certain"),
            ] {
                let rows = try judge(before + Array(second.utf8), "--sender", "client", status: 1)
                let line = try #require(rows.violations.first?.line)
                let name = second == plain ? "http-request" : "second-handshake"
                #expect(
                    line.contains("\"name\":\"\(name)\"") && line.contains("\"certainty\":\"\(certainty)\""), "\(line)")
            }
        }
    }

    @Test func theHandshakeOfADumpIsCheckedLikeACaptures() throws {
        let wrong = Bytes.response.replacingOccurrences(of: "s3pP", with: "s3pQ")
        let transcript = try judge(bytes(Bytes.request + "\r\n" + wrong + "\r\n", Bytes.serverHello), status: 0)
        #expect(transcript.notices == ["wrong-accept"])
        let post = Bytes.request.replacingOccurrences(of: "GET", with: "POST")
        #expect(try judge(bytes(post + "\r\n", Bytes.clientHello), status: 0).notices == ["request-not-get"])
    }

    /// Without an offer no response can have agreed to anything: RSV1 is illegal in dumps as in captures.
    @Test func withoutAnOfferNothingIsAgreed() throws {
        #expect(try judge(bytes(Bytes.request + "\r\n", compressed), status: 1).rules == ["reserved-bits"])
        var capture = MadeCapture()
        var connection = capture.connect(port: 50_000)
        capture.send(.client, MadeCapture.request(), on: &connection)
        capture.send(.client, compressed, on: &connection)
        capture.end(&connection)
        #expect(try JudgedCapture(capture.bytes).rows.rules == ["reserved-bits"])
    }

    @Test func theMethodIsShownAsItWas() throws {
        var capture = MadeCapture()
        var connection = capture.connect(port: 50_000)
        let post = Bytes.request.replacingOccurrences(of: "GET", with: "POST") + "\r\n"
        capture.send(.client, Array(post.utf8), on: &connection)
        capture.send(.server, MadeCapture.response(), on: &connection)
        capture.end(&connection)
        let folder = try TemporaryFolder()
        try folder.write("post.pcap", capture.bytes)
        let outcome = try Command.run(["validate", "post.pcap"], in: folder)
        #expect(outcome.stdout.contains("  POST /chat\n"))
        #expect(!outcome.stdout.contains("GET /chat"))
        #expect(outcome.stdout.contains("request-not-get"))
    }

    @Test func aHandshakeAcrossThePieces() throws {
        // The handshake ends on either side of every possible buffer boundary.
        let head = Bytes.response + "X-Padding: " + String(repeating: "p", count: 60_000) + "\r\n\r\n"
        let stream = Bytes.binary(200_000, masked: false) + [0x83, 0]
        let rows = try judge(bytes(head, stream), status: 1)
        #expect(rows.violations.first?.number("offset") == 200_010)
        #expect(rows.violations.first?.number("inputOffset") == UInt64(head.utf8.count + 200_010))
    }
}
