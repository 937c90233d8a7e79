import Testing
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct ViolationMessageTests {
    @Test(
        arguments: [
            (.reservedBits, "RSV1 is set on a text frame, and no agreed extension claims it"),
            (
                .misplacedRSV1,
                "RSV1 is set on a ping, and permessage-deflate allows it on the first frame of a message only"
            ),
            (.reservedOpcode, "opcode 0x3 is reserved for data frames that are not defined"),
            (.fragmentedControl, "FIN is not set on a ping, and a control frame cannot be fragmented"),
            (.dataAfterClose, "the client sent a binary frame after its Close"),
            (
                .unexpectedContinuation,
                "the server sent a continuation frame, and no message is open for it to continue"
            ),
            (
                .interleavedMessage,
                "the server began another message with a text frame before the open one had ended"
            ),
            (.unmaskedClientFrame, "the client sent a text frame of 5 bytes without masking it"),
            (.maskedServerFrame, "the server sent a text frame of 5 bytes with a mask, and only a client masks"),
            (.oversizedControl, "a ping says that it has more than 125 bytes: its 7-bit length is 126"),
            (.truncatedCloseCode, "a Close has a payload of 1 byte, and a close code has 2"),
            (.lengthOverflow, "the top bit is set in the 64-bit length 0x80000000000000C8 of a binary frame"),
            (.nonMinimalLength, "the 64-bit form is used for a length of 200, which 16 bits would hold"),
            (.frameTooBig, "a binary frame of 4,096 bytes is over the receiver's limit for one frame"),
            (.messageTooBig, "a continuation frame of 3 bytes takes the message over the receiver's limit"),
            (.invalidCloseCode, "close code 1005 must never be sent; it stands for a Close without a code"),
            (.closeReasonNotUTF8, "0xFF at byte 4 of the Close's payload cannot occur in UTF-8"),
            (.textNotUTF8, "0xC0 at byte 8 of the payload cannot occur in UTF-8"),
        ] as [(Rule, String)])
    func everyRule(_ rule: Rule, _ expected: String) throws {
        let finding = try #require(Sample.finding(in: Sample.stream(breaking: rule)))
        #expect(finding.violation.rule == rule)
        #expect(ViolationMessage.text(of: finding.violation, sender: finding.origin.sender) == expected)
    }

    @Test(
        arguments: [
            ([0xA1], "RSV2 is set on a text frame, and no agreed extension claims it"),
            ([0xB8], "RSV2 and RSV3 are set on a Close, and no agreed extensions claim both"),
            (
                [0x74],
                "all three RSV bits are set on a frame of opcode 0x4, and no agreed extensions claim all three"
            ),
            ([0x8B], "opcode 0xB is reserved for control frames that are not defined"),
            ([0x82, 0x7E], "the client sent a binary frame without masking it"),
            ([0x81, 0x01], "the client sent a text frame of 1 byte without masking it"),
            (
                [0x82, 0xFE, 0x00, 0x7D],
                "the 16-bit form is used for a length of 125, which the 7 bits of byte 1 would hold"
            ),
            (Sample.masked(0x88, [0x03, 0xEC]), "close code 1004 is reserved and has no meaning"),
            (
                Sample.masked(0x88, [0x03, 0xEE]),
                "close code 1006 must never be sent; it stands for a connection that ended without a Close"
            ),
            (
                Sample.masked(0x88, [0x03, 0xF7]),
                "close code 1015 must never be sent; it stands for a TLS handshake that failed"
            ),
            (Sample.masked(0x88, [0x01, 0xF4]), "close code 500 is below 1000, and such codes are not used"),
            (Sample.masked(0x88, [0x07, 0xD0]), "close code 2000 is not assigned"),
            (
                Sample.masked(0x88, [0xE8, 0x03]),
                "close code 59395 is out of range: codes end at 4999; with its two bytes swapped it is 1000"
            ),
            (Sample.masked(0x81, [0xE2, 0x28]), "0x28 at byte 1 of the payload is not valid there in UTF-8"),
            (Sample.masked(0x81, [0x41, 0xE2, 0x82]), "the message ends inside a character"),
            (Sample.masked(0x88, [0x03, 0xE8, 0xE2]), "the close reason ends inside a character"),
        ] as [([UInt8], String)])
    func otherValues(_ bytes: [UInt8], _ expected: String) throws {
        let finding = try #require(Sample.finding(in: Sample.Stream(bytes: bytes)))
        #expect(ViolationMessage.text(of: finding.violation, sender: .client) == expected)
    }
}
