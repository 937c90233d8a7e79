import Testing
import WebSocketFrames

/// Lengths, limits and pieces at both ends of their ranges: nothing traps.
@Suite struct ExtremeTests {
    private func header(_ byte0: UInt8, length: UInt64) -> [UInt8] {
        [byte0, 127] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * UInt64($0))) }
    }

    @Test(arguments: [0x82, 0x81] as [UInt8], [1 << 62, 1 << 63 - 1] as [UInt64])
    func endlessFrames(byte0: UInt8, length: UInt64) {
        var validator = FrameValidator(sender: .server)
        #expect(validator.feed(header(byte0, length: length)) == nil)
        let piece = [UInt8](repeating: 0x20, count: byte0 == 0x82 ? 1 << 20 : 1 << 14)
        let rounds = byte0 == 0x82 ? 10_000 : 100
        for _ in 0..<rounds {
            if let violation = validator.feed(piece) {
                Issue.record("\(violation)")
                return
            }
        }
        #expect(validator.position == UInt64(10 + piece.count * rounds))
        #expect(validator.state == .incompleteFrame)
        #expect(validator.header.payloadLength == length)
        #expect(validator.frameCount == 0)
        #expect(validator.frameOffset == 0)
    }

    @Test func aFaultFarAfter() throws {
        // A frame of more than 4 GiB, followed by a broken one.
        let length: UInt64 = 5 << 30
        var validator = FrameValidator(sender: .server)
        #expect(validator.feed(header(0x82, length: length)) == nil)
        let piece = [UInt8](repeating: 0xFF, count: 1 << 20)
        for _ in 0..<(5 << 10) { _ = validator.feed(piece) }
        #expect(validator.frameCount == 1)
        #expect(validator.state == .complete)
        let violation = try #require(validator.reading([0x83]).violation)
        #expect(violation.offset == length + 10)
        #expect(violation.frameOffset == length + 10)
        #expect(violation.frame == 1)
        let later = try #require(validator.reading([0x81, 0x02, 0x20, 0xFF]).violation)
        #expect(later.offset == length + 13)
        #expect(later.frameOffset == length + 10)
    }

    @Test(arguments: [1 << 63, (1 << 63) + 1, .max] as [UInt64], [0x82, 0x01] as [UInt8])
    func lengthsThatOverflow(length: UInt64, byte0: UInt8) throws {
        for limits in [Limits.none, Limits(frame: 0, message: 0)] {
            let validator = FrameValidator(sender: .server, limits: limits)
            let violation = try #require(validator.reading(header(byte0, length: length)).violation)
            #expect(violation.rule == .lengthOverflow)
            #expect(violation.offset == 2 && violation.length == 8)
            #expect(violation.header.payloadLength == length)
        }
    }

    static let limits: [UInt64] = [
        0, 1, 125, 126, 65_535, 65_536, 1 << 32, 1 << 62, 1 << 63 - 1, 1 << 63, .max - 1, .max,
    ]

    @Test(arguments: limits, limits) func everyLimit(frame: UInt64, message: UInt64) {
        let validator = FrameValidator(sender: .server, limits: Limits(frame: frame, message: message))
        for length in Self.limits where length < 1 << 63 {
            let bytes: [UInt8] =
                switch length {
                case ...125: [0x82, UInt8(length)]
                case ...65_535: [0x82, 126, UInt8(length >> 8), UInt8(length & 0xFF)]
                default: header(0x82, length: length)
                }
            let violation = validator.reading(bytes).violation
            let expected: Rule? = length > frame ? .frameTooBig : length > message ? .messageTooBig : nil
            #expect(violation?.rule == expected, "\(length) bytes")
            guard let violation else { continue }
            #expect(violation.offset == (bytes.count == 2 ? 1 : 2))
            #expect(violation.length == (bytes.count == 2 ? 1 : bytes.count - 2))
            #expect(violation.closeCode == .messageTooBig)
        }
    }

    @Test(arguments: limits) func aMessageAddsUp(limit: UInt64) {
        // 3 bytes have arrived, and the next fragment declares the longest possible payload.
        var validator = FrameValidator(sender: .server, limits: Limits(message: limit))
        guard validator.feed([UInt8](hex: "0203000000 8900")) == nil else {
            #expect(limit < 3)
            return
        }
        let huge = validator.reading(header(0x00, length: 1 << 63 - 1))
        #expect(huge.violation?.rule == (limit < 1 << 63 + 2 ? .messageTooBig : nil))
        // A new message starts from zero.
        #expect(validator.feed([0x80, 0x00]) == nil)
        let alone = validator.reading(header(0x02, length: 1 << 63 - 1))
        #expect(alone.violation?.rule == (limit < 1 << 63 - 1 ? .messageTooBig : nil))
    }

    @Test func limitsDoNotConcernControlFrames() {
        let validator = FrameValidator(sender: .server, limits: Limits(frame: 0, message: 0))
        let ping = [0x89, 125] + [UInt8](repeating: 1, count: 125)
        let reading = validator.reading(ping + [UInt8](hex: "0100") + ping + [UInt8](hex: "8000 880203e8"))
        #expect(reading.violation == nil)
        #expect(reading.frames == 5 && reading.messages == 1)
        #expect(validator.reading([0x81, 0x01]).violation?.rule == .frameTooBig)
    }

    @Test func anEmptyReadChangesNothing() throws {
        let stream = [UInt8](hex: "0183c3a99d 61c3a9 8900 8101 61 8001 61".replacing(" ", with: ""))
        var validator = FrameValidator(sender: nil)
        for byte in stream {
            let before = Reading(validator)
            #expect(validator.feed([]) == nil || before.violation != nil)
            #expect(Reading(validator) == before)
            if before.violation == nil {
                #expect(try validator.consumeFrame([UInt8]().span) == 0)
                #expect(Reading(validator) == before)
            }
            _ = validator.feed([byte])
        }
        let before = Reading(validator)
        #expect(validator.feed([]) == before.violation)
        #expect(Reading(validator) == before)
    }

    @Test func aNewValidatorKnowsNothing() {
        for sender in [nil, Endpoint.client, .server] {
            var validator = FrameValidator(sender: sender)
            #expect(validator.state == .complete)
            #expect(validator.position == 0 && validator.frameCount == 0 && validator.messageCount == 0)
            #expect(validator.sender == sender)
            #expect(validator.violation == nil && !validator.isClosed && validator.closeCode == nil)
            #expect(!validator.usedReservedBits && !validator.isSkipping && validator.frameOffset == 0)
            #expect(validator.skipFrame() == false)
            #expect(Reading(validator) == Reading(FrameValidator(sender: sender)))
        }
    }

    @Test func theSenderIsReadOffTheFirstMaskBit() {
        var validator = FrameValidator(sender: nil)
        #expect(validator.feed([0x89]) == nil)
        #expect(validator.sender == nil)
        #expect(validator.feed([0x80]) == nil)
        #expect(validator.sender == .client)
        #expect(validator.reading([UInt8](hex: "000000008900")).violation?.rule == .unmaskedClientFrame)
        let server = FrameValidator(sender: nil).reading([UInt8](hex: "8900 8980"))
        #expect(server.sender == .server)
        #expect(server.violation?.rule == .maskedServerFrame)
    }

    @Test func theCodeIsTheFirstClose() {
        let server = FrameValidator(sender: .server)
        #expect(server.reading([UInt8](hex: "880203e8 880203e9")).closeCode == .normalClosure)
        #expect(server.reading([UInt8](hex: "8800 880203e9")).closeCode == nil)
        #expect(server.reading([UInt8](hex: "880203")).closeCode == nil)
        #expect(server.reading([UInt8](hex: "880303e8")).closeCode == nil, "the Close is incomplete")
        #expect(!server.reading([UInt8](hex: "880303e8")).isClosed)
    }
}
