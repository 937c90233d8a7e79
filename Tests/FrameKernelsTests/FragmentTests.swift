import Testing

/// `validate_frames` and `unmask_frames` over fragments: each continues the open message, and leaves it open or ends it.
@Suite struct FragmentTests {
    private let memory = GuardedMemory(8192)
    private let words = GuardedMemory(4096)

    /// A frame whose payload depends on its kind: only "text" is valid UTF-8.
    private static func frame(_ byte0: UInt8, key: UInt32?) -> [UInt8] {
        let payload: [UInt8] =
            switch byte0 & 0x0F {
            case 0: Array("é".utf8)
            case 1: Array("text".utf8)
            default: [0xFF, 0x80, 0xC3]
            }
        return NaiveFrames.frame(byte0, payload, key: key)
    }

    /// A message of each kind is open before them, or none.
    private static let open: [(kind: UInt32, length: UInt64)] = [(0, 0), (1, 3), (2, 100)]

    private func check(_ kernels: KernelSet, _ stream: [UInt8], masked: Bool, limit: UInt64 = .max, _ what: String) {
        for open in Self.open {
            let rules = NaiveFrames.rules(masked: masked, limit: limit, open: open.kind, openLength: open.length)
            let start = memory.count - stream.count
            let validates = kernels.validatesRight(memory, at: start, stream, rules)
            let unmasks = kernels.unmasksRight(memory, at: start, stream, rules, most: 20, words: words)
            if !validates || !unmasks {
                Issue.record("\(what), open: \(open), validates: \(validates), unmasks: \(unmasks)")
            }
        }
    }

    /// Frames of every kind in every order, legal or not, at the end of the memory and with room after them.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[1]])
    func everyOrder(kernels: KernelSet, key: UInt32?) {
        let kinds: [UInt8] = [0x01, 0x81, 0x02, 0x82, 0x00, 0x80, 0x89, 0x8A, 0x09, 0x83, 0x40, 0x41, 0xC2]
        let frames = kinds.map { Self.frame($0, key: key) }
        let room = Array(repeating: UInt8(0x70), count: 140)
        for first in kinds.indices {
            for second in kinds.indices {
                for third in kinds.indices {
                    let stream = frames[first] + frames[second] + frames[third]
                    let what = "\(kinds[first]), \(kinds[second]), \(kinds[third])"
                    check(kernels, stream, masked: key != nil, what)
                    check(kernels, stream + frames[third] + frames[first] + room, masked: key != nil, what)
                }
            }
        }
    }

    /// A text fragment that ends inside a character is not plain, wherever it is cut and however long it is; a binary
    /// fragment is.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[3]])
    func charactersThatAreCutOff(kernels: KernelSet, key: UInt32?) {
        let text = SampleText.repeating("aé€😀", count: 310)
        for length in Array(0...20) + Array(55...70) + Array(115...140) + Array(250...270) + Array(295...305) {
            for byte0 in [0x01, 0x00, 0x80] as [UInt8] {
                let frame = NaiveFrames.frame(byte0, Array(text[..<length]), key: key)
                let next = NaiveFrames.frame(0x80, Array(text[length..<(length + 4)]), key: key)
                check(kernels, frame + next, masked: key != nil, "\(byte0), cut at \(length)")
            }
        }
    }

    /// A fault at each place of a fragment.
    @Test(arguments: KernelSet.all)
    func faults(kernels: KernelSet) {
        for length in [1, 64, 65, 125, 126, 200] {
            for place in 0..<length {
                let key = Keys.all[place % Keys.all.count]
                var text = SampleText.repeating(place % 2 == 0 ? "a" : "é", count: length + 1)
                text[place] = 0xFF
                let frame = NaiveFrames.frame(0x00, Array(text[..<length]), key: key)
                let stream = Self.frame(0x89, key: key) + frame + Self.frame(0x80, key: key)
                check(kernels, stream, masked: true, "\(place) of \(length)")
            }
        }
    }

    /// The length of the open message counts against the limit, up to the largest number; that of a ping does not.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[2]])
    func limits(kernels: KernelSet, key: UInt32?) {
        let lengths = [0, 1, 5, 125, 126, 300]
        let payload = Array(repeating: UInt8(ascii: "m"), count: 300)
        for limit in [0, 1, 5, 124, 125, 126, 127, 300, .max - 1, .max] as [UInt64] {
            for before in [0, 1, 2, 120, 125, 126, 300, .max - 300, .max - 5, .max - 1, .max] as [UInt64]
            where before <= limit {
                for length in lengths {
                    let ping = NaiveFrames.frame(0x89, Array(payload[..<min(length, 125)]), key: key)
                    let more = NaiveFrames.frame(0x00, Array(payload[..<length]), key: key)
                    let last = NaiveFrames.frame(0x80, Array(payload[..<(length / 2)]), key: key)
                    let stream =
                        ping + more + ping + last + NaiveFrames.frame(0x81, Array(payload[..<length]), key: key)
                    let rules = NaiveFrames.rules(masked: key != nil, limit: limit, open: 2, openLength: before)
                    let start = memory.count - stream.count
                    let isRight =
                        kernels.validatesRight(memory, at: start, stream, rules)
                        && kernels.unmasksRight(memory, at: start, stream, rules, most: 9, words: words)
                    #expect(isRight, "\(before) bytes of \(limit) there, \(length) more")
                }
            }
        }
    }

    /// Fragmented messages among many short frames, so that groups begin and end at each fragment.
    @Test(arguments: KernelSet.all, [nil, Keys.phases[0]])
    func betweenGroups(kernels: KernelSet, key: UInt32?) {
        let short = [Self.frame(0x81, key: key), Self.frame(0x8A, key: key), Self.frame(0x82, key: key)]
        for before in 0...9 {
            for after in 0...9 {
                var stream = (0..<before).flatMap { short[$0 % 3] }
                stream += Self.frame(0x01, key: key)
                stream += (0..<after).flatMap { _ in short[1] }
                stream += Self.frame(0x80, key: key)
                stream += (0..<after).flatMap { short[$0 % 3] }
                for most in [after, before + after + 1, 40] {
                    let rules = NaiveFrames.rules(masked: key != nil)
                    let start = memory.count - stream.count
                    let isRight =
                        kernels.validatesRight(memory, at: start, stream, rules)
                        && kernels.unmasksRight(memory, at: start, stream, rules, most: most, words: words)
                    #expect(isRight, "\(before) before, \(after) after, \(most) words")
                }
            }
        }
    }
}
