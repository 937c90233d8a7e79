import WebSocketFrames

/// Looks for the first frame boundary among the bytes of one side whose first bytes are missing.
///
/// Captures begin between packets, and frames mostly begin packets: the first byte of each piece is tried as it comes.
/// Only when the window is full, or the bytes are at their end, the bytes inside of the pieces are tried too.
struct BoundarySearch: Sendable {
    /// How many bytes of a side are searched if they certainly contain frames.
    static let window = HeldStream.ceiling
    /// How many are searched if only the bytes themselves can show that. Every connection that a capture begins in the
    /// middle of may hold as much.
    static let detectionWindow = 16_384

    /// The evidence that a place needs if there certainly are frames: three frames or four, or one of text,
    /// that end together with a piece. Pieces in the middle of long frames are many, so it is not less.
    static let bitsToBelieve = 20
    /// The evidence needed if nothing more will arrive: one frame that ends together with a piece. Bytes in the middle
    /// of a frame look so once in about 2,000 times.
    static let bitsAtTheEnd = 11
    /// What a chain of frames in the middle of pieces must give, which is 65,536 times as many chances to be wrong.
    static let bitsInside = 48

    private static let bitsOfAnAlignedEnd = 7
    /// How many places are followed at once, and so how often each byte is read at most.
    private static let maximumTrials = 8

    private(set) var trials: [BoundaryCandidate] = []
    /// Bytes that were held and read, and are not held any more.
    private(set) var forgotten: UInt64 = 0
    /// The sender of these bytes, if known.
    private var sender: Endpoint?
    /// What was agreed on. Where that is not known, RSV1 may be legal.
    private let extensions: AgreedExtensions

    init(sender: Endpoint? = nil, extensions: AgreedExtensions = .permessageDeflate) {
        self.sender = sender
        self.extensions = extensions
    }

    /// A piece has come, which begins at `start` among the bytes held.
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

    /// Where a whole message in a frame with a 16-bit length may begin inside a piece. Such bytes stand in every 8 KiB by chance,
    /// but hardly ever where such a frame would end: few are followed at a time.
    private func mediumFrames(_ held: Span<UInt8>, from start: Int) -> [Int] {
        (max(start, 1)..<max(held.count, 1)).compactMap { second in
            guard held[second] & 0x7F == 0x7E else { return nil }
            switch held[second - 1] {
            case 0x81, 0x82, 0xC1, 0xC2: return second - 1
            default: return nil
            }
        }
    }

    /// Where a frame with a 64-bit length may begin inside a piece: four bytes of zero after its second byte are seldom
    /// anything else. A frame that is longer than all that is held is found by that, wherever it begins.
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

    /// Some place stands inside a frame that goes on after what is held.
    var isInside: Bool { trials.contains(where: \.isInside) }

    /// How many of the held bytes are needed no longer: none from the header on that is not whole yet.
    private func forgettable(of count: Int) -> Int {
        trials.filter { !$0.isRefuted }.map(\.neededFrom).min() ?? count
    }

    /// So much of a side is read while no frame that it could be inside of is in sight, and so much in all.
    private static let mostForgotten: (outside: UInt64, inside: UInt64) = (1 << 20, 16 << 20)

    /// No more can be held before it is decided: what was read is forgotten, where it is worth while to go on.
    ///
    /// - Returns: how many of the `count` held bytes are not needed any more; nil if it is not worth while.
    mutating func makeRoom(of count: Int) -> Int? {
        let free = forgettable(of: count)
        guard forgotten < (isInside ? Self.mostForgotten.inside : Self.mostForgotten.outside), free > 0 else {
            return nil
        }
        forget(free)
        return free
    }

    /// The first held bytes are held no longer.
    private mutating func forget(_ count: Int) {
        forgotten &+= UInt64(count)
        trials.removeAll(where: \.isRefuted)
        for index in trials.indices { trials[index].forget(count) }
    }

    /// The sender of these bytes is now known.
    mutating func settle(_ sender: Endpoint) {
        self.sender = sender
        trials.removeAll { $0.sender != nil && $0.sender != sender }
    }

    /// The place for which most speaks.
    var best: BoundaryCandidate? {
        var best: BoundaryCandidate?
        for trial in trials where best.map({ $0.bits < trial.bits }) ?? true { best = trial }
        return best
    }

    /// The very first byte, where it begins a legal frame, whatever comes after that.
    var firstFrame: BoundaryCandidate? { forgotten > 0 ? nil : trials.first { $0.start == 0 && $0.frames > 0 } }

    /// Some place may still turn out to be a boundary, sent by `sender`.
    func isOpen(to sender: Endpoint) -> Bool {
        trials.contains { !$0.isRefuted && ($0.sender ?? sender) == sender }
    }

    /// The place that can be believed if there certainly are frames.
    var believed: BoundaryCandidate? { bestTrial(givingAtLeast: Self.bitsToBelieve) { $0.boundary != nil } }

    /// The place that can be believed where nothing more will come.
    var likely: BoundaryCandidate? { bestTrial(givingAtLeast: Self.bitsAtTheEnd, where: Self.canBeJudged) }

    /// The place that must be believed where nothing more will come, and no better one is found.
    var lastResort: BoundaryCandidate? {
        // Else the first byte of all, where nothing speaks against it.
        likely
            ?? (forgotten > 0 ? nil : trials.first { $0.start == 0 && !$0.isRefuted && Self.canBeJudged($0) })
    }

    /// Of a chain of frames, the earliest place. One that was refuted counts only where much spoke for it: it may be
    /// that a rule was broken there, and that is what is looked for.
    private func bestTrial(givingAtLeast bits: Int, where isFit: (BoundaryCandidate) -> Bool) -> BoundaryCandidate? {
        var best: BoundaryCandidate?
        for trial in trials where isFit(trial) && Self.bits(of: trial) >= bits {
            guard !trial.isRefuted || trial.bits >= Self.bitsInside else { continue }
            if best.map({ Self.bits(of: $0) < Self.bits(of: trial) }) ?? true { best = trial }
        }
        return best
    }

    /// Tries every byte. From the place that is found on everything up to the end of what is held is legal.
    ///
    /// Takes linear time: once 8 times as many bytes were read as are held, and a frame counts like 32 of them, nothing
    /// is found.
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
