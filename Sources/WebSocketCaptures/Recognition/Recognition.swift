/// Tells by its first bytes what kind of input a file is.
///
/// No legal stream begins like any of the other kinds: their first bytes would be reserved bits or reserved opcodes.
/// Whatever is nothing else is raw, text such as an HTTP handshake too.
public enum Recognition {
    /// How many leading bytes suffice to tell.
    public static let prefixCount = 4096

    /// The kind of an input.
    ///
    /// - Parameters:
    ///   - prefix: the input's first bytes, ``prefixCount`` of them where it has so many.
    ///   - isWhole: `prefix` is all there is. (No kind there is so far asks; a footer would.)
    public static func kind(of prefix: Span<UInt8>, isWhole: Bool) -> InputKind {
        for (signature, kind) in signatures where begins(prefix, with: signature) { return kind }
        if isUTF16(prefix) {
            return .unsupported("UTF-16 text: convert it to UTF-8 first, as with iconv -f UTF-16 -t UTF-8")
        }
        if isHTTPArchive(prefix) {
            return .unsupported(
                "a HAR file: it holds messages, and no frames that could be judged; make a capture instead"
            )
        }
        return isHexText(prefix) ? .hex : .raw
    }

    // MARK: Signatures

    private static let signatures: [([UInt8], InputKind)] = [
        ([0xA1, 0xB2, 0xC3, 0xD4], .pcap),  // microseconds, big-endian
        ([0xD4, 0xC3, 0xB2, 0xA1], .pcap),  // the same, little-endian
        ([0xA1, 0xB2, 0x3C, 0x4D], .pcap),  // nanoseconds
        ([0x4D, 0x3C, 0xB2, 0xA1], .pcap),
        ([0x0A, 0x0D, 0x0D, 0x0A], .pcapng),
        ([0x1F, 0x8B], compressed("gzip", by: "gzip -d")),
        ([0x28, 0xB5, 0x2F, 0xFD], compressed("zstd", by: "zstd -d")),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], compressed("xz", by: "xz -d")),
        ([0x42, 0x5A, 0x68], compressed("bzip2", by: "bzip2 -d")),
        ([0x50, 0x4B, 0x03, 0x04], .unsupported("a zip archive: unpack it first")),
    ]

    private static func compressed(_ format: String, by command: String) -> InputKind {
        .unsupported("a \(format)-compressed file: decompress it first, as with \(command)")
    }

    private static func begins(_ prefix: Span<UInt8>, with signature: [UInt8]) -> Bool {
        guard prefix.count >= signature.count else { return false }
        return signature.indices.allSatisfy { prefix[$0] == signature[$0] }
    }

    // MARK: Text

    /// A byte order mark, and behind it characters of which one half is zero.
    private static func isUTF16(_ prefix: Span<UInt8>) -> Bool {
        guard prefix.count >= 4 else { return false }
        if begins(prefix, with: [0xFF, 0xFE]) { return prefix[2] != 0 && prefix[3] == 0 }
        if begins(prefix, with: [0xFE, 0xFF]) { return prefix[2] == 0 && prefix[3] != 0 }
        return false
    }

    /// A JSON object with a key `log` near its start.
    private static func isHTTPArchive(_ prefix: Span<UInt8>) -> Bool {
        var index = begins(prefix, with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < prefix.count, prefix[index].isWhiteSpace { index += 1 }
        guard index < prefix.count, prefix[index] == ASCII.openBrace else { return false }
        return (index..<prefix.count).contains { prefix.has("\"log\"", at: $0) }
    }

    /// The first lines that mean bytes are in a form that ``HexDecoder`` knows. Behind a comment any text will do, and
    /// none: that somebody wrote it as hex is clear, and where it is broken the decoder says. So it is where a text begins
    /// with several digits, and only then slips: text is no legal stream anyhow, and no peer should be blamed for a typo.
    private static func isHexText(_ prefix: Span<UInt8>) -> Bool {
        var opening = TextOpening()
        do throws(HexTextError) {
            for index in prefix.indices where try opening.take(prefix[index]) { break }
            try opening.finish()
        } catch {
            // A directive that cannot be obeyed: for the decoder to say.
            return isText(prefix)
        }
        if FormGuess.form(of: opening.text.span) != nil { return true }
        return isText(prefix) && (opening.hasComment || FormGuess.beginsWithDigits(opening.text.span))
    }

    private static func isText(_ prefix: Span<UInt8>) -> Bool {
        prefix.indices.allSatisfy { prefix[$0] >= 0x20 || prefix[$0].isWhiteSpace }
    }
}
