import SeededRandom
import WebSocketFrames

/// All transitions of the machine as text; equal ones share a line.
struct TransitionTable {
    /// For each sender and kind of byte 0, the answers to all 256 values of byte 1.
    private var kinds: [String: [(name: String, judged: [String])]] = [:]
    private var sections: [String] = []
    private var sample = Sample(oneIn: 30)

    static func text() -> String {
        var table = TransitionTable()
        for agreement in TransitionSetting.Agreement.allCases {
            for context in TransitionSetting.StreamContext.allCases {
                let settings = TransitionSetting.all.filter { $0.agreement == agreement && $0.context == context }
                if !settings.isEmpty { table.add(settings) }
            }
        }
        return table.header + table.sections.joined()
    }

    private var header: String {
        var text = """
            # What the first two bytes of a frame are judged, in every state of a stream.
            #
            # Byte 0: 80 FIN, 40 RSV1, 20 RSV2, 10 RSV3, 0f opcode (0 continuation, 1 text, 2 binary, 8 Close, 9 ping, a pong).
            # Byte 1: 80 MASK, 7f length (7e: 2 bytes of length follow, 7f: 8). In brackets, the code to close with.
            #
            # Of every agreement and state, all 256 values of byte 0: the rule that it breaks; or as what byte 1 is judged (see
            # the beginning), and the state after the frame. The whole is the same for every sender, or it is said.
            #
            # RENEW=1 swift test --filter TransitionTests writes this file. The same test compares each of the 65,536 pairs in
            # each state with the naive judge, which was written from the RFC: in a release build all, in a debug build a sample.


            """
        for (sender, kinds) in kinds.sorted(by: { $0.key < $1.key }) {
            text += "## Byte 1, \(sender)\n\n"
            for kind in kinds {
                for (number, group) in Self.groups(kind.judged).enumerated() {
                    text += Self.padded(number == 0 ? "    \(kind.name)" : "", 14) + Self.padded(group.values, 20)
                    text += "\(group.text)\n"
                }
            }
            text += "\n"
        }
        return text
    }

    private mutating func add(_ settings: [TransitionSetting]) {
        var bodies: [(text: String, senders: [String])] = []
        for setting in settings {
            let body = rows(setting)
            let sender = setting.sender.map { "sent by the \($0.name)" } ?? "sender unknown"
            if let same = bodies.firstIndex(where: { $0.text == body }) {
                bodies[same].senders.append(sender)
            } else {
                bodies.append((body, [sender]))
            }
        }
        for body in bodies {
            sections.append("## \(settings[0].agreement.rawValue): \(settings[0].context.rawValue)")
            if bodies.count > 1 { sections.append(" (\(body.senders.joined(separator: ", ")))") }
            sections.append("\n\n\(body.text)\n")
        }
    }

    /// One line for all values of byte 0 with the same answers.
    private mutating func rows(_ setting: TransitionSetting) -> String {
        let validator = setting.validator
        let start = UInt64(setting.beginning.count)
        let judged = (UInt8.min...UInt8.max).map { byte0 in
            var first = validator
            // Once byte 0 is illegal, byte 1 does not matter.
            if let violation = first.feed([byte0]) {
                return "\(violation.rule.name) (\(violation.closeCode.rawValue))"
            }
            let answers = (UInt8.min...UInt8.max).map { byte1 in
                var second = first
                _ = second.feed([byte1])
                return TransitionAnswer(second)
            }
            let kind = kind(of: byte0, answers, setting)
            // A debug build skips some lengths that are far from a boundary.
            let legal = (UInt8.min...UInt8.max).filter {
                answers[Int($0)].offset ?? .max >= start + 2 && (!(3..<125).contains($0 & 0x7F) || sample.takes())
            }
            return kind + targets(legal.map { ($0, setting.transition(byte0, $0, from: validator)) })
        }
        return Self.groups(judged).reduce(into: "") { $0 += "    " + Self.padded($1.values, 26) + "\($1.text)\n" }
    }

    /// The name for the answers to byte 1, defined here if it is new.
    private mutating func kind(of byte0: UInt8, _ answers: [TransitionAnswer], _ setting: TransitionSetting) -> String {
        let start = UInt64(setting.beginning.count)
        let judged = zip(0..., answers).map { byte1, answer in
            // An empty frame ends with byte 1, and its text may then be at fault, which is not the fault of byte 1.
            if let rule = answer.rule, let code = answer.closeCode, answer.offset == start + 1 {
                return "\(rule.name) (\(code))"
            }
            return ["legal", "legal, 2 bytes of length follow", "legal, 8 bytes of length follow"][
                max(0, byte1 % 128 - 125)]
        }
        let sender = setting.sender.map { "sent by the \($0.name)" } ?? "sender unknown"
        let known = kinds[sender, default: []]
        if let same = known.first(where: { $0.judged == judged }) { return same.name }
        let base = byte0 & 0x0F == 8 ? "close" : byte0 & 0x08 != 0 ? "control" : "data"
        let name = known.contains { $0.name == base } ? "\(base)-\(known.count)" : base
        kinds[sender, default: []].append((name, judged))
        return name
    }

    /// Where the frame leads, by its length if that matters.
    private func targets(_ transitions: [(byte1: UInt8, Transition)]) -> String {
        var byLength: [UInt8: String] = [:]
        for (byte1, transition) in transitions {
            guard case .leads(let target) = transition else { return " → NOT LEGAL" }
            let before = byLength.updateValue(target.description, forKey: byte1 % 128)
            if let before, before != target.description { return " → MASK DECIDES" }
        }
        let alike = Set(byLength.values)
        if alike.count == 1 { return " → \(alike.first ?? "")" }
        let empty = byLength.removeValue(forKey: 0) ?? ""
        let others = Set(byLength.values)
        return " → " + (others.count == 1 ? others.first ?? "" : "\(others.sorted())") + "; if it is empty, \(empty)"
    }

    // MARK: Text

    /// Values with the same text, as ranges, ordered by the first value of each.
    static func groups(_ texts: [String]) -> [(values: String, text: String)] {
        var order: [String] = []
        var ranges: [String: [ClosedRange<Int>]] = [:]
        for (value, text) in texts.enumerated() {
            var known = ranges[text] ?? []
            if known.isEmpty { order.append(text) }
            let follows = known.last?.upperBound == value - 1
            let start = follows ? known.removeLast().lowerBound : value
            ranges[text] = known + [start...value]
        }
        return order.map { text in
            let values = ranges[text, default: []].map { range in
                let ends = range.count == 1 ? [range.lowerBound] : [range.lowerBound, range.upperBound]
                return ends.map { [UInt8($0)].hex }.joined(separator: "-")
            }
            return (values.joined(separator: " "), text)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(2, width - text.count))
    }
}
