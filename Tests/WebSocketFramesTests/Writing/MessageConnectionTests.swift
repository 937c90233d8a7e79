import PerMessageDeflate
import Testing
import WebSocketFrames

/// Whole messages, with replies, and with permessage-deflate where it was agreed.
@Suite struct MessageConnectionTests {
    private let limits = Limits(message: 10_000)

    /// What `connection` hands over for a stream that is cut into pieces of `size` bytes.
    private func receive(
        _ stream: [UInt8], _ connection: inout MessageConnection, size: Int = .max
    ) -> (events: [MessageConnection.Event], replies: [UInt8]) {
        var events: [MessageConnection.Event] = []
        var replies: [UInt8] = []
        var start = 0
        while start < stream.count {
            var piece = Array(stream[start...].prefix(size))
            start += piece.count
            var bytes = piece.mutableSpan
            var index = 0
            while let event = connection.next(in: &bytes, from: &index, replies: &replies) { events.append(event) }
        }
        return (events, replies)
    }

    private func messages(_ events: [MessageConnection.Event]) -> [[UInt8]] {
        events.compactMap { event in if case .message(let message) = event { message.bytes } else { nil } }
    }

    @Test func fragmentsAndReplies() throws {
        var writer = FrameWriter(sender: .client)
        var stream: [UInt8] = []
        try writer.write(.first(.text), "Hel".utf8, to: &stream)
        try writer.write(try #require(.ping([1])), to: &stream)
        try writer.write(.last, "lo".utf8, to: &stream)
        try writer.write(.whole(.binary), [], to: &stream)
        try writer.write(.close, to: &stream)
        for size in [1, 3, 1000] {
            var connection = MessageConnection(role: .server, limits: limits)
            let (events, replies) = receive(stream, &connection, size: size)
            #expect(messages(events) == [Array("Hello".utf8), []])
            #expect(events.last == .close(.close))
            #expect(replies == [0x8A, 1, 1, 0x88, 0])
        }
    }

    /// A compressed message may be a sixteenth and 64 bytes longer than the limit; an uncompressed one may not exceed it.
    @Test func theLimitWhereMessagesMayBeCompressed() throws {
        func event(_ parts: [(UInt8, Int)], limit: UInt64) -> MessageConnection.Event? {
            var connection = MessageConnection(role: .server, deflate: .standard, limits: Limits(message: limit))
            var stream: [UInt8] = []
            for (byte0, count) in parts {
                stream += ConversationMaker.frame(byte0, [UInt8](repeating: 7, count: count), key: [1, 2, 3, 4])
            }
            return receive(stream, &connection).events.first
        }
        func rule(_ event: MessageConnection.Event?) -> Rule? {
            if case .violation(let violation)? = event { violation.rule } else { nil }
        }
        #expect(event([(0x82, 1600)], limit: 1600).map { messages([$0]) } == [[UInt8](repeating: 7, count: 1600)])
        #expect(event([(0x82, 1601)], limit: 1600) == .corrupt(.tooBig))
        #expect(event([(0x82, 1764)], limit: 1600) == .corrupt(.tooBig))
        #expect(rule(event([(0x82, 1765)], limit: 1600)) == .messageTooBig)
        #expect(event([(0x02, 1000), (0x80, 601)], limit: 1600) == .corrupt(.tooBig))
        #expect(event([(0x02, 1000), (0x80, 600)], limit: 1600).map { messages([$0]).first?.count } == 1600)
    }

    /// Messages of 128 bytes and more are compressed, and arrive unchanged.
    @Test func compressedFromItsLengthOn() throws {
        var client = MessageConnection(role: .client, deflate: .standard, limits: limits)
        var server = MessageConnection(role: .server, deflate: .standard, limits: limits)
        for text in ["a", "\u{10FFFF}", "é"] {
            for count in [124, 127, 128, 132, 400] {
                let message = Array(String(repeating: text, count: count / text.utf8.count).utf8)
                var stream: [UInt8] = []
                try client.send(.text, message, to: &stream)
                #expect(stream[0] == (message.count < 128 ? 0x81 : 0xC1), "\(message.count)")
                let (events, _) = receive(stream, &server)
                #expect(messages(events) == [message])
                guard case .message(let received)? = events.first else { continue }
                #expect(!received.isCompressed && received.kind == .text)
            }
        }
    }

    @Test(
        arguments: [
            DeflateParameters.standard,
            DeflateParameters(clientNoContextTakeover: true, serverNoContextTakeover: true),
            DeflateParameters(clientMaxWindowBits: 8, serverMaxWindowBits: 9),
        ])
    func bothEndsCompress(parameters: DeflateParameters) throws {
        var client = MessageConnection(role: .client, deflate: parameters, limits: limits)
        var server = MessageConnection(role: .server, deflate: parameters, limits: limits)
        let long = Array(String(repeating: "the same again, and ", count: 200).utf8)
        let sent = [long, Array("short".utf8), long, (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 31) }, long]
        for size in [1, 7, 100_000] {
            var (up, down): ([UInt8], [UInt8]) = ([], [])
            for message in sent {
                try client.send(.binary, message, to: &up)
                try server.send(.binary, message, to: &down)
            }
            #expect(up.count < long.count && down.count < long.count)
            #expect(messages(receive(up, &server, size: size).events) == sent)
            #expect(messages(receive(down, &client, size: size).events) == sent)
        }
    }

    /// What DEFLATE would make longer is sent uncompressed, and later messages do not refer to it.
    @Test func whatDoesNotGetSmallerIsNotCompressed() throws {
        var random: UInt32 = 1
        let noise = (0..<2_000).map { _ in
            random = random &* 1_664_525 &+ 1_013_904_223
            return UInt8(random >> 24)
        }
        let text = Array(String(repeating: "the same again, and ", count: 20).utf8)
        var client = MessageConnection(role: .client, deflate: .standard, limits: limits)
        var server = MessageConnection(role: .server, deflate: .standard, limits: limits)
        let sent = [text, noise, noise + text, text]
        var stream: [UInt8] = []
        var areCompressed: [Bool] = []
        for message in sent {
            let start = stream.count
            try server.send(.binary, message, to: &stream)
            areCompressed.append(stream[start] & 0x40 != 0)
        }
        #expect(areCompressed == [true, false, true, true])
        #expect(messages(receive(stream, &client).events) == sent)
    }

    /// A compressor that records how it is used.
    private struct Noted: MessageCompressor {
        let log: Log
        var deflater: MessageDeflater

        mutating func compress(_ bytes: Span<UInt8>, endsMessage: Bool, _ give: (Span<UInt8>) -> Void) {
            log.calls.append(endsMessage ? "compress" : "compress a part of")
            deflater.compress(bytes, endsMessage: endsMessage, give)
        }

        mutating func forget() {
            log.calls.append("forget")
            deflater.forget()
        }
    }

    private final class Log: @unchecked Sendable {
        var calls: [String] = []
    }

    @Test(arguments: [false, true]) func anotherCompressor(takesOver: Bool) throws {
        let log = Log()
        let deflate = DeflateParameters(serverMaxWindowBits: 11, serverNoContextTakeover: !takesOver)
        var server = MessageConnection(role: .server, deflate: deflate, limits: limits) { context in
            log.calls.append("create")
            return Noted(log: log, deflater: MessageDeflater(context))
        }
        var client = MessageConnection(role: .client, deflate: deflate, limits: limits)
        let text = Array(String(repeating: "the same again, and ", count: 20).utf8)
        let different = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let sent = [text, different, text, Array("short".utf8)]
        var stream: [UInt8] = []
        for message in sent { try server.send(.binary, message, to: &stream) }
        #expect(messages(receive(stream, &client).events) == sent)
        let created = takesOver ? [] : ["create"]
        #expect(
            log.calls == ["create", "compress"] + created + ["compress", "forget"] + created + ["compress"])
        #expect(stream.count < text.count + different.count)
    }

    /// A compressor whose output has a given length.
    private struct Constant: MessageCompressor {
        let count: Int

        mutating func compress(_ bytes: Span<UInt8>, endsMessage: Bool, _ give: (Span<UInt8>) -> Void) {
            give([UInt8](repeating: 0, count: count).span)
        }

        mutating func forget() {}
    }

    @Test(arguments: [(127, 0xC2), (128, 0x82), (129, 0x82)] as [(Int, UInt8)])
    func onlyAShorterMessageIsSentCompressed(count: Int, byte0: UInt8) throws {
        var server = MessageConnection(role: .server, deflate: .standard, limits: limits) { _ in Constant(count: count)
        }
        var stream: [UInt8] = []
        try server.send(.binary, [UInt8](repeating: 1, count: 128), to: &stream)
        #expect(stream.first == byte0)
    }

    /// A server that receives these compressed bytes as one message.
    private func receive(compressed: [UInt8], _ kind: MessageKind, limits: Limits) throws -> (
        MessageConnection.Event?, [UInt8]
    ) {
        var writer = FrameWriter(sender: .client, extensions: .permessageDeflate)
        var stream: [UInt8] = []
        try writer.write(.whole(kind), compressed, reservedBits: .rsv1, to: &stream)
        var server = MessageConnection(role: .server, deflate: .standard, limits: limits)
        let (events, replies) = receive(stream, &server)
        #expect(server.connection.state == (replies.isEmpty ? .open : .closed))
        return (events.last, replies)
    }

    private func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var deflater = MessageDeflater(DeflateContext())
        var compressed: [UInt8] = []
        deflater.compress(bytes.span) { for index in $0.indices { compressed.append($0[index]) } }
        return compressed
    }

    @Test func faultsInsideACompressedMessage() throws {
        let (event, replies) = try receive(compressed: [0xFF, 0xFF], .binary, limits: limits)
        guard case .corrupt(.inflating) = event else {
            Issue.record("\(String(describing: event))")
            return
        }
        #expect(replies == [0x88, 17, 0x03, 0xEF] + Array("invalid-deflate".utf8))
        // Text is judged as it is inflated, and at its end.
        for text in [[0x61, 0xFF, 0x62], Array("ä".utf8.dropLast())] as [[UInt8]] {
            let (event, replies) = try receive(compressed: compressed(text), .text, limits: limits)
            #expect(event == .corrupt(.textNotUTF8))
            #expect(replies == [0x88, 15, 0x03, 0xEF] + Array("text-not-utf8".utf8))
            #expect(try receive(compressed: compressed(text), .binary, limits: limits).1.isEmpty)
        }
    }

    @Test func whatInflatesToTooMuch() throws {
        let bomb = compressed([UInt8](repeating: 0, count: 100_000))
        #expect(bomb.count < 1_000)
        let (event, replies) = try receive(compressed: bomb, .binary, limits: limits)
        guard case .corrupt(let fault) = event else {
            Issue.record("\(String(describing: event))")
            return
        }
        #expect(fault.closeCode == .messageTooBig)
        #expect(replies == [0x88, 17, 0x03, 0xF1] + Array("message-too-big".utf8))
        #expect(try receive(compressed: bomb, .binary, limits: Limits(message: 100_000)).1.isEmpty)
    }

    private struct OwnFailure: Error {}

    @Test func whatIsNotAMessage() throws {
        func client(_ byte0: UInt8, _ payload: [UInt8]) -> [UInt8] {
            ConversationMaker.frame(byte0, payload, key: [1, 2, 3, 4])
        }
        var server = MessageConnection(role: .server, limits: limits, counts: CountLimits(fragments: 2))
        let (events, _) = receive(
            client(0x8A, [7]) + client(0x81, [0x61]) + client(0x02, []) + client(0x00, []) + client(0x00, []), &server)
        #expect(events.first == .pong(try #require(.pong([7]))))
        #expect(events.last == .exceeded(.fragments))
        guard case .message(let message) = events[1] else {
            Issue.record("no message")
            return
        }
        #expect(message.kind == .text)
        let isInOrder = server.endOfInput()
        #expect(isInOrder)

        var output: [UInt8] = []
        var other = MessageConnection(role: .server, limits: limits)
        try other.send(try #require(.ping([1])), to: &output)
        try other.close(.goingAway, reason: "so", to: &output)
        #expect(output == [0x89, 1, 1, 0x88, 4, 0x03, 0xE9] + Array("so".utf8))
        #expect(throws: SendError.closed) { try other.close(to: &output) }
        output = []
        var third = MessageConnection(role: .server, limits: limits)
        third.fail(OwnFailure(), to: &output)
        #expect(output == [0x88, 2, 0x03, 0xF3])
        #expect(third.connection.state == .closed)
        var fourth = MessageConnection(role: .server, limits: limits)
        let vanished = !fourth.endOfInput()
        #expect(vanished)
    }

    /// On the wire a message may be slightly longer than its limit if messages may be compressed.
    @Test func theLimitIsOfWhatIsHandedOver() {
        for (count, isLegal) in [(1_000, true), (1_001, false)] {
            var server = MessageConnection(role: .server, deflate: .standard, limits: Limits(message: 1_000))
            let stream = ConversationMaker.frame(0x82, [UInt8](repeating: 0, count: count), key: [1, 2, 3, 4])
            let (events, _) = receive(stream, &server)
            #expect(events.last == (isLegal ? events.last : .corrupt(.tooBig)))
            #expect(messages(events).count == (isLegal ? 1 : 0))
        }
        // Without a limit, the sum does not overflow.
        var server = MessageConnection(role: .server, deflate: .standard, limits: .none)
        #expect(messages(receive(ConversationMaker.frame(0x82, [1], key: [0, 0, 0, 0]), &server).events) == [[1]])
    }

    /// Between messages, a connection keeps windows only if context takeover needs them.
    @Test(arguments: [true, false]) func windowsAreKeptWhereTheyAreTakenOver(takesOver: Bool) throws {
        let deflate = DeflateParameters(clientNoContextTakeover: !takesOver, serverNoContextTakeover: !takesOver)
        var server = MessageConnection(role: .server, deflate: deflate, limits: limits)
        var client = MessageConnection(role: .client, deflate: deflate, limits: limits)
        for _ in 0..<2 {
            var stream: [UInt8] = []
            try client.send(text: String(repeating: "so be it, ", count: 40), to: &stream)
            #expect(stream.count < 100)
            _ = receive(Array(stream.dropLast()), &server)
            #expect(Self.kept(by: server).contains("inflater"))
            _ = receive([try #require(stream.last)], &server)
            #expect(Self.kept(by: server) == (takesOver ? ["inflater"] : []))
            #expect(Self.kept(by: client) == (takesOver ? ["compressor"] : []))
        }
    }

    private static func kept(by connection: MessageConnection) -> Set<String> {
        let parts = Mirror(reflecting: connection).children.filter { part in
            ["inflater", "compressor"].contains(part.label) && !Mirror(reflecting: part.value).children.isEmpty
        }
        return Set(parts.compactMap(\.label))
    }
}
