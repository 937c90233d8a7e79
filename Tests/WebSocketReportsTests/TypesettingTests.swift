import Testing

import WebSocketInspection
@testable import WebSocketReports

@Suite struct TypesettingTests {
    @Test func proseIsBrokenAtSpaces() {
        #expect(Columns.wrapped("one two three", width: 8) == ["one two", "three"])
        #expect(Columns.wrapped("one two three", width: 8, firstWidth: 3) == ["one", "two", "three"])
        #expect(Columns.wrapped("", width: 8) == [""])
    }

    @Test func aWordThatIsTooLongIsCut() {
        #expect(Columns.wrapped("ab cdefghij k", width: 4) == ["ab", "cdef", "ghij", "k"])
    }

    @Test func spacesInsideALineStay() {
        #expect(Columns.wrapped("a  b", width: 8) == ["a  b"])
    }

    @Test func referencesStayTogether() {
        #expect(Columns.wrapped("as in RFC 6455 §5.2", width: 14) == ["as in", "RFC 6455 §5.2"])
    }

    @Test func wideCharactersTakeTwoColumns() {
        #expect(Columns.count(in: "漢字") == 4)
        #expect(Columns.count(in: "e\u{301}") == 1)
        #expect(Columns.count(in: "🙂") == 2)
        #expect(Columns.wrapped("漢字漢字", width: 5) == ["漢字", "漢字"])
    }

    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (65_536, "65,536"), (1_234_567, "1,234,567"),
            (UInt64.max, "18,446,744,073,709,551,615"),
        ] as [(UInt64, String)])
    func thousandsAreGrouped(_ number: UInt64, _ expected: String) {
        #expect(Numbers.grouped(number) == expected)
    }

    @Test func nounsFollowTheirNumbers() {
        #expect(Numbers.count(0, "frame") == "0 frames")
        #expect(Numbers.count(1, "frame") == "1 frame")
        #expect(Numbers.count(1001, "byte") == "1,001 bytes")
    }
}
