import Testing
import WebSocketFrames

/// What the bytes of a header mean, seen through the API: the header of the frame in progress.
@Suite struct EncodedFrameHeaderTests {
    /// The header after `bytes`, before any payload.
    private func header(_ hex: String, sender: Endpoint? = nil) -> EncodedFrameHeader {
        var validator = FrameValidator(
            sender: sender,
            extensions: .none.claiming([.rsv1, .rsv2, .rsv3]),
            limits: .none
        )
        #expect(validator.feed([UInt8](hex: hex)) == nil, "\(hex)")
        #expect(validator.header.hex == hex, "\(hex)")
        return validator.header
    }

    @Test func noneHasBegun() {
        let header = EncodedFrameHeader()
        #expect(header.count == 0)
        #expect(header.hex == "")
        #expect(!header.isComplete)
        #expect(header == FrameValidator(sender: nil).header)
        #expect(header[0] == 0 && header[13] == 0 && header[14] == 0 && header[-1] == 0 && header[.max] == 0)
        #expect(EncodedFrameHeader.maximumCount == 14)
    }

    @Test func everyFormIsMade() {
        let key = MaskingKey(0xA1, 0xB2, 0xC3, 0xD4)
        for (length, hex) in [(5, "8285"), (300, "82fe012c"), (70_000, "82ff0000000000011170")] as [(UInt64, String)] {
            #expect(EncodedFrameHeader(opcode: .binary, payloadLength: length, maskingKey: key).hex == hex + "a1b2c3d4")
        }
    }

    @Test func aFullOneTakesNoMore() {
        var header = EncodedFrameHeader()
        #expect("\(header)" == "no header")
        for byte in UInt8(0x81)...0x8E { header.append(byte) }
        let full = header
        header.append(0x77)
        #expect(header == full && header.count == 14 && header.hex == "8182838485868788898a8b8c8d8e")
    }

    @Test func shortLengthUnmasked() {
        let header = header("8205")
        #expect(header.isFinal)
        #expect(header.opcode == .binary)
        #expect(!header.isMasked)
        #expect(header.maskingKey == nil)
        #expect(header.payloadLength == 5)
        #expect(header.expectedCount == 2)
        #expect(header.isComplete)
        #expect(header.reservedBits == [])
    }

    @Test func shortLengthMasked() {
        let header = header("0285a1b2c3d4")
        #expect(!header.isFinal)
        #expect(header.isMasked)
        #expect(header.maskingKey == MaskingKey(0xA1, 0xB2, 0xC3, 0xD4))
        #expect(header.payloadLength == 5)
        #expect(header.expectedCount == 6)
        #expect(header.isComplete)
    }

    @Test func sixteenBitLength() {
        let unmasked = header("827e1234")
        #expect(unmasked.payloadLength == 0x1234)
        #expect(unmasked.expectedCount == 4)
        #expect(unmasked.isComplete)
        let masked = header("82fe1234a1b2c3d4")
        #expect(masked.payloadLength == 0x1234)
        #expect(masked.maskingKey == MaskingKey(0xA1, 0xB2, 0xC3, 0xD4))
        #expect(masked.expectedCount == 8)
        #expect(masked.isComplete)
    }

    @Test func sixtyFourBitLength() {
        let unmasked = header("827f0123456789abcdef")
        #expect(unmasked.payloadLength == 0x0123_4567_89AB_CDEF)
        #expect(unmasked.expectedCount == 10)
        #expect(unmasked.isComplete)
        let masked = header("82ff0123456789abcdefa1b2c3d4")
        #expect(masked.payloadLength == 0x0123_4567_89AB_CDEF)
        #expect(masked.maskingKey == MaskingKey(0xA1, 0xB2, 0xC3, 0xD4))
        #expect(masked.expectedCount == 14)
        #expect(masked.isComplete)
        #expect((0..<14).map { masked[$0] }.hex == masked.hex)
    }

    @Test func everyBeginningOfTheLongestHeader() {
        let whole = "82ff0123456789abcdefa1b2c3d4"
        for count in 0..<14 {
            let header = header(String(whole.prefix(count * 2)))
            #expect(header.count == count)
            #expect(!header.isComplete)
            #expect((count..<16).allSatisfy { header[$0] == 0 }, "only zeros after \(count) bytes")
        }
    }

    @Test func equalBytesAreEqualHeaders() {
        // The header is the same whether read from a longer piece or byte by byte: bytes that follow it leave no trace in it.
        let stream = [UInt8](hex: "82ff0000000000010000a1b2c3d4") + [UInt8](repeating: 0xFF, count: 40)
        let atOnce = FrameValidator(sender: .client).reading(stream).header
        let byteByByte = FrameValidator(sender: .client).reading(stream, cuts: Array(1..<54)).header
        #expect(atOnce == byteByByte)
        #expect(atOnce.hashValue == byteByByte.hashValue)
        #expect(atOnce != header("82ff0000000000010000a1b2c3d5"))
    }

    @Test(arguments: [
        ("f2", ["rsv1", "rsv2", "rsv3"]), ("c2", ["rsv1"]), ("a2", ["rsv2"]), ("92", ["rsv3"]), ("82", []),
    ])
    func reservedBits(byte0: String, expected: [String]) {
        let bits = header(byte0 + "01").reservedBits
        #expect(bits.contains(.rsv1) == expected.contains("rsv1"))
        #expect(bits.contains(.rsv2) == expected.contains("rsv2"))
        #expect(bits.contains(.rsv3) == expected.contains("rsv3"))
        #expect(bits.rawValue == [UInt8](hex: byte0)[0] & 0x70)
    }

    @Test func theHeaderIsGoneWithTheFrame() {
        var validator = FrameValidator(sender: .server)
        #expect(validator.feed([UInt8](hex: "8201")) == nil)
        #expect(validator.header.count == 2)
        #expect(validator.feed([0xFF]) == nil)
        #expect(validator.header == EncodedFrameHeader())
    }
}
