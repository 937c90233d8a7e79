internal import WebSocketFrames

/// A chain of consecutive legal frames, from some index to where they break off, and how unlikely it is by chance.
struct FrameChain {
    /// How a chain ends.
    enum Ending {
        /// Its last frame ends with the stream.
        case exact
        /// The stream, or what is known of it, ends inside a frame.
        case cut
        /// Something follows that is not a legal frame.
        case broken
        /// It continues, and was not followed further.
        case unfollowed
    }

    /// About -log₂ of the probability that random bytes look like this; negative if it is evidence against frames.
    var bits = 0
    /// The number of whole frames.
    var frames = 0
    /// How it ends.
    var ending: Ending
    /// The index after the last whole frame.
    var end: Int

    /// Whether it has enough frames not to be the tail of something else.
    var isLong: Bool { frames > 2 || (frames == 2 && ending == .exact) }
}

/// Every chain of legal frames among some bytes.
///
/// Chains merge: if two readings reach the same boundary in the same state, they continue alike. What follows a
/// boundary is therefore remembered, and each place is visited once however many readings ask for it. Work is counted
/// in frames examined, and bounded by ``budget``.
///
/// ``FrameValidator`` says what is legal, and ``FrameWeight`` how improbable it is in bytes that are not frames. The
/// end counts 10 bits more if it is the stream's, 12 less inside a frame, and 40 less if the frames break off.
final class FrameChains {
    /// The most frames that a chain is followed for: it is beyond doubt by then.
    static let maximumFrames = 4_096
    /// The number of frames examined for one diagnosis. Nothing is concluded from the rest.
    static let budget = 1 << 18

    /// Whether a message is open at a boundary.
    enum MessageState: UInt8 {
        case unknown, between, inside, closed
    }

    let bytes: [UInt8]
    let reachesEnd: Bool
    let isMasked: Bool
    /// The number of frames examined so far.
    private(set) var steps = 0
    var isExhausted: Bool { steps >= Self.budget }

    private let fresh: FrameValidator
    private let inMessage: FrameValidator
    private let afterClose: FrameValidator
    private var known: [Int: [Int: FrameChain]] = [:]

    /// Whether the order of frames within messages matters.
    private let knowsMessages: Bool
    /// A fault that is ignored when a frame is judged.
    private let forgiven: ForgivenFault?
    /// The chains of frames with the other MASK bit; nil unless both are accepted.
    private let otherMask: FrameChains?

    init(
        bytes: [UInt8], reachesEnd: Bool, isMasked: Bool, extensions: AgreedExtensions, knowsMessages: Bool = true,
        takesEitherMask: Bool = false, forgiving forgiven: ForgivenFault? = nil
    ) {
        self.knowsMessages = knowsMessages
        self.forgiven = forgiven
        otherMask =
            takesEitherMask
            ? FrameChains(
                bytes: bytes, reachesEnd: reachesEnd, isMasked: !isMasked, extensions: extensions,
                knowsMessages: knowsMessages, forgiving: forgiven) : nil
        self.bytes = bytes
        self.reachesEnd = reachesEnd
        self.isMasked = isMasked
        let key = isMasked ? MaskingKey(0, 0, 0, 0) : nil
        fresh = FrameValidator(sender: isMasked ? .client : .server, extensions: extensions)
        func after(_ opcode: Opcode, _ isFinal: Bool) -> FrameValidator {
            var validator = FrameValidator(sender: isMasked ? .client : .server, extensions: extensions)
            let header = EncodedFrameHeader(opcode: opcode, isFinal: isFinal, payloadLength: 0, maskingKey: key)
            let bytes = Array(header)
            try? validator.consume(bytes.span)
            return validator
        }
        inMessage = after(.binary, false)
        afterClose = after(.close, true)
    }

    /// Returns the chain of frames from an index on.
    ///
    /// - Parameters:
    ///   - reading: how headers may also be read if they make no sense as they are: a fault repeats.
    func chain(from start: Int, _ state: MessageState = .unknown, reading: HeaderReading? = nil) -> FrameChain {
        guard start >= 0, start <= bytes.count else {
            return FrameChain(bits: reachesEnd ? -4 : 0, ending: .cut, end: min(max(start, 0), bytes.count))
        }
        let table = reading?.rawValue ?? -1
        var path: [(key: Int, bits: Int, isFrame: Bool)] = []
        var at = start
        var state = state
        var chain: FrameChain?
        while chain == nil {
            if at == bytes.count {
                chain = FrameChain(
                    bits: !reachesEnd ? 0 : path.isEmpty ? 8 : 10, ending: reachesEnd ? .exact : .cut, end: at)
                break
            }
            let key = at << 2 | Int(state.rawValue)
            if let known = known[table]?[key] {
                chain = known
                break
            }
            guard path.count < Self.maximumFrames, !isExhausted else {
                chain = FrameChain(ending: .unfollowed, end: at)
                break
            }
            switch frame(at: at, state, reading: reading) {
            case .whole(let bits, let end, let next):
                path.append((key, bits, true))
                (at, state) = (end, next)
            case .cut(let bits):
                chain = FrameChain(bits: reachesEnd ? bits - 12 : bits, ending: .cut, end: at)
                path.append((key, 0, false))
            case .broken:
                chain = FrameChain(bits: -40, ending: .broken, end: at)
                path.append((key, 0, false))
            }
        }
        guard var result = chain else { return FrameChain(ending: .broken, end: start) }
        let isFinal = result.ending != .unfollowed
        for step in path.reversed() {
            result.bits += step.bits
            if step.isFrame { result.frames += 1 }
            if isFinal { known[table, default: [:]][step.key] = result }
        }
        return result
    }

    /// What is at a boundary.
    enum Step {
        case whole(bits: Int, end: Int, next: MessageState)
        case cut(bits: Int)
        case broken
    }

    /// Returns whether a legal frame begins there, judging by two bytes, or whether the stream ends.
    func mayResume(at index: Int) -> Bool {
        if index == bytes.count { return reachesEnd }
        guard index >= 0, index < bytes.count, LocatedFrame.canBegin[Int(bytes[index])] else { return false }
        return index + 1 == bytes.count || (bytes[index + 1] & 0x80 != 0) == isMasked
    }

    private func frame(at index: Int, _ state: MessageState, reading: HeaderReading?) -> Step {
        let step = frame(at: index, state)
        guard let reading else { return step }
        if case .whole(_, let end, _) = step, mayResume(at: end) { return step }
        guard let other = reading.frame(at: index, in: self), other.end <= bytes.count, mayResume(at: other.end) else {
            return step
        }
        return .whole(bits: 8, end: other.end, next: next(state, other.header))
    }

    /// Judges one frame by its header and its first bytes.
    func frame(at index: Int, _ state: MessageState) -> Step {
        steps += 1
        guard LocatedFrame.canBegin[Int(bytes[index])] || forgiven?.begins(with: bytes[index]) ?? false else {
            return .broken
        }
        if let otherMask, index + 1 < bytes.count, (bytes[index + 1] & 0x80 != 0) != isMasked {
            return otherMask.frame(at: index, state)
        }
        let opcode = Opcode(rawValue: bytes[index])
        var validator =
            switch state {
            case .unknown: opcode == .continuation ? inMessage : fresh
            case .between: fresh
            case .inside: inMessage
            case .closed: afterClose
            }
        let bytes = bytes
        let end = min(index + EncodedFrameHeader.maximumCount + FrameWeight.sample, bytes.count)
        do {
            _ = try validator.consumeFrame(bytes.span.extracting(index..<end))
        } catch {
            guard forgiven?.covers(error, from: bytes[index]) ?? false else { return .broken }
        }
        guard let place = LocatedFrame(at: index, in: bytes) else { return .cut(bits: 0) }
        let header = place.header
        guard place.end <= bytes.count else {
            return header.payloadLength > 1 << 40 ? .broken : .cut(bits: 6)
        }
        return .whole(bits: FrameWeight.bits(of: place, in: bytes), end: place.end, next: next(state, header))
    }

    private func next(_ state: MessageState, _ header: EncodedFrameHeader) -> MessageState {
        guard knowsMessages else { return .unknown }
        if header.opcode == .close { return .closed }
        guard !header.opcode.isControl else { return state }
        return header.isFinal ? .between : .inside
    }
}
