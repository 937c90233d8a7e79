import WebSocketFrames

/// A place where a frame might begin, and the evidence for it: the frames that can be read from there on.
///
/// ``FrameValidator`` says what is legal; here it is only estimated how improbable it is that bytes which are not
/// frames look like this, in bits (-log₂ of the probability for random bytes), always rounded down:
///
/// - byte 0 of a frame: 11 of 256 values are possible between two messages, 5 of 256 inside one: 4 bits, and 5;
/// - MASK, from the second frame on: 1 bit;
/// - text: about every second random byte is not possible where it is in UTF-8: 1 bit for 4 bytes of payload, at most
///   16 for a frame, since the bytes of other protocols are often text, too;
/// - a close code: 2,000 of 65,536: 5 bits;
/// - a 64-bit length: 24 of the 32 bits that are zero, since zeros are frequent elsewhere. One of 2³² or more is not
///   believed;
/// - a 16-bit length, different from that of the frame before, after the same two bytes as there: 10 bits in addition
///   to those of bytes 0 and MASK;
/// - a long frame, not the first, that ends together with a piece: 7 bits, for pieces of 128 bytes or more;
/// - empty data frames: nothing. A run of zeros is a run of empty fragments;
/// - a frame masked with the key of the one before: nothing. Otherwise every run of one value from 0x81 on would be
///   frames.
struct BoundaryCandidate: Sendable {
    /// Where it begins among the held bytes of the side; negative if those bytes are no longer held.
    private(set) var start: Int
    /// The evidence for it, in bits.
    private(set) var bits = 0
    /// The bits of the frames whose payload had to be UTF-8, and was.
    private(set) var textBits = 0
    /// The number of whole frames so far.
    private(set) var frames = 0
    /// Whether some frame ended together with a piece.
    private(set) var isAligned = false
    /// Whether no frame can begin at ``start``, because one of those from there on is illegal.
    private(set) var isRefuted = false
    /// The first boundary from which on a reader that knows nothing of what precedes it can judge: no message is open
    /// there.
    private(set) var firstBoundary: Int?
    /// The first such boundary after ``leadingFrames`` frames, which only serve as evidence.
    private(set) var safeBoundary: Int?
    /// Whether there is evidence for ``firstBoundary`` itself, and not only for the frames after it.
    private var isFirstSure = false

    /// The number of frames at the start that are not trusted: a chain of illusory frames in payload may run into a
    /// true boundary. Among 100 bytes, each of which may begin one with a probability of 11/256, and with 1/128 for a
    /// length that fits, that is likely for one frame (1:30), and unlikely for three (1:16,000), all the more since
    /// the chain must prove itself after them.
    static let leadingFrames = 3

    /// The first boundary that is certain enough: ``firstBoundary`` if one of the first frames ends together with a
    /// piece, or its text is UTF-8, otherwise ``safeBoundary``.
    var boundary: Int? { isFirstSure ? firstBoundary : safeBoundary }

    private var validator: FrameValidator
    /// The end of the bytes from ``start`` on that were read, as an index among the held bytes.
    private var position: Int
    private var frameStart: Int
    /// Whether a data frame has arrived, which shows whether a message was open at ``start``.
    private var knowsItsMessage = false
    private var beganInMessage = false
    /// Whether the open message is text that has been judged from its start.
    private var isInText = false
    private var hasCountedLength = false
    private var lastKey: MaskingKey?
    /// The data frame before the current frame.
    private var lastData: EncodedFrameHeader?
    /// The header of the current frame, once it is complete.
    private var header: EncodedFrameHeader?
    /// Whether its held bytes were forgotten.
    private var wasForgotten = false

    /// The length of payload above which frames count as long.
    private static let longPayload: UInt64 = 1_024
    private static let bitsOfALongEnd = 7

    /// Tries the byte at `start`, for any sender if none is given.
    init(at start: Int, sender: Endpoint?, extensions: AgreedExtensions = .permessageDeflate) {
        self.start = start
        position = start
        frameStart = start
        validator = FrameValidator(sender: sender, extensions: extensions)
    }

    /// The number of bytes that were read.
    var readCount: Int { position - start }

    /// For each byte, whether it can be the first of a frame according to the validator, even in a message that was
    /// open.
    static let canBegin: [Bool] = (UInt8.min...UInt8.max).map { byte in
        [false, true].contains { isInMessage in
            var validator = FrameValidator(sender: nil, extensions: .permessageDeflate)
            let opening = EncodedFrameHeader(opcode: .binary, isFinal: false, payloadLength: 0)
            do throws(Violation) {
                if isInMessage { try validator.consume(Array(opening).span) }
                try validator.consume([byte].span)
                return true
            } catch {
                return false
            }
        }
    }

    /// The endpoint that sends frames like these; nil if no MASK bit has arrived.
    var sender: Endpoint? { validator.sender }

    /// Whether only control frames have arrived, so that it is not known whether a message was open at ``start``.
    var isControlOnly: Bool { !knowsItsMessage }

    /// Whether it is inside a frame with a 64-bit length, which may continue for long.
    var isInside: Bool { !isRefuted && (header?.count ?? 0) >= 10 }

    /// The first of the held bytes that it still needs.
    var neededFrom: Int { validator.header.isEmpty || header != nil ? position : frameStart }

    /// Notes that the first held bytes are no longer held: candidates among them can no longer be judged.
    mutating func forget(_ count: Int) {
        start -= count
        position -= count
        frameStart -= count
        wasForgotten = true
        firstBoundary = firstBoundary.flatMap { $0 < count ? nil : $0 - count }
        safeBoundary = safeBoundary.flatMap { $0 < count ? nil : $0 - count }
    }

    /// Continues reading, up to the end of the held bytes.
    mutating func read(_ held: Span<UInt8>) {
        while position < held.count, !isRefuted {
            if position == frameStart, !knowsItsMessage {
                guard settleMessage(held) else { return }
            }
            do throws(Violation) {
                position += try validator.consumeFrame(held.extracting(position..<held.count))
            } catch {
                isRefuted = true
                return
            }
            if validator.header.isEmpty {
                endFrame(held)
            } else if validator.header.isComplete {
                header = validator.header
                countLength(validator.header)
            }
        }
    }

    // MARK: The message that was open before it

    /// Lets the validator see the beginning of a message if the first data frame continues one.
    ///
    /// - Returns: false if one more byte is needed.
    private mutating func settleMessage(_ held: Span<UInt8>) -> Bool {
        var header = EncodedFrameHeader()
        header.append(held[position])
        guard !header.opcode.isControl else { return true }
        guard header.opcode == .continuation else {
            knowsItsMessage = true
            firstBoundary = start
            return true
        }
        guard position + 1 < held.count else { return false }
        header.append(held[position + 1])
        knowsItsMessage = true
        beganInMessage = true
        let opening = EncodedFrameHeader(
            opcode: .binary, isFinal: false, payloadLength: 0,
            maskingKey: header.isMasked ? MaskingKey(0, 0, 0, 0) : nil)
        do throws(Violation) {
            try validator.consume(Array(opening).span)
        } catch {
            isRefuted = true
        }
        return true
    }

    // MARK: The end of a frame

    private mutating func endFrame(_ held: Span<UInt8>) {
        var header = self.header ?? EncodedFrameHeader()
        if self.header == nil {
            for index in frameStart..<min(position, frameStart + EncodedFrameHeader.maximumCount)
            where !header.isComplete { header.append(held[index]) }
        }
        self.header = nil
        count(header)
        if frames > 0, position == held.count, header.payloadLength > Self.longPayload { bits += Self.bitsOfALongEnd }
        frames += 1
        frameStart = position
        hasCountedLength = false
        isAligned = isAligned || position == held.count
        if isAligned ? frames <= Self.leadingFrames : frames == 1 && textBits >= 8 { isFirstSure = true }
        if validator.state == .complete {
            if beganInMessage || wasForgotten, knowsItsMessage, firstBoundary == nil { firstBoundary = position }
            if frames >= Self.leadingFrames, knowsItsMessage, safeBoundary == nil { safeBoundary = position }
        }
    }

    private mutating func countLength(_ header: EncodedFrameHeader) {
        guard !hasCountedLength, header.count >= 10 else { return }
        hasCountedLength = true
        if header.payloadLength >> 32 == 0 { bits += 24 } else { isRefuted = true }
    }

    private mutating func count(_ header: EncodedFrameHeader) {
        let isControl = header.opcode.isControl
        if header.opcode == .text || header.opcode == .binary {
            isInText = header.opcode == .text && header.reservedBits == ReservedBits()
        }
        defer { if header.isFinal, !isControl { isInText = false } }
        let key = header.maskingKey
        defer { lastKey = key }
        guard isControl || header.payloadLength > 0, key == nil || key != lastKey else { return }
        bits += header.opcode == .continuation ? 5 : 4
        if frames > 0 { bits += 1 }
        if let last = lastData, header.repeatsMediumForm(of: last) { bits += 10 }
        if !isControl { lastData = header }
        if header.opcode == .close, header.payloadLength >= 2 { bits += 5 }
        if isInText, !isControl {
            let evidence = Int(min(header.payloadLength, 64)) / 4
            bits += evidence
            textBits += evidence
        }
    }
}

extension EncodedFrameHeader {
    /// Returns whether it is a header with a 16-bit length, after the same two bytes as another one with a different
    /// length.
    fileprivate func repeatsMediumForm(of other: EncodedFrameHeader) -> Bool {
        let medium: ClosedRange<UInt64> = 126...0xFFFF
        return medium.contains(payloadLength) && medium.contains(other.payloadLength)
            && payloadLength != other.payloadLength
            && opcode == other.opcode && isFinal == other.isFinal && reservedBits == other.reservedBits
            && isMasked == other.isMasked
    }
}
