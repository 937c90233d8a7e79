import FrameKernels

/// How far plain frames go, found in the plainest way.
struct NaiveRun {
    private let stream: [UInt8]
    private let end: Int
    private let terms: NaiveFrames.Terms
    /// A frame that is taken has a header of at most 8 bytes or is cut off; and a control frame is not taken in parts.
    private let takes: Bool
    private(set) var run: Run

    /// Payload that was skipped.
    struct Passed {
        let range: Range<Int>
        /// The masking key as it stands at its first byte.
        let key: UInt32
        /// Of a whole frame.
        let header: Range<Int>?
    }
    private(set) var passed: [Passed] = []

    /// - Parameters:
    ///   - end: the stream goes no further.
    ///   - most: stop after so many frames.
    init(over stream: [UInt8], end: Int, _ terms: NaiveFrames.Terms, most: Int = .max, takes: Bool = false) {
        self.stream = stream
        self.end = end
        self.terms = terms
        self.takes = takes
        run = Run(place: terms.place)
        if terms.place.kind != 0 {
            // The rest of the frame that has begun, or nothing.
            guard goOn() else { return }
        }
        while run.place.kind == 0, run.frames < most, next() {}
    }

    /// Goes on in the payload in which the stream stands.
    private mutating func goOn() -> Bool {
        let count = Int(min(run.place.rest, UInt64(end - run.bytes)))
        let range = run.bytes..<(run.bytes + count)
        let isWhole = UInt64(count) == run.place.rest
        let isControl = run.place.byte0 & 0x08 != 0
        let isFinal = run.place.byte0 & 0x80 != 0
        let key = run.place.key
        if run.place.kind == 2 {
            let text = Array(stream[range]).masked(key)
            guard let lead = NaiveText.lead(after: text, from: run.place.lead), !isWhole || !isFinal || lead == 0
            else { return false }
            run.place.lead = lead
        }
        passed.append(Passed(range: range, key: key, header: nil))
        run.bytes += count
        run.place.rest -= UInt64(count)
        run.place.key = key.turned(count)
        guard isWhole else { return true }
        run.frames += 1
        (run.place.kind, run.place.rest, run.place.key, run.place.byte0) = (0, 0, 0, 0)
        if isFinal && !isControl {
            run.messages += 1
            (run.place.openKind, run.place.openLength) = (0, 0)
        }
        return true
    }

    /// Skips the next frame, if it is plain.
    private mutating func next() -> Bool {
        let before = run
        let start = run.bytes
        guard end - start >= 2 else { return false }
        let (byte0, byte1) = (stream[start], stream[start + 1])
        guard byte0 & 0x70 == 0, byte1 & 0x80 == (terms.masked ? 0x80 : 0) else { return false }
        let opcode = byte0 & 0x0F
        let isControl = opcode >= 8
        if isControl && byte0 & 0x80 == 0 { return false }
        let open = run.place.openKind
        let begins = UInt8(terms.kinds >> (UInt32(opcode) * 2) & 3)
        let kind = isControl ? begins : opcode == 0 ? open : open == 0 ? begins : 0
        guard kind != 0 else { return false }

        var length = UInt64(byte1 & 0x7F)
        var index = start + 2
        if length > 125 {
            // A control frame may not be so long, and a shorter length has a shorter form.
            let (size, shortest): (Int, UInt64) = length == 126 ? (2, 126) : (8, 65_536)
            guard end - index >= size, !isControl else { return false }
            length = stream[index..<(index + size)].reduce(0) { $0 << 8 | UInt64($1) }
            index += size
            guard length >= shortest, length < 1 << 63 else { return false }
        }
        var key: UInt32 = 0
        if terms.masked {
            guard end - index >= 4 else { return false }
            key = (0..<4).reduce(0) { $0 | UInt32(stream[index + $1]) << UInt32($1 * 8) }
            index += 4
        }
        if !isControl {
            let (message, overflow) = run.place.openLength.addingReportingOverflow(length)
            guard !overflow, message <= terms.limit else { return false }
            (run.place.openKind, run.place.openLength) = (kind, message)
        }
        let isWhole = UInt64(end - index) >= length
        (run.place.kind, run.place.rest, run.place.key, run.place.byte0) = (kind, length, key, byte0)
        run.bytes = index
        guard !takes || (isWhole ? index - start <= 8 : !isControl), goOn() else {
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
    /// What `skim` does.
    static func run(over stream: [UInt8], end: Int, _ terms: Terms) -> Run {
        NaiveRun(over: stream, end: end, terms).run
    }

    /// What `take` does: the frames, and the bytes as they are then.
    static func take(_ stream: [UInt8], _ terms: Terms, most: Int) -> (taken: Taken, bytes: [UInt8]) {
        let naive = NaiveRun(over: stream, end: stream.count, terms, most: most, takes: true)
        var bytes = stream
        for passed in naive.passed {
            for (index, at) in passed.range.enumerated() { bytes[at] ^= passed.key.keyByte(index) }
        }
        let headers = naive.passed.compactMap { $0.header.map { Array(stream[$0]) } }
        return (Taken(run: naive.run, headers: headers), bytes)
    }
}

/// `fk_run`, to be compared.
struct Run: Equatable {
    var bytes = 0
    var frames = 0
    var messages = 0
    var place = NaiveFrames.Place()
    /// Of the frame in which the stream stands, when it began among the bytes.
    var header: [UInt8] = []
}

/// What `take` has taken, to be compared.
struct Taken: Equatable {
    var run = Run()
    /// Each whole frame's header, out of its word.
    var headers: [[UInt8]] = []
}

extension fk_place {
    init(_ place: NaiveFrames.Place) {
        self.init(
            rest: place.rest, key: place.key, open_kind: place.openKind, kind: place.kind, byte0: place.byte0,
            lead: place.lead)
    }
}

extension fk_terms {
    init(_ terms: NaiveFrames.Terms) {
        self.init(
            open_length: terms.place.openLength, limit: terms.limit, kinds: terms.kinds,
            mask_bit: terms.masked ? 0x80 : 0)
    }
}

extension Run {
    init(_ run: fk_run, from terms: NaiveFrames.Terms) {
        let isInFrame = run.place.kind != 0
        let place = NaiveFrames.Place(
            openKind: run.place.open_kind, openLength: run.open_length, lead: run.place.lead, kind: run.place.kind,
            rest: isInFrame ? run.place.rest : 0, key: isInFrame ? run.place.key : 0,
            byte0: isInFrame ? run.place.byte0 : 0)
        self.init(bytes: run.bytes, frames: Int(run.frames), messages: Int(run.messages), place: place)
        if isInFrame && (terms.place.kind == 0 || run.frames > 0) {
            let bytes = (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? run.low : run.high) >> UInt64($0 % 8 * 8)) }
            header = Array(bytes.prefix(Self.headerCount(bytes[1])))
        }
    }

    /// How long a header with this byte 1 is.
    static func headerCount(_ byte1: UInt8) -> Int {
        let length = byte1 & 0x7F
        return (length < 126 ? 2 : length == 126 ? 4 : 10) + (byte1 & 0x80 != 0 ? 4 : 0)
    }
}

extension Taken {
    /// - Parameter words: 8 bytes for each frame, and perhaps more after them.
    init(_ run: fk_run, words: [UInt8], from terms: NaiveFrames.Terms) {
        // The first word is of no whole frame, where one had begun.
        let first = terms.place.kind != 0 && run.frames > 0 ? 1 : 0
        let headers = (first..<max(first, Int(run.frames))).map { frame in
            let word = words[(frame * 8)..<(frame * 8 + 8)]
            return Array(word.prefix(Run.headerCount(word[word.startIndex + 1])))
        }
        self.init(run: Run(run, from: terms), headers: headers)
    }
}
