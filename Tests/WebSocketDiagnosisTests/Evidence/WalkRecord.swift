import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Everything that a walk reported.
struct WalkRecord: Equatable {
    var frames: [SeenFrame] = []
    var violations: [Violation] = []
    var unfinished: SeenFrame?
    var last: FrameRecord?
    /// The number of frames by the walk's own validator.
    var counted: UInt64 = 0

    /// Walks over `bytes` in pieces that end at `cuts` and at the end, and resumes after violations where possible.
    /// The packet position of each piece is the offset at which it begins.
    init(
        _ bytes: [UInt8], cuts: [Int] = [], validator: FrameValidator, previews: FrameWalk.Previews = .all,
        continues: Bool = true
    ) {
        var walk = FrameWalk(validator: validator, previews: previews)
        var shown: [SeenFrame] = []
        var start = 0
        pieces: for end in cuts + [bytes.count] {
            while true {
                do {
                    try walk.read(
                        bytes.span.extracting(start..<end), at: PacketPosition(packet: UInt64(start), time: nil)
                    ) {
                        shown.append($0)
                    }
                    break
                } catch {
                    violations.append(error)
                    guard continues, walk.skipFrame() else { break pieces }
                    start = Int(walk.validator.position)
                }
            }
            start = end
        }
        frames = shown
        unfinished = walk.unfinishedFrame
        last = walk.lastFrame
        counted = walk.validator.frameCount
    }

    /// The same without packet positions, which depend on the cuts.
    var withoutMoments: WalkRecord {
        var copy = self
        for index in copy.frames.indices { copy.frames[index].packetPosition = nil }
        copy.unfinished?.packetPosition = nil
        return copy
    }
}
