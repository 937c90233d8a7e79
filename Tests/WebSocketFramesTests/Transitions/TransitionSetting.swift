import FixtureCorpus
import Testing
import WebSocketFrames

/// The state of a stream before the two bytes, what was agreed, and the sender.
struct TransitionSetting: CustomTestStringConvertible, Sendable {
    /// The frames between which the two bytes arrive.
    enum StreamContext: String, CaseIterable {
        case fresh = "nothing has arrived"
        case between = "between two messages"
        case inText = "inside a text message"
        case inCharacter = "inside a text message, in the middle of a character"
        case inBinary = "inside a binary message"
        case inChanged = "inside a text message that an extension has changed"
        case closed = "after Close"
        case closedInText = "after a Close inside a text message"

        /// The frames that lead there, as a server sends them.
        var frames: [[UInt8]] {
            switch self {
            case .fresh: []
            case .between: [[0x81, 0x01, 0x61]]
            case .inText: [[0x01, 0x01, 0x61]]
            case .inCharacter: [[0x01, 0x02, 0x61, 0xC3]]
            case .inBinary: [[0x02, 0x01, 0xFF], [0x00, 0x00]]
            case .inChanged: [[0x41, 0x01, 0xFF]]
            case .closed: [[0x88, 0x00]]
            case .closedInText: [[0x01, 0x01, 0x61], [0x88, 0x02, 0x03, 0xE8]]
            }
        }
    }

    enum Agreement: String, CaseIterable {
        case none = "no extension"
        case deflate = "permessage-deflate"
        case other = "another extension, which claims RSV1"
        case both = "permessage-deflate, and another extension, which claims RSV3"

        var extensions: AgreedExtensions {
            switch self {
            case .none: .none
            case .deflate: .permessageDeflate
            case .other: .none.claiming(.rsv1)
            case .both: .permessageDeflate.claiming(.rsv3)
            }
        }
    }

    let context: StreamContext
    let agreement: Agreement
    /// nil if the two bytes are the first and the sender was not given.
    let sender: Endpoint?

    var testDescription: String {
        "\(agreement.rawValue), \(context.rawValue), \(sender?.name ?? "sender unknown")"
    }

    static let all = Agreement.allCases.flatMap { agreement in
        StreamContext.allCases.filter { $0 != .inChanged || agreement != .none }.flatMap { context in
            (context == .fresh ? [.client, .server, nil] : [.client, .server]).map {
                TransitionSetting(context: context, agreement: agreement, sender: $0)
            }
        }
    }

    /// The stream before the two bytes.
    var beginning: [UInt8] {
        context.frames.flatMap { frame in
            sender == .client ? [frame[0], frame[1] | 0x80, 0, 0, 0, 0] + frame.dropFirst(2) : frame
        }
    }

    /// A validator that was fed the beginning.
    var validator: FrameValidator {
        var validator = FrameValidator(sender: sender, extensions: agreement.extensions)
        _ = validator.feed(beginning)
        return validator
    }

    /// The transition that a validator makes after it was fed the beginning.
    func transition(_ byte0: UInt8, _ byte1: UInt8, from validator: FrameValidator) -> Transition {
        Transition(byte0, byte1, self) { bytes in
            var copy = validator
            _ = copy.feed(bytes)
            return TransitionAnswer(copy)
        }
    }

    /// The naive judgement of the beginning with these bytes appended.
    func judgement(_ bytes: [UInt8]) -> NaiveJudge.Judgement {
        NaiveJudge(stream: beginning + bytes, reported: sender, extensions: agreement.extensions, limits: .none)
            .judge()
    }
}

/// As much of a judgement as a transition depends on.
struct TransitionAnswer: Equatable {
    var rule: Rule?
    var offset: UInt64?
    var closeCode: UInt16?
    var state: StreamState
    var isClosed: Bool

    init(_ validator: FrameValidator) {
        let violation = validator.violation
        rule = violation?.rule
        offset = violation?.offset
        closeCode = violation?.closeCode.rawValue
        state = validator.state
        isClosed = validator.isClosed
    }

    init(_ judgement: NaiveJudge.Judgement) {
        let fault = judgement.expectation.violation
        rule = fault?.rule
        offset = fault?.offset
        closeCode = fault?.closeCode.rawValue
        state = judgement.expectation.state
        isClosed = judgement.expectation.closed
    }
}
