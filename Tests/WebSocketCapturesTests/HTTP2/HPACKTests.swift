import SeededRandom
import Testing

@testable import WebSocketCaptures

/// Header blocks: the examples of RFC 7541, appendix C, and invalid ones.
@Suite struct HPACKTests {
    private func fields(_ decoder: inout HPACKDecoder, _ hex: String) -> [String]? {
        decoder.decode(RFC8448.bytes(hex))?.map {
            String(decoding: $0.name, as: UTF8.self) + ": " + String(decoding: $0.value, as: UTF8.self)
        }
    }

    private static let requests = [
        [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"],
        [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache"],
        [
            ":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com",
            "custom-key: custom-value",
        ],
    ]

    /// C.3 and C.4: three requests on one connection, without and with the Huffman code.
    @Test(arguments: [
        [
            "828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865",
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        ],
        [
            "828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf",
            "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
        ],
    ])
    func requests(_ blocks: [String]) {
        var decoder = HPACKDecoder()
        for (block, expected) in zip(blocks, Self.requests) { #expect(fields(&decoder, block) == expected) }
        #expect(decoder.cost == 164)
    }

    /// C.6: responses with a table of 256 bytes, from which entries are evicted.
    @Test func responses() {
        var decoder = HPACKDecoder()
        // The sender selects a table size of 256 bytes.
        #expect(fields(&decoder, "3fe101") == [])
        let first =
            "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"
        #expect(
            fields(&decoder, first) == [
                ":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT",
                "location: https://www.example.com",
            ])
        #expect(decoder.cost == 222)
        #expect(fields(&decoder, "4883640effc1c0bf")?.first == ":status: 307")
        #expect(decoder.cost == 222)
    }

    @Test(arguments: [
        "80", "be", "ff8080808001", "ffffffffff0f", "0085", "4001", "3fe2ff03", "820000", "8220", "00828482ff01",
        // Padding of a whole byte, padding with zeros, and the EOS symbol.
        "0083a8ffff00", "008125", "0084ffffffff00",
    ])
    func whatIsDamagedIsNotTaken(_ hex: String) {
        var decoder = HPACKDecoder()
        #expect(decoder.decode(RFC8448.bytes(hex)) == nil, "\(hex)")
    }

    /// A field of 4,000 bytes, repeated by every byte of a block: more than the ceiling.
    @Test func aBombIsRefused() {
        var decoder = HPACKDecoder()
        var block: [UInt8] = [0x40, 0x01, 0x61, 0x7F, 0xA1, 0x1E]
        block += [UInt8](repeating: 0x62, count: 4_000)
        #expect(decoder.decode(block)?.first?.value.count == 4_000)
        #expect(decoder.decode([UInt8](repeating: 0xBE, count: 60))?.count == 60)
        #expect(decoder.decode([UInt8](repeating: 0xBE, count: 200)) == nil)
        #expect(decoder.cost <= 4_096)
    }

    @Test func anythingCanCome() {
        var random = SplitMix64(seed: 7541)
        for _ in 0..<3_000 {
            var decoder = HPACKDecoder()
            for _ in 0..<4 {
                _ = decoder.decode((0..<random.below(60)).map { _ in UInt8(random.below(256)) })
                #expect(decoder.cost <= HPACKDecoder.largestTable)
            }
        }
    }
}
