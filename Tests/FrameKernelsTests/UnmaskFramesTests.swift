import SeededRandom
import Testing

/// `unmask_frames`, frame by frame: a plain one is unmasked in place; no other byte is changed, and none if it is not plain.
@Suite struct UnmaskFramesTests {
    /// A short frame with at least this many bytes from its start is read ahead; one with fewer is handled alone.
    static let room = 6 + 2 * 64

    private let memory = GuardedMemory(4096)
    private let words = GuardedMemory(4096)

    /// Unmasks the first frames of `stream`, and compares.
    private func isRight(
        _ kernels: KernelSet, at start: Int, _ stream: [UInt8], masked: Bool, limit: UInt64 = .max, most: Int = 1
    ) -> Bool {
        let rules = NaiveFrames.rules(masked: masked, limit: limit)
        return kernels.unmasksRight(memory, at: start, stream, rules, most: most, words: words)
    }

    /// Every payload length, plain opcode and phase of the key, with different bytes after it.
    @Test(arguments: KernelSet.all, [0x81, 0x82, 0x89, 0x8A] as [UInt8])
    func everyLength(kernels: KernelSet, byte0: UInt8) {
        var random = SplitMix64(seed: UInt64(byte0))
        var sample = Sample(oneIn: 25)
        for key in [nil] + Keys.all.map({ $0 as UInt32? }) {
            for pattern in [SampleText.patterns[0], "é", "aé€😀"] {
                for count in 0...125 {
                    // Cut inside a character, it is not text, and is not unmasked.
                    let payload = Array(SampleText.repeating(pattern, count: 125)[..<count])
                    let frame = NaiveFrames.frame(byte0, payload, key: key)
                    for after in [0, 1, Self.room - frame.count, Self.room, 400] where after >= 0 && sample.takes() {
                        let stream = frame + random.bytes(after)
                        let start = (count % 2 == 0 ? PagePosition.atTheEnd : .atTheStart).index(
                            of: stream.count, in: memory)
                        if !isRight(kernels, at: start, stream, masked: key != nil) {
                            Issue.record("\(count) bytes, key \(key as Any), \(after) after")
                            return
                        }
                    }
                }
            }
        }
    }

    /// At each alignment to a cache line; the bytes around it are compared as well.
    @Test(arguments: KernelSet.all)
    func everyAlignment(kernels: KernelSet) {
        var random = SplitMix64(seed: 8)
        let around = random.bytes(640)
        for key in Keys.phases {
            for alignment in stride(from: 0, to: 64, by: Sample.rounds(1, debug: 3)) {
                let start = 128 + alignment
                memory.write(around, at: 0)
                for count in stride(from: alignment % 3, through: 125, by: 3) {
                    let payload = SampleText.repeating(SampleText.patterns[0], count: 126)[..<count]
                    let stream = NaiveFrames.frame(0x81, Array(payload), key: key) + random.bytes(Self.room)
                    let isRight =
                        isRight(kernels, at: start, stream, masked: true)
                        && memory.holds(around, 0..<start, at: 0)
                        && memory.holds(around, (start + stream.count)..<around.count, at: 0)
                    if !isRight {
                        Issue.record("\(count) bytes at \(alignment), key \(key)")
                        return
                    }
                    memory.write(around, at: 0)
                }
            }
        }
    }

    /// All values of a frame's first two bytes, alone and after frames that are read ahead together with it.
    @Test(arguments: KernelSet.all, [true, false])
    func everyHeader(kernels: KernelSet, masked: Bool) {
        let tail = Array(repeating: UInt8(ascii: "t"), count: 200)
        let before = [2, 0, 5].flatMap {
            NaiveFrames.frame(0x82, Array(repeating: 0xEE, count: $0), key: masked ? 0x0102_0304 : nil)
        }
        var sample = Sample(oneIn: 40)
        for byte0 in UInt8.min...UInt8.max {
            for byte1 in UInt8.min...UInt8.max where sample.takes() {
                let frame = [byte0, byte1, 0, 1, 0, 3] + tail
                for stream in [frame, before + frame] {
                    if !isRight(kernels, at: memory.count - stream.count, stream, masked: masked, most: 4) {
                        Issue.record("\(byte0), \(byte1)")
                        return
                    }
                }
            }
        }
    }

    /// A fault at every place of every text: the frame is not unmasked, and stays as it was.
    @Test(arguments: KernelSet.all)
    func everyFault(kernels: KernelSet) {
        for count in 1...125 {
            for place in 0..<count {
                let fault = SampleText.faults[(count * 7 + place) % SampleText.faults.count]
                var payload = SampleText.repeating(place % 2 == 0 ? "a" : "é", shift: count % 2, count: count)
                payload.replaceSubrange(place..<min(count, place + fault.count), with: fault)
                let key = Keys.all[(count + place) % Keys.all.count]
                let stream =
                    NaiveFrames.frame(0x81, Array(payload[..<count]), key: key)
                    + Array(repeating: 0x80 ^ key.keyByte(count), count: place % 2 * Self.room)
                if !isRight(kernels, at: memory.count - stream.count, stream, masked: true) {
                    Issue.record("\(fault) at \(place) of \(count), key \(key)")
                    return
                }
            }
        }
    }

    /// Every length at which the stream may be too short, and every limit.
    @Test(arguments: KernelSet.all)
    func everyEndAndLimit(kernels: KernelSet) {
        for key in [nil, Keys.phases[1]] {
            let payload = SampleText.repeating(SampleText.patterns[0], count: 125)
            let stream = NaiveFrames.frame(0x81, Array(payload[..<125]), key: key) + payload
            for count in 0...stream.count {
                let rest = Array(stream[..<count])
                #expect(isRight(kernels, at: memory.count - count, rest, masked: key != nil), "\(count)")
            }
            for byte0 in [0x82, 0x89] as [UInt8] {
                for length in 0...125 {
                    let stream = NaiveFrames.frame(byte0, Array(payload[..<length]), key: key) + payload + payload
                    for limit in [0, length - 1, length, length + 1, 124, 125, 126] where limit >= 0 {
                        #expect(
                            isRight(kernels, at: 0, stream, masked: key != nil, limit: UInt64(limit)),
                            "\(length) bytes, limit \(limit)")
                    }
                }
            }
        }
    }

    /// Frames with a 16-bit length, whole and truncated, at the limit and above it, with and without a fault.
    @Test(arguments: KernelSet.all, [nil] + Keys.phases.map { $0 as UInt32? })
    func mediumFrames(kernels: KernelSet, key: UInt32?) {
        let memory = GuardedMemory(80_000)
        var sample = Sample(oneIn: 18)
        let borders = [128, 134, 192, 256, 320, 512, 1024].flatMap { ($0 - 3)...($0 + 3) }
        for byte0 in [0x81, 0x82, 0x89] as [UInt8] {
            for count in [126, 127] + borders + [65_535, 65_536] {
                let whole = SampleText.repeating("aé€😀", count: count + 3)
                // Padded with ASCII if a character would be incomplete.
                let end = NaiveText.prefix(of: whole, end: count).end
                var payload = whole[..<end] + Array(repeating: 0x7A, count: count - end)
                let frame = NaiveFrames.frame(byte0, Array(payload), key: key)
                payload[count * 5 / 7] = 0xFF
                let broken = NaiveFrames.frame(byte0, Array(payload), key: key)
                for stream in [frame, frame.dropLast(), frame + frame.prefix(300), broken].map({ Array($0) }) {
                    for limit in [.max, UInt64(count), UInt64(count - 1), 100]
                    where (count < 2000 || limit == .max) && sample.takes() {
                        let rules = NaiveFrames.rules(masked: key != nil, limit: limit)
                        let start = count % 2 == 0 ? memory.count - stream.count : 0
                        let isRight = kernels.unmasksRight(memory, at: start, stream, rules, most: 2, words: words)
                        #expect(isRight, "\(byte0), \(count) bytes, limit \(limit)")
                    }
                }
            }
        }
    }

    @Test func theChosenOnes() {
        memory.write([0x82, 0x03, 1, 2, 3, 0x09], at: 0)
        let rules = NaiveFrames.rules(masked: false, open: 1, openLength: 7)
        let unmasked = ChosenKernels.unmaskFrames(
            memory, 0..<500, NaiveFrames.rules(masked: false), most: 9, words: words)
        let one = Unmasked(run: Run(bytes: 5, frames: 1, messages: 1), headers: [[0x82, 0x03]])
        #expect(unmasked == (KernelSet.all.isEmpty ? Unmasked() : one))
        // If nothing is unmasked, the open message stays open.
        let none = ChosenKernels.unmaskFrames(memory, 0..<500, rules, most: 9, words: words)
        #expect(none == Unmasked(run: Run(state: rules.state)))
        #expect(ChosenKernels.validate(memory, 0..<0, rules) == Run(state: rules.state))
    }
}
