import WebSocketFrames
import WebSocketInspection

/// The text around a fault in a payload: unmasked, and safe to print.
struct PayloadPreview {
    /// The range of the bytes at fault, as offsets in the stream: for text that ends inside a character, the bytes of
    /// the character in this frame.
    let fault: Range<UInt64>
    /// The range of the bytes shown.
    private var shown: Range<UInt64>
    /// The offset at which the text begins: the payload, or the part of a Close after its code.
    private let start: UInt64
    private let end: UInt64
    private let window: ByteWindow
    private let violation: Violation

    /// - Returns: nil if none of the text is available, or the fault is not in a payload.
    init?(_ violation: Violation, window: ByteWindow) {
        switch violation.rule.field {
        // Compressed bytes are not text until they are inflated.
        case .closeCode, .closeReason, .text: if violation.messageOffset != nil { return nil }
        case .compressedPayload: return nil
        case .byte0, .byte1, .extendedLength, .length: return nil
        }
        self.window = window
        self.violation = violation
        let payload = violation.frameOffset.addingClamped(UInt64(violation.header.count))
        start = violation.rule.field == .closeReason ? payload.addingClamped(2) : payload
        end = payload.addingClamped(violation.header.payloadLength)

        let faultEnd = violation.offset.addingClamped(UInt64(violation.length))
        var first = min(violation.offset, faultEnd)
        if violation.length == 0 {
            first = Self.openCharacter(before: violation.offset, notBefore: start) {
                Self.byte(at: $0, of: violation, in: window)
            }
        }
        fault = first..<faultEnd
        let around = window.offsets(around: first, before: 48, after: 48)
        let lower = max(around.lowerBound, start)
        let upper = min(around.upperBound, end)
        guard lower < upper else { return nil }
        shown = lower..<upper
        trimToCharacters()
    }

    /// Drops characters that are cut off by the edges of the available bytes, which are not a fault and not shown as
    /// one.
    private mutating func trimToCharacters() {
        var (lower, upper) = (shown.lowerBound, shown.upperBound)
        while lower > start, lower < fault.lowerBound, shown.lowerBound + 3 > lower, byte(at: lower) & 0xC0 == 0x80 {
            lower += 1
        }
        if upper < end, upper > fault.upperBound {
            let last = Self.openCharacter(before: upper, notBefore: fault.upperBound, byte: byte(at:))
            let lead = byte(at: last)
            let length: UInt64 = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
            if upper - last < length { upper = last }
        }
        shown = lower..<max(upper, lower)
    }

    /// Returns the text before the fault, the fault, and the text after it: together they are at most `width` columns
    /// wide, including quotes and dots.
    func parts(width: Int) -> (before: String, fault: String, after: String) {
        let room = max(width - 8, 8)
        var before = tokens(in: shown.clamped(to: 0..<fault.lowerBound))
        let bad = fault.filter(shown.contains).map { Escaping.byte(byte(at: $0)) }.joined()
        var after = tokens(in: shown.clamped(to: fault.upperBound..<UInt64.max))
        var isCutBefore = shown.lowerBound > start
        var isCutAfter = shown.upperBound < end

        var free = room - bad.count
        isCutAfter = Self.cut(&after, to: max(free / 3, free - Self.width(of: before))) || isCutAfter
        free -= Self.width(of: after)
        before.reverse()
        isCutBefore = Self.cut(&before, to: free) || isCutBefore
        before.reverse()
        return (
            (isCutBefore ? "…" : "") + "\"" + before.joined(), bad, after.joined() + "\"" + (isCutAfter ? "…" : "")
        )
    }

    /// Returns the preview on one line, and the marks below it.
    func lines(width: Int) -> [StyledLine] {
        let parts = parts(width: width)
        var line = StyledLine(parts.before)
        let column = line.width
        line.append(parts.fault, .fault)
        line.append(parts.after)
        guard !parts.fault.isEmpty else { return [line] }
        var marks = StyledLine()
        marks.pad(to: column)
        marks.append(String(repeating: "^", count: parts.fault.count), .fault)
        return [line, marks]
    }

    /// Keeps as many of the first tokens as fit; returns whether any were removed.
    private static func cut(_ tokens: inout [String], to width: Int) -> Bool {
        var used = 0
        let kept = tokens.prefix { token in
            used += Columns.count(in: token)
            return used <= width
        }
        let isCut = kept.count < tokens.count
        tokens = Array(kept)
        return isCut
    }

    private static func width(of tokens: [String]) -> Int {
        tokens.reduce(0) { $0 + Columns.count(in: $1) }
    }

    /// Returns a token for each character, or for a byte that is not part of one, escaped.
    private func tokens(in offsets: Range<UInt64>) -> [String] {
        Escaping.pieces(of: offsets.map(byte(at:)))
    }

    private func byte(at offset: UInt64) -> UInt8 {
        Self.byte(at: offset, of: violation, in: window) ?? 0
    }

    /// Returns a payload byte, unmasked.
    private static func byte(at offset: UInt64, of violation: Violation, in window: ByteWindow) -> UInt8? {
        let index = offset &- violation.frameOffset &- UInt64(violation.header.count)
        return window[offset].map { $0 ^ (violation.header.maskingKey?[index] ?? 0) }
    }

    /// Returns the offset of a character that is incomplete at `end`.
    private static func openCharacter(
        before end: UInt64, notBefore start: UInt64, byte: (UInt64) -> UInt8?
    ) -> UInt64 {
        var offset = end
        while offset > start, end - offset < 3, let byte = byte(offset - 1) {
            offset -= 1
            if byte >= 0xC0 { break }
        }
        return offset
    }
}

extension UInt64 {
    /// Returns the sum, or the largest number if it overflows.
    func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
