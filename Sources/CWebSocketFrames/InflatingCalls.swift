// wsf_inflater: SliceInflater for C, beside a reader or a connection.

public import CWebSocketFramesHeader
import WebSocketFrames

/// Returns the number of bytes of memory that an inflater takes.
@c(wsf_inflater_size) @implementation
public func wsf_inflater_size(_ options: UnsafePointer<wsf_options>) -> Int {
    // Safe: the header requires one struct.
    guard let inflater = unsafe options.pointee.inflater else { return 0 }
    return InflaterPlaces.size(for: inflater)
}

/// Prepares an inflater for a new stream.
@c(wsf_inflater_init) @implementation
public func wsf_inflater_init(
    _ inflater: OpaquePointer, _ size: Int, _ options: UnsafePointer<wsf_options>
) -> Bool {
    // Safe: the header requires one struct.
    guard let fresh = unsafe options.pointee.inflater, size >= InflaterPlaces.size(for: fresh),
        UInt(bitPattern: inflater) & 7 == 0
    else { return false }
    // Safe: the header requires `size` bytes, and that was found to be enough.
    unsafe UnsafeMutableRawPointer(inflater).initializeMemory(
        as: UInt8.self, repeating: 0, count: InflaterPlaces.size(for: fresh))
    unsafe store(fresh, in: UnsafeMutablePointer<SliceInflater>(inflater))
    let places = unsafe InflaterPlaces(of: fresh, at: inflater)
    var words = unsafe places.words.mutableSpan
    SliceInflater.prepare(&words)
    return true
}

/// Pull: consumes bytes up to the next event, inflated.
@c(wsf_reader_next_inflated) @implementation
public func wsf_reader_next_inflated(
    _ reader: UnsafeMutablePointer<wsf_reader>, _ inflater: OpaquePointer, _ bytes: UnsafeMutablePointer<UInt8>?,
    _ count: Int, _ index: UnsafeMutablePointer<Int>, _ event: UnsafeMutablePointer<wsf_event>,
    _ violation: UnsafeMutablePointer<wsf_violation>?
) -> wsf_result {
    unsafe update(FrameReader.self, in: reader) { reader in
        // Safe: as in wsf_reader_next; the spans end with this call.
        let buffer = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
        var span = unsafe buffer.mutableSpan
        return unsafe update(SliceInflater.self, in: UnsafeMutablePointer<SliceInflater>(inflater)) { slices in
            do throws(Violation) {
                while true {
                    if !slices.hasOpenSlice {
                        // Safe: the header requires memory for the index.
                        guard let found = try unsafe reader.next(in: &span, from: &index.pointee) else {
                            return .needMore
                        }
                        guard case .data(let slice) = found, slices.begin(slice) else {
                            unsafe fill(event, with: found, of: reader)
                            return .event
                        }
                        unsafe index.pointee = slice.range.lowerBound
                    }
                    switch unsafe nextPiece(&slices, at: inflater, span.span, &index.pointee) {
                    case .piece(let piece):
                        unsafe fill(event, with: piece, from: InflaterPlaces.bytesStart)
                        return .event
                    case .usedUp: continue
                    case .broken(let fault): throw reader.fail(fault)
                    }
                }
            } catch {
                unsafe set(violation, wsf_violation(error))
                return .violation
            }
        }
    }
}

/// Pull, for a connection: consumes bytes up to the next event, inflated, and writes its answer.
@c(wsf_connection_next_inflated) @implementation
public func wsf_connection_next_inflated(
    _ connection: UnsafeMutablePointer<wsf_connection>, _ inflater: OpaquePointer,
    _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int, _ index: UnsafeMutablePointer<Int>,
    _ event: UnsafeMutablePointer<wsf_event>, _ masking_key: UnsafePointer<UInt8>?,
    _ reply: UnsafeMutablePointer<UInt8>, _ reply_count: UnsafeMutablePointer<Int>,
    _ violation: UnsafeMutablePointer<wsf_violation>?
) -> wsf_result {
    unsafe update(Connection.self, in: connection) { connection in
        // Safe: as in wsf_connection_next; the spans end with this call.
        unsafe reply_count.pointee = 0
        let buffer = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
        var span = unsafe buffer.mutableSpan
        return unsafe update(SliceInflater.self, in: UnsafeMutablePointer<SliceInflater>(inflater)) { slices in
            // This side may have closed the connection in the middle of a slice.
            if connection.state == .closed { slices.abandon() }
            while true {
                if !slices.hasOpenSlice {
                    guard let found = unsafe connection.nextEvent(in: &span, from: &index.pointee) else {
                        return .needMore
                    }
                    guard case .data(let slice) = found, slices.begin(slice) else {
                        return unsafe report(
                            found, of: &connection, masking_key, event, reply, reply_count, violation)
                    }
                    unsafe index.pointee = slice.range.lowerBound
                }
                switch unsafe nextPiece(&slices, at: inflater, span.span, &index.pointee) {
                case .piece(let piece):
                    unsafe fill(event, with: piece, from: InflaterPlaces.bytesStart)
                    return .event
                case .usedUp: continue
                case .broken(let fault):
                    return unsafe report(
                        connection.fail(fault), of: &connection, masking_key, event, reply, reply_count, violation)
                }
            }
        }
    }
}

/// Returns the address of an event's payload.
@c(wsf_inflated_payload) @implementation
public func wsf_inflated_payload(
    _ event: UnsafePointer<wsf_event>, _ bytes: UnsafePointer<UInt8>?, _ inflater: OpaquePointer
) -> UnsafePointer<UInt8>? {
    // Safe: the header requires an event that a call has set, and the inflater of that call.
    guard unsafe event.pointee.is_inflated else { return unsafe wsf_event_payload(event, bytes) }
    return unsafe UnsafePointer(inflater) + event.pointee.payload_start
}

/// Returns the index of the offending byte in the message.
@c(wsf_inflater_message_offset) @implementation
public func wsf_inflater_message_offset(_ inflater: OpaquePointer) -> UInt64 {
    unsafe load(SliceInflater.self, from: UnsafePointer<SliceInflater>(inflater)).faultOffset
}

// MARK: - Memory

/// The layout of an inflater in the caller's memory: its state, the words of its tables, and the bytes of its window.
@safe private struct InflaterPlaces {
    let words: UnsafeMutableBufferPointer<UInt32>
    let bytes: UnsafeMutableBufferPointer<UInt8>

    private static var wordsStart: Int { (MemoryLayout<SliceInflater>.size &+ 7) & ~7 }
    static var bytesStart: Int { wordsStart &+ SliceInflater.wordCount &* MemoryLayout<UInt32>.stride }
    static func size(for inflater: SliceInflater) -> Int { bytesStart &+ inflater.byteCount }

    init(of inflater: SliceInflater, at start: OpaquePointer) {
        // Safe: the header requires as many bytes as `size` says, and nothing else accesses them.
        let start = unsafe UnsafeMutableRawPointer(start)
        let words = unsafe (start + Self.wordsStart).assumingMemoryBound(to: UInt32.self)
        let bytes = unsafe (start + Self.bytesStart).assumingMemoryBound(to: UInt8.self)
        unsafe self.words = UnsafeMutableBufferPointer(start: words, count: SliceInflater.wordCount)
        unsafe self.bytes = UnsafeMutableBufferPointer(start: bytes, count: inflater.byteCount)
    }
}

private enum InflatingStep {
    case piece(SliceInflater.Piece)
    case usedUp
    case broken(InflatedFault)
}

/// Inflates the open slice up to its next piece; moves the index when the slice is used up.
private func nextPiece(
    _ slices: inout SliceInflater, at inflater: OpaquePointer, _ bytes: Span<UInt8>, _ index: inout Int
) -> InflatingStep {
    let places = unsafe InflaterPlaces(of: slices, at: inflater)
    var window = unsafe places.bytes.mutableSpan
    var words = unsafe places.words.mutableSpan
    let end = index + slices.openCount
    do throws(InflatedFault) {
        let piece = try slices.next(bytes.extracting(index..<end), &window, &words)
        if !slices.hasOpenSlice { index = end }
        return piece.map { .piece($0) } ?? .usedUp
    } catch {
        index += error.knownCount
        return .broken(error)
    }
}

// Safe: as `fill` for slices.
private func fill(_ event: UnsafeMutablePointer<wsf_event>, with piece: SliceInflater.Piece, from start: Int) {
    unsafe fill(event, with: piece.slice)
    unsafe event.pointee.payload_start = start + piece.range.lowerBound
    unsafe event.pointee.payload_count = piece.range.count
    unsafe event.pointee.payload_offset = piece.messageOffset
    unsafe event.pointee.begins_frame = piece.beginsFrame
    unsafe event.pointee.ends_frame = piece.endsFrame
    unsafe event.pointee.begins_message = piece.beginsMessage
    unsafe event.pointee.ends_message = piece.endsMessage
    unsafe event.pointee.is_inflated = true
}

extension wsf_options {
    /// An inflater for these options; nil if nothing is to be inflated, or if the options are not valid.
    var inflater: SliceInflater? {
        guard struct_size == MemoryLayout<wsf_options>.size, saysHowToInflate, Endpoint(rawValue: peer) != nil else {
            return nil
        }
        return SliceInflater(windowBits: Int(window_bits), takesOver: takes_over, messageLimit: max_message)
    }
}
