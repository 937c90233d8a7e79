import FrameKernels
import Testing

/// `take`: one plain frame, unmasked in place; no other byte is changed, and none when it is not
/// taken.
@Suite struct TakeTests {
    /// Two blocks may be loaded behind every header that fits: from here on every plain frame is taken. In a
    /// shorter rest the kernel may leave it to the twin.
    static let room = 6 + 2 * 64

    /// What must come of `stream`: the frame, and the bytes as they are then. Nil where nothing is taken.
    private func expected(_ stream: [UInt8], _ terms: fk_terms) -> (frame: Taken, bytes: [UInt8])? {
        guard let plain = NaiveFrames.plainFrame(in: stream, at: 0, end: stream.count, terms) else {
            return nil
        }
        var bytes = stream
        if let key = plain.key {
            bytes.replaceSubrange(plain.payload, with: Array(stream[plain.payload]).masked(key))
        }
        return (Taken(header: Array(stream[..<plain.headerCount]), payloadCount: plain.payload.count), bytes)
    }

    /// Takes the first frame of `stream`, and compares.
    private func isRight(
        _ kernels: KernelSet, _ memory: GuardedMemory, at start: Int, _ stream: [UInt8], _ terms: fk_terms
    ) -> Bool {
        memory.write(stream, at: start)
        let found = kernels.take(memory, start..<(start + stream.count), terms)
        let nothing = found == nil && memory.holds(stream, at: start)
        guard let (frame, bytes) = expected(stream, terms) else { return nothing }
        if stream.count < Self.room && nothing { return true }
        return found == frame && memory.holds(bytes, at: start)
    }

    /// Every payload length, plain opcode and phase of the key, with what stands behind it.
    @Test(arguments: KernelSet.all, [0x81, 0x82, 0x89, 0x8A] as [UInt8])
    func everyLength(kernels: KernelSet, byte0: UInt8) {
        let memory = GuardedMemory(4096)
        var random = SplitMix64(seed: UInt64(byte0))
        for key in [nil] + Keys.all.map({ $0 as UInt32? }) {
            let terms = NaiveFrames.terms(masked: key != nil)
            for pattern in [SampleText.patterns[0], "é", "aé€😀"] {
                for count in 0...125 {
                    // Cut inside a character it is no text, and not taken.
                    let payload = Array(SampleText.repeating(pattern, count: 125)[..<count])
                    let frame = NaiveFrames.frame(byte0, payload, key: key)
                    for behind in [0, 1, Self.room - frame.count, Self.room, 400] where behind >= 0 {
                        let stream = frame + random.bytes(behind)
                        let place = count % 2 == 0 ? Place.atTheEnd : .atTheStart
                        let start = place.index(of: stream.count, in: memory)
                        if !isRight(kernels, memory, at: start, stream, terms) {
                            Issue.record("\(count) bytes, key \(key as Any), \(behind) behind")
                            return
                        }
                    }
                }
            }
        }
    }

    /// From every place in a cache line; the bytes around are compared too.
    @Test(arguments: KernelSet.all)
    func everyAlignment(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        var random = SplitMix64(seed: 8)
        let around = random.bytes(640)
        for key in Keys.phases {
            for alignment in 0..<64 {
                let start = 128 + alignment
                memory.write(around, at: 0)
                for count in stride(from: alignment % 3, through: 125, by: 3) {
                    let payload = SampleText.repeating(SampleText.patterns[0], count: 126)[..<count]
                    let stream =
                        NaiveFrames.frame(0x81, Array(payload), key: key) + random.bytes(Self.room)
                    let isRight =
                        isRight(kernels, memory, at: start, stream, NaiveFrames.terms(masked: true))
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

    /// All first two bytes that a frame can have.
    @Test(arguments: KernelSet.all, [true, false])
    func everyHeader(kernels: KernelSet, masked: Bool) {
        let memory = GuardedMemory(4096)
        let terms = NaiveFrames.terms(masked: masked)
        let tail = Array(repeating: UInt8(ascii: "t"), count: 200)
        for byte0 in UInt8.min...UInt8.max {
            for byte1 in UInt8.min...UInt8.max {
                let stream = [byte0, byte1, 0, 1, 0, 3] + tail
                if !isRight(kernels, memory, at: memory.count - stream.count, stream, terms) {
                    Issue.record("\(byte0), \(byte1)")
                    return
                }
            }
        }
    }

    /// A fault at every place of every text: it is not taken, and stays as it came.
    @Test(arguments: KernelSet.all)
    func everyFault(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        for count in 1...125 {
            for place in 0..<count {
                let fault = SampleText.faults[(count * 7 + place) % SampleText.faults.count]
                var payload = SampleText.repeating(place % 2 == 0 ? "a" : "é", shift: count % 2, count: count)
                payload.replaceSubrange(place..<min(count, place + fault.count), with: fault)
                let key = Keys.all[(count + place) % Keys.all.count]
                let stream =
                    NaiveFrames.frame(0x81, Array(payload[..<count]), key: key)
                    + Array(repeating: 0x80 ^ key.keyByte(count), count: Self.room)
                if !isRight(kernels, memory, at: 0, stream, NaiveFrames.terms(masked: true)) {
                    Issue.record("\(fault) at \(place) of \(count), key \(key)")
                    return
                }
            }
        }
    }

    /// Every rest of a stream that is too short for it, and every limit.
    @Test(arguments: KernelSet.all)
    func everyEndAndLimit(kernels: KernelSet) {
        let memory = GuardedMemory(4096)
        for key in [nil, Keys.phases[1]] {
            let payload = SampleText.repeating(SampleText.patterns[0], count: 125)
            let stream = NaiveFrames.frame(0x81, Array(payload[..<125]), key: key) + payload
            for count in 0...stream.count {
                let rest = Array(stream[..<count])
                let start = memory.count - count
                #expect(isRight(kernels, memory, at: start, rest, NaiveFrames.terms(masked: key != nil)), "\(count)")
            }
            for length in 0...125 {
                let stream = NaiveFrames.frame(0x82, Array(payload[..<length]), key: key) + payload + payload
                for limit in [0, length - 1, length, length + 1, 124, 125, 126] where limit >= 0 {
                    let terms = NaiveFrames.terms(masked: key != nil, limit: UInt64(limit))
                    #expect(isRight(kernels, memory, at: 0, stream, terms), "\(length) bytes, limit \(limit)")
                }
            }
        }
    }

    /// Frames with a 16-bit length, whole and cut short, at the limit and over it, with a fault and without.
    @Test(arguments: KernelSet.all, [nil] + Keys.phases.map { $0 as UInt32? })
    func mediumFrames(kernels: KernelSet, key: UInt32?) {
        let memory = GuardedMemory(80_000)
        let borders = [128, 134, 192, 256, 320, 512, 1024].flatMap { ($0 - 3)...($0 + 3) }
        for byte0 in [0x81, 0x82, 0x89] as [UInt8] {
            for count in [126, 127] + borders + [65_535] {
                let whole = SampleText.repeating("aé€😀", count: count + 3)
                // Filled up with ASCII where a character would be cut off.
                let end = NaiveText.prefix(of: whole, end: count).end
                var payload = whole[..<end] + Array(repeating: 0x7A, count: count - end)
                let frame = NaiveFrames.frame(byte0, Array(payload), key: key)
                payload[count * 5 / 7] = 0xFF
                let broken = NaiveFrames.frame(byte0, Array(payload), key: key)
                for stream in [frame, frame.dropLast(), frame + frame.prefix(300), broken].map({ Array($0) }) {
                    for limit in [.max, UInt64(count), UInt64(count - 1), 100] {
                        let terms = NaiveFrames.terms(masked: key != nil, limit: limit)
                        let start = count % 2 == 0 ? memory.count - stream.count : 0
                        #expect(isRight(kernels, memory, at: start, stream, terms), "\(byte0), \(count) bytes")
                    }
                }
            }
        }
    }

    @Test func theChosenOnes() {
        let memory = GuardedMemory(4096)
        memory.write([0x82, 0x03, 1, 2, 3], at: 0)
        let frame = ChosenKernels.take(memory, 0..<500, NaiveFrames.terms(masked: false))
        #expect(frame == (KernelSet.all.isEmpty ? nil : Taken(header: [0x82, 0x03], payloadCount: 3)))
    }
}
