import Testing
import WebSocketFrames

@testable import WebSocketCaptures

/// The evidence, in bits, for a place where a frame might begin, as documented at `BoundaryCandidate`.
@Suite struct BoundaryCandidateTests {
    private static func candidate(_ stream: [UInt8], pieces: Int = .max) -> BoundaryCandidate {
        var candidate = BoundaryCandidate(at: 0, sender: .server, extensions: .permessageDeflate)
        candidate.read(stream.span.extracting(0..<min(pieces, stream.count)))
        candidate.read(stream.span)
        return candidate
    }

    @Test(
        arguments: [
            ("a ping", [0x89, 0x00], 4),
            ("a Close without a code", [0x88, 0x00], 4),
            ("a close code is legal once in 32 times", [0x88, 0x02, 0x03, 0xE8], 4 + 5),
            ("a Close and a reason", [0x88, 0x03, 0x03, 0xE8, 0x61], 4 + 5),
            ("a message of bytes", [0x82, 0x04, 0xFF, 0xFF, 0xFF, 0xFF], 4),
            ("three bytes of text", [0x81, 0x03, 0x61, 0x61, 0x61], 4),
            ("four bytes of text", [0x81, 0x04, 0x61, 0x61, 0x61, 0x61], 4 + 1),
            ("compressed text is not judged as text", [0xC1, 0x04, 0x61, 0x61, 0x61, 0x61], 4),
            ("the rest of a message", [0x80, 0x01, 0x61], 5),
            ("empty data frames are nothing", [0x82, 0x00, 0x82, 0x00, 0x81, 0x00], 0),
            ("two pings", [0x89, 0x00, 0x89, 0x00], 4 + 4 + 1),
            (
                "fragments of text", [0x01, 0x04, 0x61, 0x61, 0x61, 0x61, 0x80, 0x04, 0x61, 0x61, 0x61, 0x61],
                5 + 5 + 1 + 1
            ),
        ] as [(String, [UInt8], Int)])
    func bits(_ what: String, _ stream: [UInt8], _ bits: Int) {
        let found = Self.candidate(stream)
        #expect(found.bits == bits, "\(what)")
        #expect(!found.isRefuted, "\(what)")
    }

    @Test func longTextIsNoMoreThanSixteenBits() {
        let header: [UInt8] = [0x81, 0x7D]
        let found = Self.candidate(header + [UInt8](repeating: 0x61, count: 125))
        #expect(found.textBits == 16)
        #expect(found.bits == 4 + 16)
    }

    @Test func lengthsOfManyBytes() {
        let long: [UInt8] = [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]
        // Counted once, as soon as the header is complete.
        #expect(Self.candidate(long).bits == 24)
        #expect(Self.candidate(long + [UInt8](repeating: 0, count: 65_536), pieces: 20).bits == 24 + 4)
        #expect(Self.candidate([0x82, 0x7F, 0, 0, 0, 1, 0, 1, 0, 0]).isRefuted)
        // 16-bit lengths, twice after the same two bytes, with different values.
        let first: [UInt8] = [0x82, 0x7E, 0x00, 0x80] + [UInt8](repeating: 0, count: 128)
        let second: [UInt8] = [0x82, 0x7E, 0x00, 0x81] + [UInt8](repeating: 0, count: 129)
        #expect(Self.candidate(first + second).bits == 4 + 5 + 10)
        #expect(Self.candidate(first + first).bits == 4 + 5)
    }

    @Test func aLongFrameThatEndsWithAPiece() {
        let ping: [UInt8] = [0x89, 0x00]
        for (count, bits) in [(1_024, 0), (1_025, 7)] {
            let frame = [0x82, 0x7E, UInt8(count >> 8), UInt8(count & 0xFF)] + [UInt8](repeating: 0, count: count)
            #expect(Self.candidate(ping + frame).bits == 4 + 5 + bits)
            // The very first frame ends with a piece wherever the search began, so that is not evidence.
            #expect(Self.candidate(frame).bits == 4)
            #expect(Self.candidate(ping + frame + ping, pieces: 1_500).bits == 4 + 5 + 5)
        }
    }

    @Test func theSameKeyAgainIsNothing() {
        let frame: [UInt8] = [0x89, 0x80, 1, 2, 3, 4]
        var candidate = BoundaryCandidate(at: 0, sender: nil, extensions: .permessageDeflate)
        candidate.read((frame + frame).span)
        #expect(candidate.bits == 4)
        #expect(candidate.sender == .client)
        #expect(candidate.isControlOnly)
    }
}
