import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct PlaceTextTests {
    @Test func timesAreCountedFromAStart() {
        let start = CaptureTime(nanoseconds: 5_000_000_000)
        #expect(TimeText.since(start, CaptureTime(nanoseconds: 5_000_250_999)) == "+0.000250")
        #expect(TimeText.since(start, CaptureTime(nanoseconds: 4_500_000_000)) == "−0.500000")
        #expect(TimeText.since(start, CaptureTime(nanoseconds: 1_005_000_000_000)) == "+1,000.000000")
    }

    @Test(
        arguments: [
            (0, "under 1 ms"), (999_999_999, "999 ms"), (2_449_000_000, "2.4 s"), (200_000_000_000, "3 min 20 s"),
            (7_260_000_000_000, "2 h 1 min"), (.max, "5,124,095 h 34 min"),
        ] as [(UInt64, String)])
    func spansAreShort(_ nanoseconds: UInt64, _ text: String) {
        if nanoseconds != .max { #expect(TimeText.span(nanoseconds) == text) }
        #expect(!TimeText.span(nanoseconds).isEmpty)
    }
}

@Suite struct FramePreviewTests {
    private func preview(_ byte0: UInt8, _ payload: [UInt8], of length: Int? = nil, width: Int = 40) -> String {
        let header = EncodedFrameHeader(
            opcode: Opcode(rawValue: byte0), isFinal: byte0 & 0x80 != 0, reservedBits: ReservedBits(rawValue: byte0),
            payloadLength: UInt64(length ?? payload.count))
        return FramePreview.text(
            of: SeenFrame(
                record: FrameRecord(index: 0, offset: 0, header: header), payload: payload,
                payloadCount: UInt64(length ?? payload.count), isWhole: true, packetPosition: nil), width: width)
    }

    @Test func textIsShownAsTextAndTheRestAsBytes() {
        #expect(preview(0x81, Array("{\"a\":\"\\n\"}\n".utf8)) == #"“{"a":"\\n"}\n”"#)
        #expect(preview(0x81, [0x41, 0xFF, 0x1B]) == #"“A\xFF\x1B”"#)
        #expect(preview(0x82, [0x41, 0xFF]) == "41 ff")
        #expect(preview(0x89, Array("p1".utf8)) == "“p1”")
        #expect(preview(0x8A, [0x00, 0x01]) == "00 01")
        #expect(preview(0xC1, Array("text".utf8)) == "74 65 78 74")
        #expect(preview(0x88, [0x03, 0xE8] + Array("bye".utf8)) == "1000 (normal closure) “bye”")
        #expect(preview(0x88, [0x03, 0xE8]) == "1000 (normal closure)")
        #expect(preview(0x88, [0x03]) == "03")
        #expect(preview(0x82, []) == "" && preview(0x82, [], of: 9) == "…")
    }

    @Test func previewsEndWhereTheRoomDoes() {
        for width in [-5, 0, 1, 10, 40, 200] {
            for byte0: UInt8 in [0x00, 0x81, 0x82, 0x88] {
                let text = preview(byte0, Array(repeating: 0x61, count: 125), of: 5000, width: width)
                #expect(text.hasSuffix("…") || byte0 == 0x88)
                if width >= 40 { #expect(Columns.count(in: text) <= width + 8, "\(text)") }
            }
        }
    }

    @Test func aCharacterThatThePreviewCutsIsNotShown() {
        let euro: [UInt8] = [0xE2, 0x82, 0xAC]
        #expect(preview(0x81, Array("5 ".utf8) + euro.prefix(2), of: 9) == "“5 …")
        #expect(preview(0x00, Array("5 ".utf8) + euro.prefix(1), of: 9) == "“5 …")
        #expect(preview(0x81, Array("5 ".utf8) + euro, of: 9) == "“5 €…")
        #expect(preview(0x81, Array("5 ".utf8) + euro.prefix(2)) == #"“5 \xE2\x82”"#)
    }
}
