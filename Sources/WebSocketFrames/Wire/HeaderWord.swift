/// A whole header of at most 8 bytes in one word, the first byte lowest, and after it anything: how the kernels write
/// down the frames they take. Those are legal, and the length is below 65,536.
@usableFromInline
struct HeaderWord {
    @usableFromInline let bytes: UInt64

    @inlinable @inline(__always)
    init(bytes: UInt64) {
        self.bytes = bytes
    }

    /// The length is in bytes 2 and 3, not in byte 1.
    @inlinable @inline(__always)
    var isExtended: Bool { bytes & 0x7F00 == 0x7E00 }

    var isFinal: Bool { bytes & 0x80 != 0 }

    var hasRSV1: Bool { bytes & 0x40 != 0 }

    @inlinable @inline(__always)
    var opcode: Opcode { Opcode(rawValue: UInt8(truncatingIfNeeded: bytes)) }

    /// 2 or 4, and 4 more where it is masked.
    @inlinable @inline(__always)
    func count(isMasked: Bool) -> Int { (isMasked ? 6 : 2) &+ (isExtended ? 2 : 0) }

    @inlinable @inline(__always)
    var payloadLength: Int {
        isExtended
            ? Int(UInt16(truncatingIfNeeded: bytes >> 16).byteSwapped) : Int(truncatingIfNeeded: bytes >> 8 & 0x7F)
    }

    @inlinable @inline(__always)
    var header: EncodedFrameHeader {
        EncodedFrameHeader(low: bytes, high: 0, count: count(isMasked: bytes & 0x8000 != 0))
    }
}
