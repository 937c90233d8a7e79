import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

@Suite struct RandomConversationTests {
    @Test("Whatever happens, the audit ends and says little, and an ending that it calls right has no note")
    func anything() {
        var random = SplitMix64(seed: 11)
        let steps = [
            "text", "binary", "part", "more", "last", "deflated", "ping", "ping A", "ping B", "pong", "pong A", "close",
            "close 1000", "close 1002", "close 1005", "close 1007 why", "close 1009", "close 1011", "bad", "rsv", "big",
            "half", "gap", "fin", "rst", "text x9", "ping B x9",
        ]
        let notOfTheEnding: Set = ["ping-unanswered", "pong-payload-differs", "message-refused-1009"]
        for _ in 0..<4000 {
            var parts: [String] = []
            for _ in 0..<random.below(14) {
                parts.append(random.below(6) == 0 ? "wait \(random.below(12))" : "")
                parts.append((random.below(2) == 0 ? "c " : "s ") + random.pick(steps))
            }
            var script = Script(parts.filter { !$0.isEmpty }.joined(separator: ";"))
            script.startsInTheMiddle = random.below(4) == 0
            script.agreedDeflate = random.below(2) == 0
            script.continues = random.below(3) > 0
            script.hasTimes = random.below(3) > 0
            script.isOver = random.below(3) == 0
            let (ending, notes) = script.run()
            let wrong = notes.filter { !notOfTheEnding.contains($0.kind.name) }
            #expect((ending.isRight == false) == !wrong.isEmpty, "\(script)")
            #expect(notes.count <= 6, "\(script)")
            for message in notes.map(\.message) + [ending.message] {
                #expect(message.hasSuffix("."), "\(message)")
                #expect(!message.contains("  ") && !message.contains("..") && !message.contains(" ."), "\(message)")
                #expect(message.first?.isUppercase == true, "\(message)")
            }
        }
    }

    @Test("A legal conversation that is closed properly gets no note")
    func legal() {
        var random = SplitMix64(seed: 12)
        for _ in 0..<2000 {
            var steps: [String] = []
            var pings = 0
            for _ in 0..<random.below(20) {
                let (one, other) = random.below(2) == 0 ? ("c", "s") : ("s", "c")
                switch random.below(6) {
                case 0: steps.append("\(one) ping \(pings); \(other) pong \(pings)")
                case 1:
                    steps.append("\(one) ping \(pings); \(other) text; \(one) ping \(pings)b; \(other) pong \(pings)b")
                case 2: steps.append("\(one) part; \(one) ping \(pings); \(other) pong \(pings); \(one) last")
                case 3: steps.append("\(one) deflated")
                case 4: steps.append("wait \(random.below(100))")
                default: steps.append("\(one) text x\(random.below(12))")
                }
                pings += 1
            }
            let (one, other) = random.below(2) == 0 ? ("c", "s") : ("s", "c")
            let code = random.pick(["", " 1000", " 1001", " 1003", " 1008", " 3000", " 4999"])
            steps.append("\(one) close\(code); \(other) text x\(random.below(3)); \(other) close\(code)")
            if random.below(4) > 0 { steps.append("s fin; c \(random.pick(["fin", "rst"]))") }
            var script = Script(steps.joined(separator: ";"))
            script.agreedDeflate = true
            script.hasTimes = random.below(2) == 0
            script.startsInTheMiddle = random.below(3) == 0
            let (ending, notes) = script.run()
            #expect(notes.isEmpty, "\(script.text): \(notes)")
            #expect(ending.kind == .closed && ending.isRight == true, "\(script.text): \(ending)")
        }
    }
}
