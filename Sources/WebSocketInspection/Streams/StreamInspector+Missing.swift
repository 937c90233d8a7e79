import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

// Bytes of the stream are missing. Where they lie inside a payload, the frame's header says where the next frame begins;
// else it is looked for.
extension StreamInspector {
    /// How judging goes on after missing bytes.
    enum Continuation {
        /// They belong to the payload of that frame, which is not judged any further.
        case inFrame(UInt64)
        /// With the next frame that is found; they cut off the rest of that one, if they come after a part of one.
        case atNextFrame(cut: SeenFrame?)
        /// Not, as far as is known.
        case none
    }

    /// The next bytes of the stream are missing.
    ///
    /// - Parameters:
    ///   - count: how many; nil if that is not known.
    ///   - goesOn: what comes next follows them.
    func miss(
        _ count: UInt64?, goesOn: Bool, see: (SeenFrame) -> Void, meet: Meet, tell: (News) -> Void
    ) -> Continuation {
        // What was not enough to find a frame in is skipped: it is looked for again.
        let isFound = search == nil && !isLost || search?.end() == .found
        if isFound { resume(see, meet, tell) }
        search = nil
        isLost = !isFound
        if byteCount == 0 { isBlind = true }
        completePending()
        (hasGap, isCut) = (true, true)
        guard goesOn else {
            isOver = true
            return .none
        }
        guard let count, !isOver, let sender else { return .none }
        missingCount &+= count
        let frame = walk.validator.frameCount
        let isInFrame =
            isFound
            && walk.skipMissing(count) { seen in
                remember(seen.record)
                see(seen)
            }
        guard isInFrame else {
            search = NextFrameSearch(sender: sender, extensions: agreement.extensions)
            isLost = false
            return .atNextFrame(cut: isFound ? unfinishedFrame : nil)
        }
        gatherer?.skipMissing(count)
        history.resume(at: offset)
        isCut = false
        return .inFrame(frame)
    }

    /// Reads bytes among which the next frame is looked for.
    func searchFrame(
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, _ see: (SeenFrame) -> Void, _ meet: Meet,
        _ tell: (News) -> Void
    ) {
        guard var found = search else { return }
        // What it holds is not copied: there is one of it.
        search = nil
        let outcome = found.read(bytes, at: packetPosition)
        search = found
        switch outcome {
        case .found: resume(see, meet, tell)
        case .notFound: giveUpSearch(tell)
        case .goesOn: if budget.isSearchedOut { endSearch(see: see, meet: meet, tell: tell) }
        }
    }

    /// Nothing more is waited for: the next frame begins in what there is, or is not found.
    func endSearch(see: (SeenFrame) -> Void, meet: Meet, tell: (News) -> Void) {
        guard search != nil else { return }
        if search?.end() == .found {
            resume(see, meet, tell)
        } else {
            giveUpSearch(tell)
        }
    }

    private func resume(_ see: (SeenFrame) -> Void, _ meet: Meet, _ tell: (News) -> Void) {
        guard var found = search else { return }
        search = nil
        let start = offset &- UInt64(found.heldCount)
        history.resume(at: start)
        walk.resume(at: start)
        gatherer?.resume(at: start)
        (isBlind, isCut) = (false, false)
        lastGoodFrame = nil
        earlierFrames = []
        var isFirst = true
        let skipped = found.skippedCount
        found.takePieces { bytes, packetPosition in
            if isFirst { tell(.resumed(skipped: skipped, packetPosition)) }
            isFirst = false
            _ = judge(
                [StreamPiece(range: 0..<bytes.count, packetPosition: packetPosition)], of: bytes, see, meet, tell)
        }
    }

    private func giveUpSearch(_ tell: (News) -> Void) {
        guard let lost = search else { return }
        search = nil
        isLost = true
        let count = lost.skippedCount &+ UInt64(lost.heldCount)
        if count > 0 { tell(.frameNotFound(count)) }
    }
}
