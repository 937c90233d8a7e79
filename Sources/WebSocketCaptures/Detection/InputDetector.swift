import WebSocketFrames

/// Recognises the kind of an input by its first bytes.
///
/// No legal stream begins like any of the other kinds: their first bytes would be reserved bits or reserved opcodes.
/// Whatever is nothing else is raw, including an HTTP handshake; but text that is neither that nor in a known form is
/// refused.
public enum InputDetector {
    /// The number of leading bytes that are enough to recognise an input.
    public static let prefixCount = TextOpening.detectedCount

    /// Returns the kind of an input.
    ///
    /// - Parameters:
    ///   - prefix: the input's first ``prefixCount`` bytes, or all of them if it is shorter.
    ///   - isWhole: whether `prefix` is all there is.
    ///   - isMeant: whether the user means this input to be judged. Otherwise it is one of many files, and a text that may
    ///     as well be notes or a list is not regarded as a dump.
    public static func kind(of prefix: Span<UInt8>, isWhole: Bool, isMeant: Bool = true) -> InputKind {
        if let kind = captureKind(of: prefix) { return kind }
        if isText(prefix), PacketText.isThere(prefix) { return .packetText }
        if let refusal = ForeignFile.refusal(of: prefix) ?? ForeignText.refusal(of: prefix) {
            return .unsupported(refusal)
        }
        if let kind = ExportGuess.kind(of: prefix, isWhole: isWhole) { return kind }
        if PayloadColumn.isThere(prefix) { return .unsupported(PayloadColumn.sentence) }
        if isHexText(prefix, isMeant: isMeant) || isBlank(prefix) { return .hex }
        return isStrangeText(prefix) ? .unsupported(ForeignText.unknown) : .raw
    }

    /// Returns the kind of an input that begins like a packet capture; nil for any other, and if fewer than 4 bytes
    /// have arrived.
    public static func captureKind(of prefix: Span<UInt8>) -> InputKind? {
        captures.first { signature, _ in
            signature.indices.allSatisfy { $0 < prefix.count && prefix[$0] == signature[$0] }
        }?.1
    }

    private static let captures: [([UInt8], InputKind)] = [
        ([0xA1, 0xB2, 0xC3, 0xD4], .pcap),  // microseconds, big-endian
        ([0xD4, 0xC3, 0xB2, 0xA1], .pcap),  // the same, little-endian
        ([0xA1, 0xB2, 0x3C, 0x4D], .pcap),  // nanoseconds
        ([0x4D, 0x3C, 0xB2, 0xA1], .pcap),
        ([0x0A, 0x0D, 0x0D, 0x0A], .pcapng),
    ]

    // MARK: Hex text

    /// Returns whether the first lines that mean bytes are in a form that ``HexDecoder`` knows. After a comment any
    /// text will do, or none at all: it was clearly written as hex, and the decoder reports any error. The same
    /// applies to a text that begins with several digits, and only then has a mistake: text is not a legal stream,
    /// and no peer should be blamed for a typo. All this applies to inputs that are meant to be judged: otherwise
    /// notes with a `#` before their title, or a list of commits, would be malformed dumps, and numbers in a table
    /// dumps of frames. A directive is a sign wherever it is, as are offsets, escapes and the like; digits alone must
    /// begin as a stream does.
    private static func isHexText(_ prefix: Span<UInt8>, isMeant: Bool) -> Bool {
        var opening = TextOpening()
        do throws(TextError) {
            for index in prefix.indices where try opening.read(prefix[index]) { break }
            try opening.finish()
        } catch {
            // A directive that cannot be obeyed, which the decoder reports.
            return isText(prefix)
        }
        if let form = HexFormatDetector.form(of: opening.text.span) {
            return isMeant || form.isMark || opening.hasComment || beginsAsAStream(prefix)
        }
        guard isMeant else { return isText(prefix) && opening.directives != Directives() }
        return isText(prefix) && (opening.hasComment || HexFormatDetector.beginsWithBytes(opening.text.span))
    }

    /// Returns whether it begins with a handshake, or with a frame that is whole except where the text is cut off.
    private static func beginsAsAStream(_ text: Span<UInt8>) -> Bool {
        var decoder = HexDecoder()
        var bytes: [UInt8] = []
        // What was decoded before an error counts as well; the decoder reports it.
        try? decoder.decode(text, into: &bytes)
        try? decoder.finish(into: &bytes)
        if ["GET ", "HTTP/1."].contains(where: { bytes.span.has($0) }) { return true }
        guard bytes.count >= 2, [0x81, 0x82, 0x88, 0x89, 0x8A, 0xC1, 0xC2].contains(bytes[0]) else { return false }
        let length = Int(bytes[1] & 0x7F)
        return length >= 126 ? bytes.count > length : bytes.count >= 2 + (bytes[1] & 0x80 == 0 ? 0 : 4) + length
    }

    /// Returns whether it is printable text throughout, and not HTTP: no endpoint sent that after a handshake, or it
    /// is entirely wrong, and then `--input raw` says that it is meant.
    private static func isStrangeText(_ prefix: Span<UInt8>) -> Bool {
        guard !prefix.isEmpty else { return false }
        let line = prefix.extracting(0..<prefix.firstIndex(of: ASCII.lineFeed))
        // A request's line may be longer than the known part of it.
        let isCutRequest = line.has("GET /") && line.count == prefix.count
        guard !line.has("HTTP/1."), !line.contains(" HTTP/1."), !isCutRequest else { return false }
        // Another protocol that an endpoint spoke is a finding, and not a reason to refuse.
        let beginning = prefix.indices.prefix(512).map { prefix[$0] }
        if PlainProtocol(beginning: beginning[...])?.strength == .certain { return false }
        var validator = UTF8Validator()
        return prefix[0] < 0x80 && prefix.indices.allSatisfy { prefix[$0] >= 0x20 || prefix[$0].isWhiteSpace }
            && validator.consume(prefix) == nil
    }

    /// Returns whether there is nothing but white space: a dump of no bytes.
    private static func isBlank(_ prefix: Span<UInt8>) -> Bool {
        !prefix.isEmpty && prefix.indices.allSatisfy { prefix[$0].isWhiteSpace }
    }

    private static func isText(_ prefix: Span<UInt8>) -> Bool {
        (0..<min(prefix.count, TextOpening.maximumCount)).allSatisfy { prefix[$0] >= 0x20 || prefix[$0].isWhiteSpace }
    }
}
