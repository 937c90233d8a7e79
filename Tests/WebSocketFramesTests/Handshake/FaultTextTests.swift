import PerMessageDeflate
import Testing
import WebSocketFrames

/// How a failed handshake is described and refused.
@Suite struct FaultTextTests {
    @Test func requests() {
        let malformed = MalformedExtensions(reason: .missingName, offset: 2)
        let faults: [(RequestFault, Int, String)] = [
            (.notGet("POST"), 405, "the method is \"POST\", not GET"),
            (.oldHTTPVersion(0), 505, "HTTP/1.0, and the handshake needs 1.1"), (.missingHost, 400, "no Host"),
            (.missingUpgrade, 426, "no Upgrade: websocket"), (.missingConnectionUpgrade, 400, "no Connection: Upgrade"),
            (.missingKey, 400, "no Sec-WebSocket-Key"),
            (.malformedKey("x"), 400, "Sec-WebSocket-Key is not the Base64 of 16 bytes: \"x\""),
            (.missingVersion, 426, "no Sec-WebSocket-Version"),
            (.unsupportedVersion("8"), 426, "Sec-WebSocket-Version is \"8\", not 13"),
            (.repeatedField("Host"), 400, "Host comes more than once"),
            (.malformedSubprotocol("a b"), 400, "a subprotocol name is not a token: \"a b\""),
            (.repeatedSubprotocol("a"), 400, "the subprotocol \"a\" is offered twice"),
            (.malformedExtensions(malformed), 400, "\(malformed)"),
        ]
        for (fault, status, text) in faults {
            #expect(fault.status == status)
            #expect("\(fault)" == text)
            let fields = fault.responseFields.fields.map { "\($0.name): \($0.value)" }
            let expected =
                status == 405
                ? ["Allow: GET"]
                : status == 426 ? ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"] : []
            #expect(fields == expected, "\(fault)")
        }
        // Only printable ASCII is shown.
        #expect("\(RequestFault.notGet(" ~\u{7F}\u{1F}é"))" == "the method is \" ~????\", not GET")
        // At most 100 bytes of what the peer wrote are shown.
        let long = "\(RequestFault.notGet(String(repeating: "x", count: 101)))"
        #expect(long == "the method is \"\(String(repeating: "x", count: 100))…\", not GET")
    }

    @Test func responses() {
        let malformed = MalformedExtensions(reason: .missingName, offset: 2)
        let faults: [(ResponseFault, String)] = [
            (.refused(status: 403), "the status is 403, not 101"),
            (.oldHTTPVersion(0), "HTTP/1.0, and the handshake needs 1.1"),
            (.missingUpgrade, "no Upgrade: websocket"), (.missingConnectionUpgrade, "no Connection: Upgrade"),
            (.missingAccept, "no Sec-WebSocket-Accept"),
            (.wrongAccept("x", expected: "y"), "Sec-WebSocket-Accept is \"x\", and must be \"y\""),
            (.repeatedField("Sec-WebSocket-Accept"), "Sec-WebSocket-Accept comes more than once"),
            (.severalSubprotocols(["a", "b"]), "more than one subprotocol is chosen"),
            (.unofferedSubprotocol("a"), "the subprotocol \"a\" was not offered"),
            (.malformedExtensions(malformed), "\(malformed)"),
            (.unofferedExtension("a"), "the extension \"a\" was not offered"),
            (.repeatedExtension("a"), "the extension \"a\" is agreed to twice"),
            (.deflate(.missingValue("a")), "the parameter a needs a value"),
        ]
        for (fault, text) in faults { #expect("\(fault)" == text) }
    }

    @Test func oldResponses() throws {
        let head = "HTTP/1.0 101 x\r\nSec-WebSocket-Extensions: a;;\r\n\r\n"
        let response = try HandshakeResponse(head: Array(head.utf8))
        let malformed = MalformedExtensions(reason: .missingName, offset: 2)
        #expect(
            response.faults(answering: nil) == [
                .oldHTTPVersion(0), .missingUpgrade, .missingConnectionUpgrade, .missingAccept,
                .malformedExtensions(malformed),
            ])
    }

    @Test func parameters() {
        let faults: [DeflateFault] = [
            .unknownParameter("p"), .repeatedParameter("p"), .missingValue("p"), .unexpectedValue("p"),
            .invalidWindowBits("p"), .unofferedParameter("p"), .beyondOffer("p"),
        ]
        #expect(faults.allSatisfy { $0.parameter == "p" })
        #expect(Set(faults.map(\.description)).count == faults.count)
    }

    // MARK: - Base64

    @Test func decoding() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ count &* 7) }
            let text = Base64.encoded(bytes)
            // After a prefix that is not decoded, and with trailing white space.
            for line in [text, text + [0x20, 0x0D, 0x0A]] {
                var decoded: [UInt8] = []
                let whole = Array("> ".utf8) + line
                #expect(Base64.decode(whole.span, from: 2, into: &decoded) == nil)
                #expect(decoded == bytes)
            }
            #expect(Base64.decodedCount(of: text[...]) == count)
        }
        // All 64 characters.
        var decoded: [UInt8] = []
        let all = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        #expect(Base64.decode(all.span, from: 0, into: &decoded) == nil)
        #expect(Base64.encoded(decoded) == all)
    }

    @Test(
        arguments: [
            // The index of the fault, and what is decoded before it.
            ("QUJDR", 5, "ABC"), ("QUJD!UJD", 4, "ABC"), ("QUJDQU-D", 6, "ABC"), ("QU=DQUJD", 2, ""),
            ("QUJDQ=", 5, "ABC"),
            ("QUJDQ===", 5, "ABC"), ("Q", 1, ""), ("====", 0, ""), ("QUJD QUJD", 4, "ABC"),
        ] as [(String, Int, String)])
    func faults(text: String, at index: Int, before: String) {
        var decoded: [UInt8] = []
        #expect(Base64.decode(Array(text.utf8).span, from: 0, into: &decoded) == index)
        #expect(decoded == Array(before.utf8))
    }
}
