internal import WebSocketCaptures

// Numbers in the forms that people read.

enum Numbers {
    /// Returns a number with thousands separators: `65,536`.
    static func grouped(_ number: UInt64) -> String { CountedText.grouped(number) }

    /// Returns a count with its noun: `1 frame`, `65,536 bytes`.
    static func count(_ number: UInt64, _ noun: String) -> String { CountedText.count(number, noun) }

    /// Returns `0x79`, with at least two digits.
    static func hex(_ number: UInt64) -> String {
        "0x" + paddedHex(number, digits: 2, uppercase: true)
    }

    /// Returns the two digits of a byte: `0A`.
    static func hexDigits(_ byte: UInt8) -> String {
        paddedHex(UInt64(byte), digits: 2, uppercase: true)
    }

    /// Returns a number with leading zeros, and with more digits if needed.
    static func paddedHex(_ number: UInt64, digits: Int, uppercase: Bool) -> String {
        let text = String(number, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }

    /// Returns the lowest `count` bits: `0101`.
    static func bits(_ byte: UInt8, count: Int) -> String {
        let text = String(byte, radix: 2)
        return String(repeating: "0", count: max(count - text.count, 0)) + text
    }

    /// Returns an offset in both notations: `65,536 (0x10000)`. Below ten they are the same.
    static func offset(_ offset: UInt64) -> String {
        offset < 10 ? String(offset) : "\(grouped(offset)) (\(hex(offset)))"
    }
}
