import Testing
import WebSocketFrames

/// What is printed of an event is one sentence for a log.
@Suite struct EventDescriptionTests {
    @Test func sentences() throws {
        var stream: [UInt8] = [0x81, 0x05]
        var connection = Connection(role: .server)
        var replies: [UInt8] = []
        var bytes = stream.mutableSpan
        var index = 0
        let event = try #require(connection.next(in: &bytes, from: &index, replies: &replies))
        #expect("\(event)" == "unmasked-client-frame at byte 1 of frame 0: close with 1002")
        #expect("\(Connection.Event.exceeded(.fragments))" == "too-many-fragments: close with 1008")
    }
}
