import Testing
import WebSocketFrames

/// What is written is judged legal, and read back as it was.
@Suite struct FrameWriterTests {
    @Test(arguments: Endpoint.allCases) func everyLengthForm(sender: Endpoint) throws {
        for count in [0, 1, 4, 125, 126, 127, 65_535, 65_536, 70_000] {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            var stream: [UInt8] = []
            FrameWriter(sender: sender).write(.binary, payload, to: &stream)
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
            #expect(slice.endsMessage)
        }
    }

    @Test func fragmentsAndControlFrames() throws {
        let writer = FrameWriter(sender: .client)
        var stream: [UInt8] = []
        writer.write(.text, Array("a".utf8), isFinal: false, to: &stream)
        writer.write(try #require(.ping([1, 2, 3])), to: &stream)
        writer.write(.continuation, Array("b".utf8), to: &stream)
        writer.write(try #require(.close(.goingAway, reason: "bye")), to: &stream)
        var validator = FrameValidator(sender: .client)
        #expect(validator.feed(stream) == nil)
        #expect(validator.frameCount == 4)
        #expect(validator.messageCount == 1)
        #expect(validator.closeCode == .goingAway)
    }

    @Test func keysDiffer() {
        var keys: Set<[UInt8]> = []
        for _ in 0..<64 {
            var stream: [UInt8] = []
            FrameWriter(sender: .client).write(.binary, [], to: &stream)
            keys.insert(Array(stream[2..<6]))
        }
        #expect(keys.count > 60)
    }

    @Test func headerOfAPayloadSentElsewhere() {
        var payload = Array("Hello".utf8)
        let header = FrameWriter(sender: .client).header(.text, payloadLength: UInt64(payload.count))
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
