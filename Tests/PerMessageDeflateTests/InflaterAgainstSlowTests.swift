import PerMessageDeflate
import SeededRandom
import Testing

@testable import SlowInflating

@Suite("The inflater against a slow one that is easy to verify")
struct InflaterAgainstSlowTests {
    @Test(
        "Random and damaged streams: the same bytes, and the same fault at the same place, in any chunks",
        arguments: 8...15)
    func randomStreams(windowBits: Int) {
        for takesOver in [true, false] {
            let context = DeflateContext(windowBits: windowBits, takesOver: takesOver)
            for seed in UInt64(0)..<UInt64(Sample.rounds(30, debug: 10)) {
                var messages = RandomMessages(seed: seed << 8 | UInt64(windowBits), context)
                let limit: UInt64 = messages.random.oneIn(4) ? UInt64(messages.random.below(3000)) : .max
                var slow = SlowInflater(context, limit: limit)
                var fast = MessageInflater(context, messageLimit: limit)
                for index in 0..<6 {
                    let message = messages.next()
                    let expected = slow.inflate(message)
                    let cuts = messages.random.cuts(message.count, count: 4)
                    let found = fast.verdict(of: message, cuts: cuts)
                    let isSame = found == expected
                    #expect(
                        isSame, "seed \(seed), message \(index): \(found.fault as Any), not \(expected.fault as Any)")
                    if !isSame || takesOver && expected.fault != nil { break }
                }
            }
        }
    }

    @Test("Streams at every cut")
    func everyCut() {
        for seed in UInt64(0)..<UInt64(Sample.rounds(40, debug: 12)) {
            let context = DeflateContext(windowBits: 8 + Int(seed % 8), takesOver: true)
            var messages = RandomMessages(seed: seed &+ 1 << 32, context)
            let message = messages.next()
            guard message.count < 300 else { continue }
            var slow = SlowInflater(context)
            let expected = slow.inflate(message)
            for cut in 0...message.count {
                var fast = MessageInflater(context)
                let isSame = fast.verdict(of: message, cuts: [cut]) == expected
                #expect(isSame, "seed \(seed), cut \(cut)")
            }
            var bytewise = MessageInflater(context)
            #expect(bytewise.verdict(of: message, cuts: Array(0...message.count)) == expected)
        }
    }

    @Test("A byte that the caller refuses is attributed to the compressed byte that it came with", arguments: 8...15)
    func refusedByte(windowBits: Int) {
        let context = DeflateContext(windowBits: windowBits)
        for seed in UInt64(0)..<UInt64(Sample.rounds(30, debug: 10)) {
            var messages = RandomMessages(seed: seed << 16 | UInt64(windowBits), context)
            let message = messages.next()
            var slow = SlowInflater(context)
            let expected = slow.inflate(message)
            guard let refused = expected.bytes.indices.randomElement(using: &messages.random) else { continue }
            for cuts in [[], messages.random.cuts(message.count, count: 4), Array(0...message.count)] {
                var fast = MessageInflater(context)
                let fault = fast.fault(of: message, cuts: cuts, refusing: refused)
                #expect(fault?.reason == .refused && fault?.messageOffset == UInt64(refused), "seed \(seed)")
                #expect(fault?.offset == slow.places[refused], "seed \(seed), byte \(refused)")
            }
        }
    }

    @Test("The random streams include every fault, and messages without faults")
    func everyFault() {
        var found: Set<InflateFault.Reason?> = []
        for seed in UInt64(0)..<400 {
            let context = DeflateContext(windowBits: 8 + Int(seed % 8), takesOver: true)
            var messages = RandomMessages(seed: seed, context)
            var inflater = MessageInflater(context, messageLimit: 2000)
            for _ in 0..<6 { found.insert(inflater.verdict(of: messages.next()).fault?.reason) }
        }
        let missing = Set(InflateFault.Reason.allCases).subtracting([.refused, .needsEarlierMessage])
            .subtracting(found.compactMap { $0 })
        #expect(missing == [] && found.contains(nil))
    }
}
