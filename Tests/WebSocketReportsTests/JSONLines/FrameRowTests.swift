import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection
@testable import WebSocketReports

@Suite struct FrameRowTests {
    private func rows(_ findings: [Finding]) -> [String] {
        var report = JSONLinesReport(showsFrames: true)
        return report.reported(findings).lines.filter { $0.hasPrefix(#"{"type":"frame""#) }
    }

    /// The `text` of each frame, if any.
    private func texts(_ capture: MadeUpCapture) -> [String?] {
        rows(capture.ended()).map { row in
            row.firstRange(of: #""text":""#.self).map { _ in
                "\"" + (row.split(separator: #","text":"#, maxSplits: 1).last?.dropFirst().prefix { $0 != "\"" } ?? "")
                    + "\""
            }
        }
    }

    @Test func theContractsExample() {
        var capture = MadeUpCapture(source: "a.pcap")
        capture.packet = 5
        capture.send(.client, text: "Hello")
        #expect(
            rows(capture.ended()) == [
                """
                {"type":"frame","source":"a.pcap","connection":0,"sender":"client","frame":0,"offset":0,"packet":6,\
                "time":"2026-11-23T07:03:55.124001Z","fin":true,"rsv":0,"opcode":"text","opcodeValue":1,\
                "masked":true,"length":5,"headerLength":6,"header":"818537fa213d","payload":"48656c6c6f","text":"Hello"}
                """
            ])
        // A dump of one direction has no packets.
        capture = MadeUpCapture(source: "a.bin")
        capture.hasPlaces = false
        capture.send(.server, 0x82, [0, 0xFF])
        #expect(
            rows(capture.ended()) == [
                """
                {"type":"frame","source":"a.bin","connection":0,"sender":"server","frame":0,"offset":0,"fin":true,\
                "rsv":0,"opcode":"binary","opcodeValue":2,"masked":false,"length":2,"headerLength":2,"header":"8202",\
                "payload":"00ff"}
                """
            ])
    }

    @Test func textContinuesOverFragments() {
        var capture = MadeUpCapture()
        let bytes = Array("aé漢🙂z".utf8)
        capture.send(.server, 0x01, Array(bytes[..<2]))
        capture.send(.server, 0x89, Array("ping".utf8))
        capture.send(.client, 0x82, [0x41])
        capture.send(.server, 0x00, Array(bytes[2..<8]))
        capture.send(.server, 0x80, Array(bytes[8...]))
        capture.send(.server, 0x02, [0x41])
        capture.send(.server, 0x80, [0x42])
        #expect(texts(capture) == ["\"a\"", nil, nil, "\"漢\"", "\"z\"", nil, nil])
    }

    @Test func compressedTextIsNotShown() {
        var capture = MadeUpCapture(deflate: true)
        capture.send(.server, 0x41, Array("abc".utf8))
        capture.send(.server, 0x80, Array("abc".utf8))
        capture.send(.server, 0x81, Array("abc".utf8))
        #expect(texts(capture) == [nil, nil, "\"abc\""])
        let flags = rows(capture.ended()).map { $0.contains(#""fin":false,"rsv":4,"#) }
        #expect(flags == [true, false, false])
    }

    @Test func ofAContinuationWithoutBeginningNothingIsKnown() {
        var capture = MadeUpCapture()
        capture.add(.frame(frame([0x80, 0x01], payload: Array("a".utf8))))
        #expect(texts(capture) == [nil])
    }

    @Test func aMessageEndsWithItsDump() {
        let open = Finding.frame(frame([0x01, 0x01], payload: Array("a".utf8)))
        let next = Finding.frame(frame([0x80, 0x01], payload: Array("b".utf8)))
        let stream = Finding.stream(Sample.summary(.incompleteMessage))
        #expect(rows([open, next]).map { $0.contains("\"text\":\"") } == [true, true])
        #expect(rows([open, stream, next]).map { $0.contains("\"text\":\"") } == [true, false])
    }

    @Test func whatIsShownOfLongTextEndsWithACharacter() {
        var capture = MadeUpCapture()
        let payload = Array("x".utf8) + Array(String(repeating: "é", count: 100).utf8)
        capture.add(.frame(frame([0x81, 0x7E, 0, 201], payload: Array(payload.prefix(125)), count: 201)))
        capture.add(.frame(frame([0x81, 0x7E, 0, 201], payload: Array(payload.prefix(124)), count: 201)))
        capture.add(.frame(frame([0x81, 0x03], payload: [0x61, 0xFF, 0x62])))
        #expect(texts(capture).map { $0?.count } == [65, 64, nil])
        #expect(rows(capture.ended())[1].hasSuffix("é\",\"payloadCut\":true}"))
    }

    @Test func ofAFrameThatIsNotWholeTheRestIsNull() {
        var capture = MadeUpCapture()
        capture.hasPlaces = false
        capture.add(.frame(frame([0x81], payload: [], isWhole: false)))
        capture.add(.frame(frame([0x82, 0xFE, 1], payload: [], isWhole: false)))
        capture.add(.frame(frame([0x82, 0xFE, 1, 0], payload: [], isWhole: false)))
        capture.add(.frame(frame([0x81, 0x05], payload: Array("He".utf8), isWhole: false)))
        let rows = rows(capture.ended())
        let tails = rows.map { String($0.split(separator: #""opcodeValue":"#).last ?? "") }
        #expect(
            tails == [
                #"1,"masked":null,"length":null,"headerLength":1,"header":"81","payload":"","text":"","whole":false}"#,
                #"2,"masked":true,"length":null,"headerLength":3,"header":"82fe01","payload":"","whole":false}"#,
                #"2,"masked":true,"length":256,"headerLength":4,"header":"82fe0100","payload":"","whole":false}"#,
                #"1,"masked":false,"length":5,"headerLength":2,"header":"8105","payload":"4865","text":"He","whole":false}"#,
            ])
    }

    /// Frames of an API that keeps only the payloads of control frames.
    @Test func aPayloadThatIsNotShownIsNoText() {
        var capture = MadeUpCapture()
        capture.add(.frame(frame([0x81, 0x05], payload: [], count: 5)))
        #expect(texts(capture) == [nil])
    }

    private func frame(
        _ header: [UInt8], payload: [UInt8], count: UInt64? = nil, isWhole: Bool = true
    ) -> FrameFinding {
        let record = FrameRecord(
            index: 0, offset: 0, header: header.reduce(into: EncodedFrameHeader()) { $0.append($1) })
        return FrameFinding(
            origin: StreamOrigin(source: "capture.pcapng", connection: 0, sender: .server),
            frame: SeenFrame(
                record: record, payload: payload, payloadCount: count ?? UInt64(payload.count), isWhole: isWhole,
                packetPosition: nil))
    }
}

extension FrameRowTests {
    /// A compressed frame has its inflated text next to its own bytes, escaped like any other.
    @Test func inflatedTextIsShown() throws {
        var header = EncodedFrameHeader()
        for byte in [0xC1, 0x07] as [UInt8] { header.append(byte) }
        let frame = SeenFrame(
            record: FrameRecord(index: 0, offset: 0, header: header), payload: [1, 2, 3, 4, 5, 6, 7], payloadCount: 7,
            inflated: InflatedPayload(bytes: Array("a\u{1B}[2Jé".utf8), count: 7), isWhole: true, packetPosition: nil)
        let origin = StreamOrigin(source: "a.bin", connection: 0, sender: .server)
        var report = JSONLinesReport(showsFrames: true)
        let row = report.reported([.frame(FrameFinding(origin: origin, frame: frame))])
        #expect(
            row.contains(
                #""payload":"01020304050607","inflatedLength":7,"inflated":"611b5b324ac3a9","text":"a\u001b[2Jé"}"#))
        #expect(FramePreview.text(of: frame, width: 60) == "→ 7 bytes “a\\x1B[2Jé”")
        #expect(
            FramePreview.text(of: frame, as: .deflate(isText: false), width: 60) == "→ 7 bytes 61 1b 5b 32 4a c3 a9")
        #expect(FramePreview.text(of: frame, as: .deflate(isText: true), width: 17) == "→ 7 bytes “a…")
    }
}
