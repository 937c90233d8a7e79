import SeededRandom
import Testing

@testable import WebSocketFrames

/// The lanes of a digest: dealt out in turn, the same whether words are added singly or in blocks.
@Suite struct DigestLanesTests {
    /// The definition once more, with the constants written out: a change of either is noticed.
    private struct Reference {
        var lanes: [UInt64] = [
            0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB,
        ]

        mutating func add(_ word: UInt64) {
            let value = word ^ lanes.removeFirst()
            lanes.append((value % 0x1_0000_0000) &* 0x9E37_79B1 &+ (value / 0x1_0000_0000) &* 0x85EB_CA77)
        }
    }

    private func all(_ lanes: DigestLanes) -> [UInt64] {
        let all = lanes.all
        return [all.0, all.1, all.2, all.3]
    }

    @Test func wordByWord() {
        var random = SplitMix64(seed: 41)
        var lanes = DigestLanes()
        var reference = Reference()
        #expect(all(lanes) == reference.lanes)
        for _ in 0..<100 {
            let word = random.next()
            lanes.add(word)
            reference.add(word)
            #expect(all(lanes) == reference.lanes)
        }
    }

    @Test func inBlocks() {
        var random = SplitMix64(seed: 42)
        let bytes = random.bytes(300)
        for index in [0, 1, 7, 32, 268, 269, 300] {
            let key = random.next()
            var lanes = DigestLanes()
            var reference = Reference()
            let count = lanes.add(blocksOf: bytes.span, from: index, key: key)
            // Whole blocks, or none where no kernel fits the processor.
            #expect(count == 0 || count == (300 - index) / 32 * 32)
            for start in stride(from: index, to: index + count, by: 8) {
                reference.add(bytes[start..<(start + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) } ^ key)
            }
            #expect(all(lanes) == reference.lanes)
        }
        var lanes = DigestLanes()
        #expect(lanes.add(blocksOf: Span(), from: 0, key: 0) == 0)
    }

    #if os(Linux) || os(macOS)
        @Test(arguments: [-1, 33])
        func anIndexOutsideTraps(index: Int) async {
            await #expect(processExitsWith: .failure) { [index] in
                var lanes = DigestLanes()
                _ = lanes.add(blocksOf: [UInt8](repeating: 0, count: 32).span, from: index, key: 0)
            }
        }
    #endif
}
