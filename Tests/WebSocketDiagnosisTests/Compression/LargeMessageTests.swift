import PerMessageDeflate
import SeededRandom
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Messages that inflate to more than is kept: their output may end slightly before the limit.
@Suite struct LargeMessageTests {
    /// Lengths for which the limit of 16,384 bytes falls into a match at different places.
    private static let counts = [20_000, 20_071, 70_000, 300_000]

    @Test(arguments: counts) func compressedTwice(count: Int) throws {
        let once = Self.deflate(Self.text(of: count))
        let stream = MadeFrame.bytes(0xC1, Self.deflate(once))
        let found = try #require(Self.diagnosis(of: stream))
        #expect(found.name == "compressed-twice", "\(found.message)")
    }

    @Test(arguments: counts) func withoutRSV1(count: Int) throws {
        let stream = MadeFrame.bytes(0x81, Self.deflate(Self.text(of: count)))
        let found = try #require(Self.diagnosis(of: stream))
        #expect(found.name == "deflate-without-rsv1", "\(found.message)")
        let declined = try #require(
            Self.diagnosis(of: MadeFrame.bytes(0xC1, Self.deflate(Self.text(of: count))), .none))
        #expect(declined.name == "deflate-not-agreed", "\(declined.message)")
    }

    private static func diagnosis(
        of stream: [UInt8], _ extensions: AgreedExtensions = .permessageDeflate(.standard)
    ) -> Diagnosis? {
        Evidence(
            stream: stream, validator: InflatingValidator(sender: .server, extensions: extensions),
            extensions: extensions
        ).flatMap(Diagnosis.of)
    }

    private static func text(of count: Int) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(count))
        let words = ["alpha", "beta", "gamma", "delta", "the committee meets again on Thursday at nine", "epsilon"]
        var text: [UInt8] = []
        while text.count < count { text += Array("\(words[random.within(0...5)]) ".utf8) }
        return Array(text.prefix(count))
    }

    private static func deflate(_ message: [UInt8]) -> [UInt8] {
        var deflater = MessageDeflater(DeflateContext())
        var payload: [UInt8] = []
        deflater.compress(message.span) { piece in for index in piece.indices { payload.append(piece[index]) } }
        return payload
    }
}
