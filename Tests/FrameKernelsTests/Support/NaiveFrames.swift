import FrameKernels

/// Writes and parses frames in the plainest way, as a reference for `validate_frames` and `unmask_frames`.
enum NaiveFrames {
    /// The rules that the library sets: text is UTF-8; binary, ping, pong and frames with RSV1 have any payload; no other
    /// frame takes the fast path.
    static func rules(
        masked: Bool, limit: UInt64 = .max, kinds: UInt64 = messageKinds, open kind: UInt32 = 0,
        openLength: UInt64 = 0, lead: UInt8 = 0
    ) -> Rules {
        let state = State(openKind: UInt8(kind), openLength: openLength, lead: lead)
        return Rules(state: state, limit: limit, kinds: kinds, masked: masked)
    }

    private static let messageKinds: UInt64 = 2 << 2 | 1 << 4 | 1 << 18 | 1 << 20 | 3 << 34 | 1 << 36

    /// The arguments of a kernel, and the state of the stream.
    struct Rules {
        var state: State
        let limit: UInt64
        let kinds: UInt64
        let masked: Bool
    }

    /// `wsk_stream_state`, and the length of the open message.
    struct State: Equatable {
        var openKind: UInt8 = 0
        var openLength: UInt64 = 0
        var lead: UInt8 = 0
        var kind: UInt8 = 0
        var remaining: UInt64 = 0
        var key: UInt32 = 0
        var byte0: UInt8 = 0
    }

    /// One frame, with its length in the shortest form.
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
}
