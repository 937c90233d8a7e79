import Testing
import WebSocketFrames

/// The table of rules, against the one that was promised.
@Suite struct RuleTableTests {
    struct Row {
        let field: String
        let name: String
        let section: String
        let closeCode: UInt16
    }

    static let promised = [
        Row(field: "byte 0", name: "reserved-bits", section: "RFC 6455 §5.2", closeCode: 1002),
        Row(field: "byte 0", name: "misplaced-rsv1", section: "RFC 7692 §6", closeCode: 1002),
        Row(field: "byte 0", name: "reserved-opcode", section: "RFC 6455 §5.2", closeCode: 1002),
        Row(field: "byte 0", name: "fragmented-control", section: "RFC 6455 §5.4, §5.5", closeCode: 1002),
        Row(field: "byte 0", name: "data-after-close", section: "RFC 6455 §5.5.1", closeCode: 1002),
        Row(field: "byte 0", name: "unexpected-continuation", section: "RFC 6455 §5.4", closeCode: 1002),
        Row(field: "byte 0", name: "interleaved-message", section: "RFC 6455 §5.4", closeCode: 1002),
        Row(field: "byte 1", name: "unmasked-client-frame", section: "RFC 6455 §5.1", closeCode: 1002),
        Row(field: "byte 1", name: "masked-server-frame", section: "RFC 6455 §5.1", closeCode: 1002),
        Row(field: "byte 1", name: "oversized-control", section: "RFC 6455 §5.5", closeCode: 1002),
        Row(field: "byte 1", name: "truncated-close-code", section: "RFC 6455 §5.5.1", closeCode: 1002),
        Row(field: "extended length", name: "length-overflow", section: "RFC 6455 §5.2", closeCode: 1002),
        Row(field: "extended length", name: "non-minimal-length", section: "RFC 6455 §5.2", closeCode: 1002),
        Row(field: "length", name: "frame-too-big", section: "RFC 6455 §7.4.1, §10.4", closeCode: 1009),
        Row(field: "length", name: "message-too-big", section: "RFC 6455 §7.4.1, §10.4", closeCode: 1009),
        Row(
            field: "close code",
            name: "invalid-close-code",
            section: "RFC 6455 §7.4 and the IANA registry",
            closeCode: 1002
        ),
        Row(field: "compressed payload", name: "invalid-deflate", section: "RFC 7692 §7.2.2", closeCode: 1007),
        Row(field: "close reason", name: "close-reason-not-utf8", section: "RFC 6455 §5.5.1, §8.1", closeCode: 1007),
        Row(field: "text", name: "text-not-utf8", section: "RFC 6455 §5.6, §8.1", closeCode: 1007),
    ]

    @Test func theRulesAreThePromisedOnesInTheirOrder() {
        #expect(
            Rule.allCases.map(\.name) == Self.promised.map(\.name),
            "the table above is what was promised: a new rule needs a row in it, in the order of Rule.swift")
        #expect(Rule.allCases.map(\.field.name) == Self.promised.map(\.field))
        #expect(Rule.allCases.map(\.entry.section.description) == Self.promised.map(\.section))
        #expect(Rule.allCases.map(\.closeCode.rawValue) == Self.promised.map(\.closeCode))
    }

    @Test func namesAreUniqueAndLeadBack() {
        for rule in Rule.allCases {
            #expect(
                Rule(name: rule.name) == rule,
                "\(rule) has no entry of its own: RuleTable.swift, RuleTable+Lengths.swift")
        }
        for name in ["", "reserved", "Reserved-Bits", "reserved-bits ", "reservedBits"] {
            #expect(Rule(name: name) == nil)
        }
    }

    @Test func namesOfFieldsAreUnique() {
        #expect(Set(Rule.Field.allCases.map(\.name)).count == Rule.Field.allCases.count)
        #expect(Set(Rule.allCases.map(\.field)) == Set(Rule.Field.allCases), "every field has a rule")
    }

    @Test(arguments: Rule.allCases) func noTextIsEmpty(rule: Rule) {
        let entry = rule.entry
        #expect(entry.name.description == rule.name)
        #expect(entry.field == rule.field)
        #expect(entry.closeCode == rule.closeCode)
        for text in [entry.brokenWhen, entry.sentence, entry.meaning, entry.causes, entry.checks].map(\.description) {
            #expect(text.count > 10, "\(rule)")
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }, "\(rule)")
            #expect(!text.contains("  "), "\(rule): \(text)")
        }
        for text in [entry.sentence, entry.meaning, entry.causes, entry.checks].map(\.description) {
            #expect(text.last == "." || text.last == "?" || text.last == ")", "\(rule): \(text)")
        }
    }
}
