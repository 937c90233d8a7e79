import PerMessageDeflate
import Testing
import WebSocketFrames

/// Compressed messages that declare 2⁶² bytes: the length neither allocates memory nor limits what they inflate to.
@Suite struct ExtremeCompressionTests {
    private static let limit = 1_000_000
    private static let header: [UInt8] = [0xC2, 127, 0x40, 0, 0, 0, 0, 0, 0, 0]
    /// Empty stored blocks: an endless payload that inflates to nothing.
    private static let nothing = [UInt8](repeating: 0, count: 10_000).enumerated().map { at, _ in
        at % 5 < 3 ? UInt8(0) : 0xFF
    }
    /// `count` equal bytes, compressed, in a message that is not finished.
    private static func bomb(_ count: Int) -> [UInt8] {
        var deflater = MessageDeflater(DeflateContext())
        var bytes: [UInt8] = []
        deflater.compress([UInt8](repeating: 7, count: count).span, endsMessage: false) { piece in
            for index in piece.indices { bytes.append(piece[index]) }
        }
        return bytes
    }

    @Test func aReaderInflatesUpToItsLimit() throws {
        var reader = MessageReader(
            peer: .server, extensions: .permessageDeflate(.standard), limit: Self.limit)
        func feed(_ bytes: [UInt8]) throws(Violation) {
            var bytes = bytes
            var span = bytes.mutableSpan
            var index = 0
            let event = try reader.next(in: &span, from: &index)
            #expect(event == nil && index == span.count)
        }
        try feed(Self.header)
        for _ in 0..<200 { try feed(Self.nothing) }
        #expect(reader.state == .incompleteFrame)
        // Stored blocks of 60,000 bytes: the violation is at the block that exceeds the limit.
        let block = [0, 0x60, 0xEA, 0x9F, 0x15] + [UInt8](repeating: 7, count: 60_000)
        for _ in 0..<16 { try feed(block) }
        let violation = #expect(throws: Violation.self) { try feed(block) }
        #expect(violation?.rule == .messageTooBig && violation?.closeCode == .messageTooBig)
        let offset: UInt64 = 10 + 200 * 10_000 + 16 * 60_005 + 4
        #expect(violation?.offset == offset)
        #expect(violation?.header.payloadLength == 1 << 62 && violation?.frame == 0)
    }

    @Test func aValidatorHandsOverNotAByteBeyondTheLimit() throws {
        var validator = InflatingValidator(
            sender: .server, extensions: .permessageDeflate(.standard),
            limits: Limits(message: UInt64(Self.limit)))
        var count = 0
        try validator.consume(Self.header.span) { count += $0.count }
        for _ in 0..<200 { try validator.consume(Self.nothing.span) { count += $0.count } }
        #expect(count == 0 && validator.state == .incompleteFrame)
        let bomb = Self.bomb(4 * Self.limit)
        #expect(bomb.count < Self.limit / 50)
        let violation = #expect(throws: Violation.self) { try validator.consume(bomb.span) { count += $0.count } }
        #expect(violation?.rule == .messageTooBig && count <= Self.limit && count > Self.limit - 300)
    }

    /// Connections refuse as soon as the declared length exceeds the limit plus what DEFLATE may add.
    @Test func connectionsRefuseWhatIsDeclared() {
        var stream = Self.header
        stream[1] |= 0x80
        stream += [1, 2, 3, 4]
        let close: [UInt8] = [0x88, 17, 0x03, 0xF1] + Array("message-too-big".utf8)

        var messages = MessageConnection(
            role: .server, deflate: .standard, limits: Limits(message: UInt64(Self.limit)))
        var replies: [UInt8] = []
        var bytes = stream
        var span = bytes.mutableSpan
        var index = 0
        let event = messages.next(in: &span, from: &index, replies: &replies)
        guard case .violation(let violation) = event else { return #expect(Bool(false), "no violation") }
        #expect(violation.rule == .messageTooBig && violation.offset == 2 && replies == close)

        var connection = Connection(
            role: .server, extensions: .permessageDeflate, limits: Limits(message: UInt64(Self.limit)))
        replies = []
        index = 0
        var again = stream
        var place = again.mutableSpan
        let found = connection.next(in: &place, from: &index, replies: &replies)
        guard case .violation(let same) = found else { return #expect(Bool(false), "no violation") }
        #expect(same == violation && replies == close)
    }
}
