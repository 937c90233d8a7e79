import FrameKernels

// Each kernel beside its naive twin: how far it goes, what it says, and which bytes it changes.

extension KernelSet {
    /// `stream`, at `start`: skipped as the twin does it, and left as it is.
    func skimsRight(_ memory: GuardedMemory, at start: Int, _ stream: [UInt8], _ terms: NaiveFrames.Terms) -> Bool {
        memory.write(stream, at: start)
        let found = skim(memory, start..<(start + stream.count), terms)
        return found == NaiveFrames.run(over: stream, end: stream.count, terms) && memory.holds(stream, at: start)
    }

    /// `stream`, at `start`: taken as the twin does it, unmasked as far as it is taken, and as it was after that.
    func takesRight(
        _ memory: GuardedMemory, at start: Int, _ stream: [UInt8], _ terms: NaiveFrames.Terms, most: Int,
        words: GuardedMemory
    ) -> Bool {
        memory.write(stream, at: start)
        let found = take(memory, start..<(start + stream.count), terms, most: most, words: words)
        let right = NaiveFrames.take(stream, terms, most: most)
        return found == right.taken && memory.holds(right.bytes, at: start)
    }
}
