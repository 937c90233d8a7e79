import SeededRandom
import Testing
import WebSocketFrames

/// The judge of text against the definition of UTF-8, through the API.
@Suite struct UTF8Tests {
    /// What the API reports for a text message in one frame: the index of the offending byte, or the payload's length if
    /// the text ends inside a character; nil if it is legal.
    private func fault(_ reading: Reading, payloadStart: Int) -> Int? {
        guard let violation = reading.violation else { return nil }
        guard violation.rule == .textNotUTF8, violation.frameOffset == 0 else { return -1 }
        return Int(violation.offset) - payloadStart
    }

    private func expected(_ text: [UInt8]) -> Int? {
        switch NaiveUTF8.judge(text) {
        case .whole: nil
        case .endsInside: text.count
        case .bad(let index): index
        }
    }

    // MARK: Every short sequence

    /// Judges `text` as a whole message, unmasked.
    private func check(_ text: [UInt8], server: FrameValidator) {
        let found = fault(server.reading([0x81, UInt8(text.count)] + text), payloadStart: 2)
        if found != expected(text) {
            Issue.record("\(text.hex): \(found.map(String.init) ?? "nil")")
        }
    }

    @Test func everySequenceOfOneAndTwoBytes() {
        let server = FrameValidator(sender: .server)
        for first in UInt8.min...UInt8.max {
            check([first], server: server)
            for second in UInt8.min...UInt8.max { check([first, second], server: server) }
        }
    }

    /// Bytes on both sides of every boundary in the definition of UTF-8.
    static let borders: [UInt8] = [
        0x00, 0x41, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0,
        0xF4, 0xF5, 0xF7, 0xF8, 0xFF,
    ]

    @Test func sequencesOfThreeBytes() {
        var sample = Sample(oneIn: 30)
        let server = FrameValidator(sender: .server)
        // Every three-byte lead with every second byte, and with all third bytes where the second is legal.
        for first in UInt8(0xE0)...0xEF {
            for second in UInt8.min...UInt8.max {
                let isOpen = NaiveUTF8.judge([first, second]) == .endsInside
                for third in isOpen ? Array(UInt8.min...UInt8.max) : [0x41, 0x80] where sample.takes() {
                    check([first, second, third], server: server)
                }
            }
        }
        for first in Self.borders {
            for second in Self.borders {
                for third in Self.borders where sample.takes() { check([first, second, third], server: server) }
            }
        }
    }

    @Test func sequencesOfFourBytes() {
        var sample = Sample(oneIn: 1_200)
        let server = FrameValidator(sender: .server)
        let all = Array(UInt8.min...UInt8.max)
        for first in UInt8(0xF0)...0xF8 {
            for second in all {
                let isOpen = NaiveUTF8.judge([first, second]) == .endsInside
                for third in isOpen ? all : [0x80] where sample.takes() {
                    let isOpen = isOpen && NaiveUTF8.judge([first, second, third]) == .endsInside
                    for fourth in isOpen ? all : [0x41, 0x80] {
                        check([first, second, third, fourth], server: server)
                    }
                }
            }
        }
    }

    // The judge may take another path where more bytes follow, so the same again with text after it.
    @Test func sequencesWithTextAfter() {
        var sample = Sample(oneIn: 30)
        let server = FrameValidator(sender: .server)
        let after: [UInt8] = Array("abcdefgh".utf8)
        for first in UInt8(0x7F)...0xFF {
            for second in Self.borders {
                for third in Self.borders where sample.takes() {
                    check([first, second, third] + after, server: server)
                    guard first >= 0xF0 else { continue }
                    for fourth in [0x7F, 0x80, 0xBF, 0xC0] as [UInt8] {
                        check([first, second, third, fourth] + after, server: server)
                    }
                }
            }
        }
    }

    @Test func everyScalarValue() {
        // Every scalar value, in order, as one text: 4,382,592 bytes in one frame.
        var text: [UInt8] = []
        for value in UInt32(0)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            text.append(contentsOf: UTF8.encode(scalar) ?? .init())
        }
        #expect(text.count == 4_382_592)
        let header: [UInt8] = [0x81, 127, 0, 0, 0, 0] + [0, 0x42, 0xDF, 0x80]
        let reading = FrameValidator(sender: .server).reading(header + text)
        #expect(reading.violation == nil)
        #expect(reading.messages == 1)
    }

    // MARK: Everywhere in a block

    static let sequences: [[UInt8]] = [
        "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f3bfbfbf", "f48fbfbf",
        "80", "bf", "c080", "c1bf", "c3", "c341", "e0", "e09fbf", "e0a0", "e0a041", "eda080", "edbfbf", "e180", "f0",
        "f08fbfbf", "f090", "f09080", "f0908041", "f4908080", "f5808080", "ff",
    ].map { [UInt8](hex: $0) }

    static let keys: [[UInt8]?] = [
        nil, [0, 0, 0, 0], [0x80, 0x00, 0x00, 0x00], [0x12, 0x9B, 0xC7, 0xF1], [0xFF, 0xFF, 0xFF, 0xFF],
    ]

    /// Every sequence after 0…130 bytes of ASCII, in a text of three blocks and at the end of it.
    @Test(arguments: sequences) func everyPlaceAroundTheBorderOfABlock(sequence: [UInt8]) {
        var sample = Sample(oneIn: 60)
        for before in 0...130 {
            for after in [0, 1, 7, 8, 70] {
                let text = [UInt8](repeating: 0x61, count: before) + sequence + [UInt8](repeating: 0x7A, count: after)
                let expected = expected(text)
                for key in Self.keys {
                    let stream = ConversationMaker.frame(0x81, text, key: key)
                    let payloadStart = stream.count - text.count
                    let validator = FrameValidator(sender: key == nil ? .server : .client)
                    // Whole, and cut so that it begins at each phase of the key.
                    for cut in [0, 1, 2, 3, before, before + 1, before + 2, before + 3] where sample.takes() {
                        let reading = validator.reading(stream, cuts: [payloadStart + min(cut, text.count)])
                        if fault(reading, payloadStart: payloadStart) != expected {
                            let what = "\(before) bytes before, \(after) after, key \(key?.hex ?? "none"), cut \(cut)"
                            Issue.record("\(what)")
                            return
                        }
                    }
                }
            }
        }
    }

    /// Characters of two, three and four bytes, back to back, with one bad byte at every place.
    @Test(arguments: ["é", "界", "😀", "aé界😀"]) func oneBadByteAnywhere(characters: String) {
        let text = Array(String(repeating: characters, count: 160 / characters.utf8.count).utf8)
        var sample = Sample(oneIn: 9)
        for key in Self.keys {
            let validator = FrameValidator(sender: key == nil ? .server : .client)
            for index in text.indices {
                for byte in [0x41, 0x80, 0xC0, 0xFF] as [UInt8] where sample.takes() {
                    var bad = text
                    bad[index] = byte
                    let stream = ConversationMaker.frame(0x81, bad, key: key)
                    let reading = validator.reading(stream)
                    if fault(reading, payloadStart: stream.count - text.count) != expected(bad) {
                        Issue.record("\(byte) at \(index), key \(key?.hex ?? "none")")
                        return
                    }
                }
            }
        }
    }

    // MARK: Over fragments

    @Test(arguments: sequences) func cutIntoFragmentsAtEveryByte(sequence: [UInt8]) {
        let text = Array("αβγ".utf8) + sequence + Array("δ".utf8)
        let expected = expected(text)
        for cut in 0...text.count {
            let first = ConversationMaker.frame(0x01, Array(text[..<cut]), key: [7, 0x80, 9, 0xC3])
            let ping = ConversationMaker.frame(0x89, [0xFF, 0xC3], key: [0, 0, 0, 0])
            let last = ConversationMaker.frame(0x80, Array(text[cut...]), key: [1, 2, 3, 4])
            let reading = FrameValidator(sender: .client).reading(first + ping + last)
            let offset = expected.map { $0 < cut ? 6 + $0 : first.count + ping.count + 6 + $0 - cut }
            #expect(reading.violation.map { Int($0.offset) } == offset, "cut at \(cut)")
            let frame = expected.map { $0 < cut ? 0 : 2 }
            #expect(reading.violation.map { Int($0.frame) } == frame, "cut at \(cut)")
        }
    }

    @Test func nothingIsCarriedOverToTheNextMessage() {
        let server = FrameValidator(sender: .server, extensions: .permessageDeflate)
        // A compressed text is not judged here, though it would end inside a character; then a plain one.
        #expect(server.reading([UInt8](hex: "c101c3 8101a9")).violation?.frame == 1)
        // The reasons of two Closes are separate texts.
        #expect(server.reading([UInt8](hex: "880403e8c3a9 880403e8c3a9")).violation == nil)
        #expect(server.reading([UInt8](hex: "880303e8c3 880303e8a9")).violation?.frame == 0)
        // Binary is not text, in one frame or in several.
        #expect(server.reading([UInt8](hex: "8201c3 0201c3 8001ff 810161")).violation == nil)
    }
}
