import SeededRandom
import Testing

/// Every sequence of up to four bytes that begins like UTF-8, up to the first byte that does not fit, at every place of a
/// block: a fault is decided there, whatever follows.
@Suite struct EverySequenceTests {
    /// A block of 64 bytes, and the beginning of the next.
    static let count = 72

    @Test(arguments: KernelSet.all, UInt8(0)..<8)
    func atEveryPlaceOfABlock(kernels: KernelSet, part: UInt8) {
        let memory = GuardedMemory(4096)
        let start = memory.count - Self.count
        let blank = Array(repeating: UInt8(ascii: "a"), count: Self.count)
        memory.write(blank, at: start)
        // In parts, so that the tests run in parallel.
        for lead in UInt8.min...UInt8.max where lead % 8 == part {
            var sample = Sample(oneIn: 400, seed: UInt64(lead))
            for sequence in Self.sequences(from: [lead], &sample) {
                let (whole, stop) = NaiveText.prefix(of: sequence, end: sequence.count)
                for place in 0..<64 {
                    memory.write(sequence, at: start + place)
                    let found = kernels.textPrefix(memory, start..<memory.count, key: 0)
                    memory.write(blank, at: start + place, first: sequence.count)
                    // A whole character is passed; an incomplete one is a fault, since ASCII follows.
                    let isRight =
                        stop == nil
                        ? found == Prefix(count: Self.count) : found.count <= place + whole && found.lead == 0
                    if !isRight {
                        Issue.record("\(sequence) at \(place): \(found)")
                        return
                    }
                }
            }
        }
    }

    /// All sequences with this beginning: each character, and each beginning of one followed by every byte that does not
    /// continue it. In a debug build, only a sample of the second and third bytes is continued.
    private static func sequences(from beginning: [UInt8], _ sample: inout Sample) -> [[UInt8]] {
        guard case .cutShort = NaiveText.piece(of: beginning, at: 0, end: beginning.count),
            beginning.count == 1 || sample.takes()
        else { return [beginning] }
        var all: [[UInt8]] = []
        for byte in UInt8.min...UInt8.max { all += sequences(from: beginning + [byte], &sample) }
        return all
    }
}
