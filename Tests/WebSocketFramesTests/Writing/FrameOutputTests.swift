import Testing
import WebSocketFrames

/// Frames are the same in a caller's buffer as in an array, and for payloads of any type.
@Suite struct FrameOutputTests {
    /// A buffer with only the required members.
    private struct Buffer: FrameOutput {
        var bytes: [UInt8] = []

        mutating func appendBytes(_ span: Span<UInt8>) {
            for index in span.indices { bytes.append(span[index]) }
        }

        mutating func maskBytes(last count: Int, with key: MaskingKey) {
            for index in 0..<count { bytes[bytes.count - count + index] ^= key[UInt64(index)] }
        }
    }

    @Test(arguments: Endpoint.allCases, [0, 1, 5, 125, 126, 70_000])
    func aBufferOfTheCaller(sender: Endpoint, count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var buffer = Buffer()
        var array: [UInt8] = []
        var writer = FrameWriter(sender: sender)
        try writer.write(.whole(.binary), payload, to: &buffer)
        // A payload that is not an array, and has no contiguous storage.
        try writer.write(.whole(.binary), (0..<count).lazy.map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: &buffer)
        try writer.write(.whole(.binary), (0..<count).lazy.map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: &array)
        for var stream in [buffer.bytes, array] {
            var reader = FrameReader(peer: sender)
            var read: [[UInt8]] = []
            var bytes = stream.mutableSpan
            var index = 0
            while case .data(let slice)? = try reader.next(in: &bytes, from: &index) {
                read.append(slice.range.map { bytes[$0] })
            }
            #expect(index == bytes.count)
            #expect(read.allSatisfy { $0 == payload })
            #expect(read.count == (stream.count == array.count ? 1 : 2))
        }
    }

    /// An empty span has no address.
    @Test(arguments: Endpoint.allCases) func nothingAtAll(sender: Endpoint) throws {
        var writer = FrameWriter(sender: sender)
        var array: [UInt8] = []
        try writer.write(.whole(.binary), Span(), to: &array)
        #expect(array.count == (sender == .client ? 6 : 2) && array.prefix(2) == [0x82, sender == .client ? 0x80 : 0])
        var fixed = [UInt8](repeating: 7, count: 10)
        var bytes = fixed.mutableSpan
        var index = 1
        try writer.write(.whole(.binary), Span(), into: &bytes, at: &index)
        #expect(index == 1 + array.count && fixed[0] == 7 && fixed[1] == 0x82 && fixed[index...].allSatisfy { $0 == 7 })
        var validator = FrameValidator(sender: sender)
        try validator.consume(Span())
        try validator.consume(array.span)
        try validator.consume(Span())
        #expect(validator.frameCount == 1)
        // In the middle of a text message.
        var reader = FrameReader(peer: sender)
        var begun = ConversationMaker.frame(0x81, [0x61, 0x62], key: sender == .client ? [1, 2, 3, 4] : nil)
        begun.removeLast()
        var piece = begun.mutableSpan
        index = 0
        while try reader.next(in: &piece, from: &index) != nil {}
        var nothing = MutableSpan<UInt8>()
        index = 0
        let event = try reader.next(in: &nothing, from: &index)
        #expect(event == nil && index == 0 && reader.state == .incompleteFrame)
    }

    @Test func aFrameMayFillFixedMemory() throws {
        var fixed: [UInt8] = [7, 7, 7, 7]
        var bytes = fixed.mutableSpan
        var writer = FrameWriter(sender: .server)
        var index = 1
        try writer.write(.whole(.text), [0x61].span, into: &bytes, at: &index)
        #expect(index == 4 && fixed == [7, 0x81, 1, 0x61])
        #expect(try writer.header(.whole(.binary), payloadLength: .max >> 1).payloadLength == .max >> 1)
    }

    @Test func atTheEndOfFixedMemoryIsNoRoom() throws {
        var fixed: [UInt8] = [7, 7, 7]
        var bytes = fixed.mutableSpan
        var writer = FrameWriter(sender: .server)
        for index in 0...3 {
            var place = index
            if index == 1 { continue }
            let error = #expect(throws: SendError.self) {
                try writer.write(
                    .whole(.text), [UInt8](repeating: 0x61, count: index == 0 ? 2 : 0).span, into: &bytes, at: &place)
            }
            #expect(error == .noRoom(index == 0 ? 4 : 2) && place == index)
        }
    }

    /// Over many keys that a client generates, each bit is sometimes 0 and sometimes 1.
    @Test func keysAreFresh() throws {
        var writer = FrameWriter(sender: .client)
        var connection = Connection(role: .client)
        var (everSet, everClear) = ([UInt8](repeating: 0, count: 12), [UInt8](repeating: 0, count: 12))
        for _ in 0..<80 {
            var frame: [UInt8] = []
            var ping: [UInt8] = []
            var pong: [UInt8] = []
            try writer.write(.whole(.binary), [1], to: &frame)
            try writer.write(#require(.ping([])), to: &ping)
            var received: [UInt8] = [0x89, 0]
            var bytes = received.mutableSpan
            var index = 0
            _ = connection.next(in: &bytes, from: &index, replies: &pong)
            let keys = Array(frame[2..<6] + ping[2..<6] + pong[2..<6])
            for index in keys.indices {
                everSet[index] |= keys[index]
                everClear[index] |= ~keys[index]
            }
        }
        #expect(everSet == [UInt8](repeating: 0xFF, count: 12) && everClear == everSet)
    }

    @Test func whatNoRuleIsAbout() {
        #expect("\(SendError.noRoom(7))" == "no room for a frame of 7 bytes")
        var array: [UInt8] = [1]
        array.appendBytes([2, 3].span)
        #expect(array == [1, 2, 3])
        #expect(MessageKind.allCases.map(\.opcode) == [.text, .binary])
    }
}
