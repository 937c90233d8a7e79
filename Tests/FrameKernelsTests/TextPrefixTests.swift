import Testing

/// `text_prefix` and `unmask_text` over well-formed text: all of it, and the character open at its end.
@Suite struct TextPrefixTests {
    static let longest = 300

    /// For each length, the lead that is open after that much text.
    private func leads(after text: [UInt8]) -> [UInt8] {
        var leads: [UInt8] = [0]
        var start = 0
        while start < text.count, case .character(let count) = NaiveText.piece(of: text, at: start, end: text.count) {
            for end in (start + 1)..<(start + count) {
                leads.append(NaiveText.lead(after: Array(text[start..<end]), from: 0) ?? 0xFF)
            }
            leads.append(0)
            start += count
        }
        return leads
    }

    /// Every length, between protected pages.
    @Test(arguments: KernelSet.all, SampleText.patterns)
    func everyLength(kernels: KernelSet, pattern: String) {
        let memory = GuardedMemory(4096)
        for shift in 0..<4 {
            let text = SampleText.repeating(pattern, shift: shift, count: Self.longest + 4)
            let leads = leads(after: text)
            for key in Keys.all {
                let masked = text.masked(key)
                for place in PagePosition.allCases {
                    for count in 0...Self.longest {
                        let start = place.index(of: count, in: memory)
                        memory.write(masked, at: start, first: count)
                        let found = kernels.textPrefix(memory, start..<(start + count), key: key)
                        let unmasked = kernels.unmaskText(memory, start..<(start + count), key: key)
                        let isRight =
                            found == Prefix(count: count, lead: leads[count]) && unmasked == found
                            && memory.holds(text, 0..<count, at: start)
                        if !isRight {
                            Issue.record("\(count) bytes, shift \(shift), key \(key): \(found), not \(leads[count])")
                            return
                        }
                    }
                }
            }
        }
    }

    /// Every length, at each alignment to a cache line, in all four phases of the key.
    @Test(arguments: KernelSet.all, [SampleText.patterns[0], SampleText.patterns[5]])
    func everyAlignment(kernels: KernelSet, pattern: String) {
        let memory = GuardedMemory(4096)
        let text = SampleText.repeating(pattern, count: Self.longest + 4)
        let leads = leads(after: text)
        for key in Keys.phases {
            let masked = text.masked(key)
            for alignment in 0..<64 {
                // The bytes before and after are not UTF-8; they must not matter, and must not change.
                let around = Array(repeating: UInt8(0xFF), count: Self.longest + 200)
                let start = 64 + alignment
                for count in 0...Self.longest {
                    memory.write(around, at: 0)
                    memory.write(masked, at: start, first: count)
                    let found = kernels.textPrefix(memory, start..<(start + count), key: key)
                    let unmasked = kernels.unmaskText(memory, start..<(start + count), key: key)
                    let isRight =
                        found == Prefix(count: count, lead: leads[count]) && unmasked == found
                        && memory.holds(text, 0..<count, at: start)
                        && memory.holds(around, 0..<start, at: 0)
                        && memory.holds(around, (start + count)..<around.count, at: 0)
                    if !isRight {
                        Issue.record("\(count) bytes at \(alignment), key \(key): \(found), not \(leads[count])")
                        return
                    }
                }
            }
        }
    }

    /// Long texts, in which many blocks are taken at once: ASCII with one other character somewhere.
    @Test(arguments: KernelSet.all)
    func aCharacterAmongASCII(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        let count = 900
        let ascii = Array(repeating: UInt8(ascii: "a"), count: count)
        for character in ["é", "€", "😀"] {
            let bytes = Array(character.utf8)
            for key in Keys.phases {
                var text = ascii.masked(key)
                for place in 0...(count - bytes.count) {
                    let plain = text[place..<(place + bytes.count)]
                    for index in bytes.indices { text[place + index] = bytes[index] ^ key.keyByte(place + index) }
                    let start = memory.count - count
                    memory.write(text, at: start)
                    let found = kernels.textPrefix(memory, start..<memory.count, key: key)
                    let unmasked = kernels.unmaskText(memory, start..<memory.count, key: key)
                    let isRight =
                        found == Prefix(count: count) && unmasked == found && memory.holds(ascii, 0..<place, at: start)
                        && memory.holds(bytes, at: start + place)
                        && memory.holds(ascii, (place + bytes.count)..<count, at: start)
                    text.replaceSubrange(plain.indices, with: plain)
                    if !isRight {
                        Issue.record("\(character) at \(place), key \(key): \(found)")
                        return
                    }
                }
            }
        }
    }

    /// The functions that the library calls give the best kernels' answer, and take nothing if there are no kernels.
    @Test func theChosenOnes() {
        let memory = GuardedMemory(4096)
        let text = SampleText.repeating(SampleText.patterns[5], count: Self.longest)
        for count in 0...Self.longest {
            let start = memory.count - count
            memory.write(text, at: start, first: count)
            let best = KernelSet.all.first?.textPrefix(memory, start..<memory.count, key: 0) ?? Prefix(count: 0)
            #expect(ChosenKernels.textPrefix(memory, start..<memory.count, key: 0) == best)
            #expect(ChosenKernels.unmaskText(memory, start..<memory.count, key: 0) == best)
        }
    }
}
