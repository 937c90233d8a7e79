internal import WebSocketFrames

/// Finds the key of a masked text of any script, by the structure of UTF-8 in it.
///
/// After the first byte of a long character come its others, after ASCII none of them does: few keys keep to that in
/// every fourth byte and the next. Which of those is the one, the ASCII in the text tells: it has to be in all four.
struct UTF8KeySearch {
    /// What is looked at of every fourth byte.
    private static let sample = 256
    private static let least = 16
    /// How many ASCII characters, and bytes of long ones, every fourth byte must hold.
    private static let (leastASCII, leastLong) = (4, 2)
    /// How much worse the next other key must be, in any one byte.
    private static let margin = 16
    /// No more combinations are tried: bytes of few values fit too many.
    private static let mostSteps = 20_000

    /// A byte that the key may have at its place, and how well it fits.
    private struct Candidate {
        let byte: UInt8
        let fit: Int
    }

    /// Every fourth byte, from the first, second, third and fourth on.
    private let columns: [[UInt8]]
    /// For each of them what the key's byte may be, the best first.
    private let candidates: [[Candidate]]
    private var known: [Int: Bool] = [:]
    private var steps = 0

    /// - Parameter weight: how much a byte of ASCII speaks for text.
    init?(_ raw: ArraySlice<UInt8>, weight: (UInt8) -> Int) {
        columns = (0..<4).map { column in
            stride(from: raw.startIndex + column, to: raw.endIndex, by: 4).prefix(Self.sample).map { raw[$0] }
        }
        guard columns[3].count >= Self.least else { return nil }
        let fits = UInt8.min...UInt8.max
        let fit = fits.map { Self.fit($0, weight) }
        candidates = columns.map { column in
            fits.compactMap { Self.candidate($0, column, fit) }.sorted { $0.fit > $1.fit }
        }
        guard candidates.allSatisfy({ !$0.isEmpty }) else { return nil }
    }

    /// The key; nil if none fits, or another one almost as well.
    mutating func key() -> [UInt8]? {
        guard var best = firstChain([]) else { return nil }
        var isBetter = true
        while isBetter, steps < Self.mostSteps {
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
        return steps < Self.mostSteps ? best.map(\.byte) : nil
    }

    // MARK: -

    /// The first four bytes that fit one another, each the best that is possible after those before it.
    private mutating func firstChain(_ chain: [Candidate]) -> [Candidate]? {
        guard chain.count < 4 else { return follows(chain[3], 3, chain[0]) ? chain : nil }
        for candidate in candidates[chain.count] {
            steps += 1
            guard steps < Self.mostSteps else { return nil }
            if let last = chain.last, !follows(last, chain.count - 1, candidate) { continue }
            if let whole = firstChain(chain + [candidate]) { return whole }
        }
        return nil
    }

    /// The best other byte that the key may have at one place, if it is right at the others.
    private mutating func rival(of best: [Candidate], in column: Int) -> Candidate? {
        let (before, after) = ((column + 3) % 4, (column + 1) % 4)
        for candidate in candidates[column] where candidate.byte != best[column].byte {
            if follows(best[before], before, candidate), follows(candidate, column, best[after]) { return candidate }
        }
        return nil
    }

    /// With these two bytes of the key what stands in a column can be followed by what stands in the next one.
    private mutating func follows(_ first: Candidate, _ column: Int, _ second: Candidate) -> Bool {
        let index = (column << 8 | Int(first.byte)) << 8 | Int(second.byte)
        if let known = known[index] { return known }
        // After the fourth column comes the first, one further.
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

    /// How much a byte speaks for text; nil if no text has it.
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
