import Testing
@testable import WebSocketFrames

/// The description of an event is one line for a log.
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

    @Test func framesAndPieces() throws {
        var stream: [UInt8] = ConversationMaker.frame(0x01, [0x61], key: [1, 2, 3, 4])
        stream += ConversationMaker.frame(0x89, [7, 7, 7], key: [1, 2, 3, 4])
        stream += ConversationMaker.frame(0x00, [0x61, 0x62], key: [1, 2, 3, 4])
        stream += ConversationMaker.frame(0x80, [], key: [1, 2, 3, 4])
        stream += ConversationMaker.frame(0x82, [], key: [1, 2, 3, 4])
        var connection = Connection(role: .server)
        var replies: [UInt8] = []
        var bytes = stream.mutableSpan
        var index = 0
        var lines: [String] = []
        var parts: [MessagePart] = []
        while let event = connection.next(in: &bytes, from: &index, replies: &replies) {
            lines.append("\(event)")
            guard case .data(let slice) = event else { continue }
            parts.append(slice.part)
            #expect("\(FrameEvent.data(slice))" == lines.last)
        }
        #expect(
            lines == [
                "1 byte at payload offset 0: text, no FIN, masked, 1 byte", "ping, 3 bytes",
                "2 bytes at payload offset 0: continuation, no FIN, masked, 2 bytes",
                "0 bytes at payload offset 0: continuation, FIN, masked, 0 bytes",
                "0 bytes at payload offset 0: binary, FIN, masked, 0 bytes",
            ])
        #expect(parts == [.first(.text), .middle, .last, .whole(.binary)])
        #expect("\(FrameEvent.control)" == "control frame")
    }

    @Test func closes() throws {
        #expect("\(ControlFrame.close)" == "close without a code")
        let close = try #require(ControlFrame.close(.goingAway, reason: "bye"))
        #expect("\(close)" == "close 1001 (going away), 3 bytes of reason")
        #expect("\(Connection.Event.close(close))" == "\(close)")
        #expect(
            "\(try #require(ControlFrame.close(.goingAway, reason: "x")))"
                == "close 1001 (going away), 1 byte of reason")
        #expect("\(try #require(ControlFrame.pong("x".utf8)))" == "pong, 1 byte")
        #expect(close.closeReason == "bye")
        #expect(try #require(ControlFrame.ping("bye".utf8)).closeReason.isEmpty)
        // No description of a Close frame that may not be sent, however it was made.
        for code in [CloseCode(rawValue: 999), .noStatusReceived] {
            #expect(ControlFrame.close(code) == nil)
            #expect(ControlFrame.closing(code) == nil)
        }
        // Equal frames hash equally.
        #expect(Set([close, close, .close]).count == 2)
    }

    @Test func verdicts() {
        func line(_ stream: [UInt8]) -> String {
            "\(FrameValidator.verdict(on: stream.span, sender: nil))"
        }
        #expect(line([]) == "complete: 0 frames, 0 messages")
        #expect(line([0x81, 0x01, 0x61]) == "complete: 1 frame, 1 message")
        #expect(line([0x01, 0x01, 0x61, 0x89, 0x00]) == "incomplete-message: 2 frames, 0 messages")
        #expect(line([0x81, 0x00, 0x82, 0x00, 0x81]) == "incomplete-frame: 2 frames, 2 messages")
        #expect(line([0x81, 0x01, 0xFF]) == "text-not-utf8 at byte 2 of frame 0: close with 1007")
        // Offsets count from the beginning of the frame, wherever in the stream it is.
        #expect(line([0x89, 0x01, 0x07, 0x81, 0x01, 0xFF]) == "text-not-utf8 at byte 2 of frame 1: close with 1007")
        let closed = FrameValidator.verdict(on: [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8].span, sender: nil)
        #expect(closed.closeCode == .normalClosure)
        #expect(closed.sender == .client)
        #expect(closed.violation == nil)
    }
}
