import Testing
import WebSocketFrames

@Suite struct CloseCodeTests {
    /// RFC 6455 §7.4 and the IANA registry, one range per line.
    static let ranges: [(codes: ClosedRange<UInt16>, legal: Bool)] = [
        (0...999, false),
        (1000...1003, true),
        (1004...1006, false),
        (1007...1014, true),
        (1015...2999, false),
        (3000...4999, true),
        (5000...65_535, false),
    ]

    @Test(arguments: ranges) func everyCodeOnTheWire(codes: ClosedRange<UInt16>, legal: Bool) {
        for code in codes {
            let isLegal = CloseCode(rawValue: code).isAllowedOnWire
            if isLegal != legal { Issue.record("\(code)") }
        }
    }

    @Test(arguments: ranges) func everyCodeInAClose(codes: ClosedRange<UInt16>, legal: Bool) {
        let server = FrameValidator(sender: .server)
        let client = FrameValidator(sender: .client)
        for code in codes {
            let high = UInt8(code >> 8)
            let low = UInt8(code & 0xFF)
            let unmasked = server.reading([0x88, 0x02, high, low])
            let masked = client.reading([0x88, 0x82, 1, 2, 3, 4, high ^ 1, low ^ 2])
            for (reading, offset) in [(unmasked, UInt64(2)), (masked, 6)] {
                let fault = reading.violation
                let asExpected =
                    legal
                    ? fault == nil && reading.isClosed && reading.closeCode?.rawValue == code
                    : fault?.rule == .invalidCloseCode && fault?.value == code && fault?.offset == offset
                        && fault?.length == 2 && !reading.isClosed && reading.closeCode == nil
                if !asExpected { Issue.record("\(code): \(reading)") }
            }
        }
    }

    @Test func theRangesCoverEveryCode() {
        #expect(Self.ranges.map { Int($0.codes.count) }.reduce(0, +) == 65_536)
    }

    @Test func namedCodes() {
        let codes: [(CloseCode, UInt16, String)] = [
            (.normalClosure, 1000, "normal closure"), (.goingAway, 1001, "going away"),
            (.protocolError, 1002, "protocol error"), (.unsupportedData, 1003, "unsupported data"),
            (.noStatusReceived, 1005, "no status received"), (.abnormalClosure, 1006, "abnormal closure"),
            (.invalidPayload, 1007, "invalid frame payload data"), (.policyViolation, 1008, "policy violation"),
            (.messageTooBig, 1009, "message too big"), (.mandatoryExtension, 1010, "mandatory extension"),
            (.internalError, 1011, "internal error"), (.serviceRestart, 1012, "service restart"),
            (.tryAgainLater, 1013, "try again later"), (.badGateway, 1014, "bad gateway"),
            (.tlsHandshake, 1015, "TLS handshake"),
        ]
        for (code, value, name) in codes {
            #expect(code.rawValue == value)
            #expect(code.name.hasPrefix(name))
            #expect(code.name.hasSuffix("(never sent)") == [1005, 1006, 1015].contains(value))
        }
    }

    @Test func everyCodeHasAName() {
        for code in UInt16.min...UInt16.max where CloseCode(rawValue: code).name.isEmpty { Issue.record("\(code)") }
    }

    @Test func whoMaySendACode() {
        for code in UInt16.min...UInt16.max {
            let expected: CloseCode.Sender =
                switch code {
                case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000...4999: .either
                case 1010: .client
                case 1012, 1013, 1014: .server
                default: .nobody
                }
            if CloseCode(rawValue: code).sender != expected { Issue.record("\(code)") }
        }
    }

    struct OwnFailure: Error {}

    @Test func aViolationIsAnsweredWithItsOwnCode() throws {
        let streams: [(String, UInt16)] = [
            ("83", 1002), ("8801", 1002), ("8101ff", 1007), ("8803" + "03e8ff", 1007), ("8205", 1009),
        ]
        for (hex, code) in streams {
            let validator = FrameValidator(sender: .server, limits: Limits(frame: 4))
            let violation = try #require(validator.reading([UInt8](hex: hex)).violation)
            #expect(violation.closeCode.rawValue == code, "\(hex)")
            #expect(CloseCode(answering: violation).rawValue == code, "\(hex)")
        }
    }

    @Test func everyOtherErrorIsAnsweredWith1011() {
        #expect(CloseCode(answering: OwnFailure()) == .internalError)
        #expect(CloseCode(answering: CancellationError()) == .internalError)
        #expect(!Rule.allCases.map(\.closeCode).contains(.internalError))
    }
}
