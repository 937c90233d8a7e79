import WebSocketFrames

/// The bytes of a stream as far as they are at hand: every look-up says whether the byte is there.
struct ByteWindow {
    private let bytes: [UInt8]
    private let start: UInt64

    init(_ bytes: [UInt8], at start: UInt64) {
        self.bytes = bytes
        self.start = start
    }

    /// The byte at an offset of the stream; nil if it is not at hand.
    subscript(offset: UInt64) -> UInt8? {
        let index = offset &- start
        return offset >= start && index < UInt64(bytes.count) ? bytes[Int(index)] : nil
    }

    /// The run of bytes around an offset, at most so many before it and from it on.
    func offsets(around offset: UInt64, before: UInt64, after: UInt64) -> Range<UInt64> {
        let end = start.addingReportingOverflow(UInt64(bytes.count))
        let upper = end.overflow ? .max : end.partialValue
        let first = max(start, offset > before ? offset - before : 0)
        let (last, overflow) = offset.addingReportingOverflow(after)
        let bound = min(upper, overflow ? .max : last)
        return first < bound ? first..<bound : first..<first
    }
}

/// Bytes in rows with their offsets, as hex editors show them, and marks below.
struct ByteView {
    let window: ByteWindow
    /// What is shown.
    let offsets: Range<UInt64>
    /// Marked with `^^`.
    let fault: Range<UInt64>
    /// Marked with `--`.
    let header: Range<UInt64>

    func lines(width: Int) -> [StyledLine] {
        guard !offsets.isEmpty else { return [] }
        let digits = max(6, String(offsets.upperBound, radix: 16).count)
        let perRow: UInt64 = digits + 2 + 16 * 4 + 2 <= width ? 16 : 8
        var lines: [StyledLine] = []
        var row = offsets.lowerBound - offsets.lowerBound % perRow
        while row < offsets.upperBound {
            lines += rowLines(at: row, count: perRow, digits: digits)
            let (next, overflow) = row.addingReportingOverflow(perRow)
            guard !overflow else { break }
            row = next
        }
        return lines
    }

    private func rowLines(at row: UInt64, count: UInt64, digits: Int) -> [StyledLine] {
        var hex = StyledLine(Numbers.paddedHex(row, digits: digits, uppercase: false), .quiet)
        var marks = StyledLine()
        var ascii = StyledLine()
        for index in 0..<count {
            let offset = row &+ index
            let column = digits + 2 + Int(index) * 3 + (index >= 8 ? 1 : 0)
            guard offset >= row, offset < offsets.upperBound else { break }
            guard offsets.contains(offset), let byte = window[offset] else {
                ascii.append(" ")
                continue
            }
            let isFault = fault.contains(offset)
            hex.pad(to: column)
            hex.append(Numbers.paddedHex(UInt64(byte), digits: 2, uppercase: false), isFault ? .fault : .plain)
            ascii.append(Self.character(byte), isFault ? .fault : .plain)
            if isFault || header.contains(offset) {
                marks.pad(to: column)
                marks.append(isFault ? "^^" : "--", isFault ? .fault : .quiet)
            }
        }
        hex.pad(to: digits + 2 + Int(count) * 3 + (count > 8 ? 2 : 1))
        hex.append(ascii)
        return marks.width > 0 ? [hex, marks] : [hex]
    }

    /// A byte in the margin: itself where it is printable ASCII, else a dot.
    private static func character(_ byte: UInt8) -> String {
        (0x20...0x7E).contains(byte) ? String(Unicode.Scalar(byte)) : "."
    }
}
