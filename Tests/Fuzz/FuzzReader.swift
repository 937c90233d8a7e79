@testable import WebSocketFrames

// Compares what the reader hands over with a walk over the frames that shares neither machine nor kernels with it.

/// The frames of a stream up to its end or its violation, parsed in the plainest way.
struct NaiveWalk {
    struct Frame {
        let opcode: UInt8
        let isFinal: Bool
        /// The range of the payload, which may extend beyond the stream.
        let payload: Range<Int>
        let key: [UInt8]?
        /// The opcode that began the message.
        let messageOpcode: UInt8

        var isControl: Bool { opcode & 0x08 != 0 }
    }

    private(set) var frames: [Frame] = []
    let unmasked: [UInt8]

    /// Takes the frames that the verdict counts, and the one in which the stream ends, if its header is complete.
    init(_ stream: [UInt8], upTo verdict: Verdict) {
        var unmasked = stream
        var index = 0
        var messageOpcode: UInt8 = 0
        while index + 2 <= stream.count, frames.count <= verdict.frames {
            // The header that breaks a rule is the last one parsed, and none of its payload is handed over.
            if frames.count == verdict.frames, let rule = verdict.violation?.rule, !rule.field.isPayload { break }
            let (byte0, byte1) = (stream[index], stream[index + 1])
            index += 2
            var length = Int(byte1 & 0x7F)
            if length > 125 {
                let count = length == 126 ? 2 : 8
                guard index + count <= stream.count else { break }
                length = stream[index..<(index + count)].reduce(0) { $0 << 8 | Int($1) }
                index += count
            }
            var key: [UInt8]?
            if byte1 & 0x80 != 0 {
                guard index + 4 <= stream.count else { break }
                key = Array(stream[index..<(index + 4)])
                index += 4
            }
            if byte0 & 0x08 == 0, byte0 & 0x0F != 0 { messageOpcode = byte0 & 0x0F }
            let (end, overflow) = index.addingReportingOverflow(length)
            let payload = index..<(overflow ? Int.max : end)
            frames.append(
                Frame(
                    opcode: byte0 & 0x0F, isFinal: byte0 & 0x80 != 0, payload: payload, key: key,
                    messageOpcode: messageOpcode))
            if let key {
                for at in payload.clamped(to: 0..<stream.count) { unmasked[at] ^= key[(at - payload.lowerBound) % 4] }
            }
            guard payload.upperBound <= stream.count else { break }
            index = payload.upperBound
        }
        self.unmasked = unmasked
    }
}

/// A reader's way through a stream in pieces, with every event compared as it comes.
struct ReaderRun {
    private var reader: FrameReader
    private let walk: NaiveWalk
    private let pieces: [Range<Int>]
    /// The index of the frame that is being handed over.
    private var current = 0
    private var done = 0
    private var begun = false

    /// - Parameter allAtOnce: whether to use `read` rather than `next`.
    init(_ reader: FrameReader, _ stream: [UInt8], _ pieces: [Range<Int>], _ walk: NaiveWalk, allAtOnce: Bool) {
        self.reader = reader
        self.walk = walk
        self.pieces = pieces
        // What the caller's bytes must be in the end: payload that was handed over is unmasked.
        var expected = stream
        var bytes = stream
        do throws(Violation) {
            for piece in pieces {
                var received = Array(stream[piece])
                defer { bytes.replaceSubrange(piece, with: received) }
                if allAtOnce {
                    try readAll(&received, at: piece.lowerBound, &expected)
                    continue
                }
                var index = 0
                var span = received.mutableSpan
                while let event = try self.reader.next(in: &span, from: &index) {
                    switch event {
                    case .data(let slice): take(slice, at: piece.lowerBound, &expected)
                    case .control: takeControl(self.reader.controlFrame)
                    }
                }
                check(index == piece.count, "bytes were left over")
            }
        } catch {}
        // What was not handed over may or may not be unmasked: an incomplete control frame, and the frame that broke a
        // rule.
        for (number, frame) in walk.frames.enumerated() where frame.isControl || number == Int(self.reader.frameCount) {
            for at in frame.payload.clamped(to: 0..<stream.count) where bytes[at] == walk.unmasked[at] {
                expected[at] = bytes[at]
            }
        }
        check(bytes == expected, "a byte was changed that is none of the reader's")
    }

    private mutating func readAll(_ received: inout [UInt8], at offset: Int, _ expected: inout [UInt8])
        throws(Violation)
    {
        // A copy reads, so that its events can be compared meanwhile.
        var reader = reader
        defer { self.reader = reader }
        var span = received.mutableSpan
        try reader.read(&span) { slice, payload in
            let start = offset + slice.range.lowerBound
            let isRight = payload.indices.allSatisfy { payload[$0] == walk.unmasked[start + $0] }
            check(isRight && payload.count == slice.range.count, "a payload that is not the slice's")
            take(slice, at: offset, &expected)
        } control: { frame in
            takeControl(frame)
        }
    }

    private mutating func take(_ slice: DataSlice, at offset: Int, _ expected: inout [UInt8]) {
        passControlFrames()
        check(current < walk.frames.count, "a slice of no frame")
        let frame = walk.frames[current]
        let range = (slice.range.lowerBound + offset)..<(slice.range.upperBound + offset)
        check(slice.header.opcode.rawValue == frame.opcode && slice.header.isFinal == frame.isFinal, "another header")
        check(slice.messageOpcode.rawValue == frame.messageOpcode, "another message")
        check(slice.payloadOffset == UInt64(done) && slice.beginsFrame == !begun, "not where it should continue")
        check(range.lowerBound == frame.payload.lowerBound + done || range.isEmpty, "a slice of something else")
        for at in range { expected[at] = walk.unmasked[at] }
        done += range.count
        begun = true
        check(slice.endsFrame == (done == frame.payload.count), "the frame's end is not where it is")
        if slice.endsFrame { goOn() }
    }

    private mutating func goOn() {
        current += 1
        done = 0
        begun = false
    }

    /// A control frame is handed over only as a whole.
    private func passControlFrames() {
        check(current >= walk.frames.count || !walk.frames[current].isControl, "a control frame was left out")
    }

    private mutating func takeControl(_ control: ControlFrame) {
        check(current < walk.frames.count && walk.frames[current].isControl, "a control frame of nowhere")
        let frame = walk.frames[current]
        check(control.opcode.rawValue == frame.opcode, "another control frame")
        check(Array(control.payload) == Array(walk.unmasked[frame.payload]), "another payload")
        goOn()
    }

    private func check(_ isRight: Bool, _ what: String) {
        if !isRight { fatalError("reader: \(what), frame \(current); cut at \(pieces.map(\.upperBound))") }
    }

    /// Both APIs report the same.
    func check(against verdict: Verdict) {
        check(reader.violation == verdict.violation, "another violation")
        check(reader.state == verdict.state && reader.position == verdict.position, "another place")
        check(reader.frameCount == verdict.frames && reader.messageCount == verdict.messages, "other counts")
        check(reader.isClosed == verdict.isClosed, "another end")
        check(verdict.frames == UInt64(current), "frames were not handed over")
    }
}
