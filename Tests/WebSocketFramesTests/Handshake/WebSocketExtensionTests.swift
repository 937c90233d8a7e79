import Testing
import WebSocketFrames

/// `Sec-WebSocket-Extensions` is parsed according to RFC 6455 §9.1: tokens, parameters, quoted values.
@Suite struct WebSocketExtensionTests {
    @Test(
        arguments: [
            ("permessage-deflate", ["permessage-deflate"]),
            ("a, b;c;d=1 ,e", ["a", "b; c; d=1", "e"]),
            (" a ; b = \"to\\ken\" ", ["a; b=token"]),
            ("a;b=\"x\", c", ["a; b=x", "c"]),
            (",, a,\t,", ["a"]), ("", []), (" ", []),
        ])
    func lists(value: String, elements: [String]) throws {
        #expect(try WebSocketExtension.list(value).map(\.description) == elements)
    }

    @Test(
        arguments: [
            (";a", .missingName, 0), ("a;", .missingName, 2), ("a; ;b", .missingName, 3), ("a;b=", .missingValue, 4),
            ("a;b=,c", .missingValue, 4), ("a;b=\"x", .openQuote, 4), ("a;b=\"x\\", .openQuote, 4),
            ("a;b=\"\"", .quotedNonToken, 4), ("a;b=\"x y\"", .quotedNonToken, 4), ("a;b=\"x,y\"", .quotedNonToken, 4),
            ("a b", .strayByte, 2), ("a=b", .strayByte, 1), ("a;b=1=2", .strayByte, 5), ("ä", .missingName, 0),
            ("a;b=\"x\"y", .strayByte, 7),
        ] as [(String, MalformedExtensions.Reason, Int)])
    func brokenLists(value: String, reason: MalformedExtensions.Reason, offset: Int) {
        let error = #expect(throws: MalformedExtensions.self) { try WebSocketExtension.list(value) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
    }

    @Test func aLongListIsReadInTime() throws {
        let value = String(repeating: "a;b=\"c\",", count: 8_000)
        #expect(try WebSocketExtension.list(value).count == 8_000)
    }
}
