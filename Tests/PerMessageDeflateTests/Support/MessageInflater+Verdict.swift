import PerMessageDeflate

@testable import SlowInflating

extension MessageInflater {
    /// Inflates a whole message in chunks that end at `cuts`.
    mutating func verdict(of message: [UInt8], cuts: [Int] = []) -> Verdict {
        var bytes: [UInt8] = []
        var start = 0
        do throws(InflateFault) {
            for end in cuts + [message.count] {
                try inflate(message.span.extracting(start..<end)) { piece in
                    bytes.append(piece)
                    return nil
                }
                start = end
            }
        } catch {
            try? endMessage()
            return Verdict(bytes: bytes, fault: Verdict.Fault(error))
        }
        do throws(InflateFault) {
            try endMessage()
        } catch {
            return Verdict(bytes: bytes, fault: Verdict.Fault(error))
        }
        return Verdict(bytes: bytes, fault: nil)
    }
}

extension MessageInflater {
    /// The fault when the caller refuses byte `refused` of the output.
    mutating func fault(of message: [UInt8], cuts: [Int], refusing refused: Int) -> InflateFault? {
        var start = 0
        var seen = 0
        do throws(InflateFault) {
            for end in cuts + [message.count] {
                try inflate(message.span.extracting(start..<end)) { piece in
                    defer { seen += piece.count }
                    return seen + piece.count > refused ? refused - seen : nil
                }
                start = end
            }
            return nil
        } catch {
            return error
        }
    }
}

extension Verdict.Fault {
    init(_ fault: InflateFault) {
        self.init(reason: fault.reason, offset: fault.offset, messageOffset: fault.messageOffset)
    }
}

extension [UInt8] {
    mutating func append(_ piece: Span<UInt8>) {
        for index in piece.indices { append(piece[index]) }
    }
}
