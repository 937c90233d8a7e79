/// Finds where a JSON value ends, judging by its brackets, strings and commas.
enum JSONExtent {
    /// Returns the index after the bracket that closes the first one; nil if there is none, or if the text up to
    /// there is not JSON.
    static func end(of text: ArraySlice<UInt8>) -> Int? {
        var open: [UInt8] = []
        var index = text.startIndex
        // Whether a value, or a closing bracket, may come here; otherwise a comma, a colon or a closing bracket must.
        var wantsValue = true
        while index < text.endIndex {
            let byte = text[index]
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x20: index += 1
            case 0x7B, 0x5B:
                guard wantsValue else { return nil }
                open.append(byte == 0x7B ? 0x7D : 0x5D)
                index += 1
            case 0x7D, 0x5D:
                guard open.popLast() == byte else { return nil }
                index += 1
                if open.isEmpty { return index }
                wantsValue = false
            case 0x2C, 0x3A:
                guard !wantsValue else { return nil }
                wantsValue = true
                index += 1
            default:
                guard wantsValue, !open.isEmpty, let end = scalarEnd(of: text, from: index) else { return nil }
                index = end
                wantsValue = false
            }
        }
        return nil
    }

    /// Returns the index after a string, a number, or true, false and null.
    private static func scalarEnd(of text: ArraySlice<UInt8>, from start: Int) -> Int? {
        let rest = text[start...]
        if rest.first == 0x22 {
            var index = start + 1
            while index < text.endIndex, text[index] != 0x22 { index += text[index] == 0x5C ? 2 : 1 }
            return index < text.endIndex ? index + 1 : nil
        }
        for word in ["true", "false", "null"] where rest.starts(with: word.utf8) { return start + word.utf8.count }
        // -1.5e+3: digits, with a sign only at the beginning or after an exponent.
        var index = start
        var last: UInt8 = 0x65
        while index < text.endIndex {
            let byte = text[index]
            let isSign = byte == 0x2D || byte == 0x2B
            guard (0x30...0x39).contains(byte) || byte == 0x2E || byte | 0x20 == 0x65 || isSign else { break }
            guard !isSign || last | 0x20 == 0x65 else { return nil }
            last = byte
            index += 1
        }
        return index > start && (0x30...0x39).contains(last) ? index : nil
    }
}
