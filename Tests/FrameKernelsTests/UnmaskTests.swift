import SeededRandom
import Testing

/// `unmask`: all bytes are XORed with the key, and no others are changed.
@Suite struct UnmaskTests {
    static let longest = 300

    @Test(arguments: KernelSet.all)
    func everyLengthAndAlignment(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        var random = SplitMix64(seed: 64)
        let all = random.bytes(1024)
        for key in Keys.all {
            for alignment in 0..<64 {
                let start = 256 + alignment
                let unmasked = Array(all[..<start]) + Array(all[start...]).masked(key)
                for count in 0...Self.longest {
                    memory.write(all, at: 0)
                    let found = kernels.unmask(memory, start..<(start + count), key: key)
                    let isRight =
                        found == count && memory.holds(unmasked, 0..<(start + found), at: 0)
                        && memory.holds(all, (start + found)..<all.count, at: 0)
                    if !isRight {
                        Issue.record("\(count) bytes at \(alignment), key \(key): \(found)")
                        return
                    }
                }
            }
        }
    }

    @Test(arguments: KernelSet.all, PagePosition.allCases)
    func betweenClosedPages(kernels: KernelSet, place: PagePosition) {
        let memory = GuardedMemory(4096)
        var random = SplitMix64(seed: 4096)
        let all = random.bytes(1200)
        for key in Keys.phases {
            let unmasked = all.masked(key)
            for count in 0...1200 {
                let start = place.index(of: count, in: memory)
                memory.write(all, at: start, first: count)
                let found = kernels.unmask(memory, start..<(start + count), key: key)
                let isRight =
                    found == count && memory.holds(unmasked, 0..<found, at: start)
                    && memory.holds(all, found..<count, at: start)
                if !isRight {
                    Issue.record("\(count) bytes, key \(key): \(found)")
                    return
                }
            }
        }
    }

    @Test func theChosenOnes() {
        let memory = GuardedMemory(4096)
        for count in 0...Self.longest {
            let found = ChosenKernels.unmask(memory, 0..<count, key: 0)
            #expect(found == (KernelSet.all.isEmpty ? 0 : count))
        }
    }
}
