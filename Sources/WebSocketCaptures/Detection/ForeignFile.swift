/// Known files without a stream that could be read, recognised by their first bytes.
enum ForeignFile {
    /// Returns what a file is, and what to do; nil if it is none of them.
    static func refusal(of prefix: Span<UInt8>) -> String? {
        for file in captures + archives + others where file.signatures.contains(where: { begins(prefix, with: $0) }) {
            return file.sentence
        }
        if prefix.has("ustar", at: 257) { return "a tar archive: unpack it first, as with tar -xf" }
        if isCommView(prefix) || isLaterCommView(prefix) { return capture("CommView's format").sentence }
        if isERF(prefix) { return capture("ERF, Endace's format").sentence }
        if isUTF16(prefix) { return "UTF-16 text: convert it to UTF-8 first, as with iconv -f UTF-16 -t UTF-8" }
        return MitmproxyFlows.isThere(prefix) ? MitmproxyFlows.sentence : nil
    }

    private struct File {
        let signatures: [[UInt8]]
        let sentence: String
    }

    /// No signature: two lengths, version 0, and a date and time (the year in little-endian order).
    private static func isCommView(_ prefix: Span<UInt8>) -> Bool {
        guard prefix.count >= 24 else { return false }
        let (year, length) = (prefix.uint16(at: 5, .little), prefix.uint16(at: 0, .little))
        return prefix[4] == 0 && (1990...2100).contains(year) && (1...12).contains(prefix[7])
            && (1...31).contains(prefix[8])
            && prefix[9] < 24 && prefix[10] < 60 && prefix[11] < 60 && prefix.uint32(at: 12, .little) < 1_000_000
            && length == prefix.uint16(at: 2, .little) && length > 0
    }

    /// No signature: a length, and a date and time. The length leads to the next one.
    private static func isLaterCommView(_ prefix: Span<UInt8>) -> Bool {
        func isRecord(_ at: Int) -> Bool {
            (1990...2100).contains(prefix.uint16(at: at + 4, .little)) && (1...12).contains(prefix[at + 6])
                && (1...31).contains(prefix[at + 7]) && prefix[at + 8] < 24 && prefix[at + 9] < 60
                && prefix[at + 10] < 61 && prefix.uint32(at: at + 11, .little) < 1_000_000
        }
        guard prefix.count >= 24, isRecord(0) else { return false }
        let next = 20 + Int(prefix.uint32(at: 0, .little))
        return prefix.count < next + 24 || isRecord(next)
    }

    /// No signature: records of a time, a type and a length, three of which follow each other.
    private static func isERF(_ prefix: Span<UInt8>) -> Bool {
        var (index, records) = (0, 0)
        var before: UInt32 = 0
        while prefix.count - index >= 16, records < 16 {
            let (seconds, type) = (prefix.uint32(at: index + 4, .little), prefix[index + 8] & 0x7F)
            let length = Int(prefix.uint16(at: index + 10))
            guard (1...48).contains(type), length >= 16, before == 0 || seconds &- before < 1 << 25 else {
                return false
            }
            (before, records) = (seconds, records + 1)
            index += length
        }
        // Provenance records alone, if nothing was captured.
        return records >= 3 || records > 0 && index == prefix.count && prefix[8] == 0x9B
    }

    // MARK: Captures

    private static let captures = [
        capture("the modified libpcap format of Kuznetzov", [0xA1, 0xB2, 0xCD, 0x34], [0x34, 0xCD, 0xB2, 0xA1]),
        capture("snoop, Solaris' format", Array("snoop\0\0\0".utf8)),
        capture("Microsoft Network Monitor's format", Array("GMBU".utf8), Array("RTSS".utf8)),
        capture("the Sniffer's format", Array("TRSNIFF data    \u{1A}".utf8)),
        capture("iptrace, AIX' format", Array("iptrace 1.0".utf8), Array("iptrace 2.0".utf8)),
        capture("EtherPeek's format", Array("\u{7F}ver".utf8)),
        capture("5View's format", [0xAA, 0xAA, 0xAA, 0xAA]),
        capture(
            "the K12 format of Tektronix", [0, 0, 2, 0, 0x12, 5, 0, 0x10], Array("+---------+---------------+".utf8)),
        capture("LANalyzer's format", [0x01, 0x10, 0x4C, 0], [0x07, 0x10, 0x4C, 0]),
        capture("nettl, HP-UX' format", Array("TR\0d\0".utf8), [0, 0, 0, 1, 0, 0, 0, 0, 0, 7, 0xD0, 0]),
        capture("NetXRay's format, that of the Sniffer for Windows", Array("XCP\0".utf8), Array("VL\0\0".utf8)),
        capture("Observer's format", Array("ObserverPktBufferVersion=".utf8)),
        capture("the Visual Networks format", Array("\u{05}VNF".utf8)),
        capture("Capsa's format", Array("cpse".utf8)),
        capture("EyeSDN's format", Array("EyeSDN".utf8)),
        capture("btsnoop, a log of Bluetooth", Array("btsnoop\0".utf8)),
    ]

    private static func capture(_ format: String, _ signatures: [UInt8]...) -> File {
        File(
            signatures: signatures,
            sentence: "a capture in \(format): convert it first, with editcap -F pcapng, which comes with Wireshark")
    }

    // MARK: Compressed files and archives

    private static let archives = [
        compressed("gzip", by: "gzip -d", [0x1F, 0x8B]),
        compressed("zstd", by: "zstd -d", [0x28, 0xB5, 0x2F, 0xFD]),
        compressed("xz", by: "xz -d", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        // The level of compression is followed by the digits of π; without them, deflated text could begin like this.
        compressed("bzip2", by: "bzip2 -d", (0x31...0x39).map { [0x42, 0x5A, 0x68, $0, 0x31, 0x41, 0x59] }),
        compressed("lz4", by: "lz4 -d", [0x04, 0x22, 0x4D, 0x18]),
        compressed("compress", by: "gzip -d", [0x1F, 0x9D]),
        File(signatures: [Array("Rar!\u{1A}\u{07}".utf8)], sentence: "a RAR archive: unpack it first"),
        File(
            signatures: [[0x50, 0x4B, 0x03, 0x04]],
            sentence: """
                a zip archive: unpack it first; Fiddler's archives (SAZ) are no use even so, they hold messages without \
                their frames: \(ForeignText.advice)
                """),
        File(
            signatures: [[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]],
            sentence: "a 7z archive: unpack it first, as with 7z x"),
        File(
            signatures: [[0xAC, 0xED, 0x00, 0x05]],
            sentence: """
                Java objects, such as a session that Charles saves (CHLS): it holds messages without their frames; \
                \(ForeignText.advice)
                """),
    ]

    private static func compressed(_ format: String, by command: String, _ signature: [UInt8]) -> File {
        compressed(format, by: command, [signature])
    }

    private static func compressed(_ format: String, by command: String, _ signatures: [[UInt8]]) -> File {
        File(
            signatures: signatures,
            sentence: "compressed with \(format): decompress it first, as with \(command)")
    }

    // MARK: Files found next to captures

    private static let others = [
        other("a PNG image", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        other("a JPEG image", [0xFF, 0xD8, 0xFF, 0xDB], [0xFF, 0xD8, 0xFF, 0xE0], [0xFF, 0xD8, 0xFF, 0xE1]),
        other("a GIF image", Array("GIF87a".utf8), Array("GIF89a".utf8)),
        other("a PDF document", Array("%PDF-".utf8)),
        other("a program", Array("\u{7F}ELF".utf8), [0x4D, 0x5A, 0x90, 0], [0xCF, 0xFA, 0xED, 0xFE]),
        other("a database of SQLite", Array("SQLite format 3\0".utf8)),
        other("an event log of Windows", Array("ElfFile\0".utf8)),
    ]

    private static func other(_ name: String, _ signatures: [UInt8]...) -> File {
        File(
            signatures: signatures,
            sentence: "\(name), and no stream: if an endpoint sent these very bytes, say --input raw")
    }

    private static func begins(_ prefix: Span<UInt8>, with signature: [UInt8]) -> Bool {
        guard prefix.count >= signature.count else { return false }
        return signature.indices.allSatisfy { prefix[$0] == signature[$0] }
    }

    /// Returns whether there is a byte order mark, followed by characters of which one half is zero.
    private static func isUTF16(_ prefix: Span<UInt8>) -> Bool {
        guard prefix.count >= 4 else { return false }
        if begins(prefix, with: [0xFF, 0xFE]) { return prefix[2] != 0 && prefix[3] == 0 }
        if begins(prefix, with: [0xFE, 0xFF]) { return prefix[2] == 0 && prefix[3] != 0 }
        return false
    }
}

/// What `mitmdump -w` saves: typed netstrings, `2105:9:websocket;286:…`. A length, a colon, and that many bytes of a
/// dictionary, whose first key is a string with its own length and a type marker after it.
private enum MitmproxyFlows {
    static let sentence = """
        flows of mitmproxy: they hold messages, already unmasked and put together, and no frames that could be judged; \
        \(ForeignText.advice)
        """

    static func isThere(_ prefix: Span<UInt8>) -> Bool {
        var index = 0
        guard DecimalText.number(in: prefix, &index) != nil, prefix.has(":", at: index) else { return false }
        index += 1
        guard let count = DecimalText.number(in: prefix, &index), (1...64).contains(count), prefix.has(":", at: index)
        else { return false }
        let end = index + 1 + Int(count)
        guard end < prefix.count, prefix[end] == ASCII.semicolon || prefix[end] == ASCII.comma else { return false }
        return (index + 1..<end).allSatisfy { prefix[$0].isWordByte }
    }
}
