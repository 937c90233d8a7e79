/// A whole header of at most 8 bytes in one little-endian word; the bytes after the header are undefined. The kernels
/// record the frames they accept in this form: those are legal, and their length is below 65,536.
@usableFromInline
struct HeaderWord {
    @usableFromInline let bytes: UInt64

    @inlinable @inline(__always)
    init(bytes: UInt64) {
        self.bytes = bytes
    }

    /// Whether the length is in bytes 2 and 3 instead of byte 1.
    @inlinable @inline(__always)
    var isExtended: Bool { bytes & 0x7F00 == 0x7E00 }

    var isFinal: Bool { bytes & 0x80 != 0 }

    var hasRSV1: Bool { bytes & 0x40 != 0 }

    @inlinable @inline(__always)
    var opcode: Opcode { Opcode(rawValue: UInt8(truncatingIfNeeded: bytes)) }

    /// The header's size in bytes: 2 or 4, and 4 more if it is masked.
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
