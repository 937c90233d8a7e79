internal import WebSocketFrames

/// Finds the key of a masked text in any script, by the structure of UTF-8.
///
/// The first byte of a multibyte character is followed by its continuation bytes, an ASCII character by none: few
/// keys are consistent with that in every fourth byte and the next. The ASCII in the text, which must be in all four
/// columns, decides between those.
struct UTF8KeySearch {
    /// The number of bytes of each column that are examined.
    private static let sample = 256
    private static let minimumCount = 16
    /// The number of ASCII characters, and of bytes of longer ones, that each column must have.
    private static let (leastASCII, leastLong) = (4, 2)
    /// By how much the next best key must be worse, in any one byte.
    private static let margin = 16
    /// The most combinations that are tried: bytes of few different values fit too many.
    private static let maximumSteps = 20_000

    /// A possible byte of the key at its position, and how well it fits.
    private struct Candidate {
        let byte: UInt8
        let fit: Int
    }

    /// Every fourth byte, from the first, second, third and fourth on.
    private let columns: [[UInt8]]
    /// The possible bytes of the key for each column, the best first.
    private let candidates: [[Candidate]]
    private var known: [Int: Bool] = [:]
    private var steps = 0

    /// - Parameter weight: how strongly a byte of ASCII suggests text.
    init?(_ raw: ArraySlice<UInt8>, weight: (UInt8) -> Int) {
        columns = (0..<4).map { column in
            stride(from: raw.startIndex + column, to: raw.endIndex, by: 4).prefix(Self.sample).map { raw[$0] }
        }
        guard columns[3].count >= Self.minimumCount else { return nil }
        let fits = UInt8.min...UInt8.max
        let fit = fits.map { Self.fit($0, weight) }
        candidates = columns.map { column in
            fits.compactMap { Self.candidate($0, column, fit) }.sorted { $0.fit > $1.fit }
        }
        guard candidates.allSatisfy({ !$0.isEmpty }) else { return nil }
    }

    /// Returns the key; nil if none fits, or another one fits almost as well.
    mutating func key() -> [UInt8]? {
        guard var best = firstChain([]) else { return nil }
        var isBetter = true
        while isBetter, steps < Self.maximumSteps {
            isBetter = false
            for column in 0..<4 {
                guard let other = rival(of: best, in: column), other.fit > best[column].fit else { continue }
                best[column] = other
                isBetter = true
            }
        }
        for column in 0..<4 {
            if let other = rival(of: best, in: column), best[column].fit - other.fit < Self.margin { return nil }
        }
        return steps < Self.maximumSteps ? best.map(\.byte) : nil
    }

    // MARK: -

    /// Returns the first four bytes that fit each other, each the best possible after those before it.
    private mutating func firstChain(_ chain: [Candidate]) -> [Candidate]? {
        guard chain.count < 4 else { return follows(chain[3], 3, chain[0]) ? chain : nil }
        for candidate in candidates[chain.count] {
            steps += 1
            guard steps < Self.maximumSteps else { return nil }
            if let last = chain.last, !follows(last, chain.count - 1, candidate) { continue }
            if let whole = firstChain(chain + [candidate]) { return whole }
        }
        return nil
    }

    /// Returns the best other byte for the key at one position, if it is right at the others.
    private mutating func rival(of best: [Candidate], in column: Int) -> Candidate? {
        let (before, after) = ((column + 3) % 4, (column + 1) % 4)
        for candidate in candidates[column] where candidate.byte != best[column].byte {
            if follows(best[before], before, candidate), follows(candidate, column, best[after]) { return candidate }
        }
        return nil
    }

    /// Returns whether, with these two bytes of the key, what is in a column can be followed by what is in the next
    /// one.
    private mutating func follows(_ first: Candidate, _ column: Int, _ second: Candidate) -> Bool {
        let index = (column << 8 | Int(first.byte)) << 8 | Int(second.byte)
        if let known = known[index] { return known }
        // The fourth column is followed by the first, one byte further.
        let next = column == 3 ? columns[0].dropFirst() : columns[column + 1][...]
        let fits = zip(columns[column], next).allSatisfy { one, other in
            let isContinuation = (other ^ second.byte) & 0xC0 == 0x80
            return switch one ^ first.byte {
            case ..<0x80: !isContinuation
            case 0xC0...: isContinuation
            default: true
            }
        }
        known[index] = fits
        return fits
    }

    private static func candidate(_ byte: UInt8, _ column: [UInt8], _ fits: [Int?]) -> Candidate? {
        var (fit, ascii, first) = (0, 0, 0)
        for one in column {
            guard let own = fits[Int(one ^ byte)] else { return nil }
            fit += own
            if one ^ byte < 0x80 { ascii += 1 } else if one ^ byte >= 0xC0 { first += 1 }
        }
        guard ascii >= leastASCII, first >= leastLong, column.count - ascii - first >= leastLong else { return nil }
        return Candidate(byte: byte, fit: fit)
    }

    /// Returns how strongly a byte suggests text; nil if no text contains it.
    private static func fit(_ byte: UInt8, _ weight: (UInt8) -> Int) -> Int? {
        switch byte {
        case ..<0x80: CleanText.isASCII(byte) ? weight(byte) : nil
        case ..<0xC0: 2
        // Latin, Greek, Cyrillic, Hebrew, Arabic, Indic, Thai, signs, Chinese, Japanese, Korean, emoji.
        case 0xC3, 0xCE...0xD1, 0xD7...0xDB, 0xE0, 0xE2...0xED, 0xF0: 3
        case 0xC2...0xF4: -6
        default: nil
        }
    }
}
