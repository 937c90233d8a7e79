internal import WebSocketFrames

// Clean text: well-formed UTF-8 without control characters except tab, line feed, form feed and carriage return.

enum CleanText {
    /// Returns the number of bytes at the beginning that are clean text: whole characters only.
    static func count(in bytes: ArraySlice<UInt8>) -> Int {
        let visible = bytes.prefix { isVisible($0) }
        return wellFormedCount(of: visible)
    }

    /// Returns whether all of it is clean text, and it is not empty.
    ///
    /// - Parameter isCut: whether more may follow, so that the last character need not be complete.
    static func holds(_ bytes: ArraySlice<UInt8>, isCut: Bool = false) -> Bool {
        let count = count(in: bytes)
        return count > 0 && bytes.count - count <= (isCut ? 3 : 0)
    }

    static func holds(_ bytes: [UInt8], isCut: Bool = false) -> Bool { holds(bytes[...], isCut: isCut) }

    /// Returns the number of bytes at the beginning that are whole characters of well-formed UTF-8, which a text
    /// frame may contain.
    static func wellFormedCount(of bytes: ArraySlice<UInt8>) -> Int {
        guard !bytes.isEmpty else { return 0 }
        var validator = FrameValidator(sender: .server)
        let header = Array(EncodedFrameHeader(opcode: .text, payloadLength: UInt64(bytes.count)))
        let frame = header + bytes
        do {
            try validator.consume(frame.span)
            return bytes.count
        } catch {
            let good = Int(clamping: error.offset) - header.count
            // Back to the start of the character that is incomplete or malformed there.
            var end = max(min(good, bytes.count), 0)
            var steps = 0
            while end > 0, steps < 3, bytes[bytes.startIndex + end - 1] & 0xC0 == 0x80 {
                end -= 1
                steps += 1
            }
            guard end > 0 else { return 0 }
            let lead = bytes[bytes.startIndex + end - 1]
            let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            return length == steps + 1 ? end + steps : end - (lead < 0x80 ? 0 : 1)
        }
    }

    /// Returns whether a byte is printable ASCII, or one of the white-space characters above.
    static func isASCII(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
    }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private static func isVisible(_ byte: UInt8) -> Bool { isASCII(byte) || byte >= 0x80 }
}
