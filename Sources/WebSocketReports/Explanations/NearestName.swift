/// A search for the name that somebody may have meant.
enum NearestName {
    /// Returns the name that begins with `word`, or else the one at the smallest edit distance; nil if all are far.
    static func to(_ word: String, in names: [String]) -> String? {
        guard !word.isEmpty, word.count <= 64 else { return nil }
        if word.count >= 3, let name = names.first(where: { $0.hasPrefix(word) }) { return name }
        let distances = names.map { (name: $0, distance: distance(Array(word), Array($0))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, best.name.count / 3) ? best.name : nil
    }

    /// Returns the Levenshtein distance: the number of characters that must be inserted, removed or changed.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let changed = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
