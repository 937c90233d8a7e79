import PerMessageDeflate
import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// How a walk presents compressed frames.
@Suite struct InflatedFrameTests {
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    private func walk(
        _ stream: [UInt8], cuts: [Int] = [], _ previews: FrameWalk.Previews = .all,
        extensions: AgreedExtensions = .permessageDeflate(.standard)
    ) -> [SeenFrame] {
        var walk = FrameWalk(
            validator: InflatingValidator(sender: .server, extensions: extensions), previews: previews)
        var frames: [SeenFrame] = []
        var start = 0
        for end in cuts + [stream.count] {
            _ = try? walk.read(stream.span.extracting(start..<end), at: nil) { frames.append($0) }
            start = end
        }
        if let frame = walk.unfinishedFrame { frames.append(frame) }
        return frames
    }

    @Test func eachFrameShowsWhatItInflatesTo() {
        let stream =
            MadeFrame.bytes(0x41, Array(Self.hello[..<3])) + MadeFrame.bytes(0x89, [1])
            + MadeFrame.bytes(0x80, Array(Self.hello[3...])) + MadeFrame.bytes(0x81, [0x61])
            + MadeFrame.bytes(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00])
        for cuts in [[], Array(0...stream.count)] {
            let frames = walk(stream, cuts: cuts)
            #expect(
                frames.map { $0.inflated.map { String(decoding: $0.bytes, as: UTF8.self) } } == [
                    "He", nil, "llo", nil, "Hello",
                ])
            #expect(frames.map { $0.inflated?.count } == [2, nil, 3, nil, 5])
        }
        #expect(walk(stream, .controlOnly).map { $0.inflated?.bytes } == [[], nil, [], nil, []])
        #expect(walk(stream, extensions: .permessageDeflate).allSatisfy { $0.inflated == nil })
    }

    @Test func noMoreIsShownThanOfOtherFrames() {
        var deflater = MessageDeflater(DeflateContext())
        let text = [UInt8](repeating: 0x61, count: 100_000)
        var payload: [UInt8] = []
        deflater.compress(text.span) { piece in for index in piece.indices { payload.append(piece[index]) } }
        let stream = MadeFrame.bytes(0xC1, payload)
        for cuts in [[], Array(0...stream.count), [stream.count - 1]] {
            let frames = walk(stream, cuts: cuts)
            #expect(frames.last?.inflated == InflatedPayload(bytes: Array(text.prefix(125)), count: 100_000))
        }
    }
}
