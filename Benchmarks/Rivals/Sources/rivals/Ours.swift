import WebSocketFrames

/// This package's reading door.
struct Ours: Rival {
    let name = "this package"
    let summary = "`FrameReader`: every rule, unmasked in place, handed over in slices"

    func prepare(_ input: Input, sums: Bool) -> () -> Answer {
        // Touched, so that the run finds its own memory there already.
        var copy = input.bytes
        if !copy.isEmpty { copy[0] = input.bytes[0] }
        return {
            var answer = Answer()
            var reader = FrameReader(peer: input.sender, extensions: input.extensions, limits: input.limits)
            do throws(Violation) {
                var at = 0
                while at < copy.count {
                    let end = min(at &+ Input.chunk, copy.count)
                    var whole = copy.mutableSpan
                    var piece = whole._mutatingExtracting(at..<end)
                    var index = 0
                    while let event = try reader.next(in: &piece, from: &index) {
                        switch event {
                        case .data(let slice):
                            answer.payload &+= UInt64(slice.range.count)
                            if sums { for place in slice.range { answer.sum &+= UInt64(piece[place]) } }
                        case .control:
                            let payload = reader.controlFrame.payload
                            answer.payload &+= UInt64(payload.count)
                            if sums { for byte in payload { answer.sum &+= UInt64(byte) } }
                        }
                    }
                    at = end
                }
            } catch {
                answer.isRejected = true
            }
            answer.messages = reader.messages
            return answer
        }
    }
}
