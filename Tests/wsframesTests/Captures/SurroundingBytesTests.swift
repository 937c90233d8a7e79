import SeededRandom
import Testing

@testable import wsframes

/// The bytes that are kept around a place, against a reference that keeps the whole stream.
@Suite struct SurroundingBytesTests {
    /// Keeps everything.
    private struct NaiveStream {
        var bytes: [UInt8] = []

        func bytes(from lower: Int, upTo end: Int) -> [UInt8] { Array(bytes[min(lower, end)..<end]) }
    }

    @Test(arguments: [SurroundingBytes.Reach.wide, .narrow])
    func whatIsKeptIsTheStreamAndEnoughOfIt(_ reach: SurroundingBytes.Reach) {
        var numbers = SplitMix64(seed: 3)
        for _ in 0..<30 {
            var around = SurroundingBytes(reach: reach)
            var naive = NaiveStream()
            // Frames follow on one another; some are long.
            var frameStart = 0
            for _ in 0..<40 {
                let count = [1, 13, 400, 1460, 9_000].randomElement(using: &numbers) ?? 1
                let piece = (0..<Int.random(in: 1...count, using: &numbers)).map { _ in
                    UInt8.random(in: 0...255, using: &numbers)
                }
                let position = naive.bytes.count
                naive.bytes += piece
                check(around, naive, piece, at: position, frameStart, &numbers)
                // A new frame begins in this piece, or the old one goes on, or the piece ends between two.
                var isUnfinished = true
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: frameStart = Int.random(in: position..<naive.bytes.count, using: &numbers)
                case 1: (frameStart, isUnfinished) = (naive.bytes.count, false)
                default: if frameStart >= naive.bytes.count { isUnfinished = false }
                }
                around.pass(piece.span, frameOffset: isUnfinished ? UInt64(frameStart) : nil)
                #expect(around.position == UInt64(naive.bytes.count))
                checkFrame(around, naive, isUnfinished ? frameStart : nil)
            }
        }
    }

    /// In the middle of a piece, that has not been passed.
    private func check(
        _ around: SurroundingBytes, _ naive: NaiveStream, _ piece: [UInt8], at position: Int, _ frameStart: Int,
        _ numbers: inout SplitMix64
    ) {
        let index = Int.random(in: 0...piece.count, using: &numbers)
        for place in [position + index, frameStart] where place <= position + index {
            let lower = max(0, place - around.reach.before)
            let (bytes, offset) = around.bytes(from: UInt64(lower), upTo: index, of: piece.span)
            #expect(Int(offset) >= lower)
            #expect(bytes == naive.bytes(from: Int(offset), upTo: position + index))
            // Near its end the stream is always known as far back as asked for.
            if place == position + index { #expect(Int(offset) == lower) }
        }
    }

    private func checkFrame(_ around: SurroundingBytes, _ naive: NaiveStream, _ frameStart: Int?) {
        let (bytes, offset, isWhole) = around.unfinishedFrame
        guard let frameStart else {
            #expect(bytes.isEmpty && !isWhole)
            return
        }
        // A long frame is known from its beginning, or up to its end; a short one is known whole.
        #expect(Int(offset) <= frameStart)
        #expect(bytes == naive.bytes(from: Int(offset), upTo: Int(offset) + bytes.count))
        #expect(isWhole == (Int(offset) + bytes.count == naive.bytes.count))
        #expect(isWhole || bytes.count >= min(around.reach.after, 8_192))
        #expect(isWhole || naive.bytes.count - frameStart > around.reach.before)
    }
}
