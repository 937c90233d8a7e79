import WebSocketFrames

/// What the first two bytes of a frame lead to.
enum Transition: Hashable {
    /// One of the two bytes breaks a rule, and the code to close with.
    case broken(Rule, code: UInt16, byte: Int)
    /// Both are legal: what a frame leads to that continues legally.
    case leads(to: Target)

    enum Target: Hashable {
        /// The frame is the last of a text that ends inside a character.
        case broken(Rule, code: UInt16)
        case between, inText, inCharacter, inAnything, closed, closedInMessage
        /// Neither judge may say this of a complete frame.
        case incomplete

        var description: String {
            switch self {
            case .broken(let rule, let code): "\(rule.name) (\(code)) at the end of the frame"
            case .between: "between two messages"
            case .inText: "inside a text message"
            case .inCharacter: "inside a text message, in the middle of a character"
            case .inAnything: "inside a message that may hold any bytes"
            case .closed: "after Close"
            case .closedInMessage: "after a Close inside a message"
            case .incomplete: "INCOMPLETE"
            }
        }
    }

    /// The transition according to a judge.
    ///
    /// - Parameter judge: judges the stream before the two bytes, with further bytes appended.
    init(_ byte0: UInt8, _ byte1: UInt8, _ setting: TransitionSetting, by judge: ([UInt8]) -> TransitionAnswer) {
        let pair = judge([byte0, byte1])
        let start = UInt64(setting.beginning.count)
        if let rule = pair.rule, let code = pair.closeCode, let offset = pair.offset, offset < start + 2 {
            self = .broken(rule, code: code, byte: Int(offset - start))
            return
        }
        let frame = Self.frame(byte0, byte1, setting.context)
        let whole = judge(frame)
        if let rule = whole.rule, let code = whole.closeCode {
            self = .leads(to: .broken(rule, code: code))
        } else if whole.isClosed {
            self = .leads(to: whole.state == .complete ? .closed : .closedInMessage)
        } else if whole.state == .complete {
            self = .leads(to: .between)
        } else if whole.state == .incompleteFrame {
            self = .leads(to: .incomplete)
        } else {
            // The kind of a message shows in how it may end.
            let mask = byte1 & 0x80
            let key: [UInt8] = mask == 0 ? [] : [0, 0, 0, 0]
            let mayEnd = judge(frame + [0x80, mask] + key).rule == nil
            let mayHoldAnything = judge(frame + [0x80, mask | 1] + key + [0xFF]).rule == nil
            self = .leads(to: !mayEnd ? .inCharacter : mayHoldAnything ? .inAnything : .inText)
        }
    }

    /// The frame that begins with the two bytes, with the shortest length that it may have and, where possible, a legal
    /// payload. Its key is 0.
    private static func frame(_ byte0: UInt8, _ byte1: UInt8, _ context: TransitionSetting.StreamContext) -> [UInt8] {
        let count: Int
        var frame = [byte0, byte1]
        switch byte1 & 0x7F {
        case 126:
            count = 126
            frame += [0, 126]
        case 127:
            count = 65_536
            frame += [0, 0, 0, 0, 0, 1, 0, 0]
        case let length: count = Int(length)
        }
        if byte1 & 0x80 != 0 { frame += [0, 0, 0, 0] }
        let begins: [UInt8] =
            switch byte0 & 0x0F {
            // Completes the open character.
            case 0 where context == .inCharacter: [0xA9]
            case 8: [0x03, 0xE8]
            default: []
            }
        return frame + begins.prefix(count) + [UInt8](repeating: 0x61, count: max(0, count - begins.count))
    }
}
