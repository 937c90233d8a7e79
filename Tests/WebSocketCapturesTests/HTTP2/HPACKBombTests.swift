import Testing
import WebSocketFrames

@testable import WebSocketCaptures

/// Small header blocks that decode to a lot: their output is limited, and a conversation on the same connection continues.
@Suite struct HPACKBombTests {
    /// A field of 4,006 bytes that is added to the table.
    private static let largeField: [UInt8] = [0x40, 1, 0x61, 0x7F, 0xA6, 0x1E] + .init(repeating: 0x62, count: 4_005)
    /// The receiver allows the largest table, and the sender selects it.
    private static let largestTable: [UInt8] = [0x3F, 0xE1, 0xFF, 0x03]

    /// Blocks of the largest size that fill the fields, the table, or neither.
    private static let blocks: [(name: String, block: [UInt8], fields: Int)] = [
        ("a large field, again and again", largeField + .init(repeating: 0xBE, count: 63), 64),
        ("the smallest fields", largestTable + Array(repeatElement([0x40, 0, 0], count: 8_190).joined()), 8_190),
        ("fields that push each other out", largestTable + Array(repeatElement(largeField, count: 16).joined()), 16),
        ("a table that comes and goes", Array(repeatElement([0x20] + largestTable, count: 13_000).joined()), 0),
        ("the shortest codes", [0x40, 1, 0x61, 0xFF, 0x81, 0xF3, 0x03] + .init(repeating: 0, count: 64_000), 1),
    ]

    @Test func whatComesOfABlockIsBounded() throws {
        for (name, block, count) in Self.blocks {
            #expect(block.count <= HTTP2FrameReader.largestFrame, "\(name)")
            var decoder = HPACKDecoder()
            decoder.allow(UInt32(HPACKDecoder.largestTable))
            for _ in 0..<2 {
                let decoded = decoder.decode(block)
                let fields = try #require(decoded, "\(name)")
                #expect(fields.count == count, "\(name)")
                #expect(fields.reduce(0) { $0 + $1.cost } <= HPACKDecoder.maximumDecoded, "\(name)")
                #expect(decoder.cost <= HPACKDecoder.largestTable, "\(name)")
            }
        }
    }

    /// One field, or one byte of a string, above the ceiling.
    @Test func blocksAboveTheCeilingAreRefused() {
        let small = Array(repeatElement([0x40, 0, 0] as [UInt8], count: HPACKDecoder.maximumDecoded / 32).joined())
        for block in [Self.largeField + .init(repeating: 0xBE, count: 64), small + [0x40, 0, 0]] {
            var decoder = HPACKDecoder()
            #expect(decoder.decode(block) == nil && decoder.cost <= 4_096)
        }
    }

    // MARK: On a connection

    private func frame(_ type: UInt8, _ flags: UInt8, _ stream: Int, _ payload: [UInt8]) -> [UInt8] {
        let (count, number) = (payload.count, [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) })
        return [UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), type, flags] + number + payload
    }

    /// A header block as a HEADERS frame and as many CONTINUATION frames as it takes.
    private func headers(_ block: [UInt8], stream: Int, ends: Bool = true) -> [UInt8] {
        let pieces = stride(from: 0, to: block.count, by: 16_000).map {
            Array(block[$0..<min($0 + 16_000, block.count)])
        }
        return pieces.enumerated().flatMap { index, piece in
            frame(index == 0 ? 1 : 9, ends && index == pieces.count - 1 ? 4 : 0, stream, piece)
        }
    }

    private struct Seen {
        var ofClient: [UInt8] = []
        var gaps: [String] = []
        var conversations = 0
        var maximumHeld = 0
    }

    /// A conversation on stream 1, with hostile frames of the client between its two DATA frames.
    private func seen(_ hostile: [[UInt8]]) -> Seen {
        func literal(_ name: String, _ value: String) -> [UInt8] {
            [0, UInt8(name.utf8.count)] + name.utf8 + [UInt8(value.utf8.count)] + value.utf8
        }
        let connect =
            literal(":method", "CONNECT") + literal(":protocol", "websocket") + literal(":path", "/chat")
            + literal("sec-websocket-version", "13")
        let settings = frame(4, 0, 0, [0, 1, 0, 1, 0, 0])
        var reader = HTTP2Connection(first: nil, second: nil, options: ConversationOptions())
        var seen = Seen()
        let before: [(TCPPeer, [UInt8])] = [
            (.first, HTTP2Connection.preface + settings), (.second, settings + frame(1, 4, 1, [0x88])),
            (.first, frame(1, 4, 1, connect)), (.second, frame(1, 4, 1, [0x88])), (.first, frame(0, 0, 1, [0x81])),
        ]
        let all = before + hostile.map({ (.first, $0) }) + [(.first, frame(0, 0, 1, [0x80, 1, 2, 3, 4]))]
        for (side, bytes) in all {
            reader.read(.bytes(side, nil), bytes.span) { stream, event, bytes in
                switch event {
                case .opened: seen.conversations += 1
                case .bytes(.client, _): seen.ofClient += bytes.indices.map { bytes[$0] }
                case .gap(_, _, let reason, _, _): seen.gaps.append("\(stream) \(reason)")
                default: break
                }
            }
            seen.maximumHeld = max(seen.maximumHeld, reader.heldCost)
        }
        return seen
    }

    /// The blocks above are requests on other streams, and do not affect the conversation.
    @Test func aConversationOnAnotherStreamIsUnaffected() {
        for (name, block, _) in Self.blocks {
            let seen = seen((0..<4).map { headers(block, stream: 3 + 2 * $0) })
            #expect(seen.conversations == 1 && seen.ofClient == [0x81, 0x80, 1, 2, 3, 4], "\(name)")
            #expect(seen.gaps.isEmpty, "\(name)")
            #expect(seen.maximumHeld <= HPACKDecoder.largestTable + HTTP2FrameReader.largestFrame + 4_096, "\(name)")
        }
    }

    /// Exceeding a ceiling ends the client's direction with the reason, after what came before was passed on.
    @Test func aBombEndsItsDirectionAndSaysSo() {
        let endless = (0..<40).map { frame($0 == 0 ? 1 : 9, 0, 3, .init(repeating: 0, count: 16_000)) }
        for hostile in [[headers(Self.largeField + .init(repeating: 0xBE, count: 64), stream: 3)], endless] {
            let seen = seen(hostile)
            #expect(seen.conversations == 1 && seen.ofClient == [0x81])
            #expect(seen.gaps == ["1 \(GapReason.brokenHTTP2)"])
            #expect(seen.maximumHeld <= HPACKDecoder.largestTable + HTTP2FrameReader.largestFrame + 4_096)
        }
    }

    /// A block may come in any number of empty fragments.
    @Test func emptyFragmentsOfABlockCostNothing() {
        let parts = [frame(1, 0, 3, [])] + [[UInt8]](repeating: frame(9, 0, 3, []), count: 10_000)
        let seen = seen(parts + [frame(9, 4, 3, [0x82])])
        #expect(seen.ofClient == [0x81, 0x80, 1, 2, 3, 4] && seen.gaps.isEmpty && seen.maximumHeld < 4_096)
    }

    private let connect: [UInt8] =
        [0, 7] + Array(":method".utf8) + [7] + Array("CONNECT".utf8) + [0, 9] + Array(":protocol".utf8) + [9]
        + Array("websocket".utf8)

    /// A connection that ends before any conversation still counts what was not read.
    @Test func whatIsNotReadIsCounted() {
        func readers(_ sent: [UInt8]) -> ConnectionReaders {
            var readers = ConnectionReaders(options: ConversationOptions())
            readers.begin(0, first: nil, second: nil, isSeenFromStart: true)
            readers.pass(.bytes(.first, nil), of: 0, (HTTP2Connection.preface + sent).span) { _, _, _ in }
            readers.pass(ConnectionEvent.closed, of: 0, Span()) { _, _, _ in }
            return readers
        }
        #expect(readers(frame(4, 0, 0, [])).http2 == 0)
        #expect(readers(headers(Self.largeField + .init(repeating: 0xBE, count: 64), stream: 1)).http2 == 1)
        let many = readers((0..<(HTTP2Connection.maximumStreams + 7)).flatMap { headers(connect, stream: 1 + 2 * $0) })
        #expect(many.http2 == 0 && many.unfollowed == 7)
    }

    /// The client asks for more conversations than are followed; those that are followed continue.
    @Test func moreStreamsThanAreFollowed() {
        let seen = seen((0..<1_100).map { headers(connect, stream: 3 + 2 * $0) })
        #expect(seen.ofClient == [0x81, 0x80, 1, 2, 3, 4] && seen.gaps.isEmpty)
        #expect(seen.maximumHeld < 1 << 20)
    }
}
