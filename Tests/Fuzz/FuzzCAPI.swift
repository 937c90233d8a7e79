import CWebSocketFramesHeader
import PerMessageDeflate
import WebSocketFrames

/// libFuzzer's harness for compressed messages in C: the inflating reader agrees with ``InflatingValidator``, however the
/// stream is cut; and what is compressed, whole or in pieces, arrives unchanged. Each object has exactly the size that the size
/// functions return, so that AddressSanitizer sees any byte beyond it.
///
/// The input is as in FuzzDeflate.swift; bit 6 of byte 0 makes the client the sender.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCAPI(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer gives the address of `size` bytes, and takes them back when this returns; the array is a copy.
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard let input = DeflateInput(bytes) else { return 0 }
    let ends = Ends(input.context, sender: bytes[0] & 64 != 0 ? .client : .server, limit: input.limit)
    var random = input.random
    if input.isText {
        checkSending(input.messages, ends, &random)
    } else {
        checkReading(input.messages, ends, &random)
    }
    return 0
}

/// Memory of exactly this size, aligned like a uint64_t.
@safe private final class Memory {
    let start: UnsafeMutableRawPointer
    let count: Int
    init(_ count: Int) {
        self.count = count
        unsafe start = .allocate(byteCount: count, alignment: 8)
    }
    deinit { unsafe start.deallocate() }
    var bytes: UnsafeMutablePointer<UInt8> { unsafe start.assumingMemoryBound(to: UInt8.self) }
    func prefix(_ count: Int) -> [UInt8] { unsafe Array(UnsafeBufferPointer(start: bytes, count: count)) }
}

/// The sender of an endpoint, and the reader of its peer.
private final class Ends {
    let sender: Endpoint
    let context: DeflateContext
    let limit: UInt64
    let deflater, inflater: Memory
    var connection = wsf_connection()
    var peer = wsf_connection()
    var violation = wsf_violation()
    private let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    init(_ context: DeflateContext, sender: Endpoint, limit: UInt64) {
        self.sender = sender
        self.context = context
        self.limit = limit
        deflater = Memory(wsf_deflater_size(UInt8(context.windowBits)))
        var options = wsf_options()
        unsafe wsf_options_init(&options, MemoryLayout<wsf_options>.size, sender.peer.rawValue)
        options.permessage_deflate = true
        let canSend = unsafe wsf_connection_init(&connection, MemoryLayout<wsf_connection>.size, &options)
        options.peer = sender.rawValue
        options.inflates = true
        options.window_bits = UInt8(context.windowBits)
        options.takes_over = context.takesOver
        options.max_message = limit
        unsafe inflater = Memory(wsf_inflater_size(&options))
        let canRead = unsafe wsf_connection_init(&peer, MemoryLayout<wsf_connection>.size, &options)
        let isReady = unsafe wsf_inflater_init(OpaquePointer(inflater.start), inflater.count, &options)
        let canDeflate = unsafe wsf_deflater_init(
            OpaquePointer(deflater.start), deflater.count, options.window_bits, context.takesOver)
        check(canSend && canRead && isReady && canDeflate, "what is agreed on is refused")
    }

    /// The frame of a whole message.
    func send(_ message: [UInt8]) -> [UInt8] {
        let frame = Memory(Int(WSF_HEADER_MAX) + wsf_deflated_max(message.count))
        var count = 0
        let error = unsafe wsf_connection_message(
            &connection, OpaquePointer(deflater.start), wsf_opcode(WSF_BINARY), message, message.count,
            sender == .client ? key : nil, frame.bytes, frame.count, &count)
        check(error == wsf_send_error(WSF_SENT), "a message is not sent")
        return frame.prefix(count)
    }

    /// The frames of a message, one for each piece.
    func send(_ message: [UInt8], in pieces: [Range<Int>]) -> [UInt8] {
        var stream: [UInt8] = []
        for (index, piece) in pieces.enumerated() {
            let output = Memory(wsf_deflated_max(piece.count))
            var count = 0
            let isDone = unsafe wsf_deflate(
                OpaquePointer(deflater.start), Array(message[piece]), piece.count, index == pieces.count - 1,
                output.bytes, output.count, &count)
            check(isDone, "a piece is not compressed")
            stream += frame(output.prefix(count), isFirst: index == 0, isLast: index == pieces.count - 1)
        }
        return stream
    }

    func frame(_ payload: [UInt8], isFirst: Bool, isLast: Bool) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Int(WSF_HEADER_MAX))
        var payload = payload
        let isMasked = sender == .client
        let count = unsafe wsf_header_encode(
            &header, wsf_opcode(isFirst ? WSF_BINARY : WSF_CONTINUATION), isLast, isFirst ? UInt8(WSF_RSV1) : 0,
            UInt64(payload.count), isMasked ? key : nil)
        if isMasked { unsafe wsf_mask(&payload, payload.count, key, 0) }
        return header[..<count] + payload
    }

    /// Reads a piece of the stream at the peer, up to a violation.
    func read(_ piece: [UInt8], _ messages: inout [[UInt8]]) -> Bool {
        let bytes = Memory(piece.count)
        unsafe bytes.start.copyMemory(from: piece, byteCount: piece.count)
        let reply = Memory(Int(WSF_CONTROL_FRAME_MAX))
        var event = wsf_event()
        var (index, replyCount) = (0, 0)
        while true {
            let result = unsafe wsf_connection_next_inflated(
                &peer, OpaquePointer(inflater.start), bytes.bytes, bytes.count, &index, &event,
                sender == .server ? key : nil, reply.bytes, &replyCount, &violation)
            guard result == wsf_result(WSF_EVENT) else { return result == wsf_result(WSF_NEED_MORE) }
            if event.begins_message { messages.append([]) }
            let payload = unsafe wsf_inflated_payload(&event, bytes.bytes, OpaquePointer(inflater.start))
            unsafe messages[messages.count - 1] += UnsafeBufferPointer(start: payload, count: event.payload_count)
        }
    }
}

private func checkSending(_ messages: [[UInt8]], _ ends: Ends, _ random: inout SplitMix64) {
    for message in messages {
        var stream: [UInt8]
        if random.oneIn(2) {
            stream = ends.send(message)
        } else {
            stream = ends.send(message, in: random.pieces(of: message.count, atMost: 5))
        }
        var found: [[UInt8]] = []
        for piece in random.pieces(of: stream.count, atMost: 9) {
            check(ends.read(Array(stream[piece]), &found), "what was compressed is a violation")
        }
        check(found == [message], "something else arrives")
        stream = []
        if random.oneIn(4) { unsafe wsf_deflater_forget(OpaquePointer(ends.deflater.start)) }
    }
}

private func checkReading(_ messages: [[UInt8]], _ ends: Ends, _ random: inout SplitMix64) {
    var stream: [UInt8] = []
    for message in messages {
        let pieces = random.pieces(of: message.count, atMost: 4)
        for (index, piece) in pieces.enumerated() {
            stream += ends.frame(Array(message[piece]), isFirst: index == 0, isLast: index == pieces.count - 1)
        }
    }
    let context = ends.context
    let agreed = DeflateParameters(
        clientMaxWindowBits: context.windowBits, serverMaxWindowBits: context.windowBits,
        clientNoContextTakeover: !context.takesOver, serverNoContextTakeover: !context.takesOver)
    var validator = InflatingValidator(
        sender: ends.sender, extensions: .permessageDeflate(agreed), limits: Limits(message: ends.limit))
    var expected: [UInt8] = []
    try? validator.consume(stream.span) { piece in
        for index in piece.indices { expected.append(piece[index]) }
    }
    var found: [[UInt8]] = []
    var isLegal = true
    for piece in random.pieces(of: stream.count, atMost: 12) where isLegal {
        isLegal = ends.read(Array(stream[piece]), &found)
    }
    let bytes = Array(found.joined())
    guard let violation = validator.violation else {
        check(isLegal && bytes == expected, "the validator sees no violation")
        return
    }
    check(!isLegal && ends.violation.rule == violation.rule.rawValue, "the validator sees another rule")
    check(
        ends.violation.offset == violation.offset && Int(ends.violation.length) == violation.length
            && ends.violation.frame == violation.frame, "the validator sees another place")
    let offset = unsafe wsf_inflater_message_offset(OpaquePointer(ends.inflater.start))
    check(violation.messageOffset == nil || violation.messageOffset == offset, "the validator sees another byte")
    check(expected.starts(with: bytes), "something else was handed over")
}
