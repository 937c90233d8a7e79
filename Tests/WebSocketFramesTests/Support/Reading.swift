import FixtureCorpus
import WebSocketFrames

/// Everything that a validator reports, to be compared at once.
struct Reading: Equatable {
    var violation: Violation?
    var state: StreamState
    var frames: UInt64
    var messages: UInt64
    var position: UInt64
    var isClosed: Bool
    var closeCode: CloseCode?
    var sender: Endpoint?
    var usedReservedBits: Bool
    var header: EncodedFrameHeader
    var frameOffset: UInt64
    var isSkipping: Bool

    init(_ validator: FrameValidator) {
        violation = validator.violation
        state = validator.state
        frames = validator.frameCount
        messages = validator.messageCount
        position = validator.position
        isClosed = validator.isClosed
        closeCode = validator.closeCode
        sender = validator.sender
        usedReservedBits = validator.usedReservedBits
        header = validator.header
        frameOffset = validator.frameOffset
        isSkipping = validator.isSkipping
    }
}

extension FrameValidator {
    /// A validator set up as the fixture asks.
    init(for fixture: Fixture) {
        self.init(sender: fixture.sender, extensions: fixture.extensions, limits: fixture.limits)
    }

    /// Feeds bytes, and returns the violation instead of throwing it.
    mutating func feed(_ bytes: Span<UInt8>) -> Violation? {
        do {
            try consume(bytes)
            return nil
        } catch {
            return error
        }
    }

    mutating func feed(_ bytes: [UInt8]) -> Violation? {
        feed(bytes.span)
    }

    mutating func feed(_ bytes: [UInt8], _ range: Range<Int>) -> Violation? {
        feed(bytes.span.extracting(range))
    }

    /// Feeds pieces that end at `cuts` and at the end, up to the first violation.
    mutating func feed(_ bytes: [UInt8], cuts: [Int]) -> Violation? {
        var start = 0
        for end in cuts + [bytes.count] {
            if let violation = feed(bytes, start..<end) { return violation }
            start = end
        }
        return nil
    }

    /// What this validator would report after pieces that end at `cuts` and at the end. The validator itself does not change.
    func reading(_ bytes: [UInt8], cuts: [Int] = []) -> Reading {
        var copy = self
        _ = copy.feed(bytes, cuts: cuts)
        return Reading(copy)
    }
}

extension Array<UInt8> {
    /// Spaces between the digits are ignored.
    init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    var hex: String {
        reduce(into: "") { $0 += ($1 < 16 ? "0" : "") + String($1, radix: 16) }
    }
}
