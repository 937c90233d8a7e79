import FrameKernels

/// Frames written and walked over in the plainest way: what `skim` and `take` are held against.
enum NaiveFrames {
    /// The terms that the library sets: text is UTF-8; binary, ping and pong may be anything; nothing else is plain.
    static func terms(
        masked: Bool, limit: UInt64 = .max, kinds: UInt32 = 2 << 2 | 1 << 4 | 1 << 18 | 1 << 20, open kind: UInt32 = 0,
        openLength: UInt64 = 0
    ) -> fk_terms {
        fk_terms(
            limit: limit, open_length: openLength, kinds: kinds, open_kind: kind,
            mask_bit: masked ? 0x80 : 0)
    }

    /// One frame, its length in the shortest form.
    static func frame(_ byte0: UInt8, _ payload: [UInt8], key: UInt32?) -> [UInt8] {
        let mask: UInt8 = key == nil ? 0 : 0x80
        var frame = [byte0]
        switch payload.count {
        case ...125: frame.append(mask | UInt8(payload.count))
        case ...65_535: frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: frame += [mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        guard let key else { return frame + payload }
        return frame + (0..<4).map { key.keyByte($0) } + payload.masked(key)
    }

    /// A plain frame.
    struct Plain {
        let byte0: UInt8
        /// The header's bytes.
        let header: Range<Int>
        let key: UInt32?
        let payload: Range<Int>
        let kind: UInt32

        var isControl: Bool { byte0 & 0x08 != 0 }
        var isFinal: Bool { byte0 & 0x80 != 0 }
    }

    /// The plain frame at `start`, if the stream goes no further than `end`; nil when it is not plain or not whole.
    static func plainFrame(in stream: [UInt8], at start: Int, end: Int, _ terms: fk_terms) -> Plain? {
        guard end - start >= 2 else { return nil }
        let (byte0, byte1) = (stream[start], stream[start + 1])
        guard byte0 & 0x70 == 0, byte1 & 0x80 == terms.mask_bit else { return nil }
        let opcode = byte0 & 0x0F
        let isControl = opcode >= 8
        if isControl && byte0 & 0x80 == 0 { return nil }
        let begins = terms.kinds >> (UInt32(opcode) * 2) & 3
        let kind = isControl ? begins : opcode == 0 ? terms.open_kind : terms.open_kind == 0 ? begins : 0
        guard kind != 0 else { return nil }

        var length = UInt64(byte1 & 0x7F)
        var index = start + 2
        if length > 125 {
            // A control frame may not be so long, and a shorter length has a shorter form.
            let (size, shortest): (Int, UInt64) = length == 126 ? (2, 126) : (8, 65_536)
            guard end - index >= size, !isControl else { return nil }
            length = stream[index..<(index + size)].reduce(0) { $0 << 8 | UInt64($1) }
            index += size
            guard length >= shortest, length < 1 << 63 else { return nil }
        }
        var key: UInt32?
        if byte1 & 0x80 != 0 {
            guard end - index >= 4 else { return nil }
            key = (0..<4).reduce(0) { $0 | UInt32(stream[index + $1]) << UInt32($1 * 8) }
            index += 4
        }
        if !isControl {
            let (message, overflow) = terms.open_length.addingReportingOverflow(length)
            guard !overflow, message <= terms.limit else { return nil }
        }
        guard UInt64(end - index) >= length else { return nil }
        let payload = index..<(index + Int(length))
        if kind == 2 {
            let text = Array(stream[payload]).masked(key ?? 0)
            guard NaiveText.prefix(of: text, end: text.count) == (text.count, nil) else { return nil }
        }
        return Plain(byte0: byte0, header: start..<index, key: key, payload: payload, kind: kind)
    }

    /// How far plain frames go.
    ///
    /// - Parameters:
    ///   - most: stop behind so many frames.
    ///   - longestHeader: stop in front of one with a longer header.
    ///   - visit: is given each frame.
    static func run(
        over stream: [UInt8], end: Int, _ terms: fk_terms, most: Int = .max, longestHeader: Int = 14,
        visit: (Plain) -> Void = { _ in }
    ) -> Run {
        var terms = terms
        var run = Run(openKind: terms.open_kind, openLength: terms.open_length)
        while run.frames < most, let frame = plainFrame(in: stream, at: run.bytes, end: end, terms),
            frame.header.count <= longestHeader
        {
            run.bytes = frame.payload.upperBound
            run.frames += 1
            if !frame.isControl {
                run.messages += frame.isFinal ? 1 : 0
                terms.open_kind = frame.isFinal ? 0 : frame.kind
                terms.open_length = frame.isFinal ? 0 : terms.open_length + UInt64(frame.payload.count)
            }
            visit(frame)
        }
        run.openKind = terms.open_kind
        run.openLength = terms.open_length
        return run
    }

    /// What `take` does: the frames, and the bytes as they are then.
    static func take(_ stream: [UInt8], _ terms: fk_terms, most: Int) -> (taken: Taken, bytes: [UInt8]) {
        var bytes = stream
        var headers: [[UInt8]] = []
        let run = run(over: stream, end: stream.count, terms, most: most, longestHeader: 8) { frame in
            headers.append(Array(stream[frame.header]))
            guard let key = frame.key else { return }
            for (index, at) in frame.payload.enumerated() { bytes[at] ^= key.keyByte(index) }
        }
        return (Taken(run: run, headers: headers), bytes)
    }
}

/// `fk_run`, to be compared.
struct Run: Equatable {
    var bytes = 0
    var frames = 0
    var messages = 0
    var openKind: UInt32 = 0
    var openLength: UInt64 = 0
}

/// What `take` has taken, to be compared.
struct Taken: Equatable {
    var run = Run()
    /// Each frame's header, out of its word.
    var headers: [[UInt8]] = []
}

extension Run {
    init(_ run: fk_run) {
        self.init(
            bytes: run.bytes, frames: Int(run.frames), messages: Int(run.messages), openKind: run.open_kind,
            openLength: run.open_length)
    }
}

extension Taken {
    /// - Parameter words: 8 bytes for each frame, and perhaps more behind them.
    init(_ run: fk_run, words: [UInt8]) {
        let headers = (0..<Int(run.frames)).map { frame in
            let word = words[(frame * 8)..<(frame * 8 + 8)]
            let byte1 = word[word.startIndex + 1]
            return Array(word.prefix((byte1 & 0x7F < 126 ? 2 : 4) + (byte1 & 0x80 != 0 ? 4 : 0)))
        }
        self.init(run: Run(run), headers: headers)
    }
}
