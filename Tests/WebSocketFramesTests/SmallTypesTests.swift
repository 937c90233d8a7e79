import PerMessageDeflate
import Testing
import WebSocketFrames

@Suite struct SmallTypesTests {
    @Test func opcodes() {
        let expected: [(name: String, isControl: Bool, isReserved: Bool)] = [
            ("continuation", false, false), ("text", false, false), ("binary", false, false),
            ("reserved 0x3", false, true), ("reserved 0x4", false, true), ("reserved 0x5", false, true),
            ("reserved 0x6", false, true), ("reserved 0x7", false, true),
            ("close", true, false), ("ping", true, false), ("pong", true, false),
            ("reserved 0xB", true, true), ("reserved 0xC", true, true), ("reserved 0xD", true, true),
            ("reserved 0xE", true, true), ("reserved 0xF", true, true),
        ]
        for byte in UInt8.min...UInt8.max {
            let opcode = Opcode(rawValue: byte)
            #expect(opcode.rawValue == byte & 0x0F)
            #expect(opcode.name == expected[Int(byte & 0x0F)].name)
            #expect(opcode.isControl == expected[Int(byte & 0x0F)].isControl)
            #expect(opcode.isReserved == expected[Int(byte & 0x0F)].isReserved)
        }
        let named: [Opcode] = [.continuation, .text, .binary, .close, .ping, .pong]
        #expect(named.map(\.rawValue) == [0, 1, 2, 8, 9, 10])
    }

    @Test func reservedBits() {
        #expect(ReservedBits(rawValue: 0xFF) == [.rsv1, .rsv2, .rsv3])
        #expect(ReservedBits(rawValue: 0x8F).isEmpty)
        #expect([ReservedBits.rsv1, .rsv2, .rsv3].map(\.rawValue) == [0x40, 0x20, 0x10])
    }

    @Test func maskingKeys() {
        let key = MaskingKey(0x01, 0x23, 0x45, 0x67)
        #expect((0..<9).map { key[$0] } == [0x01, 0x23, 0x45, 0x67, 0x01, 0x23, 0x45, 0x67, 0x01])
        #expect(key[.max] == 0x67)
        #expect(key[1 << 62] == 0x01)
        #expect(key != MaskingKey(0x67, 0x45, 0x23, 0x01))
        #expect(key == MaskingKey(0x01, 0x23, 0x45, 0x67))
    }

    @Test func endpoints() {
        #expect(Endpoint.client.peer == .server)
        #expect(Endpoint.server.peer == .client)
        #expect(Endpoint.allCases.map(\.name) == ["client", "server"])
    }

    @Test func states() {
        #expect(
            StreamState.allCases.map(\.name) == ["complete", "incomplete-frame", "incomplete-message", "violation"]
        )
    }

    @Test func limits() {
        #expect(Limits.none == Limits())
        #expect(Limits.none.frame == .max && Limits.none.message == .max)
        #expect(Limits(frame: 1) == Limits(frame: 1, message: .max))
        #expect(Limits(message: 0) == Limits(frame: .max, message: 0))
    }

    @Test func extensions() {
        let none = AgreedExtensions.none
        #expect(none.claimedBits.isEmpty && !none.includesPermessageDeflate)
        let deflate = AgreedExtensions.permessageDeflate
        #expect(deflate.claimedBits == .rsv1 && deflate.includesPermessageDeflate)
        #expect(none.claiming([]) == none)
        #expect(none.claiming(.rsv1) != deflate, "another extension may claim RSV1 too")
        #expect(none.claiming(.rsv1).claimedBits == .rsv1 && !none.claiming(.rsv1).includesPermessageDeflate)
        #expect(deflate.claiming(.rsv1) == deflate)
        let both = deflate.claiming([.rsv2, .rsv3])
        #expect(both.claimedBits == [.rsv1, .rsv2, .rsv3] && both.includesPermessageDeflate)
        #expect(none.claiming(.rsv2).claiming(.rsv3) == none.claiming([.rsv2, .rsv3]))
        #expect(none.deflate == nil)
        #expect(AgreedExtensions.permessageDeflate(.standard).deflate == .standard)
    }

    @Test func bitsThatAnotherExtensionClaimsAreLegalOnEveryFrame() {
        let validator = FrameValidator(sender: .server, extensions: .none.claiming([.rsv1, .rsv2]))
        let reading = validator.reading([UInt8](hex: "e901ff 4101ff e90100 e001ff e80203e8"))
        #expect(reading.violation == nil)
        #expect(reading.frames == 5 && reading.messages == 1)
        #expect(reading.usedReservedBits)
        #expect(validator.reading([0x90]).violation?.rule == .reservedBits)
    }

    /// Three frames of the longest possible payload: their sum exceeds 64 bits.
    @Test func theLengthsOfAMessageMayOverflow() {
        let longest = UInt64(Int64.max)
        for limits in [Limits.none, Limits(message: .max - 1)] {
            var validator = FrameValidator(sender: .server, limits: limits)
            for byte0 in [0x02, 0x00] as [UInt8] {
                #expect(validator.feed([byte0, 127, 0x7F] + [UInt8](repeating: 0xFF, count: 7)) == nil)
                let skips = validator.skipMissing(longest)
                #expect(skips)
            }
            let violation = validator.feed([0x00, 2, 0, 0, 0x00, 127, 0x7F] + [UInt8](repeating: 0xFF, count: 7))
            #expect(violation?.rule == (limits == .none ? nil : .messageTooBig))
        }
    }

    @Test func bytesOfASpan() {
        #expect([UInt8](copying: [1, 2, 3].span) == [1, 2, 3])
        #expect([UInt8](copying: Span()).isEmpty)
    }

    @Test func usedReservedBits() {
        let validator = FrameValidator(sender: .server, extensions: .permessageDeflate)
        #expect(!validator.reading([UInt8](hex: "8101618900")).usedReservedBits)
        #expect(validator.reading([UInt8](hex: "c101008900")).usedReservedBits)
    }

    @Test func aValidatorIsSmall() {
        let size = MemoryLayout<FrameValidator>.size
        #expect(size <= 128, "a validator takes \(size) bytes")
        #expect(MemoryLayout<EncodedFrameHeader>.size == 16)
    }
}
