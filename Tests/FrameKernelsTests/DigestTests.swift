import SeededRandom
import Testing

/// `digest`: whole blocks of four words, one per lane, and nothing after them.
@Suite struct DigestTests {
    /// Word by word, with the factors written out again.
    private static func digest(_ bytes: ArraySlice<UInt8>, key: UInt64, into lanes: inout [UInt64]) {
        for (index, start) in stride(from: bytes.startIndex, to: bytes.endIndex, by: 8).enumerated() {
            var word: UInt64 = 0
            for byte in bytes[start..<(start + 8)].reversed() { word = word << 8 | UInt64(byte) }
            word ^= key ^ lanes[index % 4]
            lanes[index % 4] = (word & 0xFFFF_FFFF) &* 0x9E37_79B1 &+ (word >> 32) &* 0x85EB_CA77
        }
    }

    @Test(arguments: KernelSet.all, PagePosition.allCases)
    func everyLengthBetweenClosedPages(kernels: KernelSet, place: PagePosition) {
        let memory = GuardedMemory(4096)
        var random = SplitMix64(seed: 32)
        let all = random.bytes(400)
        for count in 0...400 {
            let start = place.index(of: count, in: memory)
            memory.write(all, at: start, first: count)
            let key = UInt64.random(in: 0...(.max), using: &random)
            var lanes = (0..<4).map { _ in UInt64.random(in: 0...(.max), using: &random) }
            var right = lanes
            Self.digest(all[..<(count / 32 * 32)], key: key, into: &right)
            let found = kernels.digest(memory, start..<(start + count), key: key, into: &lanes)
            #expect(found == count / 32 * 32)
            #expect(lanes == right)
        }
    }
}
