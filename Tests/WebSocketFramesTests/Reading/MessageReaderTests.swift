import FixtureCorpus
import PerMessageDeflate
import Testing
import WebSocketFrames

@Suite struct MessageReaderTests {
    private func messages(_ stream: [UInt8], pieces size: Int, limit: Int = 1 << 20) throws -> [MessageReader.Event] {
        var reader = MessageReader(peer: .client, limit: limit)
        var events: [MessageReader.Event] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            var piece = Array(stream[start..<min(start + size, stream.count)])
            var bytes = piece.mutableSpan
            var index = 0
            while let event = try reader.next(in: &bytes, from: &index) { events.append(event) }
            _ = piece
        }
        return events
    }

    @Test func gathersFragmentsAroundAPing() throws {
        let key: [UInt8] = [1, 2, 3, 4]
        let stream =
            ConversationMaker.frame(0x01, Array("Hel".utf8), key: key) + ConversationMaker.frame(0x89, [7], key: key)
            + ConversationMaker.frame(0x00, [], key: key) + ConversationMaker.frame(0x80, Array("lo €".utf8), key: key)
            + ConversationMaker.frame(0x82, [0xFF], key: key)
        for size in [1, 2, 3, 5, 8, 100] {
            let events = try messages(stream, pieces: size)
            #expect(events.count == 3)
            #expect(events.first == .control)
            guard case .message(let text) = events[1], case .message(let binary) = events[2] else {
                Issue.record("no messages in pieces of \(size)")
                return
            }
            #expect(text.text == "Hello €")
            #expect(text.opcode == .text && text.kind == .text)
            #expect(binary.bytes == [0xFF])
            #expect(binary.opcode == .binary && binary.kind == .binary)
        }
    }

    @Test func aControlFrameIsAtHandAfterItsEvent() throws {
        var reader = MessageReader(peer: .client, limit: 100)
        var stream = ConversationMaker.frame(0x89, [7, 8], key: [1, 2, 3, 4])
        var bytes = stream.mutableSpan
        var index = 0
        #expect(try reader.next(in: &bytes, from: &index) == .control)
        #expect(reader.controlFrame == .ping([7, 8]))
    }

    /// With permessage-deflate agreed, a message may still be sent uncompressed.
    @Test func aPlainMessageBesideCompressedOnes() throws {
        var reader = MessageReader(peer: .client, extensions: .permessageDeflate(.standard), limit: 100)
        var stream = ConversationMaker.frame(0xC1, InflatingTests.hello, key: [1, 2, 3, 4])
        stream += ConversationMaker.frame(0x81, Array("plain".utf8), key: [1, 2, 3, 4])
        var bytes = stream.mutableSpan
        var index = 0
        var texts: [String] = []
        while case .message(let message)? = try reader.next(in: &bytes, from: &index) {
            #expect(!message.isCompressed)
            texts.append(message.text)
        }
        #expect(texts == ["Hello", "plain"])
    }

    @Test func manyFragments() throws {
        var stream = ConversationMaker.frame(0x02, [0], key: [9, 9, 9, 9])
        for _ in 0..<65_534 { stream += [0x00, 0x81, 0, 0, 0, 0, 5] }
        stream += [0x80, 0x80, 0, 0, 0, 0]
        guard case .message(let message)? = try messages(stream, pieces: 4096).first else {
            Issue.record("no message")
            return
        }
        #expect(message.bytes.count == 65_535)
    }

    @Test func anOversizedMessageIsAViolation() {
        let stream = ConversationMaker.frame(0x02, Array(repeating: 0, count: 101), key: [1, 1, 1, 1])
        #expect {
            try messages(stream, pieces: 50, limit: 100)
        } throws: { error in
            (error as? Violation)?.rule == .messageTooBig && CloseCode(answering: error) == .messageTooBig
        }
    }

    /// For every way in which a message of the corpus fails to inflate: the violation equals that of the inflating validator in
    /// every field, and the same bytes precede it.
    @Test func messagesAreInflatedWhereItWasAgreed() throws {
        let fixtures = try FixtureCorpus.loadAll().filter { $0.extensions.inflates && $0.limits.frame == .max }
        #expect(fixtures.count > 80)
        for fixture in fixtures {
            let stream = fixture.bytes
            let peer = fixture.sender ?? (stream.count < 2 || stream[1] & 0x80 != 0 ? .client : .server)
            var validator = InflatingValidator(sender: peer, extensions: fixture.extensions, limits: fixture.limits)
            var inflated: [UInt8] = []
            try? validator.consume(stream.span) { piece in for index in piece.indices { inflated.append(piece[index]) }
            }
            for size in [1, 3, 50, stream.count + 1] {
                var reader = MessageReader(
                    peer: peer, extensions: fixture.extensions, limit: Int(clamping: fixture.limits.message))
                var violation: Violation?
                var messages: [Message] = []
                for start in stride(from: 0, to: stream.count, by: size) {
                    var piece = Array(stream[start..<min(start + size, stream.count)])
                    var bytes = piece.mutableSpan
                    var index = 0
                    do throws(Violation) {
                        while let event = try reader.next(in: &bytes, from: &index) {
                            if case .message(let message) = event { messages.append(message) }
                        }
                    } catch {
                        violation = error
                    }
                    _ = piece
                }
                #expect(violation == validator.violation && reader.state == validator.state, "\(fixture.path)")
                #expect(messages.count == validator.messageCount && !messages.contains(where: \.isCompressed))
                #expect(violation != nil || messages.reduce(0) { $0 + $1.bytes.count } >= inflated.count)
            }
        }
    }

    @Test func withoutParametersItIsForTheCallerToInflate() throws {
        var stream: [UInt8] = [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        for (extensions, expected) in [
            (AgreedExtensions.permessageDeflate, Array(stream[2...])),
            (.permessageDeflate(.standard, inflating: false), Array(stream[2...])),
            (.permessageDeflate(.standard), Array("Hello".utf8)),
        ] {
            var reader = MessageReader(peer: .server, extensions: extensions, limit: 7)
            var bytes = stream.mutableSpan
            var index = 0
            guard case .message(let message)? = try reader.next(in: &bytes, from: &index) else {
                Issue.record("no message")
                return
            }
            #expect(message.bytes == expected && message.isCompressed == !extensions.inflates)
        }
    }
}
