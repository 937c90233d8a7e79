import SeededRandom
import Testing

/// `text_prefix` and `unmask_text` with malformed text: they stop between two characters, never after the fault, and
/// close to it; the bytes after that stay as they were.
@Suite struct MalformedTextTests {
    static let longest = 300
    /// The fault is within this distance after the skipped bytes: a block, and a character that began before it.
    static let near = 64 + 3

    /// Every kind of fault at every place of every length, with the end of the text at a protected page.
    @Test(arguments: KernelSet.all, [SampleText.patterns[0], SampleText.patterns[4]])
    func everyFaultEverywhere(kernels: KernelSet, pattern: String) {
        let memory = GuardedMemory(4096)
        var sample = Sample(oneIn: 50)
        for (number, fault) in SampleText.faults.enumerated() {
            // The phase of the key, and the place in a block, vary from fault to fault.
            let key = Keys.all[number % Keys.all.count]
            let base = SampleText.repeating(pattern, shift: number % 5, count: Self.longest + 8)
            var place = 0
            while place < Self.longest {
                guard case .character(let step) = NaiveText.piece(of: base, at: place, end: base.count) else { break }
                var text = base
                text.replaceSubrange(place..<(place + fault.count), with: fault)
                let (whole, stop) = NaiveText.prefix(of: text, from: place, end: text.count)
                guard case .fault(let first) = stop else {
                    Issue.record("\(fault) is not a fault at \(place)")
                    return
                }
                let masked = text.masked(key)
                for count in (place + 1)...Self.longest where sample.takes() {
                    let start = memory.count - count
                    memory.write(masked, at: start, first: count)
                    let found = kernels.textPrefix(memory, start..<memory.count, key: key)
                    // Before the fault itself, the text is well-formed, though perhaps incomplete.
                    let isRight =
                        first >= count
                        ? found.count == count
                            && found.lead == NaiveText.lead(after: Array(text[place..<count]), from: 0)
                        : found.count <= whole && first < found.count + Self.near && found.lead == 0
                            && isBoundary(found.count, of: base, before: place)
                    let isUnmasked =
                        kernels.unmaskText(memory, start..<memory.count, key: key) == found
                        && memory.holds(text, 0..<found.count, at: start)
                        && memory.holds(masked, found.count..<count, at: start)
                    if !isRight || !isUnmasked {
                        Issue.record("\(fault) at \(place) of \(count), key \(key): \(found), fault at \(first)")
                        return
                    }
                }
                place += step
            }
        }
    }

    /// Whether a character begins at `index`, or the fault, or what is left of the text before it.
    private func isBoundary(_ index: Int, of base: [UInt8], before place: Int) -> Bool {
        index >= place || base[index] & 0xC0 != 0x80
    }

    /// A fault at each place of a text, at each alignment to a cache line, in all four phases of the key.
    @Test(arguments: KernelSet.all)
    func everyAlignment(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        let count = 200
        let base = SampleText.repeating("aé€😀", count: count)
        // Continuation bytes follow the text, and must not complete its last character.
        let after = Array(repeating: UInt8(0x80), count: 8)
        for key in Keys.phases {
            let masked = Array(base.masked(key)[..<count])
            for alignment in 0..<64 {
                let start = 64 + alignment
                memory.write(after.masked(key.turned(count)), at: start + count)
                memory.write(masked, at: start)
                for place in 0..<count {
                    // Faults whose first byte is invalid anywhere.
                    let fault: [UInt8] = [[0xC0, 0x80], [0xF5, 0x80], [0xFF], [0xF8, 0x88], [0xC1, 0xBF]][place % 5]
                    let length = min(fault.count, count - place)
                    memory.write(fault.masked(key.turned(place)), at: start + place, first: length)
                    let found = kernels.textPrefix(memory, start..<(start + count), key: key)
                    memory.write(masked, at: start)
                    let isRight =
                        found.count <= place && place < found.count + Self.near && found.lead == 0
                        && isBoundary(found.count, of: base, before: count)
                    if !isRight {
                        Issue.record("\(fault) at \(place), text at \(alignment), key \(key): \(found)")
                        return
                    }
                }
            }
        }
    }

    /// All pairs of bytes followed by continuations or ASCII, inside a block and across each boundary of two, so that every
    /// entry of the kernels' tables decides somewhere.
    @Test(arguments: KernelSet.all)
    func everyPair(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        let count = 128
        let start = memory.count - count
        let tails: [[UInt8]] = [[0x41, 0x41], [0x80, 0x41], [0xBF, 0x80], [0x80, 0xE2]]
        let blank = Array(repeating: UInt8(ascii: "a"), count: count)
        memory.write(blank, at: start)
        var sample = Sample(oneIn: 10)
        for lead in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                for tail in tails where sample.takes() {
                    let text = [lead, second] + tail + [0x41]
                    let (whole, stop) = NaiveText.prefix(of: text, end: text.count)
                    for place in [29, 61, 62, 63] {
                        memory.write(text, at: start + place)
                        let found = kernels.textPrefix(memory, start..<memory.count, key: 0)
                        memory.write(blank, at: start + place, first: text.count)
                        let isRight =
                            if case .fault(let first) = stop {
                                found.count <= place + whole && place + first < found.count + Self.near
                            } else {
                                found == Prefix(count: count)
                            }
                        if !isRight {
                            Issue.record("\(text) at \(place): \(found), where \(whole) bytes are right")
                            return
                        }
                    }
                }
            }
        }
    }

    /// Damaged text of every kind: bytes changed, dropped or doubled in characters of all lengths.
    @Test(arguments: KernelSet.all)
    func damagedText(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        var random = SplitMix64(seed: 3629)
        for round in 0..<Sample.rounds(6_000, debug: 1000) {
            var text = SampleText.repeating(
                random.pick(SampleText.patterns), shift: random.below(5), count: 1 + random.below(400))
            for _ in 0..<random.below(3) {
                let index = random.below(text.count)
                switch random.below(4) {
                case 0: text[index] ^= 1 << UInt8(random.below(8))
                case 1: text.insert(text[index], at: index)
                case 2: text[index] = random.pick([0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC1, 0xE0, 0xED, 0xF0, 0xF4])
                default: if text.count > 1 { text.remove(at: index) }
                }
            }
            let key = random.pick(Keys.all)
            let start = random.pick(PagePosition.allCases).index(of: text.count, in: memory)
            let masked = text.masked(key)
            memory.write(masked, at: start)
            let found = kernels.textPrefix(memory, start..<(start + text.count), key: key)
            let isUnmasked =
                kernels.unmaskText(memory, start..<(start + text.count), key: key) == found
                && memory.holds(text, 0..<found.count, at: start)
                && memory.holds(masked, found.count..<text.count, at: start)
            let (whole, stop) = NaiveText.prefix(of: text, end: text.count)
            let isRight =
                if case .fault(let first) = stop {
                    found.count <= whole && first < found.count + Self.near && found.lead == 0
                        && NaiveText.prefix(of: text, end: found.count).stop == nil
                } else {
                    found.count == text.count && found.lead == NaiveText.lead(after: text, from: 0)
                }
            #expect(isRight && isUnmasked, "round \(round): \(found), where \(whole) bytes are right")
        }
    }
}
