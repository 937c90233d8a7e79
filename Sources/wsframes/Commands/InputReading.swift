import WebSocketInspection

/// Reads an input to its end and passes it to an inspector.
enum InputReading {
    /// Two buffers of this size fit into a core's second-level cache.
    private static let bufferSize = 1 << 17
    /// Findings in a live input are shown after this many seconds of silence,
    private static let silence = 0.5
    /// or of little data: at most this many bytes in a second, since no file is read so slowly.
    private static let trickle: UInt64 = 8 << 20

    /// - Parameters:
    ///   - isOver: whether nobody waits for more: the input ends where it is then.
    ///   - whenSilent: called when all findings of a live input have been shown, and nothing more has arrived.
    ///   - progress: receives the number of bytes that have been judged.
    static func read(
        _ input: any ByteSource, into inspector: inout Inspector, until isOver: () -> Bool,
        whenSilent: () -> Void = {}, progress: (UInt64) -> Void, _ visit: (Finding) -> Void
    ) {
        let sizeAtStart = input.size
        let isLive = sizeAtStart == nil
        var buffer: [UInt8] = []
        var lastFlush = isLive ? System.seconds : 0
        var sizeAtFlush: UInt64 = 0
        while !isOver() {
            if isLive, !input.waitForBytes(seconds: silence) {
                if inspector.size != sizeAtFlush { inspector.flush(visit) }
                whenSilent()
                lastFlush = System.seconds
                sizeAtFlush = inspector.size
                continue
            }
            if buffer.count != bufferSize { buffer = [UInt8](repeating: 0, count: bufferSize) }
            do {
                let count = try input.read(into: &buffer, from: 0)
                if count == 0 { break }
                try inspector.feed(exchanging: &buffer, count: count, visit)
            } catch let error as SystemError {
                return inspector.fail("cannot be read: \(error.message)", visit)
            } catch {
                // The inspector has reported why.
                return
            }
            if inspector.isSkipped { return }
            progress(inspector.size)
            if isLive, System.seconds - lastFlush >= 1 {
                if inspector.size - sizeAtFlush < trickle { inspector.flush(visit) }
                lastFlush = System.seconds
                sizeAtFlush = inspector.size
            }
        }
        if isOver() {
            inspector.stop(visit)
        } else if let sizeAtStart, let message = shrinking(from: sizeAtStart, to: inspector.size) {
            inspector.fail(message, visit)
        } else {
            inspector.finish(visit)
        }
    }

    /// Returns what is wrong with a file that ended before its size; nil if it did not.
    static func shrinking(from size: UInt64, to readCount: UInt64) -> String? {
        guard readCount < size else { return nil }
        return "the file shrank while it was read: \(readCount) of \(size) bytes were there"
    }
}
