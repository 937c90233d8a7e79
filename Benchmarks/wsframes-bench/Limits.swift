// The fence around C: the only file here that contains `unsafe`. Each call gets a pointer to all of an array's bytes
// and their number, for the duration of the call; C keeps neither.

import BenchmarkLimits
import Dispatch

/// What no parser can beat: the loops that a workload's figures are compared with.
enum Limit: String, Codable {
    /// Jumps from header to header.
    case hop
    /// Loads every byte.
    case load
    /// Loads, XORs and stores every byte in place.
    case xor
    /// Copies every byte, in the fastest way on this machine.
    case copy = "memcpy"

    /// Runs the loop once.
    ///
    /// - Parameters:
    ///   - bytes: the unchanged workload, which `copy` copies.
    ///   - copy: the copy that the APIs work on, and the loops too.
    ///   - way: how `copy` copies.
    /// - Returns: the loop's result, to be checked: for `hop` the number of frames, for the others nothing of
    ///   interest.
    func run(on bytes: [UInt8], _ copy: inout [UInt8], _ way: CopyWay) -> UInt64 {
        switch self {
        case .hop: Self.hop(copy)
        case .load: Self.load(copy)
        case .xor: Self.xor(&copy)
        case .copy: Self.copy(&copy, bytes, way)
        }
    }

    private static func hop(_ bytes: [UInt8]) -> UInt64 {
        // `$0` covers the whole array, which cannot move while the closure runs; the same applies to the functions
        // below.
        unsafe bytes.withUnsafeBufferPointer { unsafe limits_hop($0.baseAddress, $0.count) }
    }

    private static func load(_ bytes: [UInt8]) -> UInt64 {
        unsafe bytes.withUnsafeBufferPointer { UInt64(unsafe limits_load($0.baseAddress, $0.count)) }
    }

    private static func xor(_ bytes: inout [UInt8]) -> UInt64 {
        unsafe bytes.withUnsafeMutableBufferPointer { unsafe limits_xor($0.baseAddress, $0.count, 0x5AC3_960F) }
        return 0
    }

    /// Makes `copy` the same as `bytes`.
    @discardableResult
    static func copy(_ copy: inout [UInt8], _ bytes: [UInt8], _ way: CopyWay = .memcpy) -> UInt64 {
        precondition(copy.count >= bytes.count, "the copy is too small")
        unsafe copy.withUnsafeMutableBufferPointer { target in
            // The copy has room for all bytes, and is a different array.
            unsafe bytes.withUnsafeBufferPointer {
                unsafe limits_copy(way.number, target.baseAddress, $0.baseAddress, $0.count)
            }
        }
        return 0
    }

    /// The registers that `load` and `xor` use on this machine.
    static var registers: String {
        // A C string literal: it ends with a zero byte and is always valid.
        unsafe String(cString: limits_registers())
    }
}

/// How bytes are copied.
enum CopyWay: CaseIterable {
    case memcpy, instruction, streaming

    var number: limits_way {
        switch self {
        case .memcpy: LIMITS_MEMCPY
        case .instruction: LIMITS_MOVSB
        case .streaming: LIMITS_STREAM
        }
    }

    /// Returns the fastest way to copy these bytes, of three tries each.
    static func fastest(_ bytes: [UInt8], to copy: inout [UInt8]) -> CopyWay {
        guard copy.count >= bytes.count else { return .memcpy }
        var best = (way: CopyWay.memcpy, time: UInt64.max)
        for _ in 0..<3 {
            for way in allCases {
                let start = Clock.thread
                Limit.copy(&copy, bytes, way)
                let time = Clock.thread - start
                if time < best.time { best = (way, time) }
            }
        }
        return best.way
    }
}

/// Clocks that never go back, in nanoseconds.
enum Clock {
    /// The time that this thread has run. Others may need the processor as well: the time they take does not count, though
    /// what they take of caches and memory does.
    static var thread: UInt64 { limits_thread_nanoseconds() }

    /// The number of instructions that this thread has run; nil if the machine does not count them.
    static var instructions: Int64? {
        let count = limits_thread_instructions()
        return count < 0 ? nil : count
    }

    /// The wall-clock time.
    static var wall: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
