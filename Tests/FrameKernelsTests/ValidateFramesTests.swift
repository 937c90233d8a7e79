import SeededRandom
import Testing

/// `validate_frames`: all fast-path frames from the start, counted, and not a byte more.
@Suite struct ValidateFramesTests {
    private static let opcodes: [UInt8] = [0x81, 0x82, 0x89, 0x8A]

    /// Every payload length, alone and before other frames, between protected pages.
    @Test(arguments: KernelSet.all, opcodes)
    func everyLength(kernels: KernelSet, byte0: UInt8) {
        let memory = GuardedMemory(4096)
        var sample = Sample(oneIn: 3)
        for key in [nil] + Keys.all.map({ $0 as UInt32? }) {
            let rules = NaiveFrames.rules(masked: key != nil)
            let next = NaiveFrames.frame(0x81, Array("the next one".utf8), key: key)
            for pattern in [SampleText.patterns[0], "aé€😀"] {
                let text = SampleText.repeating(pattern, count: 300)
                for count in 0...300 {
                    let frame = NaiveFrames.frame(byte0, Array(text[..<count]), key: key)
                    let stream = count % 3 == 0 ? frame : frame + next + (count % 3 == 1 ? next : frame)
                    for place in PagePosition.allCases where sample.takes() {
                        let start = place.index(of: stream.count, in: memory)
                        if !kernels.validatesRight(memory, at: start, stream, rules) {
                            Issue.record("\(count) bytes, key \(key as Any), \(place)")
                            return
                        }
                    }
                }
            }
        }
    }

    /// A stream of all kinds of fast-path frames, cut off after every byte, the last of which is at a protected page.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[0], Keys.phases[2], 0x8080_8080])
    func everyCut(kernels: KernelSet, key: UInt32?) {
        let memory = GuardedMemory(8192)
        let rules = NaiveFrames.rules(masked: key != nil)
        var stream: [UInt8] = []
        var ends: [Int] = [0]
        for (number, count) in [0, 5, 125, 1, 64, 126, 63, 65, 190, 124, 0, 300, 7, 192, 2, 125, 0].enumerated() {
            let byte0 = count > 125 ? 0x81 : Self.opcodes[number % 4]
            let text = SampleText.repeating("x", count: count)
            stream += NaiveFrames.frame(byte0, text, key: key)
            ends.append(stream.count)
        }
        let whole = NaiveFrames.run(over: stream, end: stream.count, rules)
        #expect(whole.bytes == stream.count && whole.frames == ends.count - 1)
        for count in 0...stream.count {
            let expected = NaiveFrames.run(over: stream, end: count, rules)
            let end = ends.last { $0 <= count } ?? 0
            // A frame in progress extends to the end once its header is complete.
            #expect(expected.bytes == (expected.state.kind == 0 ? end : count))
            let start = memory.count - count
            memory.write(stream, at: start, first: count)
            #expect(kernels.validate(memory, start..<memory.count, rules) == expected, "\(count) bytes")
        }
    }

    /// All values of a frame's first two bytes, after two fast-path frames, followed by many bytes or by few.
    @Test(arguments: KernelSet.all, [true, false])
    func everyHeader(kernels: KernelSet, masked: Bool) {
        let memory = GuardedMemory(4096)
        let rules = NaiveFrames.rules(masked: masked)
        let before =
            NaiveFrames.frame(0x81, Array("Grüße".utf8), key: masked ? Keys.phases[3] : nil)
            + NaiveFrames.frame(0x8A, [], key: masked ? Keys.phases[3] : nil)
        // The bytes after may be a 16-bit length of 257 bytes, or a short payload, and are all ASCII.
        let after = [0x01, 0x01] + Array(repeating: UInt8(ascii: "t"), count: 400)
        var sample = Sample(oneIn: 25)
        for byte0 in UInt8.min...UInt8.max {
            for byte1 in UInt8.min...UInt8.max where sample.takes() {
                let all = before + [byte0, byte1] + after
                for stream in [all, Array(all[..<(before.count + 60)])] {
                    if !kernels.validatesRight(memory, at: memory.count - stream.count, stream, rules) {
                        Issue.record("\(byte0), \(byte1), \(stream.count) bytes")
                        return
                    }
                }
            }
        }
    }

    /// Every other set of opcodes is followed as well, with RSV1 and without.
    @Test(arguments: KernelSet.all)
    func everyKind(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        for opcode in UInt8(0)...15 {
            for (kind, rsv1) in [(0, 0), (1, 0), (2, 0), (3, 0), (1, 0x40), (2, 0x40), (3, 0x40)] as [(UInt64, UInt8)] {
                let shift = UInt64(opcode) * 2 + (rsv1 == 0 ? 0 : 32)
                let rules = NaiveFrames.rules(masked: false, kinds: kind << shift)
                for payload in [[], [0x41], [0xFF], Array(repeating: 0xC3, count: 130)] as [[UInt8]] {
                    let frame = NaiveFrames.frame(0x80 | rsv1 | opcode, payload, key: nil)
                    for stream in [frame, frame + frame + frame] {
                        #expect(
                            kernels.validatesRight(memory, at: 0, stream, rules),
                            "\(opcode), \(kind), \(rsv1), \(payload)")
                    }
                }
            }
        }
    }
}
