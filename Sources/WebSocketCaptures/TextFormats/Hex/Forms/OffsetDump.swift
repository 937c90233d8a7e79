/// Lines with an offset, bytes, and possibly the same as characters: `xxd`, `hexdump -C`, `od -tx1`.
///
///     00000000: 8105 4865 6c6c 6f                        ..Hello
///     00000000  81 05 48 65 6c 6c 6f                              |..Hello|
///     0000000 81 05 48 65 6c 6c 6f
///     *                                   the line before, again and again, up to the next offset
///     0000007                             only an offset: the end
///
/// Every offset is checked against the bytes so far, so a lost line is reported.
struct OffsetDump: LinewiseHexForm {
    /// The most bytes that all `*` together may stand for: a text of a few lines could ask for any amount.
    static let maximumRepetition: UInt64 = 64 << 20

    /// The beginning of a line whose end has not arrived.
    var held: [UInt8] = []
    /// How bytes and offsets are related.
    private var offsets: DumpOffsets?
    /// The bytes of the last line that had any.
    private var line: [UInt8] = []
    private var sawBytes = false
    /// The number of bytes that all `*` so far stood for.
    private var repetition: UInt64 = 0
    /// The position of a `*` whose next offset has not arrived.
    private var asterisk: TextPosition?

    mutating func end(at position: TextPosition) throws(TextError) {
        if let asterisk {
            throw TextError(asterisk, "the dump ends after '*': how many lines it stands for is not known")
        }
    }

    mutating func read(
        _ text: Span<UInt8>,
        number: Int,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        var reader = DumpLine(number: number)
        switch try reader.begin(text) {
        case .nothing: return
        case .asterisk(let position):
            guard !line.isEmpty, asterisk == nil else {
                throw TextError(position, "'*' repeats the line before, and there is none")
            }
            asterisk = position
        case .offset(let digits):
            try check(text.extracting(digits), of: reader, at: reader.position(digits.lowerBound), into: &bytes)
            line.removeAll(keepingCapacity: true)
            try reader.readBytes(text, into: &line)
            if !sawBytes { try reader.checkOrder(of: line, in: text) }
            sawBytes = sawBytes || !line.isEmpty
            bytes.append(contentsOf: line)
            offsets?.advance(by: UInt64(line.count))
        }
    }

    /// Checks a line's offset against the bytes so far, and repeats the line before if a `*` asks for it.
    private mutating func check(
        _ digits: Span<UInt8>,
        of reader: DumpLine,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        guard offsets != nil else {
            offsets = try DumpOffsets(first: digits, isXXD: reader.isXXD, at: position)
            return
        }
        if let start = asterisk {
            asterisk = nil
            let gap = try offsets?.gap(to: digits, width: UInt64(line.count), at: position) ?? 0
            guard gap <= Self.maximumRepetition &- repetition else {
                throw TextError(
                    start,
                    "'*' stands for \(gap) bytes: more than \(Self.maximumRepetition) in all are not expanded"
                )
            }
            repetition &+= gap
            for _ in 0..<(Int(gap) / line.count) { bytes.append(contentsOf: line) }
            offsets?.advance(by: gap)
        }
        try offsets?.check(digits, at: position)
    }
}
