import SeededRandom
import Testing

/// What stops `validate_frames` in a payload or a length: invalid text, limits, and lengths of 16 and 64 bits.
@Suite struct ValidateTextTests {
    /// A fault at every place of every short text, with and without room after it: one byte in each phase of the key, and
    /// all kinds in turn.
    @Test(arguments: KernelSet.all)
    func everyFault(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        var sample = Sample(oneIn: 25)
        for count in 1...127 {
            for place in 0..<count {
                let number = count * 7 + place
                let kind = SampleText.faults[number % SampleText.faults.count]
                let single: [UInt8] = [place % 2 == 0 ? 0x80 : 0xFF]
                var tries = Keys.phases.map { (fault: single, key: $0 as UInt32?) }
                tries.append((kind, number % 8 == 0 ? nil : Keys.all[(count + place / 7) % Keys.all.count]))
                for (fault, key) in tries where sample.takes() {
                    var payload = SampleText.repeating(place % 2 == 0 ? "a" : "é", shift: count % 2, count: count)
                    payload.replaceSubrange(place..<min(count, place + fault.count), with: fault)
                    let before = NaiveFrames.frame(0x81, Array("before".utf8), key: key)
                    let after = NaiveFrames.frame(0x82, Array(repeating: 0xBF, count: number % 2 * 200), key: nil)
                    let stream = before + NaiveFrames.frame(0x81, Array(payload[..<count]), key: key) + after
                    let rules = NaiveFrames.rules(masked: key != nil)
                    if !kernels.validatesRight(memory, at: memory.count - stream.count, stream, rules) {
                        Issue.record("\(fault) at \(place) of \(count), key \(key as Any)")
                        return
                    }
                }
            }
        }
    }

    /// 16-bit lengths around every boundary, with the payload's end at the end of the memory, one byte before and one after.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[1], 0xFFFF_FFFF])
    func mediumLengths(kernels: KernelSet, key: UInt32?) {
        let memory = GuardedMemory(80_000)
        let rules = NaiveFrames.rules(masked: key != nil)
        let borders = [128, 134, 192, 256, 320, 512, 1024, 4096].flatMap { ($0 - 3)...($0 + 3) }
        for byte0 in [0x81, 0x82] as [UInt8] {
            for count in [126, 127] + borders + [16_384, 65_534, 65_535, 65_536] {
                let text = SampleText.repeating(SampleText.patterns[0], count: count)
                let frame = NaiveFrames.frame(byte0, Array(text[..<count]), key: key)
                for stream in [frame, Array(frame.dropLast()), frame + [0x81], frame + frame.prefix(140)] {
                    let start = memory.count - stream.count
                    #expect(kernels.validatesRight(memory, at: start, stream, rules), "\(count) bytes of \(byte0)")
                }
            }
        }
    }

    /// Lengths in a form that is longer than necessary are not plain.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[1]])
    func formsThatAreTooLong(kernels: KernelSet, key: UInt32?) {
        let memory = GuardedMemory(4096)
        let rules = NaiveFrames.rules(masked: key != nil)
        let mask: UInt8 = key == nil ? 0 : 0x80
        let tail = Array(repeating: UInt8(ascii: "t"), count: 500)
        for byte0 in [0x81, 0x82, 0x89] as [UInt8] {
            for length in 0...300 {
                let stream = [byte0, mask | 126, UInt8(length >> 8), UInt8(length & 0xFF)] + tail
                #expect(kernels.validatesRight(memory, at: 0, stream, rules), "\(length) in 16 bits")
                let long = [byte0, mask | 127, 0, 0, 0, 0, 0, 0, UInt8(length >> 8), UInt8(length & 0xFF)] + tail
                #expect(kernels.validatesRight(memory, at: 0, long, rules), "\(length) in 64 bits")
            }
        }
    }

    /// 64-bit lengths: the shortest possible, some that exceed the stream, and some that would overflow; each header also
    /// cut off after every byte.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[1]])
    func longLengths(kernels: KernelSet, key: UInt32?) {
        let memory = GuardedMemory(80_000)
        var sample = Sample(oneIn: 18)
        let mask: UInt8 = key == nil ? 0 : 0x80
        let lengths: [UInt64] = [
            0xFFFF, 0x1_0000, 0x1_0001, 0x1_0000_0000, 0x1_0000_0000_0001, .max >> 1, 1 << 63,
            1 << 63 | 0x1_0000,
            .max - 14, .max,
        ]
        for byte0 in [0x81, 0x82, 0x01, 0x02, 0x00, 0x8A] as [UInt8] {
            for length in lengths {
                let header = [byte0, mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
                let payload = SampleText.repeating(SampleText.patterns[0], count: 66_000)[..<Int(min(length, 66_000))]
                let mask = (0..<(key == nil ? 0 : 4)).map { (key ?? 0).keyByte($0) }
                let stream = header + mask + Array(payload).masked(key ?? 0)
                for limit in [.max, 0xFFFF, 0x1_0000, .max >> 1] as [UInt64] {
                    for openLength in [0, 1, .max - 0x1_0000] as [UInt64] where openLength <= limit && sample.takes() {
                        let rules = NaiveFrames.rules(
                            masked: key != nil, limit: limit, open: byte0 == 0 ? 1 : 0,
                            openLength: byte0 == 0 ? openLength : 0)
                        let start = memory.count - stream.count
                        #expect(kernels.validatesRight(memory, at: start, stream, rules), "\(byte0), \(length) bytes")
                    }
                }
                for count in Array(0...14) + [stream.count - 1] {
                    let cut = Array(stream[..<count])
                    let rules = NaiveFrames.rules(masked: key != nil, open: byte0 == 0 ? 1 : 0)
                    #expect(
                        kernels.validatesRight(memory, at: memory.count - count, cut, rules),
                        "\(length), \(count) there")
                }
            }
        }
    }

    /// A fault near the end of a long text, or an incomplete character there.
    @Test(arguments: KernelSet.all)
    func longFaults(kernels: KernelSet) {
        let memory = GuardedMemory(80_000)
        for tail in [[0xFF, 0x61], [0xC3], [0xE2, 0x82], [0xC3, 0xA9], [0x80]] as [[UInt8]] {
            var text = SampleText.repeating("aé€😀", count: 65_600)
            while text.last != 0x61 { text.removeLast() }
            for key in [nil, Keys.phases[2]] {
                let stream = NaiveFrames.frame(0x81, text + tail, key: key)
                let rules = NaiveFrames.rules(masked: key != nil)
                #expect(kernels.validatesRight(memory, at: memory.count - stream.count, stream, rules), "\(tail)")
            }
        }
    }

    /// A fault in a text of medium length, at every place; and text that ends inside a character.
    @Test(arguments: KernelSet.all)
    func mediumFaults(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        let key = Keys.phases[3]
        let rules = NaiveFrames.rules(masked: true)
        for count in [126, 190, 256, 257, 300] {
            for place in 0..<count {
                let fault = SampleText.faults[(count + place) % SampleText.faults.count]
                var payload = SampleText.repeating("aé€😀", shift: place % 3, count: count + 10)
                payload.replaceSubrange(place..<(place + fault.count), with: fault)
                let stream = NaiveFrames.frame(0x81, Array(payload[..<count]), key: key)
                if !kernels.validatesRight(memory, at: memory.count - stream.count, stream, rules) {
                    Issue.record("\(fault) at \(place) of \(count)")
                    return
                }
            }
        }
    }

    /// Every limit around every length.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[2]])
    func limits(kernels: KernelSet, key: UInt32?) {
        let memory = GuardedMemory(4096)
        let text = SampleText.repeating(SampleText.patterns[0], count: 400)
        for byte0 in [0x81, 0x82, 0x89] as [UInt8] {
            for length in Array(0...10) + Array(120...130) + [255, 256, 257, 300] {
                let small = NaiveFrames.frame(byte0, Array(text[..<min(length, 3)]), key: key)
                let frame = NaiveFrames.frame(byte0, Array(text[..<length]), key: key)
                for limit in [0, 1, 2, length - 1, length, length + 1, 124, 125, 126, 127] where limit >= 0 {
                    let rules = NaiveFrames.rules(masked: key != nil, limit: UInt64(limit))
                    for stream in [small + frame, frame + small + small] {
                        let start = memory.count - stream.count
                        #expect(kernels.validatesRight(memory, at: start, stream, rules), "\(length), limit \(limit)")
                    }
                }
            }
        }
    }

    /// Streams of many frames, intact or with a byte or two damaged.
    @Test(arguments: KernelSet.all, [1, 2, 3] as [UInt64])
    func damagedStreams(kernels: KernelSet, seed: UInt64) {
        let memory = GuardedMemory(16_384)
        var random = SplitMix64(seed: seed)
        for round in 0..<Sample.rounds(400, debug: 75) {
            let masked = random.below(3) != 0
            var stream: [UInt8] = []
            for _ in 0..<(1 + random.below(12)) {
                let count = random.below(4) == 0 ? random.below(400) : random.below(126)
                let byte0 = random.pick(count > 125 ? [0x81, 0x82] : [0x81, 0x81, 0x82, 0x89, 0x8A] as [UInt8])
                let whole = SampleText.repeating(random.pick(SampleText.patterns), shift: random.below(4), count: count)
                let end = byte0 == 0x81 ? NaiveText.prefix(of: whole, end: count).end : count
                stream += NaiveFrames.frame(byte0, Array(whole[..<end]), key: masked ? random.pick(Keys.all) : nil)
            }
            stream.turnBits(&random)
            stream.cutShort(&random)
            let start = random.pick(PagePosition.allCases).index(of: stream.count, in: memory)
            let rules = NaiveFrames.rules(masked: masked, limit: random.pick([.max, .max, 0, 100, 125, 126, 300]))
            #expect(kernels.validatesRight(memory, at: start, stream, rules), "round \(round)")
        }
    }

    @Test func theChosenOnes() {
        let memory = GuardedMemory(4096)
        memory.write([0x81, 0x01, 0x61, 0x89, 0x00, 0x88, 0x00], at: 0)
        let run = ChosenKernels.validate(memory, 0..<300, NaiveFrames.rules(masked: false))
        #expect(run == (KernelSet.all.isEmpty ? Run() : Run(bytes: 5, frames: 2, messages: 1)))
    }
}
