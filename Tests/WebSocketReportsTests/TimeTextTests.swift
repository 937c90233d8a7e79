import Testing

@testable import WebSocketReports

/// Durations on both sides of every change of unit.
@Suite struct TimeTextTests {
    private static let microsecond: UInt64 = 1_000
    private static let millisecond: UInt64 = 1_000_000
    private static let second: UInt64 = 1_000_000_000
    private static let hour: UInt64 = 3_600 * second

    @Test(
        arguments: [
            (0, "under 1 ms"), (millisecond - 1, "under 1 ms"), (millisecond, "1 ms"), (second - 1, "999 ms"),
            (second, "1.0 s"), (1_999 * millisecond, "1.9 s"), (60 * second - 1, "59.9 s"), (60 * second, "1 min 0 s"),
            (hour - 1, "59 min 59 s"), (hour, "1 h 0 min"), (1_234 * hour + 119 * second, "1,234 h 1 min"),
        ] as [(UInt64, String)]) func spans(_ nanoseconds: UInt64, _ text: String)
    {
        #expect(TimeText.span(nanoseconds) == text)
    }

    @Test(
        arguments: [
            (0, "0 µs"), (millisecond - 1, "999 µs"), (millisecond, "1.0 ms"), (2_450 * microsecond, "2.4 ms"),
            (100 * millisecond - 1, "99.9 ms"), (100 * millisecond, "100 ms"), (second, "1.0 s"),
        ] as [(UInt64, String)]) func shortSpans(_ nanoseconds: UInt64, _ text: String)
    {
        #expect(TimeText.short(nanoseconds) == text)
    }

    @Test(
        arguments: [
            (microsecond, "1 µs"), (millisecond - 1, "999 µs"), (millisecond, "1 ms"), (second - 1, "999 ms"),
            (second, "1 s"), (60 * second - 1, "59 s"), (60 * second, "1 min"), (hour - 1, "59 min"), (hour, "1 h"),
            (2_000 * hour, "2,000 h"),
        ] as [(UInt64, String)]) func marks(_ nanoseconds: UInt64, _ text: String)
    {
        #expect(TimeText.mark(nanoseconds) == text)
    }

    @Test(
        arguments: [
            (0, microsecond), (microsecond, microsecond), (microsecond + 1, 2 * microsecond),
            (3 * millisecond, 5 * millisecond), (6 * second, 10 * second), (51 * second, 60 * second),
            (11 * 60 * second, 15 * 60 * second), (hour + 1, 2 * hour), (13 * hour, 24 * hour), (24 * hour, 24 * hour),
            (24 * hour + 1, 48 * hour),
        ] as [(UInt64, UInt64)]) func roundSpans(_ nanoseconds: UInt64, _ span: UInt64)
    {
        #expect(TimeText.roundSpan(atLeast: nanoseconds) == span)
    }

    @Test func seconds() {
        #expect(TimeText.seconds(12_000_250_999) == "12.000250")
        #expect(TimeText.seconds(1_000 * Self.second + 999_999_999) == "1,000.999999")
    }
}
