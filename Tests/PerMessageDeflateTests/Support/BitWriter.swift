@testable import SlowInflating

/// Bits in the order of RFC 1951 §3.1.1.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var count = 0

    mutating func bit(_ bit: Int) {
        if count % 8 == 0 { bytes.append(0) }
        bytes[bytes.count - 1] |= UInt8(bit & 1) << UInt8(count % 8)
        count += 1
    }

    /// A number, lowest bit first.
    mutating func number(_ value: Int, _ width: Int) {
        for place in 0..<width { bit(value >> place) }
    }

    /// A code, first bit first.
    mutating func code(_ code: SlowCode.Bits) {
        for place in (0..<(Int.bitWidth - 1 - code.leadingZeroBitCount)).reversed() { bit(code >> place) }
    }

    mutating func fillByte() {
        while count % 8 != 0 { bit(0) }
    }

    mutating func append(_ more: [UInt8]) {
        fillByte()
        bytes += more
        count = bytes.count * 8
    }
}
