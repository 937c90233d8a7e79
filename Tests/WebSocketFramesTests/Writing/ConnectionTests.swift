import Testing
import WebSocketFrames

/// The connection answers as RFC 6455 §5.5 and §7 ask, and keeps 1002 and 1011 apart.
@Suite struct ConnectionTests {
    private struct HandlerFailed: Error {}

    /// What a server's connection makes of a client's bytes.
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

    @Test func pingIsAnswered() {
        var connection = Connection(role: .server)
        let (events, replies) = receive(client(0x89, Array("abc".utf8)), &connection)
        #expect(events == [.ping])
        #expect(Array(connection.controlFrame.payload) == Array("abc".utf8))
        #expect(replies == [0x8A, 3] + Array("abc".utf8))
    }

    @Test func closeIsAnsweredWithItsCode() {
        var connection = Connection(role: .server)
        let (events, replies) = receive(client(0x88, [0x0F, 0xA0] + Array("so".utf8)), &connection)
        #expect(events == [.close])
        #expect(connection.controlFrame.closeCode == CloseCode(rawValue: 4000))
        #expect(replies == [0x88, 2, 0x0F, 0xA0])
        #expect(connection.state == .closed)
        let isInOrder = connection.endOfInput()
        #expect(isInOrder)
    }

    @Test func emptyCloseIsAnsweredWithAnEmptyOne() {
        var connection = Connection(role: .server)
        #expect(receive(client(0x88, []), &connection).replies == [0x88, 0])
    }

    @Test func ownCloseWaitsForThePeers() {
        var connection = Connection(role: .server)
        var replies: [UInt8] = []
        connection.close(.goingAway, replies: &replies)
        #expect(replies == [0x88, 2, 0x03, 0xE9])
        #expect(connection.state == .closing)
        var nothing: [UInt8] = []
        #expect(!connection.send(.text, Array("late".utf8), to: &nothing))
        connection.close(replies: &nothing)
        #expect(nothing.isEmpty)
        // What was on its way is still handed over; a ping is not answered any more.
        let (events, more) = receive(
            client(0x81, [0x61]) + client(0x89, []) + client(0x88, [0x03, 0xE9]), &connection)
        #expect(events.count == 3)
        #expect(more.isEmpty)
        #expect(connection.state == .closed)
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
        connection.fail(HandlerFailed(), replies: &replies)
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
        connection.fail(violation, replies: &replies)
        #expect(replies == [0x88, 2, 0x03, 0xEA])
    }

    @Test func nothingIsReadAfterTheEnd() {
        var connection = Connection(role: .server)
        let (events, _) = receive(client(0x88, []) + client(0x89, []) + [0xFF, 0xFF], &connection)
        #expect(events == [.close])
    }

    @Test func anEndWithoutCloseIsNotInOrder() {
        var connection = Connection(role: .client)
        let isInOrder = connection.endOfInput()
        #expect(!isInOrder)
        #expect(connection.state == .closed)
    }

    @Test func aClientMasksItsAnswers() {
        var connection = Connection(role: .client)
        let (_, replies) = receive(ConversationMaker.frame(0x89, [1]), &connection)
        var validator = FrameValidator(sender: .client)
        #expect(validator.feed(replies) == nil)
        #expect(validator.frameCount == 1)
    }
}
