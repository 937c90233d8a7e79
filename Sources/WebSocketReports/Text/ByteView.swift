import WebSocketFrames

/// Bytes in rows with their offsets, as hex editors show them, and marks below.
struct ByteView {
    let window: ByteWindow
    /// The offsets of the bytes that are shown.
    let offsets: Range<UInt64>
    /// The bytes to be marked with `^^`.
    let fault: Range<UInt64>
    /// The bytes to be marked with `--`.
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

    /// Returns a byte as shown in the margin: itself if it is printable ASCII, otherwise a dot.
    private static func character(_ byte: UInt8) -> String {
        (0x20...0x7E).contains(byte) ? String(Unicode.Scalar(byte)) : "."
    }
}
