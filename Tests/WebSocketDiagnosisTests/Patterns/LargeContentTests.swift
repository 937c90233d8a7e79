import Foundation
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Faults of a payload or its sender are recognised in frames of any size; `DamageCalibrationTests` has the causes that
/// affect the framing.
@Suite struct LargeContentTests {
    /// The largest takes a minute in a debug build, so `Tests/Calibration/run` tries it in release.
    static let sizes = [400, 70_000] + (ProcessInfo.processInfo.environment["LARGE_CONTENT"] == nil ? [] : [1_100_000])

    private static let key: [UInt8] = [0x3A, 0xC1, 0x05, 0x96]

    /// JSON of about `count` bytes.
    private static func json(_ count: Int, of words: String = "value name room") -> [UInt8] {
        // Repeated members, whose total length is not that of any block.
        let members = (0..<37).flatMap { Array(",\"\(words) \($0 * 7)\":\"\(words)\"".utf8) }
        var text = Array("{\"n\":1".utf8)
        while text.count < count { text += members }
        return text.prefix(count) + Array("\"}".utf8)
    }

    private static let after = (1...3).map { json(30 + 4 * $0) }

    private static func found(
        _ frame: [UInt8], by sender: Endpoint, before: [UInt8] = json(40), peer: [UInt8]? = nil
    ) -> Diagnosis? {
        let key = sender == .client ? [9, 8, 7, 6] as [UInt8] : nil
        let stream =
            MadeFrame.bytes(0x81, before, key: key) + frame + after.flatMap { MadeFrame.bytes(0x81, $0, key: key) }
        var evidence = Evidence(stream: stream, validator: FrameValidator(sender: sender))
        evidence?.peer = peer.map { StreamBytes(bytes: $0, reachesEnd: true) }
        return evidence.flatMap(Diagnosis.of)
    }

    @Test(arguments: sizes, [Endpoint.client, .server]) func aFrameInAFrame(size: Int, sender: Endpoint) {
        let key = sender == .client ? Self.key : nil
        let inner = MadeFrame.bytes(0x81, Self.json(size), key: sender == .client ? nil : Self.key)
        let diagnosis = Self.found(MadeFrame.bytes(0x81, inner, key: key), by: sender)
        #expect(diagnosis?.name == "double-framing", "\(String(describing: diagnosis))")
    }

    @Test(arguments: sizes, [Endpoint.client, .server]) func aCharsetOfOneScript(size: Int, sender: Endpoint) {
        // Windows-1251 after ASCII.
        let cyrillic: [UInt8] = [
            0xEF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, 0x20, 0xEC, 0xE8, 0xF0, 0x20, 0xE2, 0xF0, 0xE5, 0xEC, 0xFF, 0x20,
        ]
        let text = Self.json(size) + (0..<8).flatMap { _ in cyrillic }
        let diagnosis = Self.found(
            MadeFrame.bytes(0x81, text, key: sender == .client ? Self.key : nil), by: sender)
        #expect(diagnosis?.name == "legacy-charset", "\(String(describing: diagnosis))")
    }

    @Test(arguments: sizes, [Endpoint.client, .server]) func cutAtItsCharacters(size: Int, sender: Endpoint) {
        var text = Self.json(size, of: "Zürich 消息")
        text.removeLast(text.count - text.count { $0 & 0xC0 != 0x80 })
        // … inside a character, and not at a typical buffer size.
        while text.count % 32 == 0 || text.count % 100 == 0 || text.last.map({ $0 < 0xE0 }) ?? false {
            text.removeLast()
        }
        let diagnosis = Self.found(
            MadeFrame.bytes(0x81, text, key: sender == .client ? Self.key : nil), by: sender)
        #expect(diagnosis?.name == "cut-at-character-count", "\(String(describing: diagnosis))")
        #expect(diagnosis?.certainty == .likely)
    }

    @Test(arguments: sizes) func theClientsFrameComesBack(size: Int) {
        let frame = MadeFrame.bytes(0x81, Self.json(size), key: Self.key)
        let peer = MadeFrame.bytes(0x81, [0x41], key: [4, 3, 2, 1]) + frame
        let diagnosis = Self.found(frame, by: .server, peer: peer)
        #expect(diagnosis?.name == "client-frame-echoed", "\(String(describing: diagnosis))")
        // The same message with another key is not the same frame.
        let other = MadeFrame.bytes(0x81, Self.json(size), key: [0x3A, 0xC1, 0x05, 0x97])
        #expect(Self.found(frame, by: .server, peer: other)?.name != "client-frame-echoed")
    }

    @Test(arguments: sizes) func masksOfAClient(size: Int) {
        let text = Self.json(size)
        let whole = MadeFrame.bytes(0x81, text, key: Self.key)
        let header = whole.dropLast(text.count)
        let kinds: [(name: String, payload: [UInt8])] = [
            ("mask-not-applied", text),
            ("mask-out-of-phase", MadeFrame.masked(text, [0xC1, 0x05, 0x96, 0x3A])),
            ("mask-of-another-key", MadeFrame.masked(text, [0x96, 0x05, 0xC1, 0x3A])),
            ("mask-of-another-key", MadeFrame.masked(text, [0x5C, 0x21, 0xE8, 0x77])),
        ]
        for (name, payload) in kinds {
            let diagnosis = Self.found(header + payload, by: .client)
            #expect(diagnosis?.name == name, "\(String(describing: diagnosis))")
        }
    }

    /// Bytes before the first frame, which is larger than the window around the fault.
    @Test(arguments: sizes, [Endpoint.client, .server]) func beforeALargeFrame(size: Int, sender: Endpoint) {
        let key = sender == .client ? Self.key : nil
        let frames = [Self.json(size), Self.json(60), Self.json(70)].flatMap { MadeFrame.bytes(0x81, $0, key: key) }
        for (name, head) in [
            ("chunked-coding", "0\r\n\r\n"), ("stray-line-break", "\r\n"),
            ("request-head-cut", "Origin: http://a.example\r\nUser-Agent: b\r\n\r\n"), ("bytes-behind-handshake", "\0"),
        ] {
            let evidence = Evidence(stream: Array(head.utf8) + frames, validator: FrameValidator(sender: sender))
            let diagnosis = evidence.flatMap(Diagnosis.of)
            #expect(diagnosis?.name == name, "\(String(describing: diagnosis))")
            #expect(diagnosis?.certainty == .certain, "\(name)")
        }
    }

    @Test(arguments: sizes) func emptyAfterAFrameOfThatSize(size: Int) {
        let frame = MadeFrame.bytes(0x81, Self.json(size), key: Self.key) + MadeFrame.bytes(0x81)
        let diagnosis = Self.found(frame, by: .client)
        #expect(diagnosis?.name == "empty-frames-unmasked", "\(String(describing: diagnosis))")
    }
}
