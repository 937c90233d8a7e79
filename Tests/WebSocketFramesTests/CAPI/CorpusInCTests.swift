import CWebSocketFrames
import CWebSocketFramesHeader
import FixtureCorpus
import Testing
import WebSocketFrames

/// Every C call that judges a stream agrees with ``FrameValidator`` on the whole corpus.
@Suite struct CorpusInCTests {
    /// What the C API reports about a stream.
    struct Outcome: Equatable {
        var rule: UInt8?
        var offset: UInt64 = 0
        var length: UInt8 = 0
        var frame: UInt64 = 0
        var frameOffset: UInt64 = 0
        var value: UInt16 = 0
        var closeCode: UInt16 = 0
        var header: [UInt8] = []
        var position: UInt64 = 0
        var frames: UInt64 = 0
        var messages: UInt64 = 0
        var state: UInt8 = 0
        var isClosed = false

        init(_ validator: FrameValidator) {
            if let violation = validator.violation {
                rule = violation.rule.rawValue
                offset = violation.offset
                length = UInt8(violation.length)
                frame = violation.frame
                frameOffset = violation.frameOffset
                value = violation.value
                closeCode = violation.closeCode.rawValue
                header = Array(violation.header)
            }
            position = validator.position
            frames = validator.frameCount
            messages = validator.messageCount
            state = validator.state.rawValue
            isClosed = validator.isClosed
        }

        init(_ result: wsf_result, _ violation: wsf_violation, _ status: wsf_status) {
            if result == wsf_result(WSF_VIOLATION) {
                var violation = violation
                rule = violation.rule
                offset = violation.offset
                length = violation.length
                frame = violation.frame
                frameOffset = violation.frame_offset
                value = violation.value
                closeCode = violation.close_code
                header = unsafe withUnsafeBytes(of: &violation.header) {
                    unsafe Array($0.prefix(Int(violation.header_length)))
                }
            }
            position = status.position
            frames = status.frames
            messages = status.messages
            state = status.state
            isClosed = status.closed
        }
    }

    static func options(_ peer: Endpoint?, _ extensions: AgreedExtensions, _ limits: Limits) -> wsf_options {
        var options = wsf_options()
        let number = peer?.rawValue ?? wsf_endpoint(WSF_UNKNOWN)
        unsafe wsf_options_init(&options, MemoryLayout<wsf_options>.size, number)
        options.permessage_deflate = extensions.includesPermessageDeflate
        var claimed = extensions.claimedBits
        if extensions.includesPermessageDeflate { claimed.remove(.rsv1) }
        options.claimed_bits = claimed.rawValue
        options.max_frame = limits.frame
        options.max_message = limits.message
        return options
    }

    private static func pieces(_ stream: [UInt8], of size: Int) -> [[UInt8]] {
        stride(from: 0, to: stream.count, by: size).map { Array(stream[$0..<min($0 + size, stream.count)]) }
    }

    @Test(arguments: [1, 7, 1_000_000]) func validating(size: Int) throws {
        for fixture in try FixtureCorpus.load() {
            var swift = FrameValidator(for: fixture)
            _ = swift.feed(fixture.bytes)
            var options = Self.options(fixture.sender, fixture.extensions, fixture.limits)
            var validator = wsf_validator()
            var violation = wsf_violation()
            var status = wsf_status()
            var result = wsf_result(WSF_NEED_MORE)
            let isReady = unsafe wsf_validator_init(&validator, MemoryLayout<wsf_validator>.size, &options)
            #expect(isReady)
            for piece in Self.pieces(fixture.bytes, of: size) where result == wsf_result(WSF_NEED_MORE) {
                result = unsafe wsf_validate(&validator, piece, piece.count, &violation)
            }
            unsafe wsf_validator_status(&validator, &status)
            #expect(Outcome(result, violation, status) == Outcome(swift), "\(fixture.path)")
            let sender = unsafe wsf_validator_sender(&validator)
            #expect(sender == swift.sender?.rawValue ?? wsf_endpoint(WSF_UNKNOWN), "\(fixture.path)")
            let code = unsafe wsf_validator_close_code(&validator)
            #expect(code == swift.closeCode?.rawValue ?? 0, "\(fixture.path)")
            let isBroken = result == wsf_result(WSF_VIOLATION)
            let answer = unsafe isBroken ? wsf_close_code(&violation) : wsf_close_code(nil)
            #expect(answer == swift.violation?.closeCode.rawValue ?? 1011)
            let skips = unsafe wsf_validator_skip_frame(&validator)
            #expect(skips == swift.skipFrame(), "\(fixture.path)")
        }
    }

    @Test(arguments: [1, 7, 1_000_000]) func reading(size: Int) throws {
        for fixture in try FixtureCorpus.load() {
            guard let sender = fixture.sender else { continue }
            var swift = FrameValidator(for: fixture)
            _ = swift.feed(fixture.bytes)
            var accounts: [Account] = []
            for way in ReadingInC.allCases {
                let heard = HeardInC()
                var options = Self.options(sender, fixture.extensions, fixture.limits)
                var reader = wsf_reader()
                var violation = wsf_violation()
                var status = wsf_status()
                var result = wsf_result(WSF_NEED_MORE)
                let isReady = unsafe wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options)
                #expect(isReady)
                for piece in Self.pieces(fixture.bytes, of: size) where result == wsf_result(WSF_NEED_MORE) {
                    var piece = piece
                    result = way.read(&reader, &piece, heard, &violation)
                }
                unsafe wsf_reader_status(&reader, &status)
                #expect(Outcome(result, violation, status) == Outcome(swift), "\(fixture.path), \(way)")
                #expect(heard.frames == Int(swift.frameCount), "\(fixture.path), \(way)")
                if swift.violation == nil { accounts.append(heard.account) }
            }
            #expect(accounts.allSatisfy { $0 == accounts[0] }, "\(fixture.path)")
        }
    }

    @Test func whatIsRefused() {
        var validator = wsf_validator()
        var reader = wsf_reader()
        var connection = wsf_connection()
        var options = Self.options(nil, .none, .none)
        // Only a validator may be set up without a known sender.
        #expect(unsafe wsf_validator_init(&validator, MemoryLayout<wsf_validator>.size, &options))
        #expect(unsafe !wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options))
        #expect(unsafe !wsf_connection_init(&connection, MemoryLayout<wsf_connection>.size, &options))
        #expect(unsafe !wsf_validator_init(&validator, MemoryLayout<wsf_validator>.size - 8, &options))
        options.peer = 77
        #expect(unsafe !wsf_validator_init(&validator, MemoryLayout<wsf_validator>.size, &options))
        options.peer = wsf_endpoint(WSF_CLIENT)
        #expect(unsafe wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options))
        #expect(unsafe !wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size - 8, &options))
        // Inflating needs permessage-deflate to be agreed, and memory for a window.
        options.inflates = true
        options.window_bits = 15
        #expect(unsafe !wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options))
        options.permessage_deflate = true
        #expect(unsafe wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options))
        #expect(unsafe !wsf_validator_init(&validator, MemoryLayout<wsf_validator>.size, &options))
        for (bits, isLegal) in [(7, false), (8, true), (15, true), (16, false)] as [(UInt8, Bool)] {
            options.window_bits = bits
            #expect(unsafe wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options) == isLegal)
        }
    }

    @Test func theTextsOfTheRules() {
        for rule in Rule.allCases {
            let entry = rule.entry
            let texts: [(UnsafePointer<CChar>?, StaticString)] = unsafe [
                (wsf_rule_name(rule.rawValue), entry.name), (wsf_rule_section(rule.rawValue), entry.section),
                (wsf_rule_broken_when(rule.rawValue), entry.brokenWhen),
                (wsf_rule_sentence(rule.rawValue), entry.sentence), (wsf_rule_meaning(rule.rawValue), entry.meaning),
                (wsf_rule_causes(rule.rawValue), entry.causes), (wsf_rule_checks(rule.rawValue), entry.checks),
            ]
            for unsafe(text, expected) in unsafe texts {
                #expect(unsafe text.map { unsafe String(cString: $0) } == "\(expected)", "\(rule)")
            }
        }
        #expect(unsafe wsf_rule_checks(wsf_rule(WSF_RULE_COUNT)) == nil)
    }
}
