import FixtureCorpus
import WebSocketFrames

/// The RFC read in the plainest way: with the whole stream at hand, every rule is applied to every frame, and the first
/// breach counts. It keeps no state, but looks at the frames before.
struct NaiveJudge {
    let stream: [UInt8]
    let reported: Endpoint?
    let extensions: AgreedExtensions
    let limits: Limits

    /// All that a validator reports after it was fed the stream.
    struct Judgement: Equatable {
        var expectation: Expectation
        var value: UInt16
        var sender: Endpoint?
        var closeCode: UInt16?
        var position: UInt64
        var frameOffset: UInt64
    }

    /// One rule broken by one frame.
    struct Broken {
        let rule: Rule
        let offset: Int
        let length: Int
        /// How many bytes of the header are reported.
        let headerCount: Int
        var value: UInt16 = 0

        /// How many bytes of the stream it takes to give the verdict.
        var end: Int { offset + length }
    }

    /// The rules in the order of the contract's table.
    static let order: [Rule] = [
        .reservedBits, .misplacedRSV1, .reservedOpcode, .fragmentedControl, .dataAfterClose, .unexpectedContinuation,
        .interleavedMessage, .unmaskedClientFrame, .maskedServerFrame, .oversizedControl, .truncatedCloseCode,
        .lengthOverflow, .nonMinimalLength, .frameTooBig, .messageTooBig, .invalidCloseCode, .invalidDeflate,
        .closeReasonNotUTF8, .textNotUTF8,
    ]

    func judge() -> Judgement {
        var before: [NaiveFrame] = []
        var start = 0
        while start < stream.count {
            let frame = NaiveFrame(stream, at: start)
            let broken = Self.order.compactMap { breach(of: $0, by: frame, after: before) }
            if let earliest = broken.map(\.end).min(), let first = broken.first(where: { $0.end == earliest }) {
                return judgement(.violation, before, open: frame, broken: first)
            }
            guard let end = frame.end else { return judgement(.incompleteFrame, before, open: frame) }
            before.append(frame)
            start = end
        }
        return judgement(openMessage(before).isEmpty ? .complete : .incompleteMessage, before)
    }

    private func judgement(
        _ state: StreamState,
        _ before: [NaiveFrame],
        open: NaiveFrame? = nil,
        broken: Broken? = nil
    ) -> Judgement {
        var fault: Expectation.Fault?
        if let broken, let open {
            let header = stream[open.start..<(open.start + broken.headerCount)]
            let digits = Array("0123456789abcdef")
            fault = Expectation.Fault(
                rule: broken.rule,
                offset: UInt64(broken.offset),
                length: broken.length,
                frame: UInt64(before.count),
                frameOffset: UInt64(open.start),
                headerHex: String(header.flatMap { [digits[Int($0 / 16)], digits[Int($0 % 16)]] }),
                closeCode: CloseCode(rawValue: closeCode(broken.rule))
            )
        }
        let close = before.first { $0.opcode == 8 }
        return Judgement(
            expectation: Expectation(
                state: state,
                frames: UInt64(before.count),
                messages: UInt64(before.count { $0.isData && $0.isFinal }),
                bytes: stream.count,
                closed: close != nil,
                violation: fault
            ),
            value: broken?.value ?? 0,
            sender: reported ?? sender(before + (open.map { broken?.end == $0.start + 1 ? [] : [$0] } ?? [])),
            closeCode: close.flatMap { $0.payload.isEmpty ? nil : UInt16($0.payload[0]) << 8 | UInt16($0.payload[1]) },
            position: UInt64(broken?.end ?? stream.count),
            frameOffset: UInt64(open?.start ?? stream.count)
        )
    }

    private func closeCode(_ rule: Rule) -> UInt16 {
        switch rule {
        case .frameTooBig, .messageTooBig: 1009
        case .invalidDeflate, .closeReasonNotUTF8, .textNotUTF8: 1007
        default: 1002
        }
    }

    /// The sender of these frames, from the first one's MASK bit.
    private func sender(_ frames: [NaiveFrame]) -> Endpoint? {
        frames.first?.isMasked.map { $0 ? .client : .server }
    }

    /// The frames of the message that is still open after `frames`.
    private func openMessage(_ frames: [NaiveFrame]) -> [NaiveFrame] {
        Array(frames.filter(\.isData).reversed().prefix { !$0.isFinal }.reversed())
    }

    /// How `frame` breaks `rule`; nil if it does not, or if too little of it has arrived to decide.
    func breach(of rule: Rule, by frame: NaiveFrame, after before: [NaiveFrame]) -> Broken? {
        let open = openMessage(before)
        let message = frame.opcode == 0 ? open + [frame] : [frame]
        let sender = reported ?? sender(before)
        let isControl = frame.opcode >= 8
        let isDefinedControl = (8...10).contains(frame.opcode)
        let isData = frame.opcode <= 2

        let byte0 = Broken(rule: rule, offset: frame.start, length: 1, headerCount: 1)
        let byte1 = Broken(rule: rule, offset: frame.start + 1, length: 1, headerCount: 2)
        let extended = frame.extendedValue.map { _ in
            let count = frame.extended?.count ?? 0
            return Broken(rule: rule, offset: frame.start + 2, length: count, headerCount: 2 + count)
        }
        switch rule {
        case .reservedBits:
            return frame.rsv & ~extensions.claimedBits.rawValue != 0 ? byte0 : nil
        case .misplacedRSV1:
            let misplaced = frame.rsv & 0x40 != 0 && (frame.opcode == 0 || isDefinedControl)
            return extensions.includesPermessageDeflate && misplaced ? byte0 : nil
        case .reservedOpcode:
            return (3...7).contains(frame.opcode) || (0xB...0xF).contains(frame.opcode) ? byte0 : nil
        case .fragmentedControl:
            return isControl && !frame.isFinal ? byte0 : nil
        case .dataAfterClose:
            return isData && before.contains { $0.opcode == 8 } ? byte0 : nil
        case .unexpectedContinuation:
            return frame.opcode == 0 && open.isEmpty ? byte0 : nil
        case .interleavedMessage:
            return (1...2).contains(frame.opcode) && !open.isEmpty ? byte0 : nil
        case .unmaskedClientFrame:
            return sender == .client && frame.isMasked == false ? byte1 : nil
        case .maskedServerFrame:
            return sender == .server && frame.isMasked == true ? byte1 : nil
        case .oversizedControl:
            return isControl && (frame.shortLength ?? 0) > 125 ? byte1 : nil
        case .truncatedCloseCode:
            return frame.opcode == 8 && frame.shortLength == 1 ? byte1 : nil
        case .lengthOverflow:
            return extended?.length == 8 && (frame.extendedValue ?? 0) > UInt64(Int64.max) ? extended : nil
        case .nonMinimalLength:
            guard let extended, let value = frame.extendedValue else { return nil }
            return value <= (extended.length == 2 ? 125 : 65_535) ? extended : nil
        case .frameTooBig:
            guard isData, let declared = frame.declared else { return nil }
            return declared > limits.frame ? extended ?? byte1 : nil
        case .messageTooBig:
            if isInflated(message) { return breachOfInflating(rule, frame, message, before) }
            guard isData, let declared = frame.declared else { return nil }
            let total = message.dropLast().reduce(declared) { $0 + UInt64($1.payload.count) }
            return total > limits.message ? extended ?? byte1 : nil
        case .invalidCloseCode:
            guard frame.opcode == 8, let payloadStart = frame.payloadStart, frame.payload.count >= 2 else { return nil }
            let code = Int(frame.payload[0]) * 256 + Int(frame.payload[1])
            let legal = [1000...1003, 1007...1014, 3000...4999].contains { $0.contains(code) }
            let headerCount = payloadStart - frame.start
            return legal
                ? nil
                : Broken(rule: rule, offset: payloadStart, length: 2, headerCount: headerCount, value: UInt16(code))
        case .invalidDeflate:
            return isInflated(message) ? breachOfInflating(rule, frame, message, before) : nil
        case .closeReasonNotUTF8:
            guard frame.opcode == 8 else { return nil }
            return breachOfText(rule, frame, before: [], own: Array(frame.payload.dropFirst(2)), ends: true)
        case .textNotUTF8:
            if isInflated(message) { return breachOfInflating(rule, frame, message, before) }
            guard isData, let first = message.first, first.opcode == 1,
                first.rsv & extensions.claimedBits.rawValue == 0
            else { return nil }
            let earlier = message.dropLast().flatMap(\.payload)
            return breachOfText(rule, frame, before: earlier, own: frame.payload, ends: frame.isFinal)
        }
    }

    private func breachOfText(
        _ rule: Rule,
        _ frame: NaiveFrame,
        before: [UInt8],
        own: [UInt8],
        ends: Bool
    ) -> Broken? {
        guard let payloadStart = frame.payloadStart else { return nil }
        let skipped = frame.payload.count - own.count
        let headerCount = payloadStart - frame.start
        switch NaiveUTF8.judge(before + own) {
        case .whole:
            return nil
        case .endsInside:
            guard ends, let end = frame.end else { return nil }
            return Broken(rule: rule, offset: end, length: 0, headerCount: headerCount)
        case .bad(let index):
            let index = index - before.count
            guard index >= 0 else { return nil }
            let offset = payloadStart + skipped + index
            return Broken(rule: rule, offset: offset, length: 1, headerCount: headerCount, value: UInt16(own[index]))
        }
    }
}
