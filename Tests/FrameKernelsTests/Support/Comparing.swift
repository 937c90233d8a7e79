import FrameKernels

// Each kernel beside its naive reference implementation: how far it goes, what it says, and which bytes it changes.

extension KernelSet {
    /// `stream`, at `start`: skipped as the reference implementation does it, and left as it is.
    func validatesRight(_ memory: GuardedMemory, at start: Int, _ stream: [UInt8], _ rules: NaiveFrames.Rules) -> Bool {
        memory.write(stream, at: start)
        let found = validate(memory, start..<(start + stream.count), rules)
        return found == NaiveFrames.run(over: stream, end: stream.count, rules) && memory.holds(stream, at: start)
    }

    /// `stream`, at `start`: unmasked as the reference implementation does it, unmasked as far as it is unmasked, and as it was after that.
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
