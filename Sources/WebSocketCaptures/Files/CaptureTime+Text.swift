extension CaptureTime: CustomStringConvertible {
    /// The time in UTC in ISO 8601: `2026-11-23T07:03:55.123456Z`, with 9 digits if 6 are not enough.
    public var description: String {
        let seconds = nanoseconds / 1_000_000_000
        let fraction = nanoseconds % 1_000_000_000
        let (year, month, day) = Self.date(day: seconds / 86_400)
        let clock = seconds % 86_400

        var text = Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(day, 2) + "T"
        text += Self.digits(clock / 3600, 2) + ":" + Self.digits(clock / 60 % 60, 2) + ":" + Self.digits(clock % 60, 2)
        text += "." + (fraction % 1000 == 0 ? Self.digits(fraction / 1000, 6) : Self.digits(fraction, 9)) + "Z"
        return text
    }

    /// Returns the date of a day, counted from 1970-01-01, in the Gregorian calendar.
    ///
    /// Years are counted from March here, which makes the leap day the last day of its year; the calendar repeats
    /// itself every 400 years.
    private static func date(day: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let daysOfEra: UInt64 = 146_097
        /// From 0000-03-01 to 1970-01-01.
        let days = day &+ 719_468
        let dayOfEra = days % daysOfEra
        // Without leap days: one every 4 years, none every 100, one every 400.
        let leapDays = dayOfEra / 1460 &- dayOfEra / 36_524 &+ dayOfEra / 146_096
        let yearOfEra = (dayOfEra &- leapDays) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        // The months from March on have 31, 30, 31, 30, 31 days, twice, and then start again: 153 days for every
        // five.
        let monthFromMarch = (5 &* dayOfYear &+ 2) / 153
        let dayOfMonth = dayOfYear &- (153 &* monthFromMarch &+ 2) / 5 &+ 1
        let month = monthFromMarch < 10 ? monthFromMarch &+ 3 : monthFromMarch &- 9
        let year = days / daysOfEra &* 400 &+ yearOfEra &+ (month <= 2 ? 1 : 0)
        return (year, month, dayOfMonth)
    }

    private static func digits(_ number: UInt64, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
