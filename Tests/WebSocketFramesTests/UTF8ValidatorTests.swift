import Testing
import WebSocketFrames

/// Text judged in pieces, without frames.
@Suite struct UTF8ValidatorTests {
    /// How many bytes of an incomplete character end a sound text.
    private static func pending(_ text: ArraySlice<UInt8>) -> Int {
        (0...3).first { NaiveUTF8.judge(Array(text.dropLast($0))) == .whole } ?? 4
    }

    @Test(arguments: UTF8Tests.sequences) func everyCut(sequence: [UInt8]) {
        let text = Array("aé".utf8) + sequence + Array("€😀".utf8)
        var fault: Int?
        if case .bad(let index) = NaiveUTF8.judge(text) { fault = index }
        for size in 1...text.count {
            var validator = UTF8Validator()
            for start in stride(from: 0, to: text.count, by: size) {
                let end = min(start + size, text.count)
                let found = validator.consume(text.span.extracting(start..<end))
                if let fault, fault < end {
                    #expect(found == fault - start, "\(text) in pieces of \(size)")
                    // The same as at the start of a text.
                    #expect(validator == UTF8Validator())
                    break
                }
                #expect(found == nil, "\(text) in pieces of \(size)")
                #expect(validator.pendingCount == Self.pending(text[..<end]), "\(text[..<end])")
                #expect(validator.isAtBoundary == (validator.pendingCount == 0))
            }
        }
    }

    @Test func wholeCharacters() {
        let text = Array("aé€😀b".utf8)
        for count in 0...text.count {
            let whole = UTF8Validator.wholeCharacterCount(in: text.span.extracting(0..<count))
            #expect(whole == count - Self.pending(text[..<count]), "\(count)")
        }
        // Only the end is examined, and bytes that begin no character are not an incomplete one.
        let odd: [([UInt8], Int)] = [
            ([0xFF], 1), ([0xC1], 1), ([0xC2], 0), ([0xF4], 0), ([0xF5], 1), ([0x80], 1),
            ([0x80, 0x80, 0x80, 0x80], 4),
            ([0xFF, 0xE2, 0x82], 1), ([0xE2, 0x82, 0xAC, 0x80], 4), ([0xDF, 0xE0], 1), ([0xEF, 0xBF], 0),
            ([0xEF, 0xBF, 0xBF], 3), ([0xE0, 0xA0, 0x80], 3), ([0xDF, 0xBF], 2), ([0xC2, 0x80], 2),
            ([0xE0, 0xA0], 0),
            ([0xF0, 0x9F, 0x98], 0),
        ]
        for (bytes, count) in odd {
            #expect(UTF8Validator.wholeCharacterCount(in: bytes.span) == count, "\(bytes)")
        }
    }
}
