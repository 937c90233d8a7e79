internal import PerMessageDeflate

/// Inflates gzip data (RFC 1952), passed in pieces of any size: one member or several, one after the other.
///
/// ```swift
/// var gzip = GzipReader()
/// try gzip.read(received.span) { piece in print(piece.count) }
/// try gzip.finish()
/// ```
///
/// It holds no more than the inflater's window. The output may be larger than any file: if there are more than
/// ``maximumRatio`` bytes for each compressed one, beyond ``freeCount``, it is a bomb and an error.
public struct GzipReader: Sendable {
    /// DEFLATE produces at most 1,032 bytes from one; captures produce ten. Anything that produces more than this, on
    /// average, is made to fill memory.
    public static let maximumRatio: UInt64 = 200
    /// The number of bytes that are allowed whatever the ratio: 64 MiB.
    public static let freeCount: UInt64 = 64 << 20

    private enum State {
        /// The number of bytes of the header's fixed part that have arrived.
        case fixed, extraLength, extra, name, comment, headerCheck
        case data
        /// The checksum of the bytes, and their number.
        case trailer
        case between
    }

    private var state = State.fixed
    private var inflater = Self.newInflater()
    /// The bytes of the current field.
    private var field: [UInt8] = []
    private var flags: UInt8 = 0
    private var remaining = 0
    private var check = CRC32()
    private var count: UInt64 = 0
    private var total: UInt64 = 0
    /// The offset of the next byte in the file.
    private var offset: UInt64 = 0
    private var hasMember = false
    private var failure: CaptureError?

    /// Creates a reader at the start of a file.
    public init() {}

    /// Returns whether a file begins like a gzip file.
    public static func isGzip(_ prefix: Span<UInt8>) -> Bool {
        prefix.count >= 3 && prefix[0] == 0x1F && prefix[1] == 0x8B && prefix[2] == 8
    }

    private static func newInflater() -> MessageInflater {
        var inflater = MessageInflater(DeflateContext(windowBits: 15, takesOver: false))
        inflater.endsWithFinalBlock = true
        return inflater
    }

    /// Reads the next piece of the file.
    ///
    /// - Parameters:
    ///   - piece: the bytes after those of the last call.
    ///   - visit: receives what it inflates to, piece by piece.
    /// - Throws: an error where the file is damaged; everything before that has been visited. From then on the same
    ///   again.
    public mutating func read(_ piece: Span<UInt8>, _ visit: (Span<UInt8>) -> Void) throws(CaptureError) {
        if let failure { throw failure }
        do throws(CaptureError) {
            var index = 0
            while index < piece.count {
                if case .data = state {
                    index += try inflate(piece.extracting(index...), visit)
                } else {
                    let byte = piece[index]
                    index += 1
                    offset &+= 1
                    try read(byte)
                }
            }
        } catch {
            failure = error
            throw error
        }
    }

    /// Ends the file.
    ///
    /// - Throws: an error if it is damaged, or ends inside a member.
    public mutating func finish() throws(CaptureError) {
        if let failure { throw failure }
        if case .between = state { return }
        if case .fixed = state, hasMember, field.isEmpty { return }
        throw CaptureError(at: offset, "the gzip file ends inside a member, at byte \(offset)")
    }

    // MARK: The header and the trailer

    private mutating func read(_ byte: UInt8) throws(CaptureError) {
        switch state {
        case .fixed: try takeFixed(byte)
        case .extraLength:
            field.append(byte)
            guard field.count == 2 else { return }
            remaining = Int(field[0]) | Int(field[1]) << 8
            field = []
            state = .extra
            if remaining == 0 { next(after: .extra) }
        case .extra:
            remaining -= 1
            if remaining == 0 { next(after: .extra) }
        case .name: if byte == 0 { next(after: .name) }
        case .comment: if byte == 0 { next(after: .comment) }
        case .headerCheck:
            remaining -= 1
            if remaining == 0 { next(after: .headerCheck) }
        case .trailer: try takeTrailer(byte)
        // A file may be padded with zeros after the last member.
        case .between:
            guard byte != 0 else { return }
            state = .fixed
            try takeFixed(byte)
        case .data: break
        }
    }

    private mutating func takeFixed(_ byte: UInt8) throws(CaptureError) {
        let signature: [UInt8] = [0x1F, 0x8B, 8]
        guard field.count >= 3 || byte == signature[field.count] else {
            throw CaptureError(
                at: offset &- 1, "no gzip member at byte \(offset &- 1), where one must begin or the file end")
        }
        field.append(byte)
        guard field.count == 10 else { return }
        flags = field[3]
        guard flags & 0xE0 == 0 else {
            throw CaptureError(at: offset &- 7, "a gzip header with reserved flags, at byte \(offset &- 7)")
        }
        field = []
        next(after: .fixed)
    }

    /// The parts of a header come in this order, each if its flag is set (RFC 1952 §2.3).
    private mutating func next(after part: State) {
        hasMember = true
        switch part {
        case .fixed where flags & 4 != 0: state = .extraLength
        case .fixed, .extra:
            state = .name
            if flags & 8 == 0 { next(after: .name) }
        case .name:
            state = .comment
            if flags & 16 == 0 { next(after: .comment) }
        case .comment where flags & 2 != 0:
            state = .headerCheck
            remaining = 2
        default:
            state = .data
            inflater.reset()
            check = CRC32()
            count = 0
        }
    }

    private mutating func takeTrailer(_ byte: UInt8) throws(CaptureError) {
        field.append(byte)
        guard field.count == 8 else { return }
        let whole = field
        let numbers = whole.span
        guard numbers.uint32(at: 0, .little) == check.value,
            numbers.uint32(at: 4, .little) == UInt32(truncatingIfNeeded: count)
        else {
            throw CaptureError(
                at: offset &- 8, "the check of a gzip member is wrong, at byte \(offset &- 8): it is damaged")
        }
        field = []
        state = .between
    }

    // MARK: The data

    /// - Returns: the number of bytes that were consumed.
    private mutating func inflate(_ piece: Span<UInt8>, _ visit: (Span<UInt8>) -> Void) throws(CaptureError) -> Int {
        let start = offset
        let before = inflater.compressedCount
        let allowed = Self.freeCount &+ (offset &+ UInt64(piece.count)) &* Self.maximumRatio
        inflater.messageLimit = inflater.inflatedCount &+ (allowed > total ? allowed &- total : 0)
        var check = check
        var count: UInt64 = 0
        do throws(InflateFault) {
            try inflater.inflate(piece) { bytes in
                check.add(bytes)
                count &+= UInt64(bytes.count)
                visit(bytes)
                return nil
            }
        } catch {
            let place = start &+ (error.offset &- before)
            throw CaptureError(
                at: place,
                error.reason == .tooBig
                    ? "the gzip file inflates to more than \(Self.maximumRatio) times its size, at byte \(place): refused as a bomb"
                    : "the gzip file is damaged at byte \(place): \(error.reason)")
        }
        self.check = check
        self.count &+= count
        total &+= count
        guard inflater.hasEnded else {
            offset &+= UInt64(piece.count)
            return piece.count
        }
        // Bytes that were read ahead, and belong to the trailer.
        let unused = inflater.takeUnusedBytes()
        let taken = Int(inflater.compressedCount &- before)
        offset = start &+ UInt64(taken) &- UInt64(unused.count)
        state = .trailer
        for byte in unused {
            offset &+= 1
            try read(byte)
        }
        return taken
    }
}

/// The checksum of RFC 1952 §8, four bytes at a time.
struct CRC32: Sendable {
    private var register = UInt32.max

    var value: UInt32 { ~register }

    mutating func add(_ bytes: Span<UInt8>) {
        var register = register
        let tables = Self.tables
        var index = 0
        while bytes.count &- index >= 4 {
            register ^= bytes.uint32(at: index, .little)
            register =
                tables[768 &+ Int(register & 0xFF)] ^ tables[512 &+ Int(register >> 8 & 0xFF)]
                ^ tables[256 &+ Int(register >> 16 & 0xFF)] ^ tables[Int(register >> 24)]
            index &+= 4
        }
        while index < bytes.count {
            register = tables[Int((register ^ UInt32(bytes[index])) & 0xFF)] ^ register >> 8
            index &+= 1
        }
        self.register = register
    }

    /// Four tables of 256 entries: for a byte, and for a byte followed by one, two or three others.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 1024)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 != 0 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
            tables[byte] = value
        }
        for index in 256..<1024 {
            let value = tables[index - 256]
            tables[index] = tables[Int(value & 0xFF)] ^ value >> 8
        }
        return tables
    }()
}
