import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// A text with a fault so far from the frame's start that only the bytes around the fault are kept.
@Suite struct LongTextTests {
    private static let sentence = "The committee meets again on Thursday at nine; please bring the figures. "

    @Test(arguments: [16_384, 16_383, 12_001]) func aPongInsideOfALongText(at place: Int) throws {
        let text = Self.text(of: 20_000)
        let whole = Self.frame(.text, text, MaskingKey(0x61, 0xF3, 0x2C, 0xB8))
        let pong = Self.frame(.pong, Array("keep-alive 17".utf8), MaskingKey(0x44, 0xD2, 0x0B, 0x96))
        let after = Self.frame(.text, Array("Bye for now".utf8), MaskingKey(0x05, 0x70, 0xEE, 0x1D))
        let diagnosis = Self.diagnosis(of: whole[..<place] + pong + whole[place...] + after, by: .client)
        let found = try #require(diagnosis)
        #expect(found.name == "concurrent-writers")
        #expect(found.certainty == .certain)
        #expect(found.message.contains("pong, 13 bytes"), "\(found.message)")
    }

    @Test func aTruncatedOuterFrameStillShowsTwoWriters() throws {
        let whole = Self.frame(.text, Self.text(of: 60_000), MaskingKey(0x61, 0xF3, 0x2C, 0xB8))
        let other = Self.frame(.text, Array("Please stand by.".utf8), MaskingKey(0x44, 0xD2, 0x0B, 0x96))
        let diagnosis = Self.diagnosis(of: whole[..<16_384] + other + whole[16_384...], by: .client)
        #expect(diagnosis?.name == "concurrent-writers")
        // Bytes that are not a frame are no evidence of two writers.
        let noise: [UInt8] = [0x51, 0xC4, 0x1B, 0xE7, 0x60, 0x95, 0xD8, 0x2A]
        let none = Self.diagnosis(of: whole[..<16_384] + noise + whole[16_384...], by: .client)
        #expect(none == nil)
    }

    @Test func oneLetterFarAfter() throws {
        var text = Self.text(of: 9_000)
        text.replaceSubrange(8_000..<8_013, with: Array(" Stra".utf8) + [0xDF] + Array("e nach ".utf8))
        let diagnosis = Self.diagnosis(of: Self.frame(.text, text, nil)[...], by: .server)
        let found = try #require(diagnosis)
        #expect(found.name == "latin-1-text")
        #expect(found.message.contains("DF at offset 8,009"), "\(found.message)")
    }

    /// Without masking, more text after a supposed frame proves nothing: what reads as a ping of 32 bytes is a per mille sign.
    @Test func aSignInALongTextIsNoFrame() {
        var text = Self.text(of: 60_000)
        text.replaceSubrange(12_000..<12_004, with: [0x35, 0x89, 0x20, 0x6F])
        let diagnosis = Self.diagnosis(of: Self.frame(.text, text, nil)[...], by: .server)
        #expect(diagnosis?.name != "concurrent-writers")
    }

    private static func text(of count: Int) -> [UInt8] {
        Array(String(repeating: sentence, count: count / sentence.utf8.count + 1).utf8.prefix(count))
    }

    private static func frame(_ opcode: Opcode, _ payload: [UInt8], _ key: MaskingKey?) -> [UInt8] {
        var payload = payload
        var span = payload.mutableSpan
        key?.apply(to: &span, 0..<span.count)
        return Array(EncodedFrameHeader(opcode: opcode, payloadLength: UInt64(payload.count), maskingKey: key))
            + payload
    }

    private static func diagnosis(of stream: ArraySlice<UInt8>, by sender: Endpoint) -> Diagnosis? {
        var validator = FrameValidator(sender: sender)
        do { try validator.consume(Array(stream).span) } catch {
            return Diagnosis.of(
                Evidence(
                    cause: .violation(error), sender: sender, bytes: Array(stream), offset: 0, reachesEnd: true))
        }
        return nil
    }
}
