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
    ///   - continues: whether what comes next follows them.
    func skipMissing(
        _ count: UInt64?, continues: Bool, onFrame: (SeenFrame) -> Void, onViolation: ViolationVisitor,
        onEvent: (Event) -> Void
    ) -> Continuation {
        // Bytes that were not enough to find a frame in are skipped, and the search starts over.
        let isFound = search == nil && !isLost || search?.finish() == .found
        if isFound { resume(onFrame, onViolation, onEvent) }
        search = nil
        isLost = !isFound
        if byteCount == 0 { isBlind = true }
        completePending()
        (hasGap, isCut) = (true, true)
        guard continues else {
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
                onFrame(seen)
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
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, _ onFrame: (SeenFrame) -> Void,
        _ onViolation: ViolationVisitor,
        _ onEvent: (Event) -> Void
    ) {
        guard var found = search else { return }
        // Moved out and not copied: there is only one reference.
        search = nil
        let outcome = found.read(bytes, at: packetPosition)
        search = found
        switch outcome {
        case .found: resume(onFrame, onViolation, onEvent)
        case .notFound: abandonSearch(onEvent)
        case .searching:
            if budget.isSearchedOut { endSearch(onFrame: onFrame, onViolation: onViolation, onEvent: onEvent) }
        }
    }

    /// Stops waiting: the next frame begins in the bytes so far, or is not found.
    func endSearch(onFrame: (SeenFrame) -> Void, onViolation: ViolationVisitor, onEvent: (Event) -> Void) {
        guard search != nil else { return }
        if search?.finish() == .found {
            resume(onFrame, onViolation, onEvent)
        } else {
            abandonSearch(onEvent)
        }
    }

    private func resume(_ onFrame: (SeenFrame) -> Void, _ onViolation: ViolationVisitor, _ onEvent: (Event) -> Void) {
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
            if isFirst { onEvent(.resumed(skipped: skipped, packetPosition)) }
            isFirst = false
            _ = judge(
                [StreamPiece(range: 0..<bytes.count, packetPosition: packetPosition)], of: bytes, onFrame, onViolation,
                onEvent)
        }
    }

    private func abandonSearch(_ onEvent: (Event) -> Void) {
        guard let lost = search else { return }
        search = nil
        isLost = true
        let count = lost.skippedCount &+ UInt64(lost.heldCount)
        if count > 0 { onEvent(.frameNotFound(count)) }
    }
}
