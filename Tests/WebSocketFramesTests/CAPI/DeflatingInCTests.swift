import CWebSocketFrames
import CWebSocketFramesHeader
import Testing
import WebSocketFrames

/// Compressing from C, and a connection that inflates what its peer compressed.
@Suite struct DeflatingInCTests {
    /// Memory owned by the caller, aligned as the header requires.
    @safe private final class Memory {
        let pointer: OpaquePointer
        private let start: UnsafeMutableRawPointer

        init(_ size: Int) {
            let start = UnsafeMutableRawPointer.allocate(byteCount: max(size, 8), alignment: 8)
            unsafe self.start = start
            unsafe pointer = OpaquePointer(start)
        }

        deinit { unsafe start.deallocate() }
    }

    private static func deflater(_ bits: UInt8, takesOver: Bool = true) -> Memory {
        let size = wsf_deflater_size(bits)
        let memory = Memory(size)
        #expect(unsafe wsf_deflater_init(memory.pointer, size, bits, takesOver))
        return memory
    }

    private static func options(_ peer: Endpoint, _ limit: UInt64 = .max) -> wsf_options {
        var options = CorpusInCTests.options(peer, .permessageDeflate, Limits(message: limit))
        options.inflates = true
        options.window_bits = 15
        options.takes_over = true
        return options
    }

    @Test func sizes() {
        #expect(wsf_deflater_size(7) == 0)
        #expect(wsf_deflater_size(16) == 0)
        let sizes = (UInt8(8)...15).map { wsf_deflater_size($0) }
        #expect(sizes == sizes.sorted() && sizes[0] > 0, "\(sizes)")
        #expect(sizes[7] <= 168 << 10, "\(sizes)")
        let memory = Memory(sizes[7])
        #expect(unsafe !wsf_deflater_init(memory.pointer, sizes[7], 7, true))
        #expect(unsafe !wsf_deflater_init(memory.pointer, sizes[7] - 1, 15, true))
        let odd = unsafe OpaquePointer(UnsafeMutableRawPointer(memory.pointer) + 4)
        for shift in 1...7 {
            let place = unsafe OpaquePointer(UnsafeMutableRawPointer(memory.pointer) + shift)
            #expect(unsafe !wsf_deflater_init(place, sizes[7], 8, true))
        }
        #expect(wsf_deflated_max(0) == 9)
        #expect((8_192...8_192 + 15).contains(wsf_deflated_max(8_192)))
        // 42 bits for each block of 8,192 tokens, and three bytes.
        for (count, blocks) in [(0, 1), (1, 1), (8191, 1), (8192, 2), (81_920, 11), (1_000_000, 123)] {
            #expect(wsf_deflated_max(count) == count + (blocks * 42 + 7) / 8 + 3)
        }
        #expect(wsf_deflated_max(-1) == -1)
        #expect(wsf_deflated_max(.max) == -1)

        var options = Self.options(.client)
        let size = unsafe wsf_inflater_size(&options)
        #expect(size > 48 << 10)
        #expect(unsafe !wsf_inflater_init(memory.pointer, size - 1, &options))
        #expect(unsafe !wsf_inflater_init(odd, size, &options))
        options.inflates = false
        #expect(unsafe wsf_inflater_size(&options) == 0)
        #expect(unsafe !wsf_inflater_init(memory.pointer, size, &options))
    }

    @Test func aMessageNeedsItsRoom() {
        var connection = wsf_connection()
        var options = Self.options(.client)
        #expect(unsafe wsf_connection_init(&connection, MemoryLayout<wsf_connection>.size, &options))
        let deflater = Self.deflater(15)
        let message = [UInt8](repeating: 7, count: 300)
        let needed = Int(WSF_HEADER_MAX) + wsf_deflated_max(300)
        for room in [0, Int(WSF_HEADER_MAX), needed - 1, needed] {
            var frame = [UInt8](repeating: 0, count: needed)
            var count = 0
            let error = unsafe wsf_connection_message(
                &connection, deflater.pointer, wsf_opcode(WSF_BINARY), message, 300, nil, &frame, room, &count)
            #expect(Int(error) == Int(room < needed ? WSF_SEND_INVALID_ARGUMENT : WSF_SENT))
        }
    }

    /// A client, compressing or not, and the server that reads its output.
    private struct Ends {
        var client = wsf_connection()
        var server = wsf_connection()
        let deflater: Memory
        let inflater: Memory
        var violation = wsf_violation()
        var replies: [UInt8] = []

        init(limit: UInt64 = .max) {
            var options = DeflatingInCTests.options(.server)
            #expect(unsafe wsf_connection_init(&client, MemoryLayout<wsf_connection>.size, &options))
            options = DeflatingInCTests.options(.client, limit)
            #expect(unsafe wsf_connection_init(&server, MemoryLayout<wsf_connection>.size, &options))
            deflater = DeflatingInCTests.deflater(15)
            let size = unsafe wsf_inflater_size(&options)
            inflater = Memory(size)
            #expect(unsafe wsf_inflater_init(inflater.pointer, size, &options))
        }

        mutating func send(_ message: [UInt8], kind: Int = Int(WSF_BINARY), compressed: Bool = true) -> (Int, [UInt8]) {
            var frame = [UInt8](repeating: 0, count: Int(WSF_HEADER_MAX) + wsf_deflated_max(message.count))
            var count = 0
            let key: [UInt8] = [9, 8, 7, 0xF6]
            let error = unsafe wsf_connection_message(
                &client, compressed ? deflater.pointer : nil, wsf_opcode(kind), message, message.count, key, &frame,
                frame.count, &count)
            return (Int(error), Array(frame.prefix(count)))
        }

        /// The payloads that arrive when the stream is read in pieces of `size` bytes, and the last result.
        mutating func receive(_ stream: [UInt8], size: Int) -> (messages: [[UInt8]], result: Int) {
            var messages: [[UInt8]] = []
            var open: [UInt8] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                var piece = Array(stream[start..<min(start + size, stream.count)])
                let count = piece.count
                var index = 0
                while true {
                    var event = wsf_event()
                    var reply = [UInt8](repeating: 0, count: Int(WSF_CONTROL_FRAME_MAX))
                    var replyCount = 0
                    let result = unsafe wsf_connection_next_inflated(
                        &server, inflater.pointer, &piece, count, &index, &event, nil, &reply, &replyCount, &violation)
                    replies += reply.prefix(replyCount)
                    if result == wsf_result(WSF_NEED_MORE) { break }
                    guard result == wsf_result(WSF_EVENT) else { return (messages, Int(result)) }
                    guard event.opcode < 8 else { continue }
                    let payload = unsafe UnsafeBufferPointer(
                        start: wsf_inflated_payload(&event, piece, inflater.pointer), count: event.payload_count)
                    unsafe open.append(contentsOf: payload)
                    if event.ends_message {
                        messages.append(open)
                        open = []
                    }
                }
            }
            return (messages, Int(WSF_NEED_MORE))
        }
    }

    private static let text = Array(String(repeating: "the same again, and ", count: 3_000).utf8)
    private static let noise = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 2) }

    @Test(arguments: [1, 50, 1_000_000]) func messages(size: Int) {
        var ends = Ends()
        let sent = [Self.text, [], Self.noise, Self.text, Array("short".utf8), Self.text]
        var stream: [UInt8] = []
        for (number, message) in sent.enumerated() {
            let (error, frame) = ends.send(message, compressed: number != 4)
            #expect(error == Int(WSF_SENT))
            // A message that compression would not shorten is sent as it is.
            #expect((frame[0] & UInt8(WSF_RSV1) != 0) == (message == Self.text), "\(number)")
            stream += frame
            if number == 2 { stream += ConversationMaker.frame(0x89, [1], key: [1, 2, 3, 4]) }
        }
        let came = ends.receive(stream, size: size)
        #expect(came.messages == sent)
        #expect(came.result == Int(WSF_NEED_MORE))
        #expect(ends.replies == [0x8A, 1, 1])
        #expect(unsafe wsf_inflater_message_offset(ends.inflater.pointer) == .max)
    }

    @Test func whatIsNotSent() {
        var ends = Ends()
        #expect(ends.send(Self.text, kind: 8).0 == Int(WSF_SEND_INVALID_ARGUMENT))
        var frame = [UInt8](repeating: 0, count: 40)
        var count = 0
        let error = unsafe wsf_connection_message(
            &ends.client, nil, wsf_opcode(WSF_TEXT), Self.text, Self.text.count, [1, 2, 3, 4], &frame, 40, &count)
        #expect(error == wsf_send_error(WSF_SEND_INVALID_ARGUMENT))
        // In the middle of a message, neither the connection nor the deflater accepts a new one.
        var header = [UInt8](repeating: 0, count: Int(WSF_HEADER_MAX))
        for part in [WSF_FIRST, WSF_LAST] {
            let error = unsafe wsf_connection_header(
                &ends.client, wsf_part(part), wsf_opcode(WSF_TEXT), 0, 1, [1, 2, 3, 4], &header, &count)
            #expect(error == wsf_send_error(WSF_SENT))
            #expect(ends.send(Self.text).0 == (part == WSF_FIRST ? Int(WSF_SEND_OPEN_MESSAGE) : Int(WSF_SENT)))
        }
        var room = [UInt8](repeating: 0, count: 100)
        #expect(unsafe wsf_deflate(ends.deflater.pointer, Self.noise, 3, false, &room, 100, &count))
        #expect(ends.send(Self.text).0 == Int(WSF_SEND_OPEN_MESSAGE))
        #expect(ends.send(Self.text, compressed: false).0 == Int(WSF_SENT))
        #expect(unsafe wsf_deflate(ends.deflater.pointer, nil, 0, true, &room, 100, &count))
        #expect(ends.send(Self.text).0 == Int(WSF_SENT))
        #expect(unsafe !wsf_deflate(ends.deflater.pointer, Self.noise, 300, true, &room, 100, &count))
        #expect(unsafe !wsf_deflate(ends.deflater.pointer, nil, -1, true, &room, 100, &count))
    }

    @Test func whatInflatesToSomethingIllegal() {
        var ends = Ends(limit: 1_000)
        let long = ends.send(Self.text).1
        #expect(ends.receive(long, size: 1_000_000).result == Int(WSF_VIOLATION))
        #expect(ends.violation.rule == wsf_rule(WSF_RULE_MESSAGE_TOO_BIG))
        #expect(ends.replies.prefix(4) == [0x88, 17, 0x03, 0xF1])
        #expect(unsafe wsf_inflater_message_offset(ends.inflater.pointer) <= 1_000)
        var other = Ends()
        var text = Self.text
        text[700] = 0xFF
        let broken = other.send(text, kind: Int(WSF_TEXT)).1
        let came = other.receive(broken, size: 1_000_000)
        #expect(came.result == Int(WSF_VIOLATION))
        #expect(other.violation.rule == wsf_rule(WSF_RULE_TEXT_NOT_UTF8))
        #expect(unsafe wsf_inflater_message_offset(other.inflater.pointer) == 700)
        // The connection has failed, so nothing more is read.
        #expect(other.receive(broken, size: 9).messages.isEmpty)
    }

    /// Each payload in pieces, without context takeover.
    @Test func payloadsAlone() {
        let deflater = Self.deflater(9, takesOver: true)
        func compressed(_ message: [UInt8], size: Int) -> [UInt8] {
            var all: [UInt8] = []
            for start in stride(from: 0, through: message.count, by: size) {
                let piece = Array(message[start..<min(start + size, message.count)])
                var room = [UInt8](repeating: 0, count: wsf_deflated_max(piece.count))
                var count = 0
                let isLast = start + size > message.count
                #expect(unsafe wsf_deflate(deflater.pointer, piece, piece.count, isLast, &room, room.count, &count))
                all += room.prefix(count)
            }
            return all
        }
        let first = compressed(Self.text, size: 1_000)
        let second = compressed(Array(Self.text.prefix(300)), size: 1_000)
        unsafe wsf_deflater_forget(deflater.pointer)
        let third = compressed(Array(Self.text.prefix(300)), size: 1_000)
        #expect(second.count < third.count)
        #expect(compressed([], size: 10) == [0x00])
        var stream: [UInt8] = []
        for payload in [first, second, third] { stream += ConversationMaker.frame(0xC2, payload, key: [1, 2, 3, 4]) }
        var ends = Ends()
        #expect(
            ends.receive(stream, size: 77).messages == [
                Self.text, Array(Self.text.prefix(300)), Array(Self.text.prefix(300)),
            ])
    }
}
