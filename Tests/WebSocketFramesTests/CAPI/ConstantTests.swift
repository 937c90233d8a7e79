import CWebSocketFrames
import CWebSocketFramesHeader
import Testing
import WebSocketFrames

/// The constants of the C header equal those of Swift, and never change.
@Suite struct ConstantTests {
    /// In numeric order. New rules are appended; no line is ever moved or removed.
    private static let rules = [
        (WSF_RULE_RESERVED_BITS, "reserved-bits"),
        (WSF_RULE_MISPLACED_RSV1, "misplaced-rsv1"),
        (WSF_RULE_RESERVED_OPCODE, "reserved-opcode"),
        (WSF_RULE_FRAGMENTED_CONTROL, "fragmented-control"),
        (WSF_RULE_DATA_AFTER_CLOSE, "data-after-close"),
        (WSF_RULE_UNEXPECTED_CONTINUATION, "unexpected-continuation"),
        (WSF_RULE_INTERLEAVED_MESSAGE, "interleaved-message"),
        (WSF_RULE_UNMASKED_CLIENT_FRAME, "unmasked-client-frame"),
        (WSF_RULE_MASKED_SERVER_FRAME, "masked-server-frame"),
        (WSF_RULE_OVERSIZED_CONTROL, "oversized-control"),
        (WSF_RULE_TRUNCATED_CLOSE_CODE, "truncated-close-code"),
        (WSF_RULE_LENGTH_OVERFLOW, "length-overflow"),
        (WSF_RULE_NON_MINIMAL_LENGTH, "non-minimal-length"),
        (WSF_RULE_FRAME_TOO_BIG, "frame-too-big"),
        (WSF_RULE_MESSAGE_TOO_BIG, "message-too-big"),
        (WSF_RULE_INVALID_CLOSE_CODE, "invalid-close-code"),
        (WSF_RULE_CLOSE_REASON_NOT_UTF8, "close-reason-not-utf8"),
        (WSF_RULE_TEXT_NOT_UTF8, "text-not-utf8"),
        (WSF_RULE_INVALID_DEFLATE, "invalid-deflate"),
    ]

    @Test func ruleNumbersAreAppendOnly() {
        for (number, (constant, name)) in Self.rules.enumerated() {
            let text = unsafe wsf_rule_name(wsf_rule(number)).map { unsafe String(cString: $0) }
            #expect(
                text == name && Int(constant) == number, "rule \(number) of websocket_frames.h must stay \(name)")
        }
        #expect(
            Self.rules.count == WSF_RULE_COUNT && Self.rules.count == Rule.allCases.count,
            "a new rule gets the next number in websocket_frames.h, a case of that number in Rule.swift, and a line appended to the list above"
        )
        #expect(Set(Self.rules.map(\.1)) == Set(Rule.allCases.map(\.name)))
        #expect(unsafe wsf_rule_name(wsf_rule(WSF_RULE_COUNT)) == nil)
    }

    @Test func theWordsOfTheWire() {
        let opcodes: [(Int, Opcode)] = [
            (Int(WSF_CONTINUATION), .continuation), (Int(WSF_TEXT), .text), (Int(WSF_BINARY), .binary),
            (Int(WSF_CLOSE), .close), (Int(WSF_PING), .ping), (Int(WSF_PONG), .pong),
        ]
        for (number, opcode) in opcodes { #expect(number == Int(opcode.rawValue)) }
        let bits: [(Int, ReservedBits)] = [(Int(WSF_RSV1), .rsv1), (Int(WSF_RSV2), .rsv2), (Int(WSF_RSV3), .rsv3)]
        for (number, bit) in bits { #expect(number == Int(bit.rawValue)) }
        #expect(Int(WSF_CLIENT) == Int(Endpoint.client.rawValue))
        #expect(Int(WSF_SERVER) == Int(Endpoint.server.rawValue))
        #expect(Endpoint(rawValue: UInt8(WSF_UNKNOWN)) == nil)
        #expect(Int(WSF_CONTROL_PAYLOAD_MAX) == ControlPayload.maximumCount)
        #expect(Int(WSF_HEADER_MAX) == EncodedFrameHeader.maximumCount)
        #expect(Int(WSF_CONTROL_FRAME_MAX) == 2 + 4 + ControlPayload.maximumCount)
    }

    @Test func states() {
        let streams: [(Int, StreamState)] = [
            (Int(WSF_STATE_COMPLETE), .complete), (Int(WSF_STATE_INCOMPLETE_FRAME), .incompleteFrame),
            (Int(WSF_STATE_INCOMPLETE_MESSAGE), .incompleteMessage), (Int(WSF_STATE_VIOLATION), .violation),
        ]
        for (number, state) in streams { #expect(number == Int(state.rawValue)) }
        #expect(streams.count == StreamState.allCases.count)
        let connections: [(Int, Connection.State)] = [
            (Int(WSF_OPEN), .open), (Int(WSF_CLOSING), .closing), (Int(WSF_CLOSED), .closed),
        ]
        for (number, state) in connections { #expect(number == Int(state.rawValue)) }
        #expect([WSF_NEED_MORE, WSF_EVENT, WSF_STOPPED, WSF_VIOLATION, WSF_EXCEEDED].map { Int($0) } == Array(0...4))
        #expect([WSF_WHOLE, WSF_FIRST, WSF_MIDDLE, WSF_LAST].map { Int($0) } == Array(0...3))
        let errors = [
            WSF_SENT, WSF_SEND_CLOSED, WSF_SEND_NO_OPEN_MESSAGE, WSF_SEND_OPEN_MESSAGE, WSF_SEND_UNCLAIMED_BITS,
            WSF_SEND_TOO_LONG, WSF_SEND_INVALID_CONTROL, WSF_SEND_INVALID_ARGUMENT,
        ]
        #expect(errors.map { Int($0) } == Array(0...7))
    }

    @Test func theCallersSizesAreChecked() {
        var options = wsf_options()
        #expect(unsafe !wsf_options_init(&options, MemoryLayout<wsf_options>.size - 8, wsf_endpoint(WSF_CLIENT)))
        #expect(unsafe wsf_options_init(&options, MemoryLayout<wsf_options>.size, wsf_endpoint(WSF_CLIENT)))
        var connection = wsf_connection()
        #expect(unsafe wsf_connection_init(&connection, MemoryLayout<wsf_connection>.size, &options))
        #expect(unsafe !wsf_connection_init(&connection, MemoryLayout<wsf_connection>.size + 8, &options))
        #expect(wsf_version() == UInt32(WSF_VERSION))
    }

    /// The defaults that the header documents: no extension, no limits, a 15-bit window with context takeover.
    @Test func theOptionsOfACallerThatSetsNone() {
        var options = wsf_options()
        #expect(unsafe wsf_options_init(&options, MemoryLayout<wsf_options>.size, wsf_endpoint(WSF_CLIENT)))
        #expect(options.peer == wsf_endpoint(WSF_CLIENT))
        #expect([options.max_frame, options.max_message] == [.max, .max])
        #expect([options.max_fragments, options.max_control_frames] == [.max, .max])
        #expect(!options.permessage_deflate && options.claimed_bits == 0 && !options.inflates)
        #expect(options.window_bits == 15 && options.takes_over)
    }
}
