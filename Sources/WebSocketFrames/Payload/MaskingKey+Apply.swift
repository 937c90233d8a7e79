extension MaskingKey {
    /// Masks or unmasks `bytes[range]` in place; both are the same operation.
    ///
    /// - Parameters:
    ///   - bytes: contains the payload; nothing outside `range` is changed.
    ///   - range: the range of the payload, or of a piece of it, within `0..<bytes.count`.
    ///   - index: the index in the payload of the first byte in `range`.
    public func apply(to bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, from index: UInt64 = 0) {
        let key = repeated(from: index)
        // What the kernel left: a few bytes, or all of them.
        var start = range.lowerBound &+ Kernels.unmask(&bytes, range, key: UInt32(truncatingIfNeeded: key))
        if start < range.upperBound { start &+= Kernels.unmaskWords(&bytes, start..<range.upperBound, key: key) }
        for at in start..<range.upperBound { bytes[at] ^= Self.byte(at &- range.lowerBound, of: key) }
    }

    @inline(__always)
    private static func byte(_ index: Int, of key: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: key >> (UInt64(truncatingIfNeeded: index & 7) &* 8))
    }
}
