import PerMessageDeflate
import SeededRandom
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Streams whose compressed messages break no rule, and are reviewed all the same.
@Suite struct CompressionReviewTests {
    /// The stream of a server whose compressor sees all messages, some of which are then sent uncompressed.
    private func stream(_ texts: [String], plain: Set<Int> = [], _ context: DeflateContext = .init()) -> StreamBytes {
        var deflater = MessageDeflater(context)
        var bytes: [UInt8] = []
        for (index, text) in texts.enumerated() {
            let message = Array(text.utf8)
            var payload: [UInt8] = []
            deflater.compress(message.span) { piece in for index in piece.indices { payload.append(piece[index]) } }
            bytes += plain.contains(index) ? MadeFrame.bytes(0x81, message) : MadeFrame.bytes(0xC1, payload)
        }
        return StreamBytes(bytes: bytes, reachesEnd: true)
    }

    private func review(
        _ stream: StreamBytes, _ deflate: DeflateParameters = .standard
    ) throws -> CompressionReview {
        try #require(CompressionReview(stream, sender: .server, extensions: .permessageDeflate(deflate)))
    }

    private let texts = (0..<5).map { #"{"id":\#($0),"room":"lobby","text":"message number \#($0 * 37) of the room"}"# }

    @Test func aPlainMessageInTheWindowIsProved() throws {
        // Short enough that references to the wrong place stay within the receiver's window.
        let long = #"{"all":"\#((0..<60).map { "word\($0 * 7919 % 1009)" }.joined(separator: " "))"}"#
        let drifting = try review(stream([long, texts[1], texts[2], texts[3]], plain: [1]))
        let drift = try #require(drifting.drift)
        #expect(drift.name == "deflate-window" && drift.certainty == .certain && drift.suspect == .server)
        #expect(drift.message.contains("sent without compression"))
        #expect(drifting.losesSense)
    }

    @Test func whatMakesSenseIsLeftAlone() throws {
        #expect(try review(stream(texts)).drift == nil)
        #expect(try !review(stream(texts)).losesSense)
        // Plain messages that the compressor did not see.
        var mixed = stream(texts)
        mixed.bytes = MadeFrame.bytes(0x81, Array(texts[0].utf8)) + mixed.bytes
        #expect(try review(mixed).drift == nil)
        // Text that was never JSON is not evidence.
        let words = try review(stream(["one two three", "two three one", "three one two"], plain: [1]))
        #expect(words.drift == nil && !words.losesSense)
    }

    @Test func theFirstMessageThatNeedsAnEarlierOneTellsAReceiverWithoutTakeover() throws {
        let review = try review(stream(texts))
        let second = try #require(review.refusal(afterMessages: 2))
        #expect(second.name == "deflate-window" && second.certainty == .possible && second.suspect == .client)
        #expect(second.message.contains("does not take the window over"))
        // A receiver without takeover would have failed at an earlier message.
        #expect(review.refusal(afterMessages: 4) == nil)
        #expect(review.refusal(afterMessages: 1) == nil && review.refusal(afterMessages: 0) == nil)
    }

    @Test func theFirstDistanceBeyondASmallerWindowRevealsIt() throws {
        // Random text without repetitions, sent twice: each reference is further back than 8 KiB.
        var random = SplitMix64(seed: 7)
        let letters = random.bytes(8_400).map { 0x61 + $0 % 26 }
        let far = #"{"all":"\#(String(decoding: letters, as: UTF8.self))"}"#
        let near = (0..<4).map { #"{"n":\#($0)}"# }
        let review = try review(stream(near + [far, far]))
        let refusal = try #require(review.refusal(afterMessages: 6))
        #expect(refusal.certainty == .likely)
        #expect(refusal.message.contains("keeps a window of only"))
    }

    @Test func aWindowOfEightBitsIsDoubtful() throws {
        let narrow = DeflateParameters(serverMaxWindowBits: 8)
        #expect(try review(stream(texts, .init(windowBits: 8)), narrow).narrowWindow != nil)
        #expect(try review(stream(texts)).narrowWindow == nil)
    }

    @Test func whatWasNotInflatedIsNotReviewed() {
        let stream = stream(texts)
        #expect(CompressionReview(stream, sender: .server, extensions: .permessageDeflate) == nil)
        #expect(CompressionReview(stream, sender: .server, extensions: .none) == nil)
        var later = stream
        later.offset = 5
        #expect(CompressionReview(later, sender: .server, extensions: .permessageDeflate(.standard)) == nil)
    }
}
