import Testing
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct MessageContentTests {
    private func contents(_ frames: [(UInt8, Endpoint?)]) -> [MessageContent] {
        var tracker = MessageTracker()
        return frames.map { byte0, sender in
            var header = EncodedFrameHeader()
            header.append(byte0)
            return tracker.content(of: header, from: sender)
        }
    }

    @Test func continuationsCarryWhatTheirMessageBeganWith() {
        #expect(
            contents([
                (0x01, .client), (0x02, .server), (0x89, .client), (0x00, .client), (0x00, .server), (0x80, .client),
                (0x80, .client), (0x80, .server), (0x41, .server), (0x80, .server), (0x21, nil), (0x80, nil),
                (0x83, nil),
            ]) == [
                .text, .binary, .control, .text, .binary, .text, .unknown, .binary, .deflate(isText: true),
                .deflate(isText: true), .changed,
                .changed, .unknown,
            ])
    }

    @Test func aViolationLosesTheMessage() {
        var tracker = MessageTracker()
        var header = EncodedFrameHeader()
        header.append(0x01)
        _ = tracker.content(of: header, from: .client)
        tracker.lose(.client)
        #expect(tracker.content(of: EncodedFrameHeader(), from: .client) == .unknown)
    }

    /// Every slice of a text has exactly the characters that lie completely inside it.
    @Test func piecesHaveWholeCharacters() {
        let text = "aé漢🙂\u{10FFFF}\u{7FF}z"
        let bytes = Array(text.utf8)
        for lower in 0...bytes.count {
            for upper in lower...bytes.count {
                var expected = ""
                var offset = 0
                for scalar in text.unicodeScalars {
                    let end = offset + UTF8.width(scalar)
                    if offset >= lower, end <= upper { expected.unicodeScalars.append(scalar) }
                    offset = end
                }
                let piece = TextPiece.trimmed(Array(bytes[lower..<upper]), beginsInside: true, endsInside: true)
                #expect(TextPiece.text(of: piece) == expected)
            }
        }
        #expect(TextPiece.text(of: TextPiece.trimmed([0x80, 0x41], beginsInside: false, endsInside: true)) == nil)
        #expect(TextPiece.text(of: TextPiece.trimmed([0x41, 0xC3], beginsInside: true, endsInside: false)) == nil)
    }
}
