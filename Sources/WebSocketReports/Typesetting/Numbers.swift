internal import WebSocketCaptures

// Numbers as people read them.

enum Numbers {
    /// With thousands separators: `65,536`.
    static func grouped(_ number: UInt64) -> String { CountedText.grouped(number) }

    /// A count with its noun: `1 frame`, `65,536 bytes`.
    static func count(_ number: UInt64, _ noun: String) -> String { CountedText.count(number, noun) }

    /// `0x79`, with at least two digits.
    static func hex(_ number: UInt64) -> String {
        "0x" + paddedHex(number, digits: 2, uppercase: true)
    }

    /// The two digits of a byte: `0A`.
    static func hexDigits(_ byte: UInt8) -> String {
        paddedHex(UInt64(byte), digits: 2, uppercase: true)
    }

    /// With leading zeros, and more digits if needed.
    static func paddedHex(_ number: UInt64, digits: Int, uppercase: Bool) -> String {
        let text = String(number, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }

    /// The lowest `count` bits: `0101`.
    static func bits(_ byte: UInt8, count: Int) -> String {
        let text = String(byte, radix: 2)
        return String(repeating: "0", count: max(count - text.count, 0)) + text
    }

    /// An offset as people and editors write it: `65,536 (0x10000)`. Below ten both are the same.
    static func offset(_ offset: UInt64) -> String {
        offset < 10 ? String(offset) : "\(grouped(offset)) (\(hex(offset)))"
    }
}
