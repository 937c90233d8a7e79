import CWebSocketFrames
import CWebSocketFramesHeader
import PerMessageDeflate
import SeededRandom
import Testing
import WebSocketFrames

/// The inflating reader of the C API agrees with ``InflatingValidator`` on legal and damaged streams, wherever they
/// are cut.
@Suite struct InflatedReadingTests {
    struct Outcome: Equatable {
        var rule: UInt8?
        var offset: UInt64 = 0
        var length = 0
        var frameOffset: UInt64 = 0
        var value: UInt16 = 0
        var header: [UInt8] = []
        var messageOffset: UInt64?
        let position: UInt64
        let frames: UInt64
        let messages: UInt64
        let state: UInt8
        let isClosed: Bool
    }

    @Test func damagedStreams() {
        var random = SplitMix64(seed: 7692)
        var found: Set<UInt8> = []
        for _ in 0..<Sample.rounds(60_000, debug: 2_000) {
            let bits = random.within(8...15)
            let deflate = DeflateParameters(
                clientMaxWindowBits: bits, serverMaxWindowBits: bits, clientNoContextTakeover: random.oneIn(3),
                serverNoContextTakeover: random.oneIn(3))
            let sender: Endpoint = random.oneIn(2) ? .client : .server
            let limits = Limits(
                frame: random.oneIn(9) ? 60 : .max, message: random.pick([.max, .max, .max, 300, 2_000]))
            var frames = Self.frames(sender, deflate, &random)
            for _ in 0..<random.below(3) { random.pick(Array(Mutation.allCases)).apply(to: &frames, &random) }
            let stream = Array(frames.joined())

            var inflated: [UInt8] = []
            var validator = InflatingValidator(
                sender: sender, extensions: .permessageDeflate(deflate), limits: limits)
            try? validator.consume(stream.span) { piece in
                for index in piece.indices { inflated.append(piece[index]) }
            }
            let expected = Self.outcome(of: validator)
            let came = Self.read(stream, sender, deflate, limits, &random)
            #expect(came.outcome == expected, "\(stream)")
            // The piece that contains the fault may or may not be handed over.
            #expect(expected.rule == nil ? came.inflated == inflated : inflated.starts(with: came.inflated))
            guard came.outcome == expected else { return }
            if let rule = expected.rule { found.insert(rule) }
        }
        let rules: [Rule] = [
            .invalidDeflate, .textNotUTF8, .messageTooBig, .frameTooBig, .misplacedRSV1, .reservedBits,
        ]
        #expect(found.isSuperset(of: rules.map(\.rawValue)))
    }

    /// Messages of all sizes: some compressed, some fragmented, with pings in between.
    private static func frames(
        _ sender: Endpoint, _ deflate: DeflateParameters, _ random: inout SplitMix64
    ) -> [[UInt8]] {
        var deflater = MessageDeflater(sender == .client ? deflate.client : deflate.server)
        let words = ["grün ", "你好 ", "{\"id\":", "}, ", "message ", "null ", "\u{1F44B}"]
        var frames: [[UInt8]] = []
        for _ in 0...random.below(4) {
            let text = (0..<random.below(random.pick([4, 40, 900]))).map { _ in random.pick(words) }.joined()
            var payload = Array(text.utf8)
            if random.oneIn(8), !payload.isEmpty { payload[random.below(payload.count)] = random.byte() }
            let isCompressed = !random.oneIn(4)
            if isCompressed {
                var compressed: [UInt8] = []
                deflater.compress(payload.span) { piece in
                    for index in piece.indices { compressed.append(piece[index]) }
                }
                payload = compressed
            }
            let cut = random.oneIn(3) ? random.below(payload.count + 1) : payload.count
            let parts = cut == payload.count ? [payload] : [Array(payload[..<cut]), Array(payload[cut...])]
            for (index, part) in parts.enumerated() {
                let header = EncodedFrameHeader(
                    opcode: index > 0 ? .continuation : random.oneIn(3) ? .binary : .text,
                    isFinal: index == parts.count - 1, reservedBits: isCompressed && index == 0 ? .rsv1 : [],
                    payloadLength: UInt64(part.count),
                    maskingKey: sender == .client ? MaskingKey(1, 2, 3, 4) : nil)
                let masked = part.enumerated().map { sender == .client ? $1 ^ UInt8($0 % 4 + 1) : $1 }
                frames.append(Array(header) + masked)
                if random.oneIn(6) { frames.append(sender == .client ? [0x89, 0x80, 1, 2, 3, 4] : [0x89, 0]) }
            }
        }
        return frames
    }

    private static func outcome(of validator: InflatingValidator) -> Outcome {
        var outcome = Outcome(
            position: validator.position, frames: validator.frameCount, messages: validator.messageCount,
            state: validator.state.rawValue, isClosed: validator.isClosed)
        guard let violation = validator.violation else { return outcome }
        outcome.rule = violation.rule.rawValue
        outcome.offset = violation.offset
        outcome.length = violation.length
        outcome.frameOffset = violation.frameOffset
        outcome.value = violation.value
        outcome.header = Array(violation.header)
        outcome.messageOffset = violation.messageOffset
        return outcome
    }

    private static func read(
        _ stream: [UInt8], _ sender: Endpoint, _ deflate: DeflateParameters, _ limits: Limits,
        _ random: inout SplitMix64
    ) -> (outcome: Outcome, inflated: [UInt8]) {
        let context = sender == .client ? deflate.client : deflate.server
        var options = wsf_options()
        unsafe wsf_options_init(&options, MemoryLayout<wsf_options>.size, sender.rawValue)
        options.permessage_deflate = true
        options.inflates = true
        options.window_bits = UInt8(context.windowBits)
        options.takes_over = context.takesOver
        options.max_frame = limits.frame
        options.max_message = limits.message
        let size = unsafe wsf_inflater_size(&options)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        defer { unsafe memory.deallocate() }
        let inflater = OpaquePointer(memory)
        var reader = wsf_reader()
        let isReady =
            unsafe wsf_inflater_init(inflater, size, &options)
            && wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options)
        #expect(isReady)

        var inflated: [UInt8] = []
        var violation = wsf_violation()
        var result = wsf_result(WSF_NEED_MORE)
        var borders = Borders()
        var start = 0
        while start < stream.count, result == wsf_result(WSF_NEED_MORE) {
            let end = min(stream.count, start + random.pick([1, 2, 9, 60, 4_000]))
            var piece = Array(stream[start..<end])
            var index = 0
            var event = wsf_event()
            repeat {
                result = unsafe wsf_reader_next_inflated(
                    &reader, inflater, &piece, piece.count, &index, &event, &violation)
                if result == wsf_result(WSF_EVENT) { borders.see(event) }
                if result == wsf_result(WSF_EVENT), event.is_inflated {
                    let payload = unsafe UnsafeBufferPointer(
                        start: wsf_inflated_payload(&event, piece, inflater), count: event.payload_count)
                    unsafe inflated.append(contentsOf: payload)
                }
            } while result == wsf_result(WSF_EVENT)
            start = end
        }
        var status = wsf_status()
        unsafe wsf_reader_status(&reader, &status)
        var outcome = Outcome(
            position: status.position, frames: status.frames, messages: status.messages, state: status.state,
            isClosed: status.closed)
        if result == wsf_result(WSF_VIOLATION) {
            outcome.rule = violation.rule
            outcome.offset = violation.offset
            outcome.length = Int(violation.length)
            outcome.frameOffset = violation.frame_offset
            outcome.value = violation.value
            outcome.header = unsafe withUnsafeBytes(of: &violation.header) {
                unsafe Array($0.prefix(Int(violation.header_length)))
            }
            let place = unsafe wsf_inflater_message_offset(inflater)
            if place < .max, violation.rule == Rule.textNotUTF8.rawValue { outcome.messageOffset = place }
        }
        return (outcome, inflated)
    }

    /// Checks that data events mark the beginning and end of frames and messages in exactly the first and last piece of each,
    /// and that inflated pieces carry their offset in the message.
    private struct Borders {
        private var isInFrame = false
        private var isInMessage = false
        private var inflatedCount: UInt64 = 0

        mutating func see(_ event: wsf_event) {
            guard event.opcode <= wsf_opcode(WSF_BINARY) else { return }
            #expect(event.begins_frame != isInFrame)
            #expect(event.begins_message == (event.begins_frame && event.opcode != wsf_opcode(WSF_CONTINUATION)))
            #expect(event.begins_message != isInMessage)
            #expect(event.ends_frame || !event.ends_message)
            #expect(event.close_code == 0)
            if event.begins_message { inflatedCount = 0 }
            if event.is_inflated {
                #expect(event.payload_offset == inflatedCount)
                inflatedCount += UInt64(event.payload_count)
            }
            isInFrame = !event.ends_frame
            isInMessage = !event.ends_message
        }
    }
}
