// UTF-8 as it arrives: masked, in pieces, and mostly ASCII.
//
// `UTF8Progress.take` is the definition, one byte at a time. The code here gives the same answer for a whole piece,
// only faster: a kernel accepts what it can, then blocks of ASCII are checked together, and a character whose bytes
// are all present is judged as one word. Nothing is stored: bytes are unmasked in registers.

enum TextJudge {
    /// Judges a piece of text.
    ///
    /// - Parameters:
    ///   - bytes: the piece as it arrived, masked or not.
    ///   - key: the masking key as it applies from the piece's first byte on, repeated twice; 0 for unmasked bytes.
    ///   - progress: the position within a character before the piece, and after it.
    /// - Returns: the index of the first byte at which the text is no longer well-formed UTF-8; nil if there is none.
    static func firstFault(in bytes: Span<UInt8>, key: UInt64, progress: inout UTF8Progress) -> Int? {
        let count = bytes.count
        var index = 0
        while index < count {
            let key32 = UInt32(truncatingIfNeeded: rotated(key, to: index))
            index &+= Kernels.textPrefix(bytes, from: index, key: key32, progress: &progress)
            // Byte by byte inside a character from an earlier piece, and near a fault or the end.
            if progress == .boundary {
                index = endOfASCIIBlocks(in: bytes, from: index, key: key)
                let start = index
                index = endOfCharacters(in: bytes, from: index, key: key)
                if index &- start >= 3 { index = endOfWords(in: bytes, from: index, key: key) }
            }
            guard index < count else { break }
            guard progress.take(unmasked(bytes[index], at: index, key: key)) else { return index }
            index &+= 1
        }
        return nil
    }

    /// Returns the end of the run of ASCII that begins at `start`, in steps of 64 bytes: the run may be longer.
    static func endOfASCIIBlocks(in bytes: Span<UInt8>, from start: Int, key: UInt64) -> Int {
        var index = start
        let turned = rotated(key, to: start)
        while bytes.count &- index >= 64 {
            let block = bytes.extracting(index..<(index &+ 64))
            var fold: UInt64 = 0
            for word in 0..<8 { fold |= load8(block, at: word &* 8) ^ turned }
            guard fold & 0x8080_8080_8080_8080 == 0 else { break }
            index &+= 64
        }
        return index
    }

    /// Returns the end of a run of complete, well-formed characters that begins at `start`; stops once the run has 3
    /// bytes, or when fewer than 8 bytes are left.
    static func endOfCharacters(in bytes: Span<UInt8>, from start: Int, key: UInt64) -> Int {
        var index = start
        while bytes.count &- index >= 8, index &- start < 3 {
            let word = load8(bytes.extracting(index..<(index &+ 8)), at: 0) ^ rotated(key, to: index)
            let length = characterLength(UInt32(truncatingIfNeeded: word))
            guard length > 0 else { return index }
            index &+= length
        }
        return index
    }

    /// Returns the end of the run of well-formed characters around `start`, on a character boundary; at least 3 bytes
    /// of it precede `start`. Works a word at a time: each byte is checked against the three before it.
    static func endOfWords(in bytes: Span<UInt8>, from start: Int, key: UInt64) -> Int {
        var index = start
        let turned = rotated(key, to: start)
        // Only the last three of the bytes before matter.
        var before: UInt64 = 0
        for at in (start &- 3)..<start { before = before >> 8 | UInt64(unmasked(bytes[at], at: at, key: key)) << 56 }
        while bytes.count &- index >= 8 {
            let word = load8(bytes.extracting(index..<(index &+ 8)), at: 0) ^ turned
            guard (word | before) & 0x8080_8080_8080_8080 == 0 || isWellFormed(word, after: before) else { break }
            before = word
            index &+= 8
        }
        // A character that is cut off here is incomplete: back to its lead byte.
        for back in 1...3 {
            let lead = unmasked(bytes[index &- back], at: index &- back, key: key)
            if lead >= 0xC0 { return (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) > back ? index &- back : index }
            if lead < 0x80 { break }
        }
        return index
    }

    /// Returns whether eight bytes continue well-formed UTF-8 (the Unicode Standard, table 3-7), if the bytes before
    /// them are well-formed.
    ///
    /// The result is in the top bit of each byte: `text << n` brings its bit 7 - n there.
    @inline(__always)
    static func isWellFormed(_ text: UInt64, after before: UInt64) -> Bool {
        let one = text << 8 | before >> 56
        let two = text << 16 | before >> 48
        let three = text << 24 | before >> 40
        let lead = one & one << 1
        let ofThree = two & two << 1 & two << 2
        let ofFour = three & three << 1 & three << 2 & three << 3
        let continues = text & ~(text << 1)
        var wrong = continues ^ (lead | ofThree | ofFour)
        // C0 and C1, after E0 anything below A0, after F0 anything below 90: overlong. After ED from A0 on: surrogates.
        // After F4 from 90 on, and after F5…FF: above U+10FFFF.
        let low = one << 3 | one << 4
        let last = one << 6 | one << 7
        wrong |= lead & ~(one << 2 | low | one << 5 | one << 6)
        let isE = lead & one << 2 & ~(one << 3)
        wrong |= isE & ~(one << 4 | one << 5 | last) & ~(text << 2)
        wrong |= isE & one << 4 & one << 5 & ~(one << 6) & one << 7 & text << 2
        let isF = lead & one << 2 & one << 3
        wrong |= isF & ~(one << 4 | one << 5 | last) & ~(text << 2 | text << 3)
        wrong |= isF & (one << 4 | one << 5 & (last | text << 2 | text << 3))
        return wrong & 0x8080_8080_8080_8080 == 0
    }

    /// Returns the length of the well-formed character that begins in the lowest byte of `word`; 0 if it is
    /// malformed.
    @inline(__always)
    static func characterLength(_ word: UInt32) -> Int {
        if word & 0x80 == 0 { return 1 }
        // Two bytes: C2…DF, 80…BF.
        if word & 0xC0E0 == 0x80C0 { return word & 0x1E != 0 ? 2 : 0 }
        // Three bytes: E0…EF and two of 80…BF; not below U+0800, not a surrogate.
        if word & 0xC0C0F0 == 0x8080E0 {
            let top = word & 0x200F
            return top != 0 && top != 0x200D ? 3 : 0
        }
        // Four bytes: F0…F4 and three of 80…BF; from U+10000 to U+10FFFF.
        if word & 0xC0C0_C0F8 == 0x8080_80F0 {
            let plane = (word & 0x07) << 2 | (word >> 12) & 0x03
            return plane >= 1 && plane <= 16 ? 4 : 0
        }
        return 0
    }

    @inline(__always)
    private static func unmasked(_ byte: UInt8, at index: Int, key: UInt64) -> UInt8 {
        byte ^ UInt8(truncatingIfNeeded: key >> (UInt64(truncatingIfNeeded: index & 3) &* 8))
    }

    /// Returns the key as it applies `index` bytes further on. It repeats every four bytes, so rotating it by whole
    /// bytes is enough.
    @inline(__always)
    private static func rotated(_ key: UInt64, to index: Int) -> UInt64 {
        let turn = UInt64(truncatingIfNeeded: index & 3) &* 8
        return (key >> turn) | (key << ((64 &- turn) & 63))
    }

    /// Returns eight bytes as one little-endian word. The compiler turns this into a single load.
    @inline(__always)
    private static func load8(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
        let low =
            UInt32(bytes[index]) | UInt32(bytes[index &+ 1]) << 8 | UInt32(bytes[index &+ 2]) << 16
            | UInt32(bytes[index &+ 3]) << 24
        let high =
            UInt32(bytes[index &+ 4]) | UInt32(bytes[index &+ 5]) << 8 | UInt32(bytes[index &+ 6]) << 16
            | UInt32(bytes[index &+ 7]) << 24
        return UInt64(low) | UInt64(high) << 32
    }
}
