// wsf_deflater: DeflateEngine for C, on its own or beside a connection.

public import CWebSocketFramesHeader
internal import PerMessageDeflate
import WebSocketFrames

/// Returns the number of bytes of memory that a deflater takes.
@c(wsf_deflater_size) @implementation
public func wsf_deflater_size(_ window_bits: UInt8) -> Int {
    guard window_bits >= 8, window_bits <= 15 else { return 0 }
    return DeflaterPlaces.size(for: DeflateEngine(DeflateContext(windowBits: Int(window_bits))))
}

/// Prepares a deflater that has compressed nothing.
@c(wsf_deflater_init) @implementation
public func wsf_deflater_init(
    _ deflater: OpaquePointer, _ size: Int, _ window_bits: UInt8, _ takes_over: Bool
) -> Bool {
    let needed = wsf_deflater_size(window_bits)
    guard needed > 0, size >= needed, UInt(bitPattern: deflater) & 7 == 0 else { return false }
    let fresh = DeflateEngine(DeflateContext(windowBits: Int(window_bits), takesOver: takes_over))
    // Safe: the header requires `size` bytes, and that was found to be enough.
    unsafe UnsafeMutableRawPointer(deflater).initializeMemory(as: UInt8.self, repeating: 0, count: needed)
    unsafe store(fresh, in: UnsafeMutablePointer<DeflateEngine>(deflater))
    let places = unsafe DeflaterPlaces(of: fresh, at: deflater)
    var words = unsafe places.words.mutableSpan
    DeflateEngine.prepare(&words)
    return true
}

/// Returns the largest number of bytes that `count` bytes can be compressed to.
@c(wsf_deflated_max) @implementation
public func wsf_deflated_max(_ count: Int) -> Int {
    // A count that is negative here is more than half of all possible memory.
    count < 0 ? -1 : DeflateEngine.maximumWritten(count) ?? -1
}

/// Compresses the next bytes of a message.
@c(wsf_deflate) @implementation
public func wsf_deflate(
    _ deflater: OpaquePointer, _ bytes: UnsafePointer<UInt8>?, _ count: Int, _ ends_message: Bool,
    _ deflated: UnsafeMutablePointer<UInt8>, _ room: Int, _ deflated_count: UnsafeMutablePointer<Int>
) -> Bool {
    guard fits(count, in: room) else { return false }
    return unsafe update(DeflateEngine.self, in: UnsafeMutablePointer<DeflateEngine>(deflater)) { engine in
        // Safe: the header requires `count` bytes, or none if NULL, `room` bytes, and memory for their count; the
        // spans end with this call.
        let input = unsafe UnsafeBufferPointer(start: bytes, count: count)
        let output = unsafe UnsafeMutableBufferPointer(start: deflated, count: room)
        unsafe deflated_count.pointee = compress(input.span, ends_message, &engine, at: deflater, to: output)
        return true
    }
}

/// Makes later messages refer to nothing before them.
@c(wsf_deflater_forget) @implementation
public func wsf_deflater_forget(_ deflater: OpaquePointer) {
    unsafe update(DeflateEngine.self, in: UnsafeMutablePointer<DeflateEngine>(deflater)) { $0.forget() }
}

/// Writes a whole message in one frame.
@c(wsf_connection_message) @implementation
public func wsf_connection_message(
    _ connection: UnsafeMutablePointer<wsf_connection>, _ deflater: OpaquePointer?, _ kind: wsf_opcode,
    _ message: UnsafePointer<UInt8>?, _ count: Int, _ masking_key: UnsafePointer<UInt8>?,
    _ frame: UnsafeMutablePointer<UInt8>, _ room: Int, _ frame_count: UnsafeMutablePointer<Int>
) -> wsf_send_error {
    let headerRoom = Int(WSF_HEADER_MAX)
    guard let kind = MessageKind(rawValue: kind), room >= headerRoom, fits(count, in: room &- headerRoom) else {
        return wsf_send_error(WSF_SEND_INVALID_ARGUMENT)
    }
    let key = unsafe MaskingKey(at: masking_key)
    // Safe: the header requires `count` bytes, or none if NULL, and `room` others; the spans end with this call.
    let input = unsafe UnsafeBufferPointer(start: message, count: count)
    let payload = unsafe UnsafeMutableBufferPointer(start: frame + headerRoom, count: room &- headerRoom)
    return unsafe update(Connection.self, in: connection) { connection in
        do throws(SendError) {
            let compressed = try unsafe compressedCount(input, for: connection, kind, key, deflater, payload)
            let header = try connection.header(
                .whole(kind), payloadLength: UInt64(truncatingIfNeeded: compressed ?? count),
                reservedBits: compressed == nil ? ReservedBits(rawValue: 0) : .rsv1, key: key)
            unsafe write(header, to: frame)
            // Safe: the compressed payload was written after room for the longest header, and is moved to where this
            // header ends.
            let source = unsafe compressed == nil ? UnsafeRawPointer(message) : UnsafeRawPointer(payload.baseAddress)
            let target = unsafe frame + header.count
            if let source = unsafe source {
                unsafe UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: compressed ?? count)
            }
            if let key {
                var span = unsafe UnsafeMutableBufferPointer(start: target, count: compressed ?? count).mutableSpan
                key.apply(to: &span, 0..<span.count)
            }
            // Safe: the header requires memory for the count.
            unsafe frame_count.pointee = header.count + (compressed ?? count)
            return wsf_send_error(WSF_SENT)
        } catch {
            return error.number
        }
    }
}

// MARK: - Compressing

private func fits(_ count: Int, in room: Int) -> Bool {
    guard count >= 0, let most = DeflateEngine.maximumWritten(count) else { return false }
    return room >= most
}

/// Compresses a message that may be sent compressed.
///
/// - Returns: the number of bytes it has become; nil if it is to be sent as it is.
private func compressedCount(
    _ message: UnsafeBufferPointer<UInt8>, for connection: Connection, _ kind: MessageKind, _ key: MaskingKey?,
    _ deflater: OpaquePointer?, _ payload: UnsafeMutableBufferPointer<UInt8>
) throws(SendError) -> Int? {
    // An empty message would become longer.
    guard let deflater = unsafe deflater, !message.isEmpty else { return nil }
    // A message that must not be sent is not compressed either.
    var trial = connection
    _ = try trial.header(
        .whole(kind), payloadLength: UInt64(truncatingIfNeeded: message.count), reservedBits: .rsv1, key: key)
    // Safe: as in wsf_deflate.
    let count: Int? = unsafe update(
        DeflateEngine.self, in: UnsafeMutablePointer<DeflateEngine>(deflater)
    ) { engine in
        guard !engine.hasOpenMessage else { return nil }
        let count = unsafe compress(message.span, true, &engine, at: deflater, to: payload)
        // A message sent uncompressed does not enter the receiver's window.
        if count >= message.count { engine.forget() }
        return count
    }
    guard let count else { throw .openMessage }
    return count < message.count ? count : nil
}

/// Compresses all of the input; there must be enough room.
private func compress(
    _ input: Span<UInt8>, _ endsMessage: Bool, _ engine: inout DeflateEngine, at deflater: OpaquePointer,
    to output: UnsafeMutableBufferPointer<UInt8>
) -> Int {
    let places = unsafe DeflaterPlaces(of: engine, at: deflater)
    var words = unsafe places.words.mutableSpan
    var hashes = unsafe places.hashes.mutableSpan
    var bytes = unsafe places.bytes.mutableSpan
    // Safe: the memory belongs to the caller for the duration of the call.
    var target = unsafe output.mutableSpan
    var index = 0
    var written = 0
    while engine.nextBlock(input, from: &index, &bytes, &hashes, &words, &target, &written) {}
    if endsMessage { engine.endMessage(&target, &written) }
    return written
}

// MARK: - Memory

/// The layout of a deflater in the caller's memory: its state, the words of its codes, the positions of sequences,
/// and the bytes of its window.
@safe private struct DeflaterPlaces {
    let words: UnsafeMutableBufferPointer<UInt32>
    let hashes: UnsafeMutableBufferPointer<UInt32>
    let bytes: UnsafeMutableBufferPointer<UInt8>

    private static var wordsStart: Int { (MemoryLayout<DeflateEngine>.size &+ 7) & ~7 }
    private static var wordSize: Int { MemoryLayout<UInt32>.stride }

    static func size(for engine: DeflateEngine) -> Int {
        wordsStart &+ (DeflateEngine.wordCount &+ engine.placeCount) &* wordSize &+ engine.byteCount
    }

    init(of engine: DeflateEngine, at start: OpaquePointer) {
        // Safe: the header requires as many bytes as `size` says, and nothing else accesses them.
        let start = unsafe UnsafeMutableRawPointer(start) + Self.wordsStart
        let hashes = unsafe start + DeflateEngine.wordCount &* Self.wordSize
        let bytes = unsafe hashes + engine.placeCount &* Self.wordSize
        unsafe self.words = UnsafeMutableBufferPointer(
            start: start.assumingMemoryBound(to: UInt32.self), count: DeflateEngine.wordCount)
        unsafe self.hashes = UnsafeMutableBufferPointer(
            start: hashes.assumingMemoryBound(to: UInt32.self), count: engine.placeCount)
        unsafe self.bytes = UnsafeMutableBufferPointer(
            start: bytes.assumingMemoryBound(to: UInt8.self), count: engine.byteCount)
    }
}
