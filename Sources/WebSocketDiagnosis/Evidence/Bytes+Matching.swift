import WebSocketFrames

extension ArraySlice<UInt8> {
    /// Returns whether the bytes begin with these characters, regardless of case.
    func begins(withAnyCase text: String) -> Bool {
        let wanted = text.utf8
        return count >= wanted.count && zip(self, wanted).allSatisfy { Self.lowered($0) == Self.lowered($1) }
    }

    /// Returns whether the bytes begin with these characters.
    func begins(with text: String) -> Bool { starts(with: text.utf8) }

    /// Returns whether these characters occur anywhere, regardless of case.
    func holds(anyCase text: String) -> Bool {
        let wanted = text.utf8.map(Self.lowered)
        guard let first = wanted.first, count >= wanted.count else { return false }
        for index in startIndex...(endIndex - wanted.count) where Self.lowered(self[index]) == first {
            if self[index..<(index + wanted.count)].lazy.map(Self.lowered).elementsEqual(wanted) { return true }
        }
        return false
    }

    /// The bytes up to the end of the line.
    var line: ArraySlice<UInt8> { prefix { $0 != 0x0D && $0 != 0x0A } }

    /// Returns the first index at which a sequence of bytes occurs; nil if it does not occur, or is empty.
    func firstIndex(of row: ArraySlice<UInt8>) -> Int? {
        guard let first = row.first, row.count <= count else { return nil }
        for index in startIndex...(endIndex - row.count) where self[index] == first {
            if self[index..<(index + row.count)].elementsEqual(row) { return index }
        }
        return nil
    }

    /// Returns a number of 1…8 bytes, big-endian or little-endian.
    func number(littleEndian: Bool = false) -> UInt64 {
        let number = reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return littleEndian && count > 0 ? number.byteSwapped >> UInt64(64 - 8 * Swift.min(count, 8)) : number
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

extension [UInt8] {
    /// Returns the first index at which a sequence of bytes occurs; nil if it does not occur, or is empty.
    func firstIndex(of row: ArraySlice<UInt8>) -> Int? { self[...].firstIndex(of: row) }

    /// Appends the first bytes of a piece.
    mutating func append(_ piece: Span<UInt8>, atMost most: Int) {
        append(piece.extracting(first: Swift.max(most, 0)))
    }
}
