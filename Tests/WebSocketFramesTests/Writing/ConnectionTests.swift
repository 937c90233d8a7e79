import Testing
import WebSocketFrames

/// The connection answers as RFC 6455 §5.5 and §7 require, and keeps 1002 and 1011 apart.
@Suite struct ConnectionTests {
    private struct HandlerFailed: Error {}

    /// What a server's connection hands over for a client's bytes.
    private func receive(
        _ stream: [UInt8], _ connection: inout Connection
    ) -> (events: [Connection.Event], replies: [UInt8]) {
        var stream = stream
        var replies: [UInt8] = []
        var events: [Connection.Event] = []
        var bytes = stream.mutableSpan
        var index = 0
        while let event = connection.next(in: &bytes, from: &index, replies: &replies) { events.append(event) }
        #expect(index == stream.count || connection.state == .closed)
        return (events, replies)
    }

    private func client(_ byte0: UInt8, _ payload: [UInt8]) -> [UInt8] {
        ConversationMaker.frame(byte0, payload, key: [1, 2, 3, 4])
    }

    @Test func pingIsAnswered() throws {
        var connection = Connection(role: .server)
        let (events, replies) = receive(client(0x89, Array("abc".utf8)), &connection)
        #expect(events == [.ping(try #require(.ping("abc".utf8)))])
        #expect(replies == [0x8A, 3] + Array("abc".utf8))
    }

    @Test func closeIsAnsweredWithItsCode() throws {
        var connection = Connection(role: .server)
        let (events, replies) = receive(client(0x88, [0x0F, 0xA0] + Array("so".utf8)), &connection)
        #expect(events == [.close(try #require(.close(CloseCode(rawValue: 4000), reason: "so")))])
        #expect(replies == [0x88, 2, 0x0F, 0xA0])
        #expect(connection.state == .closed)
        let isInOrder = connection.endOfInput()
        #expect(isInOrder)
    }

    @Test func emptyCloseIsAnsweredWithAnEmptyOne() {
        var connection = Connection(role: .server)
        #expect(receive(client(0x88, []), &connection).replies == [0x88, 0])
    }

    @Test func ownCloseWaitsForThePeers() throws {
        var connection = Connection(role: .server)
        var replies: [UInt8] = []
        try connection.close(.goingAway, to: &replies)
        #expect(replies == [0x88, 2, 0x03, 0xE9])
        #expect(connection.state == .closing)
        #expect(connection.ours == .closed)
        #expect(connection.theirs == .idle)
        var nothing: [UInt8] = []
        #expect(throws: SendError.closed) { try connection.send(text: "late", to: &nothing) }
        #expect(throws: SendError.closed) { try connection.close(to: &nothing) }
        #expect(nothing.isEmpty)
        // Data already on its way is still handed over, and pings are still answered (§5.5.2).
        let (events, more) = receive(
            client(0x81, [0x61]) + client(0x89, [7]) + client(0x88, [0x03, 0xE9]), &connection)
        #expect(events.count == 3)
        #expect(more == [0x8A, 1, 7])
        #expect(connection.state == .closed)
        #expect(connection.theirs == .closed)
        let pong = try #require(ControlFrame.pong())
        #expect(throws: SendError.closed) { try connection.send(pong, to: &nothing) }
    }

    @Test func bothSidesAreKnown() throws {
        var connection = Connection(role: .server)
        var output: [UInt8] = []
        #expect((connection.ours, connection.theirs) == (.idle, .idle))
        _ = receive(client(0x01, [0x61]), &connection)
        try connection.send(.first(.binary), [1], to: &output)
        #expect((connection.ours, connection.theirs) == (.inMessage, .inMessage))
        #expect(throws: SendError.openMessage) { try connection.send(text: "no", to: &output) }
        try connection.send(.last, [2], to: &output)
        #expect(output == [0x02, 1, 1, 0x80, 1, 2])
        #expect((connection.ours, connection.theirs) == (.idle, .inMessage))
        #expect(connection.state == .open)
    }

    @Test func codesThatMustNotBeSentAreThrown() {
        var connection = Connection(role: .server)
        var output: [UInt8] = []
        for code in [CloseCode.noStatusReceived, .abnormalClosure, .tlsHandshake, CloseCode(rawValue: 999)] {
            #expect(throws: SendError.forbiddenCloseCode(code)) { try connection.close(code, to: &output) }
        }
        #expect(output.isEmpty)
        #expect(connection.state == .open)
        #expect(throws: Never.self) { try connection.close(nil, to: &output) }
        #expect(output == [0x88, 0])
    }

    @Test func fragmentsAreCounted() {
        var connection = Connection(role: .server, counts: CountLimits(fragments: 3))
        let three = client(0x01, []) + client(0x00, []) + client(0x80, [])
        let (events, none) = receive(three + three, &connection)
        #expect(events.count == 6)
        #expect(none.isEmpty)
        let (more, replies) = receive(
            client(0x01, []) + client(0x00, []) + client(0x00, []) + client(0x80, [0x61]), &connection)
        #expect(more.last == .exceeded(.fragments))
        #expect(more.count == 4)
        #expect(replies == [0x88, 20, 0x03, 0xF0] + Array("too-many-fragments".utf8))
        #expect(connection.state == .closed)
    }

    @Test func controlFramesBetweenDataAreCounted() {
        var connection = Connection(role: .server, counts: CountLimits(controlFrames: 2))
        let pings = client(0x89, []) + client(0x8A, [])
        #expect(receive(pings + client(0x82, [1]) + pings + client(0x82, [1]), &connection).events.count == 6)
        // A data frame without payload does not separate the pings.
        let (events, replies) = receive(pings + client(0x82, []) + client(0x89, []), &connection)
        #expect(events.last == .exceeded(.controlFrames))
        #expect(replies.suffix(27) == [0x88, 25, 0x03, 0xF0] + Array("too-many-control-frames".utf8))
    }

    @Test func aCloseIsExemptFromTheControlFrameLimit() {
        var connection = Connection(role: .server, counts: CountLimits(controlFrames: 0))
        #expect(receive(client(0x88, []), &connection).events == [.close(.close)])
    }

    // MARK: - All at once

    private func readAll(
        _ stream: [UInt8], _ connection: inout Connection, stopAt count: Int = .max
    ) -> (events: [Connection.Event], replies: [UInt8]) {
        var stream = stream
        var replies: [UInt8] = []
        var events: [Connection.Event] = []
        var bytes = stream.mutableSpan
        connection.read(&bytes, replies: &replies) { slice, _, _, _ in
            events.append(.data(slice))
            return events.count < count
        } control: { event, _, _ in
            events.append(event)
            return events.count < count
        }
        return (events, replies)
    }

    @Test func readingAllGivesTheSame() throws {
        let stream =
            client(0x01, [0x61]) + client(0x89, [1, 2]) + client(0x80, [0x62])
            + client(0x82, [UInt8](repeating: 7, count: 300))
            + client(0x8A, []) + client(0x88, [0x03, 0xE8]) + client(0x89, [])
        for limits in [CountLimits.none, CountLimits(fragments: 1), CountLimits(controlFrames: 0)] {
            var one = Connection(role: .server, counts: limits)
            var other = Connection(role: .server, counts: limits)
            let (events, replies) = receive(stream, &one)
            #expect(readAll(stream, &other) == (events, replies))
            #expect(one.state == other.state)
        }
        var one = Connection(role: .server)
        var other = Connection(role: .server)
        let broken = client(0x82, [1]) + client(0x83, [])
        #expect(readAll(broken, &one) == receive(broken, &other))
        #expect(one.state == .closed)
    }

    @Test func aClosureStops() {
        let stream = (0..<10).flatMap { client(0x82, [$0]) } + client(0x83, [])
        var connection = Connection(role: .server)
        let (events, replies) = readAll(stream, &connection, stopAt: 3)
        #expect(events.count == 3)
        #expect(replies.isEmpty)
        #expect(connection.state == .closed)
        // Nothing is handed over or sent any more, and what arrives is consumed.
        #expect(receiveUsesUp(stream, &connection))
        #expect(readAll(stream, &connection).events.isEmpty)
        #expect(throws: SendError.closed) { try connection.header(.whole(.text), payloadLength: 0) }
        var output: [UInt8] = []
        #expect(throws: SendError.closed) { try connection.send(text: "late", to: &output) }
        #expect(output.isEmpty)
    }

    private func receiveUsesUp(_ stream: [UInt8], _ connection: inout Connection) -> Bool {
        var stream = stream
        var replies: [UInt8] = []
        var bytes = stream.mutableSpan
        var index = 1
        return connection.next(in: &bytes, from: &index, replies: &replies) == nil && index == bytes.count
    }

    @Test func eitherClosureStops() {
        let stream = client(0x82, [1]) + client(0x89, [2]) + client(0x82, [3])
        for count in 1...2 {
            var connection = Connection(role: .server)
            #expect(readAll(stream, &connection, stopAt: count).events.count == count)
            #expect(connection.state == .closed)
        }
    }

    @Test func aHeaderAndATextAreSent() throws {
        var connection = Connection(role: .server)
        var output: [UInt8] = []
        let header = try connection.header(.first(.binary), payloadLength: 300)
        #expect(header.payloadLength == 300 && header.opcode == .binary && !header.isFinal)
        #expect(throws: SendError.openMessage) { try connection.send(text: "no", to: &output) }
        #expect(output.isEmpty)
        _ = try connection.header(.last, payloadLength: 0)
        try connection.send(text: "é", to: &output)
        #expect(output == [0x81, 2, 0xC3, 0xA9])
    }

    @Test func aClosureWrites() {
        var connection = Connection(role: .server)
        var stream = client(0x81, Array("one".utf8)) + client(0x89, []) + client(0x82, [2])
        var output: [UInt8] = []
        var bytes = stream.mutableSpan
        connection.read(&bytes, replies: &output) { slice, payload, writer, output in
            (try? writer.write(slice.part, payload, to: &output)) != nil
        } control: { _, writer, output in
            (try? writer.write(text: "!", to: &output)) != nil
        }
        #expect(output == [0x81, 3] + Array("one".utf8) + [0x8A, 0, 0x81, 1, 0x21, 0x82, 1, 2])
        #expect(connection.state == .open)
    }

    @Test(
        arguments: [
            ([0x83, 0x80, 0, 0, 0, 0], 1002), ([0x81, 0x05], 1002), ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
            ([0x82, 0xFE, 0x10, 0x00], 1009), ([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED], 1002),
        ] as [([UInt8], UInt16)])
    func aViolationClosesWithItsOwnCode(stream: [UInt8], code: UInt16) {
        var connection = Connection(role: .server, limits: Limits(message: 1000))
        let (events, replies) = receive(stream, &connection)
        guard case .violation(let violation)? = events.last else {
            Issue.record("no violation")
            return
        }
        #expect(violation.closeCode.rawValue == code)
        #expect(Array(replies[2...3]) == [UInt8(code >> 8), UInt8(code & 0xFF)])
        #expect(connection.state == .closed)
    }

    @Test func aHandlerThatThrowsClosesWith1011() {
        var connection = Connection(role: .server)
        var replies: [UInt8] = []
        connection.fail(HandlerFailed(), to: &replies)
        #expect(replies == [0x88, 2, 0x03, 0xF3])
        #expect(connection.state == .closed)
    }

    @Test func aViolationThatIsThrownStaysThePeers() {
        var validator = FrameValidator(sender: .client)
        guard let violation = validator.feed([0x83]) else {
            Issue.record("no violation")
            return
        }
        var connection = Connection(role: .server)
        var replies: [UInt8] = []
        connection.fail(violation, to: &replies)
        #expect(replies == [0x88, 2, 0x03, 0xEA])
    }

    @Test func nothingIsReadAfterTheEnd() {
        var connection = Connection(role: .server)
        let (events, _) = receive(client(0x88, []) + client(0x89, []) + [0xFF, 0xFF], &connection)
        #expect(events == [.close(.close)])
    }

    @Test func anEndWithoutCloseIsNotInOrder() {
        var connection = Connection(role: .client)
        let isInOrder = connection.endOfInput()
        #expect(!isInOrder)
        #expect(connection.state == .closed)
    }

    /// The peer is gone without a Close from this side: sending is refused, and nothing is written.
    @Test func nothingIsSentAfterTheEnd() throws {
        var connection = Connection(role: .server)
        _ = connection.endOfInput()
        #expect(connection.ours == .idle)
        var output: [UInt8] = []
        let bytes: [UInt8] = [1]
        let ping = try #require(ControlFrame.ping())
        #expect(throws: SendError.closed) { try connection.send(.whole(.binary), bytes.span, to: &output) }
        #expect(throws: SendError.closed) { try connection.send(.whole(.binary), [1, 2], to: &output) }
        #expect(throws: SendError.closed) { try connection.send(text: "late", to: &output) }
        #expect(throws: SendError.closed) { try connection.send(ping, to: &output) }
        #expect(throws: SendError.closed) { try connection.close(to: &output) }
        #expect(throws: SendError.closed) { try connection.close(nil, to: &output) }
        #expect(throws: SendError.closed) { try connection.header(.whole(.text), payloadLength: 1) }
        connection.fail(HandlerFailed(), to: &output)
        #expect(output.isEmpty)
    }

    @Test func aClientMasksItsAnswers() {
        var connection = Connection(role: .client)
        let (_, replies) = receive(ConversationMaker.frame(0x89, [1]), &connection)
        var validator = FrameValidator(sender: .client)
        #expect(validator.feed(replies) == nil)
        #expect(validator.frameCount == 1)
    }
}
