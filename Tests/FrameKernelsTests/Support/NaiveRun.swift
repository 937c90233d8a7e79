import FrameKernels

/// How far fast-path frames go, found in the plainest way.
struct NaiveRun {
    private let stream: [UInt8]
    private let end: Int
    private let rules: NaiveFrames.Rules
    /// To be unmasked, a frame needs a header of at most 8 bytes unless it is cut off, and a control frame must be complete.
    private let unmasks: Bool
    private(set) var run: Run

    /// A payload, or part of one, that was skipped.
    struct Passed {
        let range: Range<Int>
        /// The masking key, rotated for the first byte.
        let key: UInt32
        /// Nil unless the whole frame was skipped.
        let header: Range<Int>?
    }
    private(set) var passed: [Passed] = []

    /// - Parameters:
    ///   - end: where the stream ends.
    ///   - most: the largest number of frames.
    init(over stream: [UInt8], end: Int, _ rules: NaiveFrames.Rules, most: Int = .max, unmasks: Bool = false) {
        self.stream = stream
        self.end = end
        self.rules = rules
        self.unmasks = unmasks
        run = Run(state: rules.state)
        if rules.state.kind != 0 {
            // The rest of the frame in progress.
            guard goOn() else { return }
        }
        while run.state.kind == 0, run.frames < most, next() {}
    }

    /// Continues the payload of the frame in progress.
    private mutating func goOn() -> Bool {
        let count = Int(min(run.state.remaining, UInt64(end - run.bytes)))
        let range = run.bytes..<(run.bytes + count)
        let isWhole = UInt64(count) == run.state.remaining
        let isControl = run.state.byte0 & 0x08 != 0
        let isFinal = run.state.byte0 & 0x80 != 0
        let key = run.state.key
        if run.state.kind == 2 {
            let text = Array(stream[range]).masked(key)
            guard let lead = NaiveText.lead(after: text, from: run.state.lead), !isWhole || !isFinal || lead == 0
            else { return false }
            run.state.lead = lead
        }
        passed.append(Passed(range: range, key: key, header: nil))
        run.bytes += count
        run.state.remaining -= UInt64(count)
        run.state.key = key.turned(count)
        guard isWhole else { return true }
        run.frames += 1
        (run.state.kind, run.state.remaining, run.state.key, run.state.byte0) = (0, 0, 0, 0)
        if isFinal && !isControl {
            run.messages += 1
            (run.state.openKind, run.state.openLength) = (0, 0)
        }
        return true
    }

    /// Skips the next frame, if it takes the fast path.
    private mutating func next() -> Bool {
        let before = run
        let start = run.bytes
        guard end - start >= 2 else { return false }
        let (byte0, byte1) = (stream[start], stream[start + 1])
        guard byte0 & 0x30 == 0, byte1 & 0x80 == (rules.masked ? 0x80 : 0) else { return false }
        let opcode = byte0 & 0x0F
        let isControl = opcode >= 8
        if isControl && byte0 & 0x80 == 0 { return false }
        let open = run.state.openKind
        let hasRSV1 = byte0 & 0x40 != 0
        let begins = UInt8(rules.kinds >> (UInt64(opcode) * 2 + (hasRSV1 ? 32 : 0)) & 3)
        let kind = isControl ? begins : opcode == 0 ? (hasRSV1 ? 0 : open) : open == 0 ? begins : 0
        guard kind != 0 else { return false }

        var length = UInt64(byte1 & 0x7F)
        var index = start + 2
        if length > 125 {
            // A control frame has no longer form, and a smaller length has a shorter one.
            let (size, shortest): (Int, UInt64) = length == 126 ? (2, 126) : (8, 65_536)
            guard end - index >= size, !isControl else { return false }
            length = stream[index..<(index + size)].reduce(0) { $0 << 8 | UInt64($1) }
            index += size
            guard length >= shortest, length < 1 << 63 else { return false }
        }
        var key: UInt32 = 0
        if rules.masked {
            guard end - index >= 4 else { return false }
            key = (0..<4).reduce(0) { $0 | UInt32(stream[index + $1]) << UInt32($1 * 8) }
            index += 4
        }
        if !isControl {
            let (message, overflow) = run.state.openLength.addingReportingOverflow(length)
            guard !overflow, message <= rules.limit else { return false }
            (run.state.openKind, run.state.openLength) = (kind, message)
        }
        let isWhole = UInt64(end - index) >= length
        (run.state.kind, run.state.remaining, run.state.key, run.state.byte0) = (kind, length, key, byte0)
        run.bytes = index
        guard !unmasks || (isWhole ? index - start <= 8 : !isControl), goOn() else {
            run = before
            return false
        }
        if isWhole {
            let last = passed.removeLast()
            passed.append(Passed(range: last.range, key: last.key, header: start..<index))
        } else {
            run.header = Array(stream[start..<index])
        }
        return true
    }
}

extension NaiveFrames {
    /// What `validate_frames` does.
    static func run(over stream: [UInt8], end: Int, _ rules: Rules) -> Run {
        NaiveRun(over: stream, end: end, rules).run
    }

    /// What `unmask_frames` does: the frames, and the bytes afterwards.
    static func unmask(_ stream: [UInt8], _ rules: Rules, most: Int) -> (unmasked: Unmasked, bytes: [UInt8]) {
        let naive = NaiveRun(over: stream, end: stream.count, rules, most: most, unmasks: true)
        var bytes = stream
        for passed in naive.passed {
            for (index, at) in passed.range.enumerated() { bytes[at] ^= passed.key.keyByte(index) }
        }
        let headers = naive.passed.compactMap { $0.header.map { Array(stream[$0]) } }
        return (Unmasked(run: naive.run, headers: headers), bytes)
    }
}

/// `wsk_result`, in a form that can be compared.
struct Run: Equatable {
    var bytes = 0
    var frames = 0
    var messages = 0
    var state = NaiveFrames.State()
    /// The header of the frame in progress, if it began among the bytes.
    var header: [UInt8] = []
}

/// What `unmask_frames` has unmasked, in a form that can be compared.
struct Unmasked: Equatable {
    var run = Run()
    /// The header of each whole frame, from its word.
    var headers: [[UInt8]] = []
}

extension wsk_stream_state {
    init(_ state: NaiveFrames.State) {
        self.init(
            remaining: state.remaining, key: state.key, open_kind: state.openKind, kind: state.kind, byte0: state.byte0,
            utf8_pending_lead: state.lead)
    }
}

extension wsk_fast_path_rules {
    init(_ rules: NaiveFrames.Rules) {
        self.init(
            open_length: rules.state.openLength, limit: rules.limit, kinds: rules.kinds,
            mask_bit: rules.masked ? 0x80 : 0)
    }
}

extension Run {
    init(_ run: wsk_result, from rules: NaiveFrames.Rules) {
        let isInFrame = run.state.kind != 0
        let state = NaiveFrames.State(
            openKind: run.state.open_kind, openLength: run.open_length, lead: run.state.utf8_pending_lead,
            kind: run.state.kind,
            remaining: isInFrame ? run.state.remaining : 0, key: isInFrame ? run.state.key : 0,
            byte0: isInFrame ? run.state.byte0 : 0)
        self.init(bytes: run.bytes, frames: Int(run.frames), messages: Int(run.messages), state: state)
        if isInFrame && (rules.state.kind == 0 || run.frames > 0) {
            let bytes = (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? run.low : run.high) >> UInt64($0 % 8 * 8)) }
            header = Array(bytes.prefix(Self.headerCount(bytes[1])))
        }
    }

    /// The size of a header with this byte 1.
    static func headerCount(_ byte1: UInt8) -> Int {
        let length = byte1 & 0x7F
        return (length < 126 ? 2 : length == 126 ? 4 : 10) + (byte1 & 0x80 != 0 ? 4 : 0)
    }
}

extension Unmasked {
    /// - Parameter words: 8 bytes for each frame, and perhaps more after them.
    init(_ run: wsk_result, words: [UInt8], from rules: NaiveFrames.Rules) {
        // If a frame was in progress, the first word has no header.
        let first = rules.state.kind != 0 && run.frames > 0 ? 1 : 0
        let headers = (first..<max(first, Int(run.frames))).map { frame in
            let word = words[(frame * 8)..<(frame * 8 + 8)]
            return Array(word.prefix(Run.headerCount(word[word.startIndex + 1])))
        }
        self.init(run: Run(run, from: rules), headers: headers)
    }
}
