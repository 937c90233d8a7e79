import SeededRandom
import Testing

/// `unmask_frame` and `validate_frame`: one whole frame, and not a byte more.
@Suite struct SingleFrameTests {
    private let memory = GuardedMemory(4096)

    /// Every length in every phase of the key, at each place in 16 bytes and at a protected page, whole and truncated.
    @Test(arguments: KernelSet.all, [0x81, 0x82, 0x8A, 0xC1, 0x01, 0x02, 0x41] as [UInt8])
    func everyLengthAlignmentPhaseAndCut(kernels: KernelSet, byte0: UInt8) {
        var sample = Sample(oneIn: 25)
        for length in Array(0...300) + [511, 512, 513, 1023, 1024, 1025, 1500] {
            if byte0 == 0x8A && length > 125 { break }
            let text = SampleText.repeating("abc def ", count: length)
            for key in Keys.phases + [nil] where sample.takes() {
                let stream = NaiveFrames.frame(byte0, text, key: key)
                let places = [memory.count - stream.count] + (0..<(length % 7 == 0 ? 16 : 2))
                for start in places { check(kernels, stream, at: start, masked: key != nil, "\(length) at \(start)") }
                for cut in [1, 2, 7, 17, 65] where cut < stream.count {
                    let part = Array(stream.dropLast(cut))
                    check(kernels, part, at: memory.count - part.count, masked: key != nil, "\(length) without \(cut)")
                }
            }
        }
    }

    /// A byte that is not ASCII, and one that is not UTF-8, at every place of a text.
    @Test(arguments: KernelSet.all)
    func everyPlace(kernels: KernelSet) {
        var sample = Sample(oneIn: 3)
        for length in [
            1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 100, 127, 128, 129, 192, 200, 256, 300,
        ] {
            for place in 0..<length {
                for fault in [[0xFF], [0xC3, 0xA9], [0xE2, 0x82]] as [[UInt8]] {
                    var text = SampleText.repeating("a", count: length)
                    for (index, byte) in fault.enumerated() where place + index < length { text[place + index] = byte }
                    for byte0 in [0x81, 0x01] as [UInt8] where sample.takes() {
                        let stream = NaiveFrames.frame(byte0, text, key: Keys.all[place % Keys.all.count])
                        check(kernels, stream, at: memory.count - stream.count, masked: true, "\(fault) at \(place)")
                    }
                }
            }
        }
    }

    /// Every pair of first bytes, and limits around the length.
    @Test(arguments: KernelSet.all, [true, false])
    func everyHeader(kernels: KernelSet, masked: Bool) {
        for byte0 in UInt8.min...UInt8.max {
            for byte1 in UInt8.min...UInt8.max {
                check(
                    kernels, [byte0, byte1] + [UInt8](repeating: 0x20, count: 140), at: 0, masked: masked, "\(byte1)")
            }
        }
        for length in [0, 20, 125, 126, 300] {
            let payload = SampleText.repeating("z", count: length)
            let stream = NaiveFrames.frame(0x81, payload, key: masked ? Keys.all[1] : nil)
            for limit in [0, 19, 20, 124, 125, 126, 299, 300] as [UInt64] {
                check(kernels, stream, at: 0, masked: masked, limit: limit, "\(length), limit \(limit)")
            }
        }
    }

    /// While a message is open, the library passes its kind as that of continuations, and the rest of its limit.
    @Test(arguments: KernelSet.all, [1, 2, 3] as [UInt32])
    func continuations(kernels: KernelSet, open: UInt32) {
        let kinds = NaiveFrames.rules(masked: true).kinds & 0xFFFF_0000_FFFF_0000 | UInt64(open)
        for byte0 in UInt8.min...UInt8.max {
            for text in ["", "abc", "0123456789", "0123456789é", "\u{FFFD}"] {
                let stream = NaiveFrames.frame(byte0, Array(text.utf8), key: Keys.all[1]) + [0x20, 0x20, 0x20]
                for limit in [0, 3, 10, 100] as [UInt64] {
                    let rules = NaiveFrames.rules(masked: true, limit: limit + 7, open: open, openLength: 7)
                    let kernel = NaiveFrames.rules(masked: true, limit: limit, kinds: kinds)
                    check(
                        kernels, stream, at: 0, rules, asTheKernelHasThem: kernel, "\(byte0): \(text), limit \(limit)")
                }
            }
        }
    }

    private func check(
        _ kernels: KernelSet, _ stream: [UInt8], at start: Int, masked: Bool, limit: UInt64 = .max,
        _ what: @autoclosure () -> String
    ) {
        let rules = NaiveFrames.rules(masked: masked, limit: limit)
        check(kernels, stream, at: start, rules, asTheKernelHasThem: rules, what())
    }

    private func check(
        _ kernels: KernelSet, _ stream: [UInt8], at start: Int, _ rules: NaiveFrames.Rules,
        asTheKernelHasThem given: NaiveFrames.Rules, _ what: @autoclosure () -> String
    ) {
        let right = NaiveFrames.unmask(stream, rules, most: 1)
        // Whole frames of 8 bytes or more whose header fits into a word; no fragment that ends inside a character; and no
        // control frame above the limit, which is not meant for control frames but checked for all.
        let isInLimit = stream.count < 2 || stream[0] & 0x08 == 0 || UInt64(stream[1] & 0x7F) <= given.limit
        let isGoneOver =
            right.unmasked.run.frames == 1 && right.unmasked.run.state.lead == 0 && stream.count >= 8 && isInLimit
        let size = isGoneOver ? right.unmasked.run.bytes : 0
        let range = start..<(start + stream.count)
        memory.write(stream, at: start)
        let read = kernels.validateFrame(memory, range, given)
        let isUnchanged = memory.holds(stream, at: start)
        let unmasked = kernels.unmaskFrame(memory, range, given)
        guard read == size, isUnchanged, unmasked == size, memory.holds(isGoneOver ? right.bytes : stream, at: start)
        else {
            Issue.record("\(what()): \(read) and \(unmasked) instead of \(size)")
            return
        }
    }
}
