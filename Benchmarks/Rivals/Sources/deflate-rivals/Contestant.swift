import CDeflateRivals
import PerMessageDeflate

/// A library that inflates and compresses messages, one after the other on a connection.
protocol Contestant: AnyObject {
    static var name: String { get }
    /// Whether a message may refer to those before it.
    static var canTakeOver: Bool { get }
    init(takesOver: Bool)
    /// Inflates a message into `output`, and returns the number of bytes; negative if it does not inflate.
    func inflate(_ message: [UInt8], _ output: inout [UInt8]) -> Int
    /// Compresses a message into `output`, and returns the number of bytes.
    func deflate(_ message: [UInt8], _ output: inout [UInt8]) -> Int
    /// The bytes that must follow a message for it to be inflated.
    static var ending: [UInt8] { get }
}

final class Ours: Contestant {
    static let name = "this package"
    static let canTakeOver = true
    static let ending: [UInt8] = []
    private var inflater: MessageInflater
    private var deflater: MessageDeflater

    init(takesOver: Bool) {
        inflater = MessageInflater(DeflateContext(takesOver: takesOver))
        deflater = MessageDeflater(DeflateContext(takesOver: takesOver))
    }

    func inflate(_ message: [UInt8], _ output: inout [UInt8]) -> Int {
        var count = 0
        do {
            try inflater.inflate(message.span) { piece in
                copy(piece, &output, at: count)
                count += piece.count
                return nil
            }
            try inflater.endMessage()
        } catch {
            return -1
        }
        return count
    }

    func deflate(_ message: [UInt8], _ output: inout [UInt8]) -> Int {
        var count = 0
        deflater.compress(message.span) { piece in
            copy(piece, &output, at: count)
            count += piece.count
        }
        return count
    }

    /// Copies to the caller's memory, which the others write to directly.
    private func copy(_ piece: Span<UInt8>, _ output: inout [UInt8], at place: Int) {
        unsafe output.withUnsafeMutableBytes { to in
            unsafe piece.withUnsafeBytes { from in
                unsafe UnsafeMutableRawBufferPointer(rebasing: to[place..<(place + from.count)]).copyMemory(from: from)
            }
        }
    }
}

@safe class ZLib: Contestant {
    class var isNG: Bool { false }
    class var name: String { unsafe "zlib " + String(cString: rival_zlib_version(isNG)) }
    static let canTakeOver = true
    static let ending: [UInt8] = [0, 0, 0xFF, 0xFF]
    private let inflater: OpaquePointer
    private let deflater: OpaquePointer
    private let takesOver: Bool

    required convenience init(takesOver: Bool) { self.init(takesOver: takesOver, level: 1) }

    init(takesOver: Bool, level: Int32) {
        self.takesOver = takesOver
        let isNG = Self.isNG
        guard let inflater = unsafe rival_zlib_inflater(isNG), let deflater = unsafe rival_zlib_deflater(isNG, level)
        else {
            fatalError("zlib has no memory")
        }
        unsafe self.inflater = inflater
        unsafe self.deflater = deflater
    }

    deinit {
        unsafe rival_zlib_free(inflater)
        unsafe rival_zlib_free(deflater)
    }

    func inflate(_ message: [UInt8], _ output: inout [UInt8]) -> Int {
        if !takesOver { unsafe rival_zlib_reset(inflater) }
        return unsafe Int(rival_zlib_inflate(inflater, message, message.count, &output, output.count))
    }

    func deflate(_ message: [UInt8], _ output: inout [UInt8]) -> Int {
        if !takesOver { unsafe rival_zlib_reset(deflater) }
        return unsafe Int(rival_zlib_deflate(deflater, message, message.count, &output, output.count))
    }
}

/// zlib-ng, if it is available.
@safe final class ZLibNG: ZLib {
    override class var isNG: Bool { true }
    override class var name: String { unsafe "zlib-ng " + String(cString: rival_zlib_version(true)) }
}

@safe final class LibDeflate: Contestant {
    static let name = unsafe "libdeflate " + String(cString: rival_libdeflate_version())
    static let canTakeOver = false
    static let ending: [UInt8] = [0, 0, 0xFF, 0xFF, 1, 0, 0, 0xFF, 0xFF]
    private let both: OpaquePointer

    init(takesOver: Bool) {
        guard let both = unsafe rival_libdeflate_new(1) else { fatalError("libdeflate has no memory") }
        unsafe self.both = both
    }

    deinit { unsafe rival_libdeflate_free(both) }

    func inflate(_ message: [UInt8], _ output: inout [UInt8]) -> Int {
        unsafe Int(rival_libdeflate_inflate(both, message, message.count, &output, output.count))
    }

    func deflate(_ message: [UInt8], _ output: inout [UInt8]) -> Int {
        unsafe Int(rival_libdeflate_deflate(both, message, message.count, &output, output.count))
    }
}
