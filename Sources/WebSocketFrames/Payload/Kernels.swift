internal import FrameKernels

// The fence around the kernels and bulk copies: the only file of the core that contains `unsafe`. Every call passes
// the address of a span and a count that ends inside it; a kernel stays within these bounds, and retains no address
// after it returns.

@usableFromInline
enum Kernels {
    /// Returns the 16 bytes from `index` on as two little-endian words, with two loads.
    @inline(__always)
    static func load16(_ bytes: Span<UInt8>, from index: Int) -> (low: UInt64, high: UInt64) {
        precondition(index >= 0 && bytes.count &- index >= 16, "fewer than 16 bytes")
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            // Precondition: 16 bytes are available.
            guard let base = buffer.baseAddress else { return (0, 0) }
            return unsafe (wsk_load_word(base + index), wsk_load_word(base + index + 8))
        }
    }

    /// XORs the whole words in `bytes[range]` with a key that fills a word; returns the number of bytes changed.
    @inline(__always)
    static func unmaskWords(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, key: UInt64) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range out of bounds")
        return unsafe bytes.withUnsafeMutableBytes { memory in
            var at = range.lowerBound
            let key = key.littleEndian
            // No word extends beyond the range. Precondition: the range is inside the bytes.
            while range.upperBound &- at >= 8 {
                let word = unsafe memory.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                unsafe memory.storeBytes(of: word ^ key, toByteOffset: at, as: UInt64.self)
                at &+= 8
            }
            return at &- range.lowerBound
        }
    }

    /// Judges the frame that begins at `bytes[index...]`, read-only.
    @inline(__always)
    static func validateFrame(
        _ bytes: Span<UInt8>, from index: Int, kinds: UInt64, limit: UInt64, maskBit: UInt32
    ) -> wsk_frame {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            // `index <= buffer.count`: guaranteed by the APIs.
            guard let base = buffer.baseAddress else { return wsk_frame() }
            return unsafe wsk_validate_frame(base + index, buffer.count &- index, kinds, limit, maskBit)
        }
    }

    /// Judges one frame as the function above does, and unmasks its payload in place.
    @inline(__always)
    static func unmaskFrame(
        _ bytes: inout MutableSpan<UInt8>, from index: Int, kinds: UInt64, limit: UInt64, maskBit: UInt32
    ) -> wsk_frame {
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            // As above.
            guard let base = buffer.baseAddress else { return wsk_frame() }
            return unsafe wsk_unmask_frame(base + index, buffer.count &- index, kinds, limit, maskBit)
        }
    }

    /// Judges fast-path frames in `bytes[index...]`, read-only.
    @inline(__always)
    static func validateFrames(
        _ bytes: Span<UInt8>, from index: Int, state: wsk_stream_state, rules: wsk_fast_path_rules
    ) -> wsk_result {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            // `index <= buffer.count`: guaranteed by the APIs.
            guard let base = buffer.baseAddress else { return wsk_no_progress(state, rules.open_length) }
            return unsafe withUnsafePointer(to: rules) { rules in
                unsafe wsk_validate_frames(base + index, buffer.count &- index, state, rules)
            }
        }
    }

    /// Judges fast-path frames at `bytes[index...]`, and unmasks their payloads in place.
    @inline(__always)
    static func unmaskFrames(
        _ bytes: inout MutableSpan<UInt8>, from index: Int, state: wsk_stream_state, rules: wsk_fast_path_rules,
        into words: inout HeaderWords
    ) -> wsk_result {
        // There is a word for each frame.
        unsafe withUnsafeMutableBytes(of: &words.words) { words in
            guard let words = words.baseAddress else { return wsk_no_progress(state, rules.open_length) }
            let first = unsafe words.assumingMemoryBound(to: UInt64.self)
            return unsafe unmaskFrames(
                &bytes, from: index, state: state, rules: rules, into: first, most: HeaderWords.capacity)
        }
    }

    /// Judges as the function above does, but at most one whole frame.
    @inline(__always)
    static func unmaskFrames(
        _ bytes: inout MutableSpan<UInt8>, from index: Int, state: wsk_stream_state, rules: wsk_fast_path_rules,
        into word: inout UInt64
    ) -> wsk_result {
        // One frame is written to one word.
        unsafe withUnsafeMutablePointer(to: &word) { word in
            unsafe unmaskFrames(&bytes, from: index, state: state, rules: rules, into: word, most: 1)
        }
    }

    @inline(__always)
    private static func unmaskFrames(
        _ bytes: inout MutableSpan<UInt8>, from index: Int, state: wsk_stream_state, rules: wsk_fast_path_rules,
        into words: UnsafeMutablePointer<UInt64>, most: Int
    ) -> wsk_result {
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            // As above; and there are `most` words.
            guard let base = buffer.baseAddress else { return wsk_no_progress(state, rules.open_length) }
            return unsafe withUnsafePointer(to: rules) { rules in
                unsafe wsk_unmask_frames(base + index, buffer.count &- index, state, rules, words, most)
            }
        }
    }

    /// Returns an unpredictable masking key; nil if the system cannot supply one.
    @inline(__always)
    static func freshKey() -> UInt32? {
        var key: UInt32 = 0
        // The key is written during the call.
        return unsafe wsk_fresh_key(&key) != 0 ? key : nil
    }

    /// Prefetches the memory `ahead` bytes after the first of these bytes, where the next header may be.
    @inline(__always)
    static func prefetch(_ bytes: Span<UInt8>, ahead: UInt64) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            // A prefetch reads nothing.
            if let base = buffer.baseAddress { unsafe wsk_prefetch(base, ahead) }
        }
    }

    /// Returns how many bytes of `bytes[index...]` are well-formed text.
    @inline(__always)
    static func textPrefix(_ bytes: Span<UInt8>, from index: Int, key: UInt32, progress: inout UTF8Progress) -> Int {
        var lead = progress.pendingLead
        let count = unsafe bytes.withUnsafeBufferPointer { buffer in
            // As above.
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe wsk_text_prefix(base + index, buffer.count &- index, key, &lead)
        }
        progress = UTF8Progress(pendingLead: lead)
        return count
    }

    /// Returns how many bytes of `bytes[range]` are well-formed text, and unmasks those in place.
    @inline(__always)
    static func unmaskText(
        _ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, key: UInt32, progress: inout UTF8Progress
    ) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range out of bounds")
        var lead = progress.pendingLead
        let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            // Precondition: the range is inside the buffer.
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe wsk_unmask_text(base + range.lowerBound, range.count, key, &lead)
        }
        progress = UTF8Progress(pendingLead: lead)
        return count
    }

    /// XORs `bytes[range]` with the key; returns the number of bytes changed: all, or none.
    @inline(__always)
    static func unmask(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, key: UInt32) -> Int {
        guard range.count >= 16 else { return 0 }
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range out of bounds")
        return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            // Precondition: the range is inside the buffer.
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe wsk_unmask(base + range.lowerBound, range.count, key)
        }
    }

    /// Digests whole blocks of `bytes[index...]` into lanes; returns the number of bytes digested.
    static func digest(_ bytes: Span<UInt8>, from index: Int, key: UInt64, _ lanes: inout DigestLanes.Words) -> Int {
        precondition(index >= 0 && index <= bytes.count, "index out of bounds")
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            // Precondition: `index` is inside the buffer. There are four lanes.
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe withUnsafeMutableBytes(of: &lanes) { lanes in
                guard let words = unsafe lanes.baseAddress?.assumingMemoryBound(to: UInt64.self) else { return 0 }
                return unsafe wsk_digest(base + index, buffer.count &- index, key, words)
            }
        }
    }

    /// Appends bytes with one copy.
    static func append(_ bytes: Span<UInt8>, to array: inout [UInt8]) {
        // The buffer lives as long as the span does, and the array copies it.
        unsafe bytes.withUnsafeBufferPointer { unsafe array.append(contentsOf: $0) }
    }

    /// Passes the bytes of a collection to `body` if they are contiguous; returns false if they are not.
    @inlinable @inline(__always)
    static func withSpan(of bytes: some Collection<UInt8>, _ body: (Span<UInt8>) -> Void) -> Bool {
        // The bytes outlive the call.
        bytes.withContiguousStorageIfAvailable { unsafe body(Span(_unsafeElements: $0)) } != nil
    }

    /// The longest payload in bytes that is masked word by word; for longer ones a kernel pays off.
    private static var shortPayload: Int { 128 }

    /// Appends a frame that is assembled at its final place: growing an array is slow, so it grows once.
    static func append(_ header: EncodedFrameHeader, _ payload: Span<UInt8>, to array: inout [UInt8]) {
        let (start, count) = (header.count, payload.count)
        let key = header.maskingKey
        // Space for the header's two words, whose unused end the payload overwrites; and, for a short payload, for
        // the rest of the last word that is masked.
        array.append(addingCapacity: count &+ 24) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, written in
                let frame = UnsafeMutableRawBufferPointer(buffer)
                unsafe frame.storeBytes(of: header.low.littleEndian, as: UInt64.self)
                unsafe frame.storeBytes(of: header.high.littleEndian, toByteOffset: 8, as: UInt64.self)
                unsafe payload.withUnsafeBytes { payload in
                    // There are 24 bytes of space beside the payload, and a header has at most 14.
                    guard let from = payload.baseAddress, let to = frame.baseAddress else { return }
                    unsafe (to + start).copyMemory(from: from, byteCount: count)
                }
                written = start &+ count
                guard count <= shortPayload, let key = key?.repeated(from: 0).littleEndian else { return }
                var at = start
                while at < written {
                    let word = unsafe frame.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                    unsafe frame.storeBytes(of: word ^ key, toByteOffset: at, as: UInt64.self)
                    at &+= 8
                }
            }
        }
        if let key, count > shortPayload { array.maskBytes(last: count, with: key) }
    }

    /// Copies `source` to `bytes[index...]`.
    static func copy(_ source: Span<UInt8>, to bytes: inout MutableSpan<UInt8>, at index: Int) {
        precondition(index >= 0 && source.count <= bytes.count &- index, "range out of bounds")
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe source.withUnsafeBufferPointer { source in
                // Precondition: there is enough space. Two spans of which one is mutable do not overlap.
                guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
                unsafe (to + index).update(from: from, count: source.count)
            }
        }
    }

    /// Calls `body` with each byte of a literal, without creating a String.
    static func forEachByte(of text: StaticString, _ body: (UInt8) -> Void) {
        // The literal is in constant memory.
        text.withUTF8Buffer { bytes in
            for index in bytes.indices { body(unsafe bytes[index]) }
        }
    }
}

/// The first 8 bytes of up to `capacity` frames, each in one little-endian word: what a kernel records about the
/// frames it accepts.
///
/// (A tuple, since `InlineArray` needs a newer system than the oldest one that the library supports.)
@usableFromInline
struct HeaderWords {
    @usableFromInline static var capacity: Int { 128 }

    @usableFromInline var words = (SIMD64<UInt64>(), SIMD64<UInt64>())

    @usableFromInline
    init() {}

    /// The word of frame `index`, `0..<capacity`; any other index is reduced to that range.
    @inlinable @inline(__always)
    subscript(index: Int) -> HeaderWord {
        mutating get {
            let index = index & (Self.capacity &- 1)
            // Hence it is inside the memory of the words. (Their own subscript would load all of them.)
            let bytes = unsafe withUnsafeBytes(of: &words) { bytes in
                unsafe bytes.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
            }
            return HeaderWord(bytes: bytes)
        }
    }
}

extension ControlPayload.Storage {
    /// The byte at `index`, which is reduced to 0..<128.
    subscript(index: Int) -> UInt8 {
        get {
            // Hence it is one of the 128 bytes.
            unsafe withUnsafeBytes(of: self) { unsafe $0[index & 127] }
        }
        set {
            unsafe withUnsafeMutableBytes(of: &self) { unsafe $0[index & 127] = newValue }
        }
    }
}

extension ControlPayload {
    /// Appends bytes with one copy, as many as fit.
    mutating func append(_ bytes: Span<UInt8>) {
        let (start, added) = (count, Swift.min(bytes.count, Self.maximumCount &- count))
        unsafe withUnsafeMutableBytes(of: &storage) { storage in
            unsafe bytes.withUnsafeBytes { bytes in
                // `start + added <= 125`, and the storage has 128 bytes.
                guard let to = storage.baseAddress, let from = bytes.baseAddress else { return }
                unsafe (to + start).copyMemory(from: from, byteCount: added)
            }
        }
        length &+= UInt8(truncatingIfNeeded: added)
    }

    /// Passes the bytes to `body`.
    @usableFromInline
    package func withSpan(_ body: (Span<UInt8>) -> Void) {
        let count = count
        unsafe withUnsafeBytes(of: storage) { memory in
            // At most 125 of the storage's 128 bytes, all of them initialized, which outlive the call.
            body(unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(start: memory.baseAddress, count: count)))
        }
    }

    /// Passes the bytes to `body`, to be changed in place.
    @usableFromInline
    mutating func withSpanInPlace(_ body: (Span<UInt8>) -> Void) {
        let count = count
        unsafe withUnsafeMutableBytes(of: &storage) { memory in
            // As above.
            body(unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(start: memory.baseAddress, count: count)))
        }
    }

    #if !hasFeature(Embedded)
        /// Passes the bytes to `body`, in place.
        public func withContiguousStorageIfAvailable<Result>(
            _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
        ) rethrows -> Result? {
            let count = count
            return try unsafe withUnsafeBytes(of: storage) { storage in
                // At most 125 of the storage's 128 bytes, all of them initialized.
                unsafe try body(UnsafeBufferPointer(rebasing: storage.bindMemory(to: UInt8.self)[..<count]))
            }
        }
    #endif
}

extension MutableSpan<UInt8> {
    /// Passes on the payload of a frame that a kernel has just unmasked in these bytes.
    @inlinable @inline(__always)
    func withUnmaskedPayload(from start: Int, to end: Int, _ body: (Range<Int>, Span<UInt8>) -> Void) {
        // Each whole frame ends inside the bytes that the kernel was given, and this is called for those frames only.
        let range = unsafe Range(uncheckedBounds: (start, end))
        body(range, unsafe span.extracting(unchecked: range))
    }
}

extension EncodedFrameHeader {
    /// Passes the bytes to `body` as they are sent.
    @usableFromInline
    func withBytes(_ body: (Span<UInt8>) -> Void) {
        let count = count
        unsafe withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { memory in
            // At most 14 of 16 bytes, which are initialized and outlive the call.
            body(unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(start: memory.baseAddress, count: count)))
        }
    }
}
