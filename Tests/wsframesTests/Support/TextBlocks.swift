/// The text block of one violation, parsed.
struct TextBlock {
    let lines: [String]

    /// The blocks of a text report: each begins with the name of a rule, and ends where the next block or line begins.
    static func blocks(in text: String, rules: Set<String>) -> [TextBlock] {
        var blocks: [[String]] = []
        var isInside = false
        for line in text.lines {
            let first = String(line.prefix { $0 != " " })
            if rules.contains(first) {
                blocks.append([])
                isInside = true
            } else if !first.isEmpty {
                isInside = false
            }
            if isInside { blocks[blocks.count - 1].append(line) }
        }
        return blocks.map(TextBlock.init)
    }

    var rule: String { String(lines[0].prefix { $0 != " " }) }

    /// The frame and the offset in the first line.
    var frame: UInt64? { number(after: "frame ", in: lines[0]) }
    var offset: UInt64? { number(after: "offset ", in: lines[0]) }

    /// The paragraph with that label, its lines joined.
    func paragraph(_ label: String) -> String? {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("  \(label) ") }) else { return nil }
        let rest = lines[(start + 1)...].prefix { $0.hasPrefix("          ") }
        return ([lines[start]] + rest).map { $0.trimmingSpaces }.joined(separator: " ")
    }

    /// The index and offset of the frame that is named as the last good one, if any.
    var lastGoodFrame: (index: UInt64, offset: UInt64)? {
        guard let text = paragraph("before"), let index = number(after: "frame ", in: text),
            let offset = number(after: "offset ", in: text)
        else { return nil }
        return (index, offset)
    }

    /// The bytes that are shown, with their offsets.
    var bytes: [(offset: UInt64, byte: UInt8)] {
        var bytes: [(UInt64, UInt8)] = []
        for line in lines where line.hasPrefix("    ") {
            let text = Array(line.dropFirst(4).utf8)
            let digits = text.prefix { $0 != 0x20 }
            guard digits.count >= 6, text.count > digits.count + 2, let row = Self.hex(digits) else { continue }
            // Two digits every three columns, with an extra space in the middle.
            for index in 0..<16 {
                let column = digits.count + 2 + index * 3 + (index >= 8 ? 1 : 0)
                guard column + 2 <= text.count, let byte = Self.hex(text[column..<(column + 2)]) else { continue }
                bytes.append((row + UInt64(index), UInt8(byte)))
            }
        }
        return bytes
    }

    private static func hex(_ digits: ArraySlice<UInt8>) -> UInt64? {
        UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// The number after a word, without thousands separators.
    private func number(after word: String, in text: String) -> UInt64? {
        guard let range = text.ranges(of: word).first(where: { text[$0.upperBound...].first?.isNumber == true }) else {
            return nil
        }
        return UInt64(text[range.upperBound...].prefix { $0.isNumber || $0 == "," }.filter { $0 != "," })
    }
}

extension String {
    var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
