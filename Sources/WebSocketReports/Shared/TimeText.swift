import WebSocketCaptures

/// Lengths of time as people read them.
enum TimeText {
    /// How much later than `start` something was: `+0.000250`, in seconds. Captures are not always in order: `−0.5`.
    static func since(_ start: CaptureTime, _ time: CaptureTime) -> String {
        time < start
            ? "−" + seconds(start.nanoseconds - time.nanoseconds) : "+" + seconds(time.nanoseconds - start.nanoseconds)
    }

    /// `12.000250`
    static func seconds(_ nanoseconds: UInt64) -> String {
        Numbers.grouped(nanoseconds / 1_000_000_000) + "." + padded(nanoseconds % 1_000_000_000 / 1000, 6)
    }

    /// A length of time in as few digits as tell it: `350 ms`, `2.4 s`, `3 min 20 s`.
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

    /// The same for short times: `350 µs`, `2.4 ms`, then as ``span(_:)``.
    static func short(_ nanoseconds: UInt64) -> String {
        switch nanoseconds / 1000 {
        case ..<1000: "\(nanoseconds / 1000) µs"
        case ..<100_000: "\(nanoseconds / 1_000_000).\(nanoseconds / 100_000 % 10) ms"
        default: span(nanoseconds)
        }
    }

    private static func padded(_ number: UInt64, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }
}
