import FrameKernels
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// The fence of these tests: the only one of their files that contains `unsafe`. Every address comes from an index that was
// checked against the memory's size, and no kernel keeps one.

/// Bytes between two protected pages: a kernel that reads or writes beyond them ends the test run at once.
///
/// `@safe`: the mapping belongs to it from `init` to `deinit`, and every access is checked.
@safe final class GuardedMemory {
    /// The number of bytes.
    let count: Int
    private let mapping: UnsafeMutableRawPointer
    private let page: Int

    /// - Parameter atLeast: the number of bytes, rounded up to whole pages; all of them are zero.
    init(_ atLeast: Int) {
        page = Int(sysconf(Int32(_SC_PAGESIZE)))
        count = (atLeast + page - 1) / page * page
        // A new mapping at an address that the system chooses overlaps nothing.
        let address = unsafe mmap(
            nil, count + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { fatalError("no memory to map") }
        unsafe mapping = address
        // The first and the last page of the new mapping.
        guard unsafe mprotect(mapping, page, PROT_NONE) == 0,
            unsafe mprotect(mapping + page + count, page, PROT_NONE) == 0
        else { fatalError("pages cannot be closed") }
    }

    deinit {
        // The same address and size as in `init`; nobody else has the address.
        unsafe munmap(mapping, count + 2 * page)
    }

    subscript(index: Int) -> UInt8 {
        get { unsafe address(of: index..<(index + 1))[0] }
        set { unsafe address(of: index..<(index + 1))[0] = newValue }
    }

    /// Copies the first `length` bytes to `index`, or all of them.
    func write(_ bytes: [UInt8], at index: Int, first length: Int? = nil) {
        let range = index..<(index + (length ?? bytes.count))
        precondition(range.count <= bytes.count, "more than there is")
        // Both ranges are checked, and cannot overlap: an array is never inside a mapping of ours.
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe address(of: range).update(from: base, count: range.count)
        }
    }

    /// Whether these bytes are at `start`.
    func holds(_ bytes: [UInt8], at start: Int) -> Bool {
        holds(bytes, bytes.indices, at: start)
    }

    /// Whether `bytes[range]` is where it would be if all of `bytes` began at `start`.
    func holds(_ bytes: [UInt8], _ range: Range<Int>, at start: Int) -> Bool {
        let here = (start + range.lowerBound)..<(start + range.upperBound)
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "more than there is")
        // Both ranges are checked.
        return unsafe bytes.withUnsafeBufferPointer { other in
            guard let base = other.baseAddress else { return true }
            return unsafe memcmp(address(of: here), base + range.lowerBound, range.count) == 0
        }
    }

    /// Lends room for `most` words, with a protected page after it, and returns what was written there.
    fileprivate func lendWords(
        _ most: Int, _ rules: NaiveFrames.Rules,
        take: (wsk_stream_state, UnsafePointer<wsk_fast_path_rules>, UnsafeMutablePointer<UInt64>) -> wsk_result
    ) -> Unmasked {
        let range = (count - most * 8)..<count
        // The range is checked; it begins at a multiple of 8, since the pages do.
        let run = unsafe address(of: range).withMemoryRebound(to: UInt64.self, capacity: most) { words in
            unsafe withUnsafePointer(to: wsk_fast_path_rules(rules)) {
                unsafe take(wsk_stream_state(rules.state), $0, words)
            }
        }
        return Unmasked(run, words: range.prefix(Int(run.frames) * 8).map { self[$0] }, from: rules)
    }

    /// The address of bytes in this memory.
    fileprivate func address(of range: Range<Int>) -> UnsafeMutablePointer<UInt8> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside of the memory")
        // After the first protected page, and before the last.
        return unsafe (mapping + page + range.lowerBound).assumingMemoryBound(to: UInt8.self)
    }
}

/// How much of some bytes is text, and which character is open after it.
struct Prefix: Equatable {
    var count: Int
    var lead: UInt8 = 0
}

/// The kernels for one kind of processor, called through their table.
struct KernelSet: CustomTestStringConvertible {
    let name: String
    private let number: Int32

    /// All that this processor can run.
    static let all: [KernelSet] = {
        var sets: [KernelSet] = []
        // The table never changes, and the name in it is a literal.
        while let kernels = unsafe wsk_kernels_at(Int32(sets.count)) {
            sets.append(unsafe KernelSet(name: String(cString: kernels.pointee.name), number: Int32(sets.count)))
        }
        return sets
    }()

    var testDescription: String { name }

    func textPrefix(_ memory: GuardedMemory, _ range: Range<Int>, key: UInt32, lead: UInt8 = 0) -> Prefix {
        var lead = lead
        let count = unsafe kernels.text_prefix(memory.address(of: range), range.count, key, &lead)
        return Prefix(count: count, lead: lead)
    }

    func unmaskText(_ memory: GuardedMemory, _ range: Range<Int>, key: UInt32, lead: UInt8 = 0) -> Prefix {
        var lead = lead
        let count = unsafe kernels.unmask_text(memory.address(of: range), range.count, key, &lead)
        return Prefix(count: count, lead: lead)
    }

    func unmask(_ memory: GuardedMemory, _ range: Range<Int>, key: UInt32) -> Int {
        unsafe kernels.unmask(memory.address(of: range), range.count, key)
    }

    func digest(_ memory: GuardedMemory, _ range: Range<Int>, key: UInt64, into lanes: inout [UInt64]) -> Int {
        precondition(lanes.count == 4, "four lanes")
        return unsafe lanes.withUnsafeMutableBufferPointer { lanes in
            // There are four.
            guard let lanes = lanes.baseAddress else { return 0 }
            return unsafe kernels.digest(memory.address(of: range), range.count, key, lanes)
        }
    }

    /// - Parameter words: receives the headers; the last word for `most` frames is at its end.
    func unmaskFrames(
        _ memory: GuardedMemory, _ range: Range<Int>, _ rules: NaiveFrames.Rules, most: Int, words: GuardedMemory
    ) -> Unmasked {
        unsafe words.lendWords(most, rules) { state, rules, first in
            unsafe kernels.unmask_frames(memory.address(of: range), range.count, state, rules, first, most)
        }
    }

    func validate(_ memory: GuardedMemory, _ range: Range<Int>, _ rules: NaiveFrames.Rules) -> Run {
        let run = unsafe withUnsafePointer(to: wsk_fast_path_rules(rules)) {
            unsafe kernels.validate_frames(memory.address(of: range), range.count, wsk_stream_state(rules.state), $0)
        }
        return Run(run, from: rules)
    }

    /// - Returns: the size of the frame; 0 if it was not taken.
    func validateFrame(_ memory: GuardedMemory, _ range: Range<Int>, _ rules: NaiveFrames.Rules) -> Int {
        let maskBit: UInt32 = rules.masked ? 0x80 : 0
        return unsafe kernels.validate_frame(
            memory.address(of: range), range.count, rules.kinds, rules.limit, maskBit
        ).size
    }

    /// - Returns: the size of the frame; 0 if it was not taken.
    func unmaskFrame(_ memory: GuardedMemory, _ range: Range<Int>, _ rules: NaiveFrames.Rules) -> Int {
        let maskBit: UInt32 = rules.masked ? 0x80 : 0
        return unsafe kernels.unmask_frame(
            memory.address(of: range), range.count, rules.kinds, rules.limit, maskBit
        ).size
    }

    private var kernels: wsk_kernels {
        // `all` has found it at this number, and the table never changes.
        guard let kernels = unsafe wsk_kernels_at(number) else { fatalError("\(name) is gone") }
        return unsafe kernels.pointee
    }
}

/// The functions that the library calls: they forward to the best kernels, or do nothing if there are none.
enum ChosenKernels {
    static func textPrefix(_ memory: GuardedMemory, _ range: Range<Int>, key: UInt32, lead: UInt8 = 0) -> Prefix {
        var lead = lead
        let count = unsafe wsk_text_prefix(memory.address(of: range), range.count, key, &lead)
        return Prefix(count: count, lead: lead)
    }

    static func unmaskText(_ memory: GuardedMemory, _ range: Range<Int>, key: UInt32, lead: UInt8 = 0) -> Prefix {
        var lead = lead
        let count = unsafe wsk_unmask_text(memory.address(of: range), range.count, key, &lead)
        return Prefix(count: count, lead: lead)
    }

    static func unmask(_ memory: GuardedMemory, _ range: Range<Int>, key: UInt32) -> Int {
        unsafe wsk_unmask(memory.address(of: range), range.count, key)
    }

    static func unmaskFrames(
        _ memory: GuardedMemory, _ range: Range<Int>, _ rules: NaiveFrames.Rules, most: Int, words: GuardedMemory
    ) -> Unmasked {
        unsafe words.lendWords(most, rules) { state, rules, first in
            unsafe wsk_unmask_frames(memory.address(of: range), range.count, state, rules, first, most)
        }
    }

    static func validate(_ memory: GuardedMemory, _ range: Range<Int>, _ rules: NaiveFrames.Rules) -> Run {
        let run = unsafe withUnsafePointer(to: wsk_fast_path_rules(rules)) {
            unsafe wsk_validate_frames(memory.address(of: range), range.count, wsk_stream_state(rules.state), $0)
        }
        return Run(run, from: rules)
    }
}
