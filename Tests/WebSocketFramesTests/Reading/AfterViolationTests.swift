import Testing

@testable import WebSocketFrames

/// A violation ends the stream: whatever a reader is given later, it throws the same again.
@Suite struct AfterViolationTests {
    private func thrown(_ reader: inout FrameReader, _ bytes: [UInt8]) -> Violation? {
        var bytes = bytes
        var span = bytes.mutableSpan
        var index = 0
        do {
            while try reader.next(in: &span, from: &index) != nil {}
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [[], [0x81], [0x81, 0x81, 0, 0, 0, 0, 0x61]] as [[UInt8]])
    func theSameAgain(later: [UInt8]) {
        var reader = FrameReader(peer: .client)
        let first = thrown(&reader, [0x81, 0x01])
        #expect(first?.rule == .unmaskedClientFrame)
        #expect(thrown(&reader, later) == first)
        #expect(thrown(&reader, []) == first)
    }
}
