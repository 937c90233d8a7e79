/// Where a JSON value ends, judging by brackets and strings.
enum JSONExtent {
    /// The index after the bracket that closes the first one; nil if there is none, or what is within is no JSON.
    static func end(of text: ArraySlice<UInt8>) -> Int? {
        var open: [UInt8] = []
        var isInString = false
        var isEscaped = false
        var holdsValue = false
        for index in text.indices {
            let byte = text[index]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isInString = false
                }
                continue
            }
            switch byte {
            case 0x22: isInString = true
            case 0x7B: open.append(0x7D)
            case 0x5B: open.append(0x5D)
            case 0x7D, 0x5D:
                guard open.popLast() == byte else { return nil }
                if open.isEmpty { return holdsValue || index == text.startIndex + 1 ? index + 1 : nil }
            // Punctuation, numbers, and the letters of true, false, null and exponents.
            case 0x09, 0x0A, 0x0D, 0x20, 0x2B...0x2E, 0x30...0x3A: break
            case 0x61...0x7A, 0x45: break
            default: return nil
            }
            holdsValue = holdsValue || byte == 0x22 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return nil
    }
}
