import FrameKernels

// Compares each kernel with its naive reference implementation: how far it goes, its result, and which bytes it changes.

extension KernelSet {
    /// Whether `stream`, at `start`, is skipped as by the reference implementation, and left unchanged.
    func validatesRight(_ memory: GuardedMemory, at start: Int, _ stream: [UInt8], _ rules: NaiveFrames.Rules) -> Bool {
        memory.write(stream, at: start)
        let found = validate(memory, start..<(start + stream.count), rules)
        return found == NaiveFrames.run(over: stream, end: stream.count, rules) && memory.holds(stream, at: start)
    }

    /// Whether `stream`, at `start`, is unmasked as far as by the reference implementation, and unchanged after that.
    func unmasksRight(
        _ memory: GuardedMemory, at start: Int, _ stream: [UInt8], _ rules: NaiveFrames.Rules, most: Int,
        words: GuardedMemory
    ) -> Bool {
        memory.write(stream, at: start)
        let found = unmaskFrames(memory, start..<(start + stream.count), rules, most: most, words: words)
        let right = NaiveFrames.unmask(stream, rules, most: most)
        return found == right.unmasked && memory.holds(right.bytes, at: start)
    }
}
