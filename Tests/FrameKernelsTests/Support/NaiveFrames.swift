import FrameKernels

/// Frames written and walked over in the plainest way: what `skim` and `take` are held against.
enum NaiveFrames {
    /// The terms that the library sets: text is UTF-8; binary, ping and pong may be anything; nothing else is plain.
    static func terms(
        masked: Bool, limit: UInt64 = .max, kinds: UInt32 = 2 << 2 | 1 << 4 | 1 << 18 | 1 << 20, open kind: UInt32 = 0,
        openLength: UInt64 = 0, lead: UInt8 = 0
    ) -> Terms {
        let place = Place(openKind: UInt8(kind), openLength: openLength, lead: lead)
        return Terms(place: place, limit: limit, kinds: kinds, masked: masked)
    }

    /// What a kernel is reported, and where the stream stands.
    struct Terms {
        var place: Place
        let limit: UInt64
        let kinds: UInt32
        let masked: Bool
    }

    /// `fk_place`, and the length of the open message.
    struct Place: Equatable {
        var openKind: UInt8 = 0
        var openLength: UInt64 = 0
        var lead: UInt8 = 0
        var kind: UInt8 = 0
        var rest: UInt64 = 0
        var key: UInt32 = 0
        var byte0: UInt8 = 0
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
}
