@testable import PerMessageDeflate
import SeededRandom
import Testing

@testable import SlowInflating

@Suite("Inflating messages, RFC 7692 §7.2.2")
struct InflaterTests {
    private let hello = Array("Hello".utf8)

    @Test("RFC 7692 §7.2.3.1: one block, in one frame or two")
    func oneBlock() {
        let message: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        var inflater = MessageInflater(DeflateContext())
        #expect(inflater.verdict(of: message) == Verdict(bytes: hello))
        #expect(inflater.verdict(of: message, cuts: [3]) == Verdict(bytes: hello))
    }

    @Test("RFC 7692 §7.2.3.2: with and without takeover")
    func sharedWindow() {
        let first: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let second: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        var inflater = MessageInflater(DeflateContext())
        #expect(inflater.verdict(of: first) == Verdict(bytes: hello))
        #expect(inflater.verdict(of: second) == Verdict(bytes: hello))

        var forgetful = MessageInflater(DeflateContext(takesOver: false))
        #expect(forgetful.verdict(of: first) == Verdict(bytes: hello))
        let fault = Verdict.Fault(reason: .distanceBeyondOutput, offset: 2, messageOffset: 1)
        #expect(forgetful.verdict(of: second) == Verdict(bytes: Array("H".utf8), fault: fault))
        // The fault concerns this message alone.
        #expect(forgetful.verdict(of: first) == Verdict(bytes: hello))
    }

    @Test("RFC 7692 §7.2.3.3 to §7.2.3.6: a stored block, one marked as the last, two blocks, an empty message")
    func otherExamples() {
        var inflater = MessageInflater(DeflateContext())
        let stored: [UInt8] = [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]
        let final: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]
        let two: [UInt8] = [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]
        for message in [stored, final, two] { #expect(inflater.verdict(of: message) == Verdict(bytes: hello)) }
        #expect(inflater.verdict(of: [0x00]) == Verdict(bytes: []))
    }

    @Test("A repeat code with nothing before it is found with its last bit")
    func repeatWithoutAPreviousLength() {
        var inflater = MessageInflater(DeflateContext())
        let error = #expect(throws: InflateFault.self) {
            try inflater.inflate([0x04, 0x00, 0x36, 0x65].span) { _ in nil }
        }
        #expect(error?.reason == .invalidRepeat && error?.offset == 3)
    }

    @Test("What follows a final block is given back, at whichever bit it ends", arguments: 0..<16)
    func unusedBytes(literals: Int) throws {
        // Fixed codes: literals of nine bits, then the end of the block.
        var bits = [1, 1, 0]
        for _ in 0..<literals { bits += [1, 1, 0, 0, 1, 0, 0, 0, 0] }
        bits += [Int](repeating: 0, count: 7)
        var stream = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for (index, bit) in bits.enumerated() { stream[index / 8] |= UInt8(bit) << UInt8(index % 8) }
        var inflater = MessageInflater(DeflateContext())
        inflater.endsWithFinalBlock = true
        var inflated: [UInt8] = []
        try inflater.inflate((stream + [0xA1, 0xA2, 0xA3]).span) { piece in
            for index in piece.indices { inflated.append(piece[index]) }
            return nil
        }
        #expect(inflater.hasEnded && inflated == [UInt8](repeating: 144, count: literals))
        let unused = inflater.takeUnusedBytes()
        #expect(unused == Array([0xA1, 0xA2, 0xA3].prefix(unused.count)))
        #expect(inflater.takeUnusedBytes().isEmpty)
        inflater.reset()
        #expect(!inflater.missesEarlierMessages)
    }

    @Test("A message ends where 00 00 FF FF may be appended, and nowhere else")
    func endings() {
        // With the four bytes still there, without the last block, in the middle of a code, without any byte.
        let endings: [([UInt8], UInt64, InflateFault.Reason)] = [
            ([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00, 0xFF, 0xFF], 5, .unfinished),
            ([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], 5, .unfinished), ([0xF2, 0x48, 0xCD], 2, .unfinished),
            ([], 0, .emptyPayload), ([0x00, 0x00], 0, .unfinished),
        ]
        for (message, inflated, reason) in endings {
            var inflater = MessageInflater(DeflateContext(takesOver: false))
            let fault = Verdict.Fault(reason: reason, offset: UInt64(message.count), messageOffset: inflated)
            #expect(inflater.verdict(of: message).fault == fault)
            // The next message is intact.
            #expect(inflater.verdict(of: [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]) == Verdict(bytes: hello))
        }
    }

    @Test("The longest distance is the window's size, and not one more", arguments: 8...15, [true, false])
    func windowEdge(windowBits: Int, inTheMiddle: Bool) {
        let size = 1 << windowBits
        for distance in [size, size + 1] where distance <= 32768 {
            let made = MatchWriter.message(
                random: size + 10, matches: [(3, distance)], literalsAfter: inTheMiddle ? 100 : 0)
            var inflater = MessageInflater(DeflateContext(windowBits: windowBits))
            let found = inflater.verdict(of: made)
            #expect(found.fault?.reason == (distance > size ? .distanceBeyondWindow : nil))
            #expect(found.bytes.count == size + 10 + (distance > size ? 0 : 3 + (inTheMiddle ? 100 : 0)))
        }
    }

    @Test("Matches around the end of the ring, at every legal distance", arguments: 8...15)
    func aroundTheRing(windowBits: Int) {
        let size = 1 << windowBits
        var random = SplitMix64(seed: UInt64(windowBits))
        let matches = (0..<400).map { _ in
            (random.within(3...258), random.oneIn(3) ? size - random.below(4) : random.within(1...size))
        }
        let message = MatchWriter.message(random: size, matches: matches, literalsAfter: 40)
        var slow = SlowInflater(DeflateContext(windowBits: windowBits))
        let expected = slow.inflate(message)
        #expect(expected.fault == nil)
        for cuts in [[], random.cuts(message.count, count: 9)] {
            var inflater = MessageInflater(DeflateContext(windowBits: windowBits))
            let isSame = inflater.verdict(of: message, cuts: cuts) == expected
            #expect(isSame)
        }
    }

    @Test("A bomb ends at the limit, and not a byte beyond it is written", arguments: [0, 1, 1000, 1 << 20])
    func bomb(limit: Int) {
        let message = MatchWriter.message(random: 1, matches: Array(repeating: (258, 1), count: 5000), literalsAfter: 0)
        var inflater = MessageInflater(DeflateContext(), messageLimit: UInt64(limit))
        let found = inflater.verdict(of: message)
        #expect(found.fault?.reason == .tooBig)
        #expect(found.bytes.count <= limit && found.bytes.count > limit - 258)
        // Within the limit it is a message like any other.
        inflater = MessageInflater(DeflateContext(), messageLimit: 1 + 5000 * 258)
        #expect(inflater.verdict(of: message).fault == nil)
    }

    @Test("A distance into messages that were not seen is not a fault")
    func earlierMessages() {
        var inflater = MessageInflater(DeflateContext())
        inflater.reset(missingEarlierMessages: true)
        let second: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        #expect(inflater.verdict(of: second).fault?.reason == .needsEarlierMessage)
        inflater.reset(missingEarlierMessages: true)
        #expect(inflater.verdict(of: [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]) == Verdict(bytes: hello))
        #expect(inflater.verdict(of: second) == Verdict(bytes: hello))
    }

    @Test("A final block ends the stream if that is asked for, and bytes read beyond it are given back")
    func finalBlock() throws {
        let stream: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00] + [0xAA, 0xBB, 0xCC]
        for size in [1, 3, 20] {
            var inflater = MessageInflater(DeflateContext(windowBits: 15))
            #expect(!inflater.endsWithFinalBlock)
            inflater.endsWithFinalBlock = true
            #expect(inflater.endsWithFinalBlock)
            var bytes: [UInt8] = []
            var start = 0
            while !inflater.hasEnded {
                let end = min(start + size, stream.count)
                try inflater.inflate(stream.span.extracting(start..<end)) { piece in
                    for index in piece.indices { bytes.append(piece[index]) }
                    return nil
                }
                start = end
            }
            #expect(bytes == hello)
            #expect(inflater.takeUnusedBytes() == Array(stream[7..<max(7, start)]))
        }
    }

    @Test("The limit may be changed, and applies to each message")
    func limit() {
        let message: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        var inflater = MessageInflater(DeflateContext(), messageLimit: 4)
        #expect(inflater.messageLimit == 4)
        #expect(inflater.verdict(of: message).fault?.reason == .tooBig)
        inflater.reset(missingEarlierMessages: true)
        #expect(inflater.missesEarlierMessages)
        inflater.messageLimit = 5
        #expect(inflater.verdict(of: message) == Verdict(bytes: hello))
    }
}
