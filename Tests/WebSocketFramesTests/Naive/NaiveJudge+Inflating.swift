import PerMessageDeflate
import WebSocketFrames

@testable import SlowInflating

// Each compressed message is inflated as a whole, together with all earlier ones (RFC 7692 §7.2.2).
extension NaiveJudge {
    /// Whether this message has to be inflated.
    func isInflated(_ message: [NaiveFrame]) -> Bool {
        guard extensions.inflates, let first = message.first, message.allSatisfy(\.isData) else { return false }
        return first.rsv == 0x40
    }

    /// The breach of a rule about what the message of a frame inflates to.
    func breachOfInflating(
        _ rule: Rule, _ frame: NaiveFrame, _ message: [NaiveFrame], _ before: [NaiveFrame]
    ) -> Broken? {
        guard let payloadStart = frame.payloadStart, let deflate = extensions.deflate,
            let sender = reported ?? (before + message).first?.isMasked.map({ $0 ? Endpoint.client : .server })
        else { return nil }
        var inflater = SlowInflater(sender == .client ? deflate.client : deflate.server, limit: limits.message)
        for earlier in messages(before) where earlier[0].rsv == 0x40 && earlier[earlier.count - 1].isFinal {
            _ = inflater.inflate(earlier.flatMap(\.payload))
        }
        let verdict = inflater.inflate(message.flatMap(\.payload))
        let earlierCount = message.dropLast().reduce(0) { $0 + $1.payload.count }
        let headerCount = payloadStart - frame.start
        let isWhole = frame.isFinal && frame.end != nil

        func broken(at index: UInt64, value: UInt16 = 0) -> Broken? {
            let index = Int(index) - earlierCount
            guard index >= 0 else { return nil }
            return Broken(rule: rule, offset: payloadStart + index, length: 1, headerCount: headerCount, value: value)
        }
        func brokenAtEnd() -> Broken? {
            guard isWhole, let end = frame.end else { return nil }
            return Broken(rule: rule, offset: end, length: 0, headerCount: headerCount)
        }
        let fault = verdict.fault
        switch rule {
        case .invalidDeflate:
            guard let fault, fault.reason.isViolation else { return nil }
            let isOfEnd = fault.reason == .unfinished || fault.reason == .emptyPayload
            return isOfEnd ? brokenAtEnd() : broken(at: fault.offset)
        case .messageTooBig:
            return fault?.reason == .tooBig ? broken(at: fault?.offset ?? 0) : nil
        default:
            guard message[0].opcode == 1 else { return nil }
            switch NaiveUTF8.judge(verdict.bytes) {
            case .bad(let index): return broken(at: inflater.places[index], value: UInt16(verdict.bytes[index]))
            case .endsInside: return fault == nil ? brokenAtEnd() : nil
            case .whole: return nil
            }
        }
    }

    /// The data messages among whole frames.
    private func messages(_ frames: [NaiveFrame]) -> [[NaiveFrame]] {
        var messages: [[NaiveFrame]] = []
        for frame in frames where frame.isData {
            if frame.opcode == 0, !messages.isEmpty {
                messages[messages.count - 1].append(frame)
            } else {
                messages.append([frame])
            }
        }
        return messages
    }
}
