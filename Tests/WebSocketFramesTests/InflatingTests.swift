import PerMessageDeflate
import SeededRandom
import Testing
import WebSocketFrames

/// Compressed messages are judged by what they inflate to.
@Suite struct InflatingTests {
    static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
    static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    /// A frame as `sender` sends it.
    static func frame(_ byte0: UInt8, _ payload: [UInt8], from sender: Endpoint) -> [UInt8] {
        guard sender == .client else { return [byte0, UInt8(payload.count)] + payload }
        return [byte0, 0x80 | UInt8(payload.count)] + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    /// Feeds a stream in pieces that end at `cuts`, and returns what it inflates to.
    static func judge(
        _ stream: [UInt8], _ sender: Endpoint, _ deflate: DeflateParameters = .standard, cuts: [Int] = [],
        limits: Limits = .none
    ) -> (inflated: [UInt8], validator: InflatingValidator) {
        var validator = InflatingValidator(
            sender: sender, extensions: .permessageDeflate(deflate), limits: limits)
        var inflated: [UInt8] = []
        var start = 0
        for end in cuts + [stream.count] {
            do {
                try validator.consume(stream.span.extracting(start..<end)) { piece in
                    for index in piece.indices { inflated.append(piece[index]) }
                }
            } catch {
                #expect(validator.violation == error)
                break
            }
            start = end
        }
        return (inflated, validator)
    }

    @Test(arguments: Endpoint.allCases) func messagesAreInflated(sender: Endpoint) {
        // A whole message, one that needs context takeover, one in fragments with a ping in between, an empty one, and a plain one.
        let stream =
            Self.frame(0xC1, Self.hello, from: sender) + Self.frame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00], from: sender)
            + Self.frame(0x42, [0xF2, 0x48, 0xCD], from: sender) + Self.frame(0x89, [1], from: sender)
            + Self.frame(0x00, [], from: sender) + Self.frame(0x80, [0xC9, 0xC9, 0x07, 0x00], from: sender)
            + Self.frame(0xC1, [0x00], from: sender) + Self.frame(0x81, Array("plain".utf8), from: sender)
        for cuts in [[], Array(0...stream.count)] {
            let (inflated, validator) = Self.judge(stream, sender, cuts: cuts)
            #expect(inflated == Array("HelloHelloHello".utf8))
            #expect(validator.state == .complete && validator.messageCount == 5 && validator.frameCount == 8)
            #expect(validator.compressedByteCount == 20 && validator.inflatedByteCount == 15)
        }
    }

    struct Case: Sendable {
        let payload: [UInt8]
        let rule: Rule
        /// Within the payload.
        let offset: UInt64
        let length: Int
        var messageOffset: UInt64?
        var fault: InflateFault.Reason?
    }

    static let cases = [
        Case(payload: [0x06, 0x00], rule: .invalidDeflate, offset: 0, length: 1, fault: .reservedBlockType),
        Case(
            payload: [0x00, 0x05, 0x00, 0xFA, 0xFE, 0x41], rule: .invalidDeflate, offset: 4, length: 1,
            fault: .storedLengthMismatch),
        Case(
            payload: [0xF2, 0x00, 0x11, 0x00, 0x00], rule: .invalidDeflate, offset: 2, length: 1,
            fault: .distanceBeyondOutput),
        Case(
            payload: hello + [0x00, 0x00, 0xFF, 0xFF], rule: .invalidDeflate, offset: 11, length: 0, fault: .unfinished),
        Case(payload: [], rule: .invalidDeflate, offset: 0, length: 0, fault: .emptyPayload),
        // "a" and FF in a stored block; then text that ends inside a character.
        Case(
            payload: [0x00, 0x03, 0x00, 0xFC, 0xFF, 0x61, 0xFF, 0x61, 0x00], rule: .textNotUTF8, offset: 6, length: 1,
            messageOffset: 1),
        Case(
            payload: [0x00, 0x01, 0x00, 0xFE, 0xFF, 0xC3, 0x00], rule: .textNotUTF8, offset: 7, length: 0,
            messageOffset: 1),
    ]

    @Test(arguments: cases, Endpoint.allCases) func whatIsBrokenHasOnePlace(broken: Case, sender: Endpoint) throws {
        let before = Self.frame(0x89, [], from: sender)
        let stream = before + Self.frame(0xC1, broken.payload, from: sender) + Self.frame(0x89, [], from: sender)
        for cuts in [[]] + (0...stream.count).map({ [$0] }) + [Array(0...stream.count)] {
            let (_, validator) = Self.judge(stream, sender, cuts: cuts)
            let violation = try #require(validator.violation)
            let payloadStart = before.count + (sender == .client ? 6 : 2)
            #expect(violation.rule == broken.rule && violation.deflateFault == broken.fault)
            #expect(violation.offset == UInt64(payloadStart) + broken.offset && violation.length == broken.length)
            #expect(violation.messageOffset == broken.messageOffset)
            #expect(
                violation.frame == 1 && violation.frameOffset == UInt64(before.count)
                    && violation.closeCode == .invalidPayload)
            #expect(validator.state == .violation && validator.frameCount == 1 && validator.messageCount == 0)
            #expect(validator.position == violation.offset + UInt64(violation.length))
        }
    }

    @Test func theWindowIsTheSendersAndAsAgreed() {
        // A distance of 300 in a message of 300 random bytes: too far for a window of 256.
        var random = SplitMix64(seed: 1)
        let bytes = random.bytes(300)
        var deflater = MessageDeflater(DeflateContext(windowBits: 9))
        var payload: [UInt8] = []
        for message in [bytes, Array(bytes.prefix(40))] {
            var one: [UInt8] = []
            deflater.compress(message.span) { piece in for index in piece.indices { one.append(piece[index]) } }
            payload += EncodedFrameHeader(opcode: .binary, reservedBits: .rsv1, payloadLength: UInt64(one.count)) + one
        }
        let narrow = DeflateParameters(clientMaxWindowBits: 15, serverMaxWindowBits: 8)
        #expect(Self.judge(payload, .server, narrow).validator.violation?.deflateFault == .distanceBeyondWindow)
        let wide = DeflateParameters(clientMaxWindowBits: 8, serverMaxWindowBits: 9)
        #expect(Self.judge(payload, .server, wide).validator.violation == nil)
        let alone = DeflateParameters(serverNoContextTakeover: true)
        #expect(Self.judge(payload, .server, alone).validator.violation?.deflateFault == .distanceBeyondOutput)
    }

    @Test func aMessageIsLimitedByWhatItInflatesTo() {
        var deflater = MessageDeflater(DeflateContext())
        var bomb: [UInt8] = []
        deflater.compress([UInt8](repeating: 0, count: 20_000).span) { piece in
            for index in piece.indices { bomb.append(piece[index]) }
        }
        let stream = Self.frame(0xC2, bomb, from: .server)
        let (inflated, validator) = Self.judge(stream, .server, limits: Limits(message: 10_000))
        #expect(validator.violation?.rule == .messageTooBig && validator.violation?.closeCode == .messageTooBig)
        #expect(inflated.count <= 10_000)
        #expect(Self.judge(stream, .server, limits: Limits(message: 20_000)).validator.violation == nil)
        // Compressed bytes do not count towards the limit; messages that are not compressed are limited as before.
        let hello = Self.frame(0xC1, Self.hello, from: .server)
        #expect(Self.judge(hello, .server, limits: Limits(message: 5)).validator.violation == nil)
        let plain = hello + Self.frame(0x81, Array("plain!".utf8), from: .server)
        #expect(Self.judge(plain, .server, limits: Limits(message: 5)).validator.violation?.rule == .messageTooBig)
    }

    @Test func judgingContinuesAfterABrokenMessage() {
        let broken = Self.frame(0x41, [0x06], from: .client) + Self.frame(0x80, [0x06], from: .client)
        let stream = broken + Self.frame(0xC1, Self.hello, from: .client)
        // It refers to the message before it, which was inflated although the first one was not.
        let rest = stream + Self.frame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00], from: .client)
        var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
        var inflated: [UInt8] = []
        var start = 0
        var violations = 0
        while start < rest.count {
            do {
                try validator.consume(rest.span.extracting(start..<rest.count)) { piece in
                    for index in piece.indices { inflated.append(piece[index]) }
                }
                break
            } catch {
                violations += 1
                start = Int(validator.position)
                let continues = validator.skipFrame()
                #expect(continues)
            }
        }
        #expect(violations == 1 && inflated == Array("HelloHello".utf8))
        #expect(validator.state == .complete && validator.messageCount == 3)
    }

    @Test func aMessageThatReachesIntoUnseenOnesIsNotJudged() {
        let stream =
            Self.frame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00], from: .client)
            + Self.frame(0xC1, Self.hello, from: .client)
        var validator = InflatingValidator(
            sender: .client, extensions: .permessageDeflate(.standard), missingEarlierMessages: true)
        #expect(throws: Never.self) { try validator.consume(stream.span) }
        #expect(validator.uninflatedMessageCount == 1 && validator.messageCount == 2)
    }

    @Test func nothingIsInflatedWhereNobodyAsks() {
        let stream = Self.frame(0xC1, [0x06, 0x06], from: .client)
        for extensions in [AgreedExtensions.permessageDeflate, .permessageDeflate(.standard, inflating: false)] {
            var validator = InflatingValidator(sender: .client, extensions: extensions)
            #expect(throws: Never.self) { try validator.consume(stream.span) }
            #expect(validator.state == .complete)
        }
        #expect(MemoryLayout<FrameValidator>.size <= 88)
    }

    /// An inflating validator keeps the same state as one that does not inflate.
    @Test func stateEqualsThatOfAValidatorWithoutInflating() {
        let streams: [[UInt8]] = [
            [], Self.frame(0xC1, Self.hello, from: .client), Self.frame(0x41, Self.hello, from: .client),
            Self.frame(0x88, [0x03, 0xE8], from: .client), [0x81, 0x85, 1], [0x83], [0x81, 0x05],
        ]
        for stream in streams {
            for extensions in [AgreedExtensions.permessageDeflate, .permessageDeflate(.standard)] {
                var frames = FrameValidator(sender: nil, extensions: extensions)
                var validator = InflatingValidator(sender: nil, extensions: extensions)
                _ = frames.feed(stream)
                try? validator.consume(stream.span)
                #expect(validator.inflates == extensions.inflates)
                #expect(validator.sender == frames.sender)
                #expect(validator.closeCode == frames.closeCode)
                #expect(validator.usedReservedBits == frames.usedReservedBits)
                #expect(validator.header == frames.header)
                #expect(validator.frameOffset == frames.frameOffset)
                #expect(validator.violation == frames.violation)
                let skips = (validator.skipFrame(), frames.skipFrame())
                #expect(skips.0 == skips.1)
                #expect(validator.isSkipping == frames.isSkipping)
            }
        }
    }

    /// After a broken frame inside a compressed message, the rest of that message is not inflated; the next message is.
    @Test(arguments: [1, 3, 1_000]) func aBrokenFrameInsideACompressedMessage(size: Int) {
        let stream =
            Self.frame(0x41, [0xF2, 0x48, 0xCD], from: .client) + Self.frame(0x81, Array("new".utf8), from: .client)
            + Self.frame(0x80, [0xC9, 0xC9, 0x07, 0x00], from: .client) + Self.frame(0xC1, Self.hello, from: .client)
        var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
        var violations: [Rule] = []
        var inflated: [UInt8] = []
        var start = 0
        while start < stream.count {
            do {
                let end = min(start + size, stream.count)
                start += try validator.consumeFrame(stream.span.extracting(start..<end)) { piece in
                    for index in piece.indices { inflated.append(piece[index]) }
                }
            } catch {
                // Every call throws the same violation until the frame is skipped.
                #expect(throws: error) { try validator.consume(stream.span) }
                violations.append(error.rule)
                start = Int(error.offset) + error.length
                let skips = validator.skipFrame()
                #expect(skips)
            }
        }
        #expect(violations == [.interleavedMessage])
        #expect(Array("HeHello".utf8) == inflated)
        #expect(validator.state == .complete)
    }

    @Test func afterAGapAMessageMayReachIntoTheUnseen() throws {
        var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
        try validator.consume(Self.frame(0xC1, Self.hello, from: .client).span)
        validator.resume(at: validator.position)
        try validator.consume(Self.frame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00], from: .client).span)
        #expect(validator.uninflatedMessageCount == 1)
        try validator.consume(Self.frame(0xC1, Self.hello, from: .client).span)
        #expect(validator.uninflatedMessageCount == 1 && validator.messageCount == 3)
    }

    /// Resuming closes the open message and discards the window, whether or not anything was inflated.
    @Test func afterAGapNothingIsOpen() throws {
        var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
        validator.resume(at: 100)
        try validator.consume(Self.frame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00], from: .client).span)
        #expect(validator.uninflatedMessageCount == 1)
        try validator.consume(Self.frame(0xC1, Self.hello, from: .client).span)
        try validator.consume(Self.frame(0x41, [0xF2, 0x48, 0xCD], from: .client).span)
        #expect(validator.isInflating && validator.inflatedCount == 2 && validator.frameInflatedCount == 2)
        validator.resume(at: 1000)
        #expect(!validator.isInflating && validator.inflatedCount == 0 && validator.frameInflatedCount == nil)
    }

    /// A message with a fault, inside it or at its end, leaves a gap in the window: later ones that refer to it are not inflated.
    @Test(arguments: [hello + [0x00, 0x00, 0xFF, 0xFF], [0x06, 0x00, 0x00, 0x00]])
    func afterASkippedMessage(broken: [UInt8]) throws {
        for cut in [0, 1, 5] {
            var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
            try validator.consume(Self.frame(0xC1, Self.hello, from: .client).span)
            let before = Int(validator.position)
            let frame = Self.frame(0xC1, broken, from: .client)
            let error = try #require(throws: Violation.self) { try validator.consume(frame.span) }
            let skips = validator.skipFrame()
            #expect(skips)
            // The rest of the frame, if the fault is inside it.
            let rest = Array(frame.suffix(before + frame.count - Int(error.offset) - error.length))
            let (first, second) = (Array(rest.prefix(cut)), Array(rest.dropFirst(cut)))
            try validator.consume(first.span)
            try validator.consume(second.span)
            try validator.consume(Self.frame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00], from: .client).span)
            #expect(validator.uninflatedMessageCount == 1)
        }
    }

    /// The header alone inflates to nothing; and a message has ended with its last frame, even if that is empty.
    @Test func aFrameWithoutPayload() throws {
        var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
        let first = Self.frame(0x41, Self.hello, from: .client)
        try validator.consume(Array(first[..<6]).span)
        #expect(validator.isInflating && validator.frameInflatedCount == 0)
        try validator.consume(Array(first[6...]).span)
        #expect(validator.isInflating && validator.frameInflatedCount == 5)
        try validator.consume(Self.frame(0x80, [], from: .client).span)
        #expect(!validator.isInflating && validator.inflatedCount == 0 && validator.messageCount == 1)
    }

    /// A masked payload is unmasked in parts: here are several, and a shorter one.
    @Test func aLongMaskedPayloadAtOnce() throws {
        var random = SplitMix64(seed: 3)
        let bytes = random.bytes(9_000)
        var deflater = MessageDeflater(DeflateContext())
        var compressed: [UInt8] = []
        deflater.compress(bytes.span) { for index in $0.indices { compressed.append($0[index]) } }
        let stream = ConversationMaker.frame(0xC2, compressed, key: Self.key)
        var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
        var inflated: [UInt8] = []
        try validator.consume(stream.span) { for index in $0.indices { inflated.append($0[index]) } }
        #expect(inflated == bytes && validator.messageCount == 1)
    }

    /// A frame whose header is broken may have been a compressed message, which the next one refers to.
    @Test func afterAFrameThatWasSkipped() throws {
        var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
        try validator.consume(Self.frame(0xC1, Self.hello, from: .client).span)
        let unmasked: [UInt8] = [0x81, 3] + Array("abc".utf8)
        #expect(throws: Violation.self) { try validator.consume(unmasked.span) }
        let skips = validator.skipFrame()
        #expect(skips)
        try validator.consume(Array("abc".utf8).span)
        try validator.consume(Self.frame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00], from: .client).span)
        #expect(validator.uninflatedMessageCount == 1 && validator.violation == nil)
    }

    @Test func oneFrameAtATime() throws {
        var plain = InflatingValidator(sender: .server, extensions: .none)
        let first = try plain.consumeFrame([0x81, 1, 0x61, 0x89, 0].span)
        #expect(first == 3 && plain.frameCount == 1)
        var validator = InflatingValidator(sender: .server, extensions: .permessageDeflate(.standard))
        let whole = Self.frame(0xC1, Self.hello, from: .server)
        let count = try validator.consumeFrame((whole + [0x83]).span)
        #expect(count == whole.count)
        let violation = try #require(throws: Violation.self) { try validator.consumeFrame([0xC1, 2, 0x06, 0x00].span) }
        #expect(violation.rule == .invalidDeflate)
        // The violation stays, whatever is fed and wherever the validator is asked to resume.
        validator.resume(at: 1000)
        #expect(throws: violation) { try validator.consumeFrame([0x89, 0].span) }
        #expect(throws: violation) { try validator.consume([0x89, 0].span) }
    }

    /// Each step stays within one frame, and says which part of it was read.
    @Test func steps() throws {
        let frames = [Self.frame(0xC1, Self.hello, from: .client), Self.frame(0x89, [], from: .client)]
        let stream = frames[0] + frames[1]
        for cut in 0...stream.count {
            var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
            var start = 0
            while start < stream.count {
                let end = start < cut ? cut : stream.count
                let step = try validator.step(stream.span.extracting(start..<end))
                let isFirst = start < frames[0].count
                let offset = isFirst ? 0 : frames[0].count
                let whole = frames[isFirst ? 0 : 1]
                #expect(step.index == (isFirst ? 0 : 1) && step.offset == UInt64(offset))
                #expect(step.header.count == min(6, start + step.count - offset))
                #expect(step.headerCount == max(0, min(6, start + step.count - offset) - (start - offset)))
                #expect(step.payloadStart == UInt64(max(0, start - offset - 6)))
                #expect(step.isWhole == (start + step.count == offset + whole.count))
                start += step.count
            }
        }
    }
}
