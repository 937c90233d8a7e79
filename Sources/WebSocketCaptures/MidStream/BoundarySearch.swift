import WebSocketFrames

/// Searches for the first frame boundary among the bytes of one side whose first bytes are missing.
///
/// Captures begin between packets, and frames mostly begin packets: the first byte of each piece is tried as it
/// arrives. Only when the window is full, or the bytes are at their end, are the bytes inside the pieces tried too.
struct BoundarySearch: Sendable {
    /// The number of bytes of a side that are searched if they certainly contain frames.
    static let window = HeldStream.ceiling
    /// The number that are searched if only the bytes themselves can show that. Every connection that a capture
    /// begins in the middle of may hold this many.
    static let detectionWindow = 16_384

    /// The evidence that a candidate needs if there certainly are frames: three or four frames, or one of text, that
    /// end together with a piece. There are many pieces in the middle of long frames, so it cannot be less.
    static let bitsToBelieve = 20
    /// The evidence needed if nothing more will arrive: one frame that ends together with a piece. Bytes in the
    /// middle of a frame look like this about once in 2,000 times.
    static let bitsAtTheEnd = 11
    /// The evidence needed from a chain of frames in the middle of pieces, which has 65,536 times as many chances to
    /// be wrong.
    static let bitsInside = 48

    private static let bitsOfAnAlignedEnd = 7
    /// The most candidates that are followed at once, and therefore the most times that each byte is read.
    private static let maximumTrials = 8

    private(set) var trials: [BoundaryCandidate] = []
    /// The number of bytes that were read and are no longer held.
    private(set) var forgotten: UInt64 = 0
    /// The sender of these bytes, if known.
    private var sender: Endpoint?
    /// The extensions that were agreed. If that is not known, RSV1 may be legal.
    private let extensions: AgreedExtensions

    init(sender: Endpoint? = nil, extensions: AgreedExtensions = .permessageDeflate) {
        self.sender = sender
        self.extensions = extensions
    }

    /// Reads a new piece, which begins at `start` among the held bytes.
    mutating func read(_ held: Span<UInt8>, pieceStart start: Int) {
        trials.removeAll { $0.isRefuted && $0.bits < Self.bitsInside }
        if trials.count == Self.maximumTrials, let index = trials.firstIndex(where: \.isRefuted) {
            trials.remove(at: index)
        }
        add([start] + longFrames(held, from: start), upTo: Self.maximumTrials)
        add(mediumFrames(held, from: start), upTo: Self.maximumTrials - 2)
        for index in trials.indices { trials[index].read(held) }
    }

    private mutating func add(_ places: [Int], upTo most: Int) {
        for place in places where trials.count < most && !trials.contains(where: { $0.start == place }) {
            trials.append(BoundaryCandidate(at: place, sender: sender, extensions: extensions))
        }
    }

    /// Returns where a whole message in a frame with a 16-bit length may begin inside a piece. Such bytes occur in
    /// every 8 KiB by chance, but hardly ever where such a frame would end: few are followed at a time.
    private func mediumFrames(_ held: Span<UInt8>, from start: Int) -> [Int] {
        (max(start, 1)..<max(held.count, 1)).compactMap { second in
            guard held[second] & 0x7F == 0x7E else { return nil }
            switch held[second - 1] {
            case 0x81, 0x82, 0xC1, 0xC2: return second - 1
            default: return nil
            }
        }
    }

    /// Returns where a frame with a 64-bit length may begin inside a piece: four zero bytes after its second byte are
    /// seldom anything else. A frame that is longer than all that is held is found by that, wherever it begins.
    private func longFrames(_ held: Span<UInt8>, from start: Int) -> [Int] {
        var places: [Int] = []
        var index = max(start, 1)
        while index + 4 < held.count {
            // Every fourth byte shows whether four zeros are possible.
            guard held[index + 4] == 0 else {
                index += 4
                continue
            }
            for second in index..<min(index + 4, held.count - 4)
            where held[second] & 0x7F == 0x7F && (1...4).allSatisfy({ held[second + $0] == 0 })
                && BoundaryCandidate.canBegin[Int(held[second - 1])]
            {
                places.append(second - 1)
            }
            index += 4
        }
        return places
    }

    /// Whether some candidate is inside a frame that continues after the held bytes.
    var isInside: Bool { trials.contains(where: \.isInside) }

    /// Returns how many of the held bytes are no longer needed: all before the header that is still incomplete.
    private func forgettable(of count: Int) -> Int {
        trials.filter { !$0.isRefuted }.map(\.neededFrom).min() ?? count
    }

    /// The most bytes of a side that are read while no frame that they could be inside of is in sight, and the most
    /// in all.
    private static let maximumForgotten: (outside: UInt64, inside: UInt64) = (1 << 20, 16 << 20)

    /// Makes room when no more can be held before a decision: bytes that were read are forgotten, if it is worth
    /// continuing.
    ///
    /// - Returns: the number of the `count` held bytes that are no longer needed; nil if it is not worth continuing.
    mutating func makeRoom(of count: Int) -> Int? {
        let free = forgettable(of: count)
        guard forgotten < (isInside ? Self.maximumForgotten.inside : Self.maximumForgotten.outside), free > 0 else {
            return nil
        }
        forget(free)
        return free
    }

    /// Notes that the first held bytes are no longer held.
    private mutating func forget(_ count: Int) {
        forgotten &+= UInt64(count)
        trials.removeAll(where: \.isRefuted)
        for index in trials.indices { trials[index].forget(count) }
    }

    /// Notes the sender of these bytes, which is now known.
    mutating func settle(_ sender: Endpoint) {
        self.sender = sender
        trials.removeAll { $0.sender != nil && $0.sender != sender }
    }

    /// The candidate with the most evidence.
    var best: BoundaryCandidate? {
        var best: BoundaryCandidate?
        for trial in trials where best.map({ $0.bits < trial.bits }) ?? true { best = trial }
        return best
    }

    /// The very first byte, if it begins a legal frame, whatever follows that.
    var firstFrame: BoundaryCandidate? { forgotten > 0 ? nil : trials.first { $0.start == 0 && $0.frames > 0 } }

    /// Returns whether some candidate may still turn out to be a boundary of frames from `sender`.
    func isOpen(to sender: Endpoint) -> Bool {
        trials.contains { !$0.isRefuted && ($0.sender ?? sender) == sender }
    }

    /// The candidate that can be believed if there certainly are frames.
    var believed: BoundaryCandidate? { bestTrial(givingAtLeast: Self.bitsToBelieve) { $0.boundary != nil } }

    /// The candidate that can be believed if nothing more will arrive.
    var likely: BoundaryCandidate? { bestTrial(givingAtLeast: Self.bitsAtTheEnd, where: Self.canBeJudged) }

    /// The candidate that must be believed if nothing more will arrive, and no better one is found.
    var lastResort: BoundaryCandidate? {
        // Otherwise the very first byte, if there is no evidence against it.
        likely
            ?? (forgotten > 0 ? nil : trials.first { $0.start == 0 && !$0.isRefuted && Self.canBeJudged($0) })
    }

    /// Returns the earliest candidate of a chain of frames. One that was refuted counts only if there was strong
    /// evidence for it: a rule may have been broken there, which is what is being searched for.
    private func bestTrial(givingAtLeast bits: Int, where isFit: (BoundaryCandidate) -> Bool) -> BoundaryCandidate? {
        var best: BoundaryCandidate?
        for trial in trials where isFit(trial) && Self.bits(of: trial) >= bits {
            guard !trial.isRefuted || trial.bits >= Self.bitsInside else { continue }
            if best.map({ Self.bits(of: $0) < Self.bits(of: trial) }) ?? true { best = trial }
        }
        return best
    }

    /// Tries every byte. Everything from the candidate found up to the end of the held bytes is legal.
    ///
    /// Takes linear time: once 8 times as many bytes have been read as are held, where a frame counts like 32 of
    /// them, nothing is found.
    func inside(_ held: Span<UInt8>) -> BoundaryCandidate? {
        var budget = 8 * held.count
        for start in 0..<held.count where BoundaryCandidate.canBegin[Int(held[start])] {
            var trial = BoundaryCandidate(at: start, sender: sender, extensions: extensions)
            trial.read(held)
            if !trial.isRefuted, trial.bits >= Self.bitsInside, trial.safeBoundary != nil { return trial }
            budget -= trial.readCount + 32 * trial.frames
            guard budget > 0 else { return nil }
        }
        return nil
    }

    private static func canBeJudged(_ trial: BoundaryCandidate) -> Bool {
        trial.firstBoundary != nil || trial.isControlOnly
    }

    private static func bits(of trial: BoundaryCandidate) -> Int {
        trial.bits + (trial.isAligned ? bitsOfAnAlignedEnd : 0)
    }
}
