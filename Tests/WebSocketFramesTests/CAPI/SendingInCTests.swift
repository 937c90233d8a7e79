import CWebSocketFrames
import CWebSocketFramesHeader
import Testing
import WebSocketFrames

/// What the C API writes, and what it refuses to write.
@Suite struct SendingInCTests {
    private static let key: [UInt8] = [0x12, 0x9B, 0xC7, 0xF1]

    private func header(
        _ opcode: Int, isFinal: Bool = true, bits: Int = 0, _ length: UInt64, key: [UInt8]? = nil
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: Int(WSF_HEADER_MAX))
        let count = unsafe wsf_header_encode(&bytes, wsf_opcode(opcode), isFinal, UInt8(bits), length, key)
        #expect(count == 0 || bytes[count...].allSatisfy { $0 == 0xEE }, "nothing is written after the header")
        return Array(bytes.prefix(count))
    }

    @Test func headers() {
        #expect(header(Int(WSF_TEXT), 5) == [0x81, 5])
        #expect(header(Int(WSF_CONTINUATION), isFinal: false, 126) == [0x00, 126, 0, 126])
        #expect(header(Int(WSF_BINARY), bits: Int(WSF_RSV1), 65_536) == [0xC2, 127, 0, 0, 0, 0, 0, 1, 0, 0])
        #expect(header(Int(WSF_PING), 0, key: Self.key) == [0x89, 0x80] + Self.key)
        // A frame that a receiver would reject is not written.
        #expect(header(3, 0).isEmpty)
        #expect(header(Int(WSF_PING), isFinal: false, 0).isEmpty)
        #expect(header(Int(WSF_PONG), 126).isEmpty)
        #expect(header(Int(WSF_BINARY), 1 << 63).isEmpty)
    }

    private func control(_ opcode: Int, _ payload: [UInt8], key: [UInt8]? = nil) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: Int(WSF_CONTROL_FRAME_MAX))
        let count = unsafe wsf_control_encode(&bytes, wsf_opcode(opcode), payload, payload.count, key)
        #expect(count == 0 || bytes[count...].allSatisfy { $0 == 0xEE }, "nothing is written after the frame")
        return Array(bytes.prefix(count))
    }

    @Test func controlFrames() {
        #expect(control(Int(WSF_PING), [1, 2]) == [0x89, 2, 1, 2])
        let longest = [UInt8](repeating: 7, count: 125)
        #expect(control(Int(WSF_PONG), longest, key: Self.key) == ConversationMaker.frame(0x8A, longest, key: Self.key))
        #expect(control(Int(WSF_PONG), longest + [7]).isEmpty)
        #expect(control(Int(WSF_TEXT), []).isEmpty)
        #expect(control(0xB, []).isEmpty)
        // Not opcodes, although their lower four bits would be.
        #expect(control(0x19, []).isEmpty && header(0x11, 5).isEmpty && header(0x10, 5).isEmpty)
        #expect(control(Int(WSF_CLOSE), [0x03, 0xE8]) == [0x88, 2, 0x03, 0xE8])
        #expect(control(Int(WSF_CLOSE), [0x03]).isEmpty)
    }

    private func close(_ code: UInt16, _ reason: [UInt8], key: [UInt8]? = nil) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: Int(WSF_CONTROL_FRAME_MAX))
        let text = reason.map { CChar(bitPattern: $0) }
        let count = unsafe wsf_close_encode(&bytes, code, text, text.count, key)
        return Array(bytes.prefix(count))
    }

    @Test func closes() {
        #expect(close(1000, []) == [0x88, 2, 0x03, 0xE8])
        #expect(
            close(1001, Array("gün".utf8), key: Self.key)
                == ConversationMaker.frame(0x88, [0x03, 0xE9] + Array("gün".utf8), key: Self.key))
        #expect(close(1005, []).isEmpty)
        #expect(close(1000, [0xFF]).isEmpty)
        #expect(close(1000, [UInt8](repeating: 0x61, count: 123)).count == 127)
        #expect(close(1000, [UInt8](repeating: 0x61, count: 124)).isEmpty)
    }

    @Test func masking() {
        let plain = (0..<20).map { UInt8($0) }
        for cut in 0...20 {
            var bytes = plain
            var rest = Array(bytes[cut...])
            unsafe wsf_mask(&bytes, cut, Self.key, 0)
            unsafe wsf_mask(&rest, rest.count, Self.key, UInt64(cut))
            let masked: [UInt8] = plain.enumerated().map { place, byte in byte ^ Self.key[place % 4] }
            #expect(Array(bytes[..<cut]) + rest == masked)
        }
    }

    // MARK: - A connection

    private struct Server {
        var connection = wsf_connection()
        var replies: [UInt8] = []
        var violation = wsf_violation()

        init(deflate: Bool = false, fragments: UInt32 = .max) {
            var options = CorpusInCTests.options(.client, deflate ? .permessageDeflate : .none, .none)
            options.max_fragments = fragments
            let isReady = unsafe wsf_connection_init(&connection, MemoryLayout<wsf_connection>.size, &options)
            #expect(isReady)
        }

        var state: Int { mutating get { Int(unsafe wsf_connection_get_state(&connection)) } }

        /// The opcodes and payload that arrive, and the last result.
        mutating func receive(_ stream: [UInt8]) -> (opcodes: [UInt8], payload: [UInt8], result: Int) {
            var stream = stream
            let count = stream.count
            var index = 0
            var (opcodes, payload): ([UInt8], [UInt8]) = ([], [])
            while true {
                var event = wsf_event()
                var reply = [UInt8](repeating: 0, count: Int(WSF_CONTROL_FRAME_MAX))
                var replyCount = 0
                let result = unsafe wsf_connection_next(
                    &connection, &stream, count, &index, &event, nil, &reply, &replyCount, &violation)
                replies += reply.prefix(replyCount)
                guard result == wsf_result(WSF_EVENT) else { return (opcodes, payload, Int(result)) }
                #expect(event.opcode == 8 || event.close_code == 0)
                opcodes.append(event.message_opcode)
                let bytes = unsafe UnsafeBufferPointer(
                    start: wsf_event_payload(&event, stream), count: event.payload_count)
                unsafe payload.append(contentsOf: bytes)
            }
        }

        mutating func header(_ part: Int, kind: Int = Int(WSF_TEXT), bits: Int = 0, _ length: UInt64) -> (Int, [UInt8])
        {
            var bytes = [UInt8](repeating: 0, count: Int(WSF_HEADER_MAX))
            var count = 0
            let error = unsafe wsf_connection_header(
                &connection, wsf_part(part), wsf_opcode(kind), UInt8(bits), length, nil, &bytes, &count)
            return (Int(error), Array(bytes.prefix(count)))
        }

        mutating func control(_ opcode: Int, _ payload: [UInt8]) -> (Int, [UInt8]) {
            var bytes = [UInt8](repeating: 0, count: Int(WSF_CONTROL_FRAME_MAX))
            var count = 0
            let error = unsafe wsf_connection_control(
                &connection, wsf_opcode(opcode), payload, payload.count, nil, &bytes, &count)
            return (Int(error), Array(bytes.prefix(count)))
        }

        mutating func close(_ code: UInt16, _ reason: String = "") -> (Int, [UInt8]) {
            var bytes = [UInt8](repeating: 0, count: Int(WSF_CONTROL_FRAME_MAX))
            var count = 0
            let text = reason.utf8.map { CChar(bitPattern: $0) }
            let error = unsafe wsf_connection_close(&connection, code, text, text.count, nil, &bytes, &count)
            return (Int(error), Array(bytes.prefix(count)))
        }
    }

    private static func client(_ byte0: UInt8, _ payload: [UInt8]) -> [UInt8] {
        ConversationMaker.frame(byte0, payload, key: key)
    }

    @Test func aConnectionAnswers() {
        var server = Server()
        let came = server.receive(
            Self.client(0x01, [0x61]) + Self.client(0x89, [7]) + Self.client(0x8A, []) + Self.client(0x80, [0x62]))
        #expect(came.opcodes == [1, 9, 10, 1])
        #expect(came.payload == [0x61, 7, 0x62])
        #expect(came.result == Int(WSF_NEED_MORE))
        #expect(server.replies == [0x8A, 1, 7])
        #expect(server.receive(Self.client(0x88, [0x03, 0xE8])).opcodes == [8])
        #expect(server.replies.suffix(4) == [0x88, 2, 0x03, 0xE8])
        #expect(server.state == Int(WSF_CLOSED))
        #expect(server.header(Int(WSF_WHOLE), 1).0 == Int(WSF_SEND_CLOSED))
        #expect(unsafe wsf_connection_end_of_input(&server.connection))
    }

    @Test func aConnectionAnswersAViolation() {
        var server = Server()
        #expect(server.receive(Self.client(0x81, [0xFF])).result == Int(WSF_VIOLATION))
        #expect(server.violation.rule == wsf_rule(WSF_RULE_TEXT_NOT_UTF8))
        #expect(server.replies == [0x88, 15, 0x03, 0xEF] + Array("text-not-utf8".utf8))
        var other = Server(fragments: 1)
        #expect(other.receive(Self.client(0x01, []) + Self.client(0x00, [])).result == Int(WSF_EXCEEDED))
        #expect(other.replies == [0x88, 20, 0x03, 0xF0] + Array("too-many-fragments".utf8))
        #expect(other.state == Int(WSF_CLOSED))
    }

    @Test func aConnectionSends() {
        var server = Server(deflate: true)
        #expect(server.header(Int(WSF_WHOLE), 3) == (Int(WSF_SENT), [0x81, 3]))
        #expect(server.header(Int(WSF_MIDDLE), 3) == (Int(WSF_SEND_NO_OPEN_MESSAGE), []))
        #expect(
            server.header(Int(WSF_FIRST), kind: Int(WSF_BINARY), bits: Int(WSF_RSV1), 3) == (Int(WSF_SENT), [0x42, 3]))
        #expect(server.header(Int(WSF_WHOLE), 3) == (Int(WSF_SEND_OPEN_MESSAGE), []))
        #expect(server.header(Int(WSF_MIDDLE), bits: Int(WSF_RSV1), 3) == (Int(WSF_SEND_UNCLAIMED_BITS), []))
        #expect(server.header(Int(WSF_MIDDLE), 1 << 63) == (Int(WSF_SEND_TOO_LONG), []))
        #expect(server.header(Int(WSF_MIDDLE), 126) == (Int(WSF_SENT), [0x00, 126, 0, 126]))
        #expect(server.header(Int(WSF_LAST), 0) == (Int(WSF_SENT), [0x80, 0]))
        #expect(server.header(4, 0) == (Int(WSF_SEND_INVALID_ARGUMENT), []))
        #expect(server.header(Int(WSF_WHOLE), kind: 8, 0) == (Int(WSF_SEND_INVALID_ARGUMENT), []))
        #expect(server.control(Int(WSF_PING), [1]) == (Int(WSF_SENT), [0x89, 1, 1]))
        #expect(server.control(Int(WSF_PONG), [UInt8](repeating: 0, count: 125)).1.count == 127)
        #expect(server.control(Int(WSF_CLOSE), []) == (Int(WSF_SEND_INVALID_ARGUMENT), []))
        #expect(
            server.control(Int(WSF_PONG), [UInt8](repeating: 0, count: 126)) == (Int(WSF_SEND_INVALID_CONTROL), []))
        #expect(server.close(1005) == (Int(WSF_SEND_INVALID_CONTROL), []))
        #expect(server.close(0, "why") == (Int(WSF_SEND_INVALID_CONTROL), []))
        #expect(server.state == Int(WSF_OPEN))
        #expect(server.close(1001, "so") == (Int(WSF_SENT), [0x88, 4, 0x03, 0xE9] + Array("so".utf8)))
        #expect(server.state == Int(WSF_CLOSING))
        #expect(server.close(1001) == (Int(WSF_SEND_CLOSED), []))
        #expect(server.header(Int(WSF_WHOLE), 3) == (Int(WSF_SEND_CLOSED), []))
        // Control frames may still be sent.
        #expect(server.control(Int(WSF_PING), []).0 == Int(WSF_SENT))
    }

    @Test func aCloseWithoutACode() {
        var server = Server()
        #expect(server.close(0) == (Int(WSF_SENT), [0x88, 0]))
        #expect(server.state == Int(WSF_CLOSING))
    }

    /// A client's reply is masked with the key that the caller supplies.
    @Test func aClientAnswers() {
        var options = CorpusInCTests.options(.server, .none, .none)
        var connection = wsf_connection()
        let isReady = unsafe wsf_connection_init(&connection, MemoryLayout<wsf_connection>.size, &options)
        #expect(isReady)
        var stream: [UInt8] = [0x89, 3, 5, 6, 7]
        var reply = [UInt8](repeating: 0, count: Int(WSF_CONTROL_FRAME_MAX))
        var (index, count, event, violation) = (0, 0, wsf_event(), wsf_violation())
        // Clears whatever the event held before.
        unsafe withUnsafeMutableBytes(of: &event) { bytes in
            for index in bytes.indices { unsafe bytes[index] = 1 }
        }
        let result = unsafe wsf_connection_next(
            &connection, &stream, 5, &index, &event, Self.key, &reply, &count, &violation)
        #expect(result == wsf_result(WSF_EVENT))
        #expect(Array(reply.prefix(count)) == ConversationMaker.frame(0x8A, [5, 6, 7], key: Self.key))
        #expect(event.payload_start == 0 && event.payload_count == 3 && event.payload_offset == 0)
        #expect(event.frame_length == 3 && event.opcode == 9 && event.message_opcode == 9 && event.reserved_bits == 0)
        #expect(event.begins_frame && event.ends_frame && !event.begins_message && !event.ends_message)
        #expect(!event.is_inflated && event.close_code == 0)
    }

    /// The caller's storage needs only the alignment of a word: values that need more are copied out and back.
    @Test(arguments: [0, 8, 16, 24]) func wordsOfAnyAlignment(offset: Int) {
        let size = MemoryLayout<wsf_connection>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size + 64, alignment: 64)
        defer { unsafe memory.deallocate() }
        let connection = unsafe (memory + offset).bindMemory(to: wsf_connection.self, capacity: 1)
        var options = CorpusInCTests.options(.client, .none, .none)
        let isReady = unsafe wsf_connection_init(connection, size, &options)
        #expect(isReady)
        var stream = Self.client(0x88, [0x03, 0xE8])
        let length = stream.count
        var reply = [UInt8](repeating: 0, count: Int(WSF_CONTROL_FRAME_MAX))
        var (index, count, event, violation) = (0, 0, wsf_event(), wsf_violation())
        let result = unsafe wsf_connection_next(
            connection, &stream, length, &index, &event, nil, &reply, &count, &violation)
        #expect(result == wsf_result(WSF_EVENT) && event.close_code == 1000)
        #expect(unsafe Int(wsf_connection_get_state(connection)) == Int(WSF_CLOSED))
    }

    @Test func aConnectionFails() {
        var server = Server()
        var frame = [UInt8](repeating: 0, count: Int(WSF_CONTROL_FRAME_MAX))
        var count = 0
        unsafe wsf_connection_fail(&server.connection, nil, &frame, &count)
        #expect(frame.prefix(count) == [0x88, 2, 0x03, 0xF3])
        #expect(server.state == Int(WSF_CLOSED))
        unsafe wsf_connection_fail(&server.connection, nil, &frame, &count)
        #expect(count == 0)
        #expect(server.control(Int(WSF_PING), []) == (Int(WSF_SEND_CLOSED), []))
        var other = Server()
        #expect(unsafe !wsf_connection_end_of_input(&other.connection))
        #expect(other.state == Int(WSF_CLOSED))
        #expect(other.header(Int(WSF_WHOLE), 1) == (Int(WSF_SEND_CLOSED), []))
    }
}
