import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

/// Walks over a piece that has been judged already, frame by frame, to find the frame before a violation.
struct FrameReplay {
    private var validator: FrameValidator
    /// How much of the piece has been walked over.
    private var walked = 0
    /// The last frame that ended in the piece without breaking a rule.
    private(set) var lastGoodFrame: FrameRecord?

    /// - Parameter validator: as it stood before the piece.
    init(from validator: FrameValidator) {
        self.validator = validator
    }

    /// Walks on to where the frame with that index begins, or to the end of the piece.
    mutating func advance(to frame: UInt64, in piece: Piece) {
        while validator.frames < frame, walked < piece.count {
            let start = piece.range.lowerBound + walked
            let bytes = piece.bytes.span.extracting(start..<piece.range.upperBound)
            let record = FrameRecord(
                index: validator.frames, offset: validator.frameOffset, header: header(continuedBy: bytes))
            let before = validator
            do {
                walked += try validator.consumeFrame(bytes)
                if validator.frames > before.frames, !before.isSkipping { lastGoodFrame = record }
            } catch {
                walked += Int(validator.position &- before.position)
                guard validator.skipFrame() else { return }
            }
        }
    }

    private func header(continuedBy bytes: Span<UInt8>) -> HeaderBytes {
        var header = validator.header
        var index = 0
        while !header.isComplete, index < bytes.count {
            header.append(bytes[index])
            index += 1
        }
        return header
    }
}
