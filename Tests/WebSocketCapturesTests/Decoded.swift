import Testing
import WebSocketCaptures

/// The result of decoding a text.
struct Decoded: Equatable {
    var bytes: [UInt8] = []
    var error: TextError?
    var directives = Directives()

    /// Decodes a text that arrives in pieces.
    init(_ pieces: [ArraySlice<UInt8>]) {
        var decoder = HexDecoder()
        do throws(TextError) {
            for piece in pieces { try decoder.decode(Array(piece).span, into: &bytes) }
            try decoder.finish(into: &bytes)
        } catch {
            self.error = error
        }
        directives = decoder.directives
    }

    /// Decodes a text as a whole, byte by byte, and in two pieces at each cut; all results must be equal.
    static func everyWay(_ text: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) -> Decoded {
        let whole = Decoded([text[...]])
        let single = Decoded(text.indices.map { text[$0...$0] })
        #expect(single == whole, "byte by byte", sourceLocation: sourceLocation)
        for cut in text.indices {
            let cutInTwo = Decoded([text[..<cut], text[cut...]])
            if cutInTwo != whole {
                Issue.record("cut at \(cut): \(cutInTwo) instead of \(whole)", sourceLocation: sourceLocation)
                break
            }
        }
        return whole
    }

    static func everyWay(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Decoded {
        everyWay(Array(text.utf8), sourceLocation: sourceLocation)
    }
}
