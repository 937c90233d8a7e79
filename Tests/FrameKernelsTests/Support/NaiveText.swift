/// UTF-8 by its definition (RFC 3629 §3), without tables and without speed, as a reference for the kernels.
enum NaiveText {
    /// What begins at a place in a text.
    enum Piece: Equatable {
        /// A whole character of this many bytes.
        case character(Int)
        /// Bytes that begin no character; the first invalid one is at this index.
        case fault(Int)
        /// An incomplete character.
        case cutShort
    }

    /// What begins at `index` in a text that ends at `end`.
    static func piece(of text: [UInt8], at index: Int, end: Int) -> Piece {
        let lead = text[index]
        let count: Int
        var value: UInt32
        switch lead {
        case 0x00...0x7F: return .character(1)
        case 0xC0...0xDF: (count, value) = (2, UInt32(lead & 0x1F))
        case 0xE0...0xEF: (count, value) = (3, UInt32(lead & 0x0F))
        case 0xF0...0xF7: (count, value) = (4, UInt32(lead & 0x07))
        default: return .fault(index)
        }
        for state in 0..<count {
            guard index + state < end else { return .cutShort }
            let byte = text[index + state]
            if state > 0 {
                guard byte & 0xC0 == 0x80 else { return .fault(index + state) }
                value = value << 6 | UInt32(byte & 0x3F)
            }
            // What the character may still become, whatever follows.
            let open = UInt32(6 * (count - 1 - state))
            let lowest = value << open
            let highest = lowest | (1 << open - 1)
            let isLegal =
                switch count {
                case 2: lowest >= 0x80
                case 3: highest >= 0x800 && !(lowest >= 0xD800 && highest <= 0xDFFF)
                default: highest >= 0x1_0000 && lowest <= 0x10_FFFF
                }
            guard isLegal else { return .fault(index + state) }
        }
        return .character(count)
    }

    /// How far whole, well-formed characters go from `start`, and what stops them; nil for the end.
    static func prefix(of text: [UInt8], from start: Int = 0, end: Int) -> (end: Int, stop: Piece?) {
        var index = start
        while index < end {
            let piece = piece(of: text, at: index, end: end)
            guard case .character(let count) = piece else { return (index, piece) }
            index += count
        }
        return (index, nil)
    }
}

extension NaiveText {
    /// The open lead after a text that continues `lead`, as in `wsk_stream_state`; nil if it is not text.
    static func lead(after text: [UInt8], from lead: UInt8) -> UInt8? {
        // As if the text had begun with that byte.
        let all = (lead == 0 ? [] : [lead]) + text
        let (whole, stop) = prefix(of: all, end: all.count)
        if case .fault = stop { return nil }
        guard whole < all.count else { return 0 }
        let count = all[whole] < 0xE0 ? 2 : all[whole] < 0xF0 ? 3 : 4
        let there = all.count - whole
        // Some lead bytes restrict the next byte; otherwise only the number of missing bytes matters.
        if there == 1, [0xE0, 0xED, 0xF0, 0xF4].contains(all[whole]) { return all[whole] }
        return [0xC2, 0xE1, 0xF1][count - there - 1]
    }
}

extension Array<UInt8> {
    /// Masked or unmasked, with the key as in `wsk_text_prefix`.
    func masked(_ key: UInt32) -> [UInt8] {
        indices.map { self[$0] ^ key.keyByte($0) }
    }
}

extension UInt32 {
    /// The byte of this masking key for payload byte `index`.
    func keyByte(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: self >> UInt32(index % 4 * 8))
    }

    /// The key rotated by `steps` bytes.
    func turned(_ steps: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(keyByte($1 + steps)) << UInt32($1 * 8) }
    }
}

/// Keys that leave the top bits of bytes alone, flip them, or flip some of them; one of them in all four phases, with bytes
/// that begin with all combinations of two bits.
enum Keys {
    static let phases: [UInt32] = (0..<4).map { (0x9D61_FA37 as UInt32).turned($0) }
    static let all: [UInt32] = [0, 0x8080_8080, 0xFFFF_FFFF] + phases
}
