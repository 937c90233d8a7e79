import WebSocketFrames

/// This package's reading API. It hands over compressed messages unchanged, so fixtures whose messages are to be
/// inflated are passed to `InflatingValidator`.
struct Ours: Rival {
    let name = "this package"
    let summary =
        "`FrameReader.read`: every rule, unmasked in place, handed over in slices; where it is to inflate, `InflatingValidator`"

    func prepare(_ input: Input, sums: Bool) -> () -> Answer {
        if input.extensions.inflates { return { Self.inflating(input) } }
        // Touched beforehand, so that its memory is already mapped during the run.
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
                    try reader.read(&piece) { _, payload in
                        answer.payload &+= UInt64(payload.count)
                        if sums { for place in payload.indices { answer.sum &+= UInt64(payload[place]) } }
                    } control: { frame in
                        answer.payload &+= UInt64(frame.payload.count)
                        if sums { for byte in frame.payload { answer.sum &+= UInt64(byte) } }
                    }
                    at = end
                }
            } catch {
                answer.isRejected = true
            }
            answer.messages = reader.messageCount
            return answer
        }
    }

    private static func inflating(_ input: Input) -> Answer {
        var answer = Answer()
        var validator = InflatingValidator(
            sender: input.sender, extensions: input.extensions, limits: input.limits)
        do throws(Violation) {
            try validator.consume(input.bytes.span)
        } catch {
            answer.isRejected = true
        }
        return answer
    }
}
