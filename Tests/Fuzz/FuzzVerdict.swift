@testable import WebSocketFrames

/// Ends the run unless the condition is true, which the fuzzer reports.
func check(_ isRight: Bool, _ what: String, _ pieces: [Range<Int>]) {
    if !isRight { fatalError("\(what); cut at \(pieces.map(\.upperBound))") }
}

/// Everything that a validator reports.
struct Verdict: Equatable {
    var violation: Violation?
    var state: StreamState
    var frames: UInt64
    var messages: UInt64
    var position: UInt64
    var isClosed: Bool
    var closeCode: CloseCode?
    var sender: Endpoint?
    var usedReservedBits: Bool
    var header: EncodedFrameHeader
    var frameOffset: UInt64
    var isSkipping: Bool

    init(_ validator: FrameValidator) {
        violation = validator.violation
        state = validator.state
        frames = validator.frameCount
        messages = validator.messageCount
        position = validator.position
        isClosed = validator.isClosed
        closeCode = validator.closeCode
        sender = validator.sender
        usedReservedBits = validator.usedReservedBits
        header = validator.header
        frameOffset = validator.frameOffset
        isSkipping = validator.isSkipping
    }

    init(_ validator: FrameValidator, _ stream: [UInt8], _ pieces: [Range<Int>]) {
        var validator = validator
        do {
            for piece in pieces { try validator.consume(stream.span.extracting(piece)) }
        } catch {}
        self.init(validator)
    }

    init(frameByFrame validator: FrameValidator, _ stream: [UInt8], _ pieces: [Range<Int>]) {
        var validator = validator
        do {
            for piece in pieces {
                var start = piece.lowerBound
                while start < piece.upperBound {
                    let before = validator.frameCount
                    let count = try validator.consumeFrame(stream.span.extracting(start..<piece.upperBound))
                    check(count > 0 && validator.frameCount <= before + 1, "more than one frame, or nothing", pieces)
                    start += count
                }
            }
        } catch {}
        self.init(validator)
    }
}
