import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

// Missing bytes. If they are inside a payload, the frame's header says where the next frame begins; otherwise it is
// searched for.
extension StreamInspector {
    /// How judging continues after missing bytes.
    enum Continuation {
        /// They belong to the payload of that frame, the rest of which is not judged.
        case inFrame(UInt64)
        /// It continues at the next frame that is found; if the missing bytes come after a part of a frame, they cut
        /// off the rest of it.
        case atNextFrame(cut: SeenFrame?)
        /// It does not, as far as is known.
        case none
    }

    /// Handles missing bytes.
    ///
    /// - Parameters:
    ///   - count: the number of bytes; nil if that is not known.
    ///   - goesOn: whether what comes next follows them.
    func miss(
        _ count: UInt64?, goesOn: Bool, see: (SeenFrame) -> Void, meet: Meet, tell: (News) -> Void
    ) -> Continuation {
        // Bytes that were not enough to find a frame in are skipped, and the search starts over.
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

    /// Reads bytes in which the next frame is searched for.
    func searchFrame(
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, _ see: (SeenFrame) -> Void, _ meet: Meet,
        _ tell: (News) -> Void
    ) {
        guard var found = search else { return }
        // Moved out and not copied: there is only one reference.
        search = nil
        let outcome = found.read(bytes, at: packetPosition)
        search = found
        switch outcome {
        case .found: resume(see, meet, tell)
        case .notFound: giveUpSearch(tell)
        case .goesOn: if budget.isSearchedOut { endSearch(see: see, meet: meet, tell: tell) }
        }
    }

    /// Stops waiting: the next frame begins in the bytes so far, or is not found.
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
