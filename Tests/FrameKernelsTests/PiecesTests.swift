import SeededRandom
import Testing

/// `validate_frames` and `unmask_frames` over streams in pieces: each continues where the previous one stopped, inside a
/// payload, a character or a message.
@Suite struct PiecesTests {
    private let memory = GuardedMemory(8192)
    private let words = GuardedMemory(4096)

    /// Fast-path frames of every kind and of many lengths, including fragments that end inside a character.
    private static func stream(masked: Bool, _ random: inout SplitMix64) -> [UInt8] {
        var stream: [UInt8] = []
        for number in 0..<9 {
            let key = masked ? random.pick(Keys.all) : nil
            let text = SampleText.repeating(random.pick(["a", "é", "aé€😀", "€"]), count: 400)
            let count = random.pick([0, 1, 5, 63, 64, 65, 90, 125, 126, 128, 129, 200])
            let whole = Array(text[..<NaiveText.prefix(of: text, end: count).end])
            switch number % 5 {
            case 0:
                stream += NaiveFrames.frame(0x81, whole, key: key)
            case 1:
                stream += NaiveFrames.frame(0x01, Array(text[..<count]), key: key)
                stream += NaiveFrames.frame(0x89, random.bytes(count % 126), key: key)
                stream += NaiveFrames.frame(0x00, Array(text[count..<(count + 3)]), key: key)
                let end = text.indices.first { $0 >= count + 3 && text[$0] & 0xC0 != 0x80 } ?? 400
                stream += NaiveFrames.frame(0x80, Array(text[(count + 3)..<end]), key: key)
            case 2:
                stream += NaiveFrames.frame(0x82, random.bytes(count), key: key)
            case 3:
                stream += NaiveFrames.frame(0x02, random.bytes(count), key: key)
                stream += NaiveFrames.frame(0x80, random.bytes(count / 2), key: key)
            default:
                stream += NaiveFrames.frame(0x8A, random.bytes(count % 126), key: key)
            }
        }
        return stream
    }

    /// A stream in two pieces, cut after every byte, the second of which is cut again.
    @Test(arguments: KernelSet.all, [true, false])
    func everyCut(kernels: KernelSet, masked: Bool) {
        var random = SplitMix64(seed: masked ? 1 : 2)
        var sample = Sample(oneIn: 25)
        for _ in 0..<3 {
            let stream = Self.stream(masked: masked, &random)
            let whole = NaiveFrames.run(over: stream, end: stream.count, NaiveFrames.rules(masked: masked))
            #expect(whole.bytes == stream.count && whole.state == NaiveFrames.State())
            for cut in 0...stream.count {
                var rules = NaiveFrames.rules(masked: masked)
                let first = NaiveFrames.run(over: stream, end: cut, rules)
                rules.state = first.state
                for length in [0, 1, 2, 5, 63, 64, 65, 128, 129, 200, stream.count] where sample.takes() {
                    let piece = Array(stream[first.bytes...].prefix(length))
                    if !kernels.validatesRight(memory, at: memory.count - piece.count, piece, rules) {
                        Issue.record("validate, \(length) bytes after \(cut)")
                        return
                    }
                    let isInControl = rules.state.kind != 0 && rules.state.byte0 & 0x08 != 0
                    let most = [1, 3, 30][cut % 3]
                    if !isInControl
                        && !kernels.unmasksRight(
                            memory, at: memory.count - piece.count, piece, rules, most: most, words: words)
                    {
                        Issue.record("take, \(length) bytes after \(cut)")
                        return
                    }
                }
            }
        }
    }

    /// Short frames alone, cut after every byte: the rest of one is unmasked together with the frames after it.
    @Test(arguments: KernelSet.all)
    func everyRestOfAShortFrame(kernels: KernelSet) {
        for length in [0, 1, 30, 63, 64, 65, 100, 125] {
            for isDamaged in [false, true] {
                for others in [0, 1, 4, 5, 6, 13] {
                    let key = Keys.all[(length + others) % Keys.all.count]
                    var text = SampleText.repeating(others % 2 == 0 ? "a" : "é", count: 200)
                    text = Array(text[..<NaiveText.prefix(of: text, end: length).end])
                    if isDamaged, let last = text.indices.last { text[last] = 0xFF }
                    let frame = NaiveFrames.frame(0x81, text, key: key)
                    let stream =
                        frame
                        + (0..<others).flatMap {
                            NaiveFrames.frame(0x82 - UInt8($0 % 2), Array(text.prefix($0 * 9)), key: key)
                        }
                    for cut in 6...frame.count {
                        var rules = NaiveFrames.rules(masked: true)
                        rules.state = NaiveFrames.run(over: stream, end: cut, rules).state
                        let piece = Array(stream[cut...])
                        for room in [0, 300] {
                            let bytes = piece + Array(repeating: UInt8(0x80), count: room)
                            let isRight = kernels.unmasksRight(
                                memory, at: memory.count - bytes.count, bytes, rules, most: 20, words: words)
                            #expect(isRight, "\(others) after \(length) bytes, cut at \(cut), room \(room)")
                        }
                    }
                }
            }
        }
    }

    /// Any stream, intact or damaged, in pieces of any length, up to where the reference implementation stops.
    @Test(arguments: KernelSet.all, [1, 2] as [UInt64])
    func anyPieces(kernels: KernelSet, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for round in 0..<Sample.rounds(300, debug: 50) {
            let masked = random.below(4) != 0
            var stream = Self.stream(masked: masked, &random)
            stream.turnBits(&random)
            var rules = NaiveFrames.rules(masked: masked, limit: random.pick([.max, .max, 150, 300]))
            let unmasks = random.below(2) == 0
            var at = 0
            while at < stream.count {
                let piece = Array(stream[at...].prefix(1 + random.below(random.pick([20, 150, 700]))))
                let run: Run
                if unmasks {
                    let most = random.pick([1, 2, 30])
                    guard kernels.unmasksRight(memory, at: 0, piece, rules, most: most, words: words) else {
                        Issue.record("take, round \(round), at \(at)")
                        break
                    }
                    run = NaiveFrames.unmask(piece, rules, most: most).unmasked.run
                } else {
                    guard kernels.validatesRight(memory, at: memory.count - piece.count, piece, rules) else {
                        Issue.record("validate, round \(round), at \(at)")
                        break
                    }
                    run = NaiveFrames.run(over: piece, end: piece.count, rules)
                }
                rules.state = run.state
                at += run.bytes
                // A header that is incomplete, or not plain.
                if run.bytes == 0 && piece.count >= 14 || run.bytes == 0 && at + piece.count == stream.count { break }
            }
        }
    }

    /// Text that continues inside a character: each second byte after each lead byte, followed by many bytes or by few.
    @Test(arguments: KernelSet.all)
    func everyOpenCharacter(kernels: KernelSet) {
        var sample = Sample(oneIn: 40)
        for lead in [0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF1, 0xF4] as [UInt8] {
            for next in UInt8.min...UInt8.max {
                for tail in [[], [0x80], [0x80, 0x80], [0x80, 0x41], [0xBF, 0xC3], [0x41], [0xE2, 0x82]] as [[UInt8]] {
                    for count in [0, 1, 30, 62, 63, 64, 65, 128, 260] where sample.takes() {
                        let text = ([next] + tail + Array(repeating: 0x61, count: count)).prefix(max(count, 1))
                        let key = Keys.all[(Int(next) + count) % Keys.all.count]
                        let masked = Array(text).masked(key)
                        let start = memory.count - masked.count
                        memory.write(masked, at: start)
                        let found = kernels.textPrefix(memory, start..<memory.count, key: key, lead: lead)
                        let unmasked = kernels.unmaskText(memory, start..<memory.count, key: key, lead: lead)
                        let isRight: Bool
                        if let after = NaiveText.lead(after: Array(text), from: lead) {
                            isRight = found == Prefix(count: text.count, lead: after)
                        } else {
                            // Nothing, or up to the end of some character.
                            let isText = NaiveText.lead(after: Array(text[..<found.count]), from: lead) == 0
                            isRight = found.count == 0 ? found.lead == lead : found.lead == 0 && isText
                        }
                        let isUnmasked =
                            unmasked == found && memory.holds(Array(text), 0..<found.count, at: start)
                            && memory.holds(masked, found.count..<masked.count, at: start)
                        if !isRight || !isUnmasked {
                            Issue.record("\(next) after \(lead), then \(tail), \(count) bytes: \(found), \(unmasked)")
                            return
                        }
                    }
                }
            }
        }
    }
}
