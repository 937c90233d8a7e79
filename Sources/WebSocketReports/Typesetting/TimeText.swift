import WebSocketCaptures

/// Durations in the forms that people read.
enum TimeText {
    /// Returns how much later than `start` something was: `+0.000250`, in seconds. Captures are not always in order:
    /// `−0.5`.
    static func since(_ start: CaptureTime, _ time: CaptureTime) -> String {
        time < start
            ? "−" + seconds(start.nanoseconds - time.nanoseconds) : "+" + seconds(time.nanoseconds - start.nanoseconds)
    }

    /// Returns `12.000250`.
    static func seconds(_ nanoseconds: UInt64) -> String {
        Numbers.grouped(nanoseconds / 1_000_000_000) + "." + padded(nanoseconds % 1_000_000_000 / 1000, 6)
    }

    /// Returns a duration in as few digits as are useful: `350 ms`, `2.4 s`, `3 min 20 s`.
    static func span(_ nanoseconds: UInt64) -> String {
        let millis = nanoseconds / 1_000_000
        switch millis {
        case 0: return "under 1 ms"
        case ..<1000: return "\(millis) ms"
        case ..<60_000: return "\(millis / 1000).\(millis / 100 % 10) s"
        case ..<3_600_000: return "\(millis / 60_000) min \(millis / 1000 % 60) s"
        default: return "\(Numbers.grouped(millis / 3_600_000)) h \(millis / 60_000 % 60) min"
        }
    }

    /// Returns a short duration: `350 µs`, `2.4 ms`, longer ones as ``span(_:)`` does.
    static func short(_ nanoseconds: UInt64) -> String {
        switch nanoseconds / 1000 {
        case ..<1000: "\(nanoseconds / 1000) µs"
        case ..<100_000: "\(nanoseconds / 1_000_000).\(nanoseconds / 100_000 % 10) ms"
        default: span(nanoseconds)
        }
    }

    /// Returns a round time on a scale: `20 ms`, `1.5 s`, `3 min`.
    static func mark(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1_000_000: "\(nanoseconds / 1_000) µs"
        case ..<1_000_000_000: "\(nanoseconds / 1_000_000) ms"
        case ..<60_000_000_000: "\(nanoseconds / 1_000_000_000) s"
        case ..<3_600_000_000_000: "\(nanoseconds / 60_000_000_000) min"
        default: "\(Numbers.grouped(nanoseconds / 3_600_000_000_000)) h"
        }
    }

    /// Returns the shortest round duration that is at least this long: 1, 2 or 5 times a power of ten; for minutes
    /// and hours, what clocks show.
    static func roundSpan(atLeast nanoseconds: UInt64) -> UInt64 {
        let minute: UInt64 = 60_000_000_000
        let ofClocks: [UInt64] = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1_440].map { $0 * minute }
        let belowAMinute = (3...10).flatMap { power -> [UInt64] in
            let ten = (0..<power).reduce(UInt64(1)) { ten, _ in ten * 10 }
            return [ten, 2 * ten, 5 * ten]
        }.filter { $0 < minute }
        if let span = (belowAMinute + ofClocks).first(where: { $0 >= nanoseconds }) { return span }
        let day = 1_440 * minute
        return (nanoseconds / day + 1).multipliedReportingOverflow(by: day).partialValue
    }

    private static func padded(_ number: UInt64, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }
}
