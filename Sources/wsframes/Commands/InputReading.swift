import WebSocketInspection

/// Reads an input to its end and has it judged.
enum InputReading {
    /// Two buffers of this size fit into a core's second-level cache.
    private static let bufferSize = 1 << 17
    /// Findings in a live input are shown after this many seconds of silence,
    private static let silence = 0.5
    /// or of little data: at most this many bytes in a second, since no file is read so slowly.
    private static let trickle: UInt64 = 8 << 20

    /// - Parameters:
    ///   - isLast: no file of the same series comes after it.
    ///   - isOver: nobody waits for more: the input ends where it is.
    ///   - whenSilent: what a live input gave has been shown, and nothing has come since.
    ///   - progress: is passed how many bytes have been judged.
    static func read(
        _ input: any ByteSource, into inspector: inout Inspector, isLast: Bool = true, until isOver: () -> Bool,
        whenSilent: () -> Void = {}, progress: (UInt64) -> Void, _ visit: (Finding) -> Void
    ) {
        let sizeAtStart = input.size
        let sizeBefore = inspector.size
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
                // The inspector has said why.
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
        if let sizeAtStart, inspector.size - sizeBefore < sizeAtStart, !isOver() {
            let message =
                "the file shrank while it was read: \(inspector.size - sizeBefore) of \(sizeAtStart) bytes were there"
            return inspector.fail(message, visit)
        }
        if isOver() {
            inspector.stop(visit)
        } else if isLast {
            inspector.finish(visit)
        }
    }
}
