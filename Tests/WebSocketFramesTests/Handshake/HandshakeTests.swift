import PerMessageDeflate
import Testing
import WebSocketFrames

/// Requests and responses are checked according to RFC 6455 §4, with one reason for each fault.
@Suite struct HandshakeTests {
    /// The request of RFC 6455 §1.2 with one field replaced, or removed if the value is nil.
    private func request(
        _ name: String = "", _ value: String? = nil, method: String = "GET", minorVersion: Int = 1,
        adding more: HeaderFields = [:]
    ) -> HandshakeRequest {
        let fields: KeyValuePairs = [
            "Host": "server.example.com", "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": "http://example.com",
            "Sec-WebSocket-Protocol": "chat, superchat", "Sec-WebSocket-Version": "13",
        ]
        let chosen = fields.compactMap { field -> (name: String, value: String)? in
            guard field.key == name else { return (name: field.key, value: field.value) }
            return value.map { (name: name, value: $0) }
        }
        return HandshakeRequest(
            method: method, target: "/chat", minorVersion: minorVersion, fields: HeaderFields(chosen + Array(more)))
    }

    @Test func theExampleOfTheRFC() throws {
        let answer = try ServerHandshake(subprotocols: ["superchat", "chat"]).accept(request())
        #expect(answer.fields.values(of: "sec-websocket-accept") == ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="])
        #expect(answer.agreement == HandshakeAgreement(subprotocol: "superchat"))
        #expect(answer.fields.values(of: "Sec-WebSocket-Protocol") == ["superchat"])
        #expect(answer.fields.values(of: "Sec-WebSocket-Extensions").isEmpty)
        #expect(request().origin == "http://example.com")
        #expect(HandshakeResponse(status: 101, fields: answer.fields).faults(answering: request()).isEmpty)
    }

    @Test(
        arguments: [
            ("Host", nil, .missingHost, 400), ("Upgrade", nil, .missingUpgrade, 426),
            ("Upgrade", "h2c", .missingUpgrade, 426), ("Connection", "keep-alive", .missingConnectionUpgrade, 400),
            ("Sec-WebSocket-Key", nil, .missingKey, 400),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ", .malformedKey("dGhlIHNhbXBsZSBub25jZQ"), 400),
            ("Sec-WebSocket-Key", "AAAA", .malformedKey("AAAA"), 400),
            ("Sec-WebSocket-Version", nil, .missingVersion, 426),
            ("Sec-WebSocket-Version", "8", .unsupportedVersion("8"), 426),
            ("Sec-WebSocket-Version", "13, 8", .unsupportedVersion("13, 8"), 426),
            ("Sec-WebSocket-Protocol", "chat room", .malformedSubprotocol("chat room"), 400),
            ("Sec-WebSocket-Protocol", "a,b,a", .repeatedSubprotocol("a"), 400),
        ] as [(String, String?, RequestFault, Int)])
    func aFaultOfARequest(name: String, value: String?, fault: RequestFault, status: Int) {
        #expect(request(name, value).faults == [fault])
        #expect(throws: fault) { try ServerHandshake().accept(request(name, value)) }
        #expect(fault.status == status)
        #expect(fault.responseFields.values(of: "Sec-WebSocket-Version").isEmpty == (status != 426))
    }

    @Test func faultsOfTheFirstLineAndOfRepetition() {
        #expect(request(method: "POST").faults == [.notGet("POST")])
        #expect(request(minorVersion: 0).faults == [.oldHTTPVersion(0)])
        for name in ["Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version"] {
            let twice = request(adding: HeaderFields([(name: name.lowercased(), value: "x")]))
            #expect(twice.faults == [.repeatedField(name)])
        }
        let odd = request(adding: ["sec-websocket-extensions": "a;;"])
        #expect(odd.faults == [.malformedExtensions(MalformedExtensions(reason: .missingName, offset: 2))])
    }

    @Test func aPlainRequestIsSentToUpgrade() {
        let faults = HandshakeRequest(fields: ["Host": "example.com"]).faults
        #expect(faults.first == .missingUpgrade)
        #expect(faults.count == 4)
    }

    @Test func whatCannotBeReadOffersNothing() {
        #expect(request(adding: ["Sec-WebSocket-Extensions": "permessage-deflate;;"]).deflateOffers.isEmpty)
        #expect(request(adding: ["Sec-WebSocket-Extensions": "permessage-deflate"]).deflateOffers.count == 1)
        #expect(HandshakeAgreement().extensions == .none)
        #expect(!HandshakeAgreement(deflate: .standard).extensions.inflates)
        #expect(HandshakeRequest(fields: [:]).minorVersion == 1)
        #expect(HandshakeResponse(status: 101, fields: [:]).minorVersion == 1)
        // Names are compared without regard to case.
        let fields: HeaderFields = ["Zz-~": "1", "zZ-^": "2", "Yy-~": "3"]
        #expect(fields.values(of: "zz-~") == ["1"] && fields.values(of: "ZZ-^") == ["2"])
        #expect(HeaderFields(dictionaryLiteral: ("A", "b, ,c,")).elements(of: "a") == ["b", "c"])
    }

    /// An answer that is valid by itself is a fault if the client did not offer it.
    @Test func anAnswerHasToMatchAnOffer() {
        let request = request(adding: ["Sec-WebSocket-Extensions": "permessage-deflate"])
        let response = response(adding: ["Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits=10"])
        guard case .failure? = response.deflate(answering: request), case .success? = response.deflate(answering: nil)
        else {
            Issue.record("a window that was not offered was accepted")
            return
        }
    }

    @Test func keysOfAClientHaveAnyByte() {
        var seen = Set<UInt8>()
        for _ in 0..<500 {
            var bytes: [UInt8] = []
            let key = ClientHandshake().fields.values(of: "Sec-WebSocket-Key").first ?? ""
            #expect(Base64.decode(Array(key.utf8).span, from: 0, into: &bytes) == nil && bytes.count == 16)
            seen.formUnion(bytes)
        }
        #expect(seen.count == 256)
    }

    @Test func whatAClientOffers() {
        func offer(_ wishes: DeflateParameters) -> String { DeflateOffer(wishing: wishes).element.description }
        #expect(offer(.standard) == "permessage-deflate; client_max_window_bits")
        #expect(
            offer(DeflateParameters(clientNoContextTakeover: true))
                == "permessage-deflate; client_no_context_takeover; client_max_window_bits")
        #expect(
            offer(DeflateParameters(serverMaxWindowBits: 14, serverNoContextTakeover: true))
                == "permessage-deflate; server_no_context_takeover; server_max_window_bits=14; client_max_window_bits")
    }

    @Test func aClientThrowsTheFirstFault() {
        let response = HandshakeResponse(status: 200, fields: [:])
        #expect(throws: ResponseFault.refused(status: 200)) { try ClientHandshake().agreement(response) }
    }

    @Test func listsMayStandInSeveralFields() {
        let request = request(
            "Connection", "keep-alive, UPGRADE",
            adding: [
                "Sec-WebSocket-Protocol": "third", "Sec-WebSocket-Extensions": "a", "sec-webSocket-extensions": "b;c",
            ])
        #expect(request.faults.isEmpty)
        #expect(request.subprotocols == ["chat", "superchat", "third"])
        #expect(try! request.extensions.get().map(\.description) == ["a", "b; c"])
    }

    // MARK: - Responses

    private func response(
        _ name: String = "", _ value: String? = nil, status: Int = 101, adding more: HeaderFields = [:]
    ) -> HandshakeResponse {
        let fields: KeyValuePairs = [
            "Upgrade": "WebSocket", "Connection": "upgrade", "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        ]
        let chosen = fields.compactMap { field -> (name: String, value: String)? in
            guard field.key == name else { return (name: field.key, value: field.value) }
            return value.map { (name: name, value: $0) }
        }
        return HandshakeResponse(status: status, fields: HeaderFields(chosen + Array(more)))
    }

    @Test func faultsOfAResponse() {
        let request = request(adding: ["Sec-WebSocket-Extensions": "permessage-deflate, other"])
        func faults(_ response: HandshakeResponse) -> [ResponseFault] { response.faults(answering: request) }
        #expect(faults(response()).isEmpty)
        #expect(faults(response(status: 403)) == [.refused(status: 403)])
        #expect(faults(response("Upgrade", nil)) == [.missingUpgrade])
        #expect(faults(response("Connection", nil)) == [.missingConnectionUpgrade])
        let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        #expect(
            faults(response(adding: ["Sec-WebSocket-Accept": accept])) == [.repeatedField("Sec-WebSocket-Accept")])
        #expect(faults(response("Sec-WebSocket-Accept", nil)) == [.missingAccept])
        #expect(
            faults(response("Sec-WebSocket-Accept", "x"))
                == [.wrongAccept("x", expected: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")])
        #expect(faults(response(adding: ["Sec-WebSocket-Protocol": "chat"])).isEmpty)
        #expect(faults(response(adding: ["Sec-WebSocket-Protocol": "Chat"])) == [.unofferedSubprotocol("Chat")])
        #expect(
            faults(response(adding: ["Sec-WebSocket-Protocol": "chat, superchat"]))
                == [.severalSubprotocols(["chat", "superchat"])])
        #expect(faults(response(adding: ["Sec-WebSocket-Extensions": "permessage-deflate"])).isEmpty)
        #expect(faults(response(adding: ["Sec-WebSocket-Extensions": "third"])) == [.unofferedExtension("third")])
        #expect(
            faults(response(adding: ["Sec-WebSocket-Extensions": "other, other"])) == [.repeatedExtension("other")])
        #expect(
            faults(response(adding: ["Sec-WebSocket-Extensions": "permessage-deflate; foo=bar"]))
                == [.deflate(.unknownParameter("foo"))])
        // Without the request, only the response itself can be checked.
        #expect(response("Sec-WebSocket-Accept", "x").faults(answering: nil).isEmpty)
        #expect(
            response(adding: ["Sec-WebSocket-Extensions": "permessage-deflate; server_max_window_bits=99"])
                .faults(answering: nil) == [.deflate(.invalidWindowBits("server_max_window_bits"))])
    }

    // MARK: - Both ends

    @Test func aClientAndAServerAgree() throws {
        let client = ClientHandshake(
            subprotocols: ["b", "a"], deflate: DeflateParameters(serverMaxWindowBits: 12))
        let request = HandshakeRequest(fields: HeaderFields(Array(client.fields) + [(name: "Host", value: "h")]))
        let server = ServerHandshake(subprotocols: ["a", "b"], deflate: DeflateParameters(clientMaxWindowBits: 10))
        let answer = try server.accept(request)
        let expected = HandshakeAgreement(
            subprotocol: "a", deflate: DeflateParameters(clientMaxWindowBits: 10, serverMaxWindowBits: 12))
        #expect(answer.agreement == expected)
        #expect(answer.agreement.extensions.deflate == expected.deflate)
        #expect(try client.agreement(HandshakeResponse(status: 101, fields: answer.fields)) == expected)
        // A server that does not ask for it agrees to nothing.
        #expect(try ServerHandshake().accept(request).agreement == HandshakeAgreement())
    }

    @Test func theFirstOfferThatCanBeGrantedIs() throws {
        let request = request(adding: [
            "Sec-WebSocket-Extensions":
                "permessage-deflate; foo, permessage-deflate; server_max_window_bits=9, permessage-deflate"
        ])
        let answer = try ServerHandshake(deflate: .standard).accept(request)
        #expect(
            answer.fields.values(of: "Sec-WebSocket-Extensions") == ["permessage-deflate; server_max_window_bits=9"])
    }

    @Test func keysAreFresh() {
        let keys = (0..<64).map { _ in ClientHandshake().key }
        #expect(Set(keys).count == 64)
        #expect(keys.allSatisfy { $0.utf8.count == 24 })
    }

    @Test func whatAPeerWroteIsShownWithoutItsControlCharacters() {
        #expect(RequestFault.notGet("\u{1B}[2J").description == "the method is \"?[2J\", not GET")
    }
}
