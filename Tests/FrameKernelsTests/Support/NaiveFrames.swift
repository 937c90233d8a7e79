import FrameKernels

/// Frames written and walked over in the plainest way: what `skim` and `take` are held against.
enum NaiveFrames {
    /// The terms that the library sets: text is UTF-8; binary, ping and pong may be anything; nothing else is plain.
    static func terms(masked: Bool, limit: UInt64 = .max) -> fk_terms {
        fk_terms(kinds: 2 << 2 | 1 << 4 | 1 << 18 | 1 << 20, mask_bit: masked ? 0x80 : 0, limit: limit)
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
    struct Plain: Equatable {
        /// Where it begins.
        let start: Int
        let opcode: UInt8
        let headerCount: Int
        let key: UInt32?
        let payload: Range<Int>
    }

    /// The plain frame at `start`, if the stream goes no further than `end`; nil when it is not plain or not whole.
    static func plainFrame(in stream: [UInt8], at start: Int, end: Int, _ terms: fk_terms) -> Plain? {
        guard end - start >= 2 else { return nil }
        let (byte0, byte1) = (stream[start], stream[start + 1])
        let kind = (terms.kinds >> (UInt32(byte0 & 0x0F) * 2)) & 3
        guard byte0 & 0xF0 == 0x80, kind != 0, byte1 & 0x80 == terms.mask_bit else { return nil }
        var length = Int(byte1 & 0x7F)
        var index = start + 2
        if length == 126 {
            guard end - index >= 2 else { return nil }
            length = Int(stream[index]) << 8 | Int(stream[index + 1])
            index += 2
            // A control frame may not be so long, and a shorter length has a shorter form.
            guard length > 125, byte0 & 0x08 == 0 else { return nil }
        } else if length == 127 {
            return nil
        }
        var key: UInt32?
        if byte1 & 0x80 != 0 {
            guard end - index >= 4 else { return nil }
            key = (0..<4).reduce(0) { $0 | UInt32(stream[index + $1]) << UInt32($1 * 8) }
            index += 4
        }
        guard UInt64(length) <= terms.limit, end - index >= length else { return nil }
        let payload = index..<(index + length)
        if kind == 2 {
            let text = Array(stream[payload]).masked(key ?? 0)
            guard NaiveText.prefix(of: text, end: length) == (length, nil) else { return nil }
        }
        return Plain(
            start: start, opcode: byte0 & 0x0F, headerCount: index - start, key: key, payload: payload)
    }

    /// How far plain frames go.
    static func run(over stream: [UInt8], end: Int, _ terms: fk_terms) -> Run {
        var run = Run()
        while let frame = plainFrame(in: stream, at: run.bytes, end: end, terms) {
            run.bytes = frame.payload.upperBound
            run.frames += 1
            if frame.opcode & 0x08 == 0 { run.messages += 1 }
        }
        return run
    }
}

/// `fk_run`, to be compared.
struct Run: Equatable {
    var bytes = 0
    var frames = 0
    var messages = 0
}

/// `fk_frame`, to be compared.
struct Taken: Equatable {
    /// The header's bytes, the first lowest, and zeros.
    var word: UInt64
    var headerCount: Int
    var payloadCount: Int
}

extension Run {
    init(_ run: fk_run) {
        self.init(bytes: run.bytes, frames: Int(run.frames), messages: Int(run.messages))
    }
}

extension Taken {
    /// Nil when nothing was taken.
    init?(_ frame: fk_frame) {
        guard frame.header > 0 else { return nil }
        self.init(word: frame.bytes, headerCount: Int(frame.header), payloadCount: Int(frame.payload))
    }

    init(header: [UInt8], payloadCount: Int) {
        let word = header.indices.reduce(0 as UInt64) { $0 | UInt64(header[$1]) << UInt64($1 * 8) }
        self.init(word: word, headerCount: header.count, payloadCount: payloadCount)
    }
}
