import SeededRandom
import Testing
import WebSocketFrames

/// What is written is legal, and is read back unchanged; what would be illegal is thrown.
@Suite struct FrameWriterTests {
    @Test(arguments: Endpoint.allCases) func everyLengthForm(sender: Endpoint) throws {
        for count in [0, 1, 4, 125, 126, 127, 65_535, 65_536, 70_000] {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            var stream: [UInt8] = []
            var writer = FrameWriter(sender: sender)
            try writer.write(.whole(.binary), payload, to: &stream)
            let overhead = (count < 126 ? 2 : count < 65_536 ? 4 : 10) + (sender == .client ? 4 : 0)
            #expect(stream.count == count + overhead)

            var reader = FrameReader(peer: sender)
            var bytes = stream.mutableSpan
            var index = 0
            guard case .data(let slice)? = try reader.next(in: &bytes, from: &index) else {
                Issue.record("nothing read of \(count) bytes")
                return
            }
            #expect(Array(stream[slice.range]) == payload)
            #expect(slice.part == .whole(.binary))
        }
    }

    @Test func fragmentsAndControlFrames() throws {
        var writer = FrameWriter(sender: .client)
        var stream: [UInt8] = []
        try writer.write(.first(.text), Array("a".utf8), to: &stream)
        try writer.write(try #require(.ping([1, 2, 3])), to: &stream)
        try writer.write(.middle, [], to: &stream)
        try writer.write(.last, Array("b".utf8), to: &stream)
        try writer.write(try #require(.close(.goingAway, reason: "bye")), to: &stream)
        var validator = FrameValidator(sender: .client)
        #expect(validator.feed(stream) == nil)
        #expect(validator.messageCount == 1)
        #expect(validator.closeCode == .goingAway)
    }

    @Test func whatMayNotComeNowIsThrownAndNothingIsWritten() throws {
        var writer = FrameWriter(sender: .server)
        var stream: [UInt8] = []
        #expect(throws: SendError.noOpenMessage) { try writer.write(.middle, [1], to: &stream) }
        #expect(throws: SendError.noOpenMessage) { try writer.write(.last, [1], to: &stream) }
        #expect(throws: SendError.unclaimedReservedBits) {
            try writer.write(.whole(.binary), [1], reservedBits: .rsv1, to: &stream)
        }
        #expect(stream.isEmpty)
        try writer.write(.first(.text), [0x61], to: &stream)
        #expect(writer.openMessage == .text)
        for part in [MessagePart.whole(.text), .whole(.binary), .first(.text), .first(.binary)] {
            #expect(throws: SendError.openMessage) { try writer.write(part, [1], to: &stream) }
        }
        try writer.write(.last, [0x62], to: &stream)
        #expect(throws: SendError.tooLong) { try writer.header(.whole(.binary), payloadLength: 1 << 63) }
        try writer.write(.close, to: &stream)
        for part in [MessagePart.whole(.text), .first(.binary), .middle, .last] {
            #expect(throws: SendError.closed) { try writer.write(part, [1], to: &stream) }
        }
        #expect(throws: SendError.closed) { try writer.write(.close, to: &stream) }
        let written = stream.count
        #expect(written == 3 + 3 + 2)
        try writer.write(try #require(.pong()), to: &stream)
        #expect(stream.count == written + 2)
    }

    /// Random requests in any order: what is written is legal, and what throws would not have been.
    @Test(arguments: [0x11, 0x22, 0x33, 0x44] as [UInt64]) func anyOrder(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for round in 0..<200 {
            let sender: Endpoint = round.isMultiple(of: 2) ? .client : .server
            let extensions: AgreedExtensions = round.isMultiple(of: 3) ? .permessageDeflate : .none
            var writer = FrameWriter(sender: sender, extensions: extensions)
            var stream: [UInt8] = []
            for _ in 0..<20 {
                let kind: MessageKind = random.next() & 1 == 0 ? .text : .binary
                let bits: ReservedBits = random.next() & 7 == 0 ? .rsv1 : []
                let part = [MessagePart.whole(kind), .first(kind), .middle, .last][Int(random.next() & 3)]
                var naive = stream
                naive.append(contentsOf: Self.naiveFrame(part, bits, sender))
                do {
                    if random.next() & 15 == 0 {
                        try writer.write(.close, to: &stream)
                        continue
                    }
                    try writer.write(part, [0x61], reservedBits: bits, to: &stream)
                } catch SendError.closed where stream.count < 2 {
                    Issue.record("closed before anything was written")
                } catch {
                    var validator = FrameValidator(sender: sender, extensions: extensions)
                    if writer.isClosed && error == .closed { continue }
                    #expect(validator.feed(naive) != nil, "\(error) was thrown for a legal frame")
                }
            }
            var validator = FrameValidator(sender: sender, extensions: extensions)
            #expect(validator.feed(stream) == nil)
        }
    }

    private static func naiveFrame(_ part: MessagePart, _ bits: ReservedBits, _ sender: Endpoint) -> [UInt8] {
        let byte0: UInt8 =
            switch part {
            case .whole(let kind): 0x80 | kind.rawValue
            case .first(let kind): kind.rawValue
            case .middle: 0
            case .last: 0x80
            }
        let mask: [UInt8] = sender == .client ? [0x81, 0, 0, 0, 0] : [0x01]
        return [byte0 | bits.rawValue] + mask + [0x61]
    }

    @Test(arguments: Endpoint.allCases) func memoryOfAFixedSize(sender: Endpoint) throws {
        var writer = FrameWriter(sender: sender)
        let overhead = sender == .client ? 6 : 2
        var memory = [UInt8](repeating: 0xEE, count: 1 + overhead + 5 + 3)
        var index = 1
        let hello = Array("Hello".utf8)
        var bytes = memory.mutableSpan
        try writer.write(.first(.text), hello.span, into: &bytes, at: &index)
        #expect(index == 1 + overhead + 5)
        let after = index
        var error: SendError?
        do throws(SendError) {
            var bytes = memory.mutableSpan
            try writer.write(.last, hello.span, into: &bytes, at: &index)
        } catch let thrown {
            error = thrown
        }
        #expect(error == .noRoom(overhead + 5))
        #expect(index == after)
        // The message is still open: the failed call changed nothing.
        #expect(writer.openMessage == .text)
        #expect(memory[0] == 0xEE && memory[after...].allSatisfy { $0 == 0xEE })
        var validator = FrameValidator(sender: sender)
        #expect(validator.feed(Array(memory[1..<after])) == nil)
        #expect(validator.frameOffset == UInt64(after - 1))
    }

    @Test func keysDiffer() throws {
        var keys: Set<[UInt8]> = []
        for _ in 0..<64 {
            var stream: [UInt8] = []
            var writer = FrameWriter(sender: .client)
            try writer.write(.whole(.binary), [], to: &stream)
            keys.insert(Array(stream[2..<6]))
        }
        #expect(keys.count > 60)
    }

    @Test func headerOfAPayloadSentElsewhere() throws {
        var payload = Array("Hello".utf8)
        var writer = FrameWriter(sender: .client)
        let header = try writer.header(.whole(.text), payloadLength: UInt64(payload.count))
        var span = payload.mutableSpan
        header.maskingKey?.apply(to: &span, 0..<5)
        var validator = FrameValidator(sender: .client)
        #expect(validator.feed(Array(header) + payload) == nil)
        #expect(validator.messageCount == 1)
    }

    @Test func closeReasonsAreCutBetweenCharacters() throws {
        let frame = try #require(ControlFrame.close(.normalClosure, reason: String(repeating: "€", count: 50)))
        #expect(frame.payload.count == 125)
        #expect(frame.closeReason == String(repeating: "€", count: 41))
        let odd = try #require(ControlFrame.close(.normalClosure, reason: "a" + String(repeating: "€", count: 50)))
        #expect(odd.payload.count == 2 + 1 + 40 * 3)
        #expect(odd.closeReason.unicodeScalars.allSatisfy { $0 != "\u{FFFD}" })
    }

    @Test func whatMayNotBeSentIsNotMade() {
        for code in [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535] as [UInt16] {
            #expect(ControlFrame.close(CloseCode(rawValue: code)) == nil)
        }
        #expect(ControlFrame.ping(Array(repeating: 0, count: 126)) == nil)
        #expect(ControlFrame.ping(Array(repeating: 0, count: 125)) != nil)
    }
}
