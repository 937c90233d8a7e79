import PerMessageDeflate
import SeededRandom
import Testing
import WebSocketFrames

@testable import WebSocketDiagnosis

/// The digest by which equal messages are found.
@Suite struct ContentDigestTests {
    private static func digest(_ pieces: [[UInt8]]) -> ContentDigest {
        pieces.reduce(into: ContentDigest()) { $0.add($1.span) }
    }

    @Test func theDigestIsIndependentOfThePieces() {
        var random = SplitMix64(seed: 41)
        for _ in 0..<400 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let whole = Self.digest([bytes])
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let second = Int.random(in: cut...bytes.count, using: &random)
            let pieces = [Array(bytes[..<cut]), Array(bytes[cut..<second]), Array(bytes[second...])]
            #expect(Self.digest(pieces) == whole)
            #expect(whole.count == UInt64(bytes.count))
            #expect(whole.prefix == Array(bytes.prefix(16)))
        }
    }

    @Test func masksAreTakenOff() {
        var random = SplitMix64(seed: 42)
        let key = MaskingKey(0x11, 0x22, 0x33, 0x44)
        for start in 0..<9 as Range<UInt64> {
            let bytes = (0..<45).map { _ in UInt8.random(in: 0...255, using: &random) }
            let masked = bytes.enumerated().map { $1 ^ key[UInt64($0) + start] }
            let word = (0..<8 as Range<UInt64>).reduce(UInt64(0)) { $0 | UInt64(key[start + $1]) << ($1 * 8) }
            var digest = ContentDigest()
            digest.add(masked.span, key: word)
            #expect(digest == Self.digest([bytes]))
        }
    }

    /// Another bit, another order, and zeros at the end give another digest.
    @Test func otherBytesHaveAnother() {
        let bytes = (0..<50).map { UInt8($0) }
        var seen = Set([Self.digest([bytes]).value])
        for bit in 0..<400 {
            var other = bytes
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(seen.insert(Self.digest([other]).value).inserted)
        }
        for count in 0..<40 { #expect(seen.insert(Self.digest([[UInt8](repeating: 0, count: count)]).value).inserted) }
        #expect(seen.insert(Self.digest([Array(bytes[8..<16] + bytes[0..<8] + bytes[16...])]).value).inserted)
    }

    /// A walk digests a message across its fragments, unmasked or inflated, and a control frame by itself.
    @Test(arguments: [1, 3, 1_000]) func aWalkDigestsMessages(_ size: Int) throws {
        let stream: [UInt8] = [
            0x01, 0x83, 1, 2, 3, 4, 0x61 ^ 1, 0x62 ^ 2, 0x63 ^ 3, 0x89, 0x82, 0, 0, 0, 0, 0x68, 0x69, 0x80, 0x81, 9, 9,
            9, 9,
            0x64 ^ 9,
        ]
        var walk = FrameWalk(
            validator: InflatingValidator(sender: .client), previews: .controlOnly, digests: true)
        var messages: [DigestedMessage?] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            let piece = Array(stream[start..<min(start + size, stream.count)])
            try walk.read(piece.span, at: nil) { messages.append($0.message) }
        }
        #expect(
            messages.map { $0?.content } == [nil, Self.digest([Array("hi".utf8)]), Self.digest([Array("abcd".utf8)])])
    }

    /// "Hello" compressed as in RFC 7692 §7.2.3.1 and §7.2.3.2, and plain: the second refers to the window of the first.
    @Test func whatIsInflatedIsDigestedInflated() throws {
        let stream: [UInt8] = [
            0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00, 0x81, 0x05,
            0x48, 0x65, 0x6C, 0x6C, 0x6F,
        ]
        for inflates in [true, false] {
            let extensions =
                inflates ? AgreedExtensions.permessageDeflate(.standard) : AgreedExtensions.permessageDeflate
            var walk = FrameWalk(
                validator: InflatingValidator(sender: .server, extensions: extensions), digests: true)
            var messages: [DigestedMessage] = []
            try walk.read(stream.span, at: nil) { messages += [$0.message].compactMap(\.self) }
            #expect(messages.map(\.isCompressed) == [true, true, false])
            #expect(messages.map(\.isOpaque) == [!inflates, !inflates, false])
            #expect(Set(messages.map(\.content)).count == (inflates ? 1 : 3))
        }
    }
}
