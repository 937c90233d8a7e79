import SeededRandom
import Testing

/// `unmask_frames` with many frames: short masked ones are read ahead and unmasked in groups, and whatever ends a group may be at
/// any place in it.
@Suite struct UnmaskManyTests {
    private let memory = GuardedMemory(8192)
    private let words = GuardedMemory(4096)

    private func isRight(
        _ kernels: KernelSet, _ stream: [UInt8], masked: Bool, most: Int, place: PagePosition = .atTheEnd
    ) -> Bool {
        let start = place.index(of: stream.count, in: memory)
        let rules = NaiveFrames.rules(masked: masked)
        return kernels.unmasksRight(memory, at: start, stream, rules, most: most, words: words)
    }

    /// Consecutive frames of every plain kind and of many lengths.
    private func frames(_ count: Int, from first: Int = 0, masked: Bool, isASCII: Bool = true) -> [[UInt8]] {
        let lengths = [5, 0, 63, 17, 64, 1, 65, 125, 2, 31, 127, 32, 8]
        return (first..<(first + count)).map { number in
            var random = SplitMix64(seed: UInt64(number))
            let key = masked ? random.pick(Keys.all) : nil
            let length = lengths[number % lengths.count]
            switch number % 7 {
            case 1: return NaiveFrames.frame(0x89, random.bytes(min(length, 125)), key: key)
            case 3: return NaiveFrames.frame(0x82, random.bytes(length), key: key)
            case 5: return NaiveFrames.frame(0x8A, random.bytes(min(length, 125)), key: key)
            default:
                let pattern = isASCII || number % 7 != 4 ? SampleText.patterns[0] : "aé€😀"
                let text = SampleText.repeating(pattern, shift: number % 4, count: length)
                let end = NaiveText.prefix(of: text, end: min(length, text.count)).end
                return NaiveFrames.frame(0x81, Array(text[..<end]), key: key)
            }
        }
    }

    /// What follows the last frame: nothing, the beginning of a frame, room for groups, or other bytes.
    private static let after: [[UInt8]] = [
        [], [0x81], Array(repeating: 0x80, count: 140), Array(repeating: 0xB5, count: 300),
    ]

    /// 1 to 20 frames, with room for as many words, one fewer, or one more; each kind at each place of a group.
    @Test(arguments: KernelSet.all, [true, false])
    func everyCount(kernels: KernelSet, masked: Bool) {
        var sample = Sample(oneIn: 25)
        for first in 0..<7 {
            for count in 0...20 {
                for isASCII in [true, false] {
                    let stream = frames(count, from: first, masked: masked, isASCII: isASCII).flatMap { $0 }
                    for most in Set([0, 1, count - 1, count, count + 1, 20]) where most >= 0 {
                        for after in Self.after where sample.takes() {
                            if !isRight(kernels, stream + after, masked: masked, most: most) {
                                Issue.record("\(count) frames from \(first) on, \(most) words")
                                return
                            }
                        }
                    }
                }
            }
        }
    }

    /// Every number of words: no word beyond them is written, and no frame beyond them is changed.
    @Test(arguments: KernelSet.all, [true, false])
    func everyCapacity(kernels: KernelSet, masked: Bool) {
        for isASCII in [true, false] {
            let stream = frames(140, masked: masked, isASCII: isASCII).flatMap { $0 }
            for most in Array(0...20) + [126, 127, 128, 129, 139, 140, 141] {
                #expect(isRight(kernels, stream, masked: masked, most: most, place: .atTheStart), "\(most) words")
                #expect(isRight(kernels, stream, masked: masked, most: most), "\(most) words")
            }
        }
    }

    /// One of 1 to 20 frames is not plain: invalid text, text that ends inside a character, or another kind of frame. It and
    /// everything after it stays as it was.
    @Test(arguments: KernelSet.all, [true, false])
    func everyStateOfAFault(kernels: KernelSet, masked: Bool) {
        let key: UInt32? = masked ? Keys.phases[1] : nil
        let long = SampleText.repeating("x", count: 90)
        let faulty: [[UInt8]] = [
            NaiveFrames.frame(0x81, [0xFF], key: key), NaiveFrames.frame(0x81, [0x61, 0xC3], key: key),
            NaiveFrames.frame(0x81, long + [0x80], key: key), NaiveFrames.frame(0x81, long + [0xE2, 0x82], key: key),
            NaiveFrames.frame(0x81, Array("é".utf8) + long + [0xF0], key: key), NaiveFrames.frame(0x80, [], key: key),
            NaiveFrames.frame(0x88, [], key: key), NaiveFrames.frame(0xC1, [], key: key),
            NaiveFrames.frame(0x09, [], key: key), NaiveFrames.frame(0x82, [1], key: masked ? nil : 7),
        ]
        var sample = Sample(oneIn: 25)
        for count in 1...20 {
            for isASCII in [true, false] {
                let good = frames(count, from: count, masked: masked, isASCII: isASCII)
                for place in 0..<count {
                    for fault in faulty where sample.takes() {
                        var all = good
                        all[place] = fault
                        let after = Self.after[(count + place) % Self.after.count]
                        if !isRight(kernels, all.flatMap { $0 } + after, masked: masked, most: 20) {
                            Issue.record("\(fault) at \(place) of \(count)")
                            return
                        }
                    }
                }
            }
        }
    }

    /// Short frames cut off after every byte, the last of which is at a protected page.
    @Test(arguments: KernelSet.all, [true, false])
    func everyCut(kernels: KernelSet, masked: Bool) {
        let stream = frames(17, masked: masked, isASCII: false).flatMap { $0 }
        for count in 0...stream.count {
            #expect(isRight(kernels, Array(stream[..<count]), masked: masked, most: 20), "\(count) bytes")
        }
    }

    /// Text that is not ASCII in one frame of a group, at each place and of each length; and high bytes in frames that are not
    /// text.
    @Test(arguments: KernelSet.all)
    func highBytes(kernels: KernelSet) {
        for length in 2...125 {
            for place in 0..<9 {
                let number = length * 9 + place
                var payload = Array(repeating: UInt8(ascii: "h"), count: length)
                let at = number * 31 % (length - 1)
                payload[at] = 0xC3
                payload[at + 1] = number % 4 == 0 ? 0x41 : 0xA9
                var all = (0..<9).map { NaiveFrames.frame(0x81, Array("text \($0)".utf8), key: Keys.all[$0 % 7]) }
                all[place] = NaiveFrames.frame(
                    [0x81, 0x81, 0x82, 0x8A][number % 4], payload, key: Keys.all[number % 7])
                let stream = all.flatMap { $0 } + Array(repeating: 0x80, count: number % 2 * 134)
                if !isRight(kernels, stream, masked: true, most: 9) {
                    Issue.record("\(length) bytes in frame \(place)")
                    return
                }
            }
        }
    }

    /// Streams of many frames and fragments, intact or with a bit or two flipped, with any open message, limit and capacity.
    @Test(arguments: KernelSet.all, [1, 2, 3] as [UInt64])
    func damagedStreams(kernels: KernelSet, seed: UInt64) {
        let memory = GuardedMemory(16_384)
        var random = SplitMix64(seed: seed)
        for round in 0..<Sample.rounds(600, debug: 100) {
            let masked = random.below(4) != 0
            var stream: [UInt8] = []
            for _ in 0..<(1 + random.below(20)) {
                let count = random.below(8) == 0 ? random.below(400) : random.below(random.below(2) == 0 ? 20 : 126)
                let plain: [UInt8] = [0x81, 0x81, 0x81, 0x82]
                let byte0 = random.pick(
                    count > 125 ? plain : plain + [0x89, 0x8A] + (seed == 3 ? [0x01, 0x00, 0x80, 0x02] : []))
                let whole = SampleText.repeating(random.pick(SampleText.patterns), shift: random.below(4), count: count)
                let end = byte0 & 0x0F < 2 ? NaiveText.prefix(of: whole, end: count).end : count
                stream += NaiveFrames.frame(byte0, Array(whole[..<end]), key: masked ? random.pick(Keys.all) : nil)
            }
            stream.turnBits(&random)
            stream.cutShort(&random)
            let start = random.pick(PagePosition.allCases).index(of: stream.count, in: memory)
            let rules = NaiveFrames.rules(
                masked: masked, limit: random.pick([.max, .max, 100, 125, 126, 300]),
                open: seed == 3 ? UInt32(random.below(3)) : 0)
            let most = random.pick([1, 3, 4, 5, 20, 20, 20])
            #expect(kernels.unmasksRight(memory, at: start, stream, rules, most: most, words: words), "round \(round)")
        }
    }
}
