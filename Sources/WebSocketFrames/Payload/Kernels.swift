internal import FrameKernels

// The fence around the kernels, and around copying in bulk: the only file of the core in which `unsafe` stands. Every call gets the address of a
// span and a count that ends inside it; a kernel stays within them, keeps no address, and is done when it returns.

enum Kernels {
    /// 16 bytes from `index` on as two words, the first byte lowest: two loads.
    @inline(__always)
    static func load16(_ bytes: Span<UInt8>, from index: Int) -> (low: UInt64, high: UInt64) {
        precondition(index >= 0 && bytes.count &- index >= 16, "fewer than 16 bytes")
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            // 16 bytes are there: that is the precondition.
            guard let base = buffer.baseAddress else { return (0, 0) }
            return unsafe (fk_word(base + index), fk_word(base + index + 8))
        }
    }

    /// Passes over whole plain frames in `bytes[index...]`, only reading.
    @inline(__always)
    static func skim(_ bytes: Span<UInt8>, from index: Int, terms: fk_terms) -> fk_run {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            // `index <= buffer.count`: the doors never let it grow beyond.
            guard let base = buffer.baseAddress else { return fk_run() }
            return unsafe fk_skim(base + index, buffer.count &- index, terms)
        }
    }

    /// Takes one whole plain frame at `bytes[index...]`, and unmasks its payload in place.
    @inline(__always)
    static func take(_ bytes: inout MutableSpan<UInt8>, from index: Int, terms: fk_terms) -> fk_frame {
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            // As above.
            guard let base = buffer.baseAddress else { return fk_frame() }
            return unsafe fk_take(base + index, buffer.count &- index, terms)
        }
    }

    /// How many bytes of `bytes[index...]` are whole, well-formed characters.
    @inline(__always)
    static func textPrefix(_ bytes: Span<UInt8>, from index: Int, key: UInt32) -> Int {
        guard bytes.count &- index >= 8 else { return 0 }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            // As above.
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe fk_text_prefix(base + index, buffer.count &- index, key)
        }
    }

    /// How many bytes of `bytes[range]` are whole, well-formed characters; those are unmasked in place.
    @inline(__always)
    static func unmaskText(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, key: UInt32) -> Int {
        guard range.count >= 8 else { return 0 }
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range out of bounds")
        return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            // The range is inside the buffer: that is the precondition.
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe fk_unmask_text(base + range.lowerBound, range.count, key)
        }
    }

    /// XORs whole blocks of `bytes[range]` with the key, and says how many bytes that were.
    @inline(__always)
    static func unmask(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, key: UInt32) -> Int {
        guard range.count >= 64 else { return 0 }
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range out of bounds")
        return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            // The range is inside the buffer: that is the precondition.
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe fk_unmask(base + range.lowerBound, range.count, key)
        }
    }

    /// Appends bytes in one go.
    static func append(_ bytes: Span<UInt8>, to array: inout [UInt8]) {
        // The buffer lives as long as the span does, and the array copies what it is given.
        unsafe bytes.withUnsafeBufferPointer { unsafe array.append(contentsOf: $0) }
    }
}
