import PerMessageDeflate
import WebSocketFrames
import WebSocketInspection

// The sentence that describes a violation with its own values: the same in every report.

enum ViolationMessage {
    /// Returns what is wrong, as a clause that begins in lower case and has no full stop.
    static func text(of violation: Violation, sender: Endpoint?) -> String {
        let header = violation.header
        let opcode = header.opcode
        let frame = article(for: opcode)
        let endpoint = sender.map { "the \($0.name)" } ?? "the sender"
        switch violation.rule {
        case .reservedBits:
            return reservedBits(header.reservedBits, on: frame)
        case .misplacedRSV1:
            return "RSV1 is set on \(frame), and permessage-deflate allows it on the first frame of a message only"
        case .reservedOpcode:
            let kind = opcode.isControl ? "control" : "data"
            return "opcode \(hexDigit(opcode)) is reserved for \(kind) frames that are not defined"
        case .fragmentedControl:
            return "FIN is not set on \(frame), and a control frame cannot be fragmented"
        case .dataAfterClose:
            return "\(endpoint) sent \(frame) after its Close"
        case .unexpectedContinuation:
            return "\(endpoint) sent a continuation frame, and no message is open for it to continue"
        case .interleavedMessage:
            return "\(endpoint) began another message with \(frame) before the open one had ended"
        case .unmaskedClientFrame:
            return "the client sent \(frame)\(shortSize(of: header)) without masking it"
        case .maskedServerFrame:
            return "the server sent \(frame)\(shortSize(of: header)) with a mask, and only a client masks"
        case .oversizedControl:
            return "\(frame) says that it has more than 125 bytes: its 7-bit length is \(header[1] & 0x7F)"
        case .truncatedCloseCode:
            return "\(frame) has a payload of 1 byte, and a close code has 2"
        case .lengthOverflow:
            return "the top bit is set in the 64-bit length \(Numbers.hex(header.payloadLength)) of \(frame)"
        case .nonMinimalLength:
            return nonMinimalLength(header)
        case .frameTooBig:
            return "\(frame)\(size(of: header)) is over the receiver's limit for one frame"
        case .messageTooBig:
            return "\(frame)\(size(of: header)) takes the message over the receiver's limit"
        case .invalidCloseCode:
            return closeCode(violation.value)
        case .invalidDeflate:
            return deflate(violation)
        case .closeReasonNotUTF8:
            return text(violation, whole: "the close reason", payload: "the Close's payload")
        case .textNotUTF8:
            return text(violation, whole: "the message", payload: "the payload")
        }
    }

    /// Returns the index in its frame's payload at which the violation is.
    static func payloadIndex(of violation: Violation) -> UInt64 {
        violation.offset &- violation.frameOffset &- UInt64(truncatingIfNeeded: violation.header.count)
    }

    private static func article(for opcode: Opcode) -> String {
        switch opcode {
        case .close: "a Close"
        case .ping, .pong: "a \(opcode.name)"
        case _ where opcode.isReserved: "a frame of opcode \(hexDigit(opcode))"
        default: "a \(opcode.name) frame"
        }
    }

    private static func hexDigit(_ opcode: Opcode) -> String {
        "0x" + String(opcode.rawValue, radix: 16, uppercase: true)
    }

    private static func reservedBits(_ bits: ReservedBits, on frame: String) -> String {
        let names = [(ReservedBits.rsv1, "RSV1"), (.rsv2, "RSV2"), (.rsv3, "RSV3")]
            .compactMap { bits.contains($0.0) ? $0.1 : nil }
        switch names.count {
        case 0, 1:
            return "\(names.first ?? "an RSV bit") is set on \(frame), and no agreed extension claims it"
        case 2:
            return "\(names[0]) and \(names[1]) are set on \(frame), and no agreed extensions claim both"
        default:
            return "all three RSV bits are set on \(frame), and no agreed extensions claim all three"
        }
    }

    /// Returns ` of 5 bytes`, if byte 1 contains the size.
    private static func shortSize(of header: EncodedFrameHeader) -> String {
        header[1] & 0x7F > 125 ? "" : size(of: header)
    }

    private static func size(of header: EncodedFrameHeader) -> String {
        " of " + Numbers.count(header.payloadLength, "byte")
    }

    private static func nonMinimalLength(_ header: EncodedFrameHeader) -> String {
        let form = header[1] & 0x7F == 127 ? "64-bit" : "16-bit"
        let length = header.payloadLength
        let enough = length < 126 ? "the 7 bits of byte 1" : "16 bits"
        return "the \(form) form is used for a length of \(Numbers.grouped(length)), which \(enough) would hold"
    }

    private static func closeCode(_ value: UInt16) -> String {
        let reason =
            switch value {
            case 1004: "is reserved and has no meaning"
            case 1005: "must never be sent; it stands for a Close without a code"
            case 1006: "must never be sent; it stands for a connection that ended without a Close"
            case 1015: "must never be sent; it stands for a TLS handshake that failed"
            case 0...999: "is below 1000, and such codes are not used"
            case 1000...2999: "is not assigned"
            default: "is out of range: codes end at 4999"
            }
        let swapped = CloseCode(rawValue: value.byteSwapped)
        let isSwapped = swapped.isAllowedOnWire && swapped.rawValue < 3000
        let hint = isSwapped ? "; with its two bytes swapped it is \(swapped.rawValue)" : ""
        return "close code \(value) \(reason)\(hint)"
    }

    private static func text(_ violation: Violation, whole: String, payload: String) -> String {
        if violation.length == 0 { return "\(whole) ends inside a character" }
        let byte = UInt8(truncatingIfNeeded: violation.value)
        let index = violation.messageOffset ?? payloadIndex(of: violation)
        let payload = violation.messageOffset == nil ? payload : "the inflated message"
        let place = "\(Numbers.hex(UInt64(byte))) at byte \(Numbers.grouped(index)) of \(payload)"
        switch byte {
        case 0xC0, 0xC1, 0xF5...0xFF: return "\(place) cannot occur in UTF-8"
        default: return "\(place) is not valid there in UTF-8"
        }
    }

    private static func deflate(_ violation: Violation) -> String {
        let place = "byte \(Numbers.grouped(payloadIndex(of: violation))) of the payload"
        switch violation.deflateFault {
        case .unfinished: return "the compressed message does not end where 00 00 FF FF may be appended"
        case .emptyPayload:
            return "the compressed message has no payload, and an empty one is compressed to one byte 00"
        case let reason?: return "the message does not inflate at \(place): \(phrase(reason))"
        case nil: return "the message does not inflate from \(place) on"
        }
    }

    private static func phrase(_ reason: InflateFault.Reason) -> String {
        switch reason {
        case .reservedBlockType: "a block has the reserved type 3"
        case .storedLengthMismatch: "the length of a stored block and its complement differ"
        case .tooManyCodes: "a block declares more codes than there are"
        case .oversubscribedCode: "the lengths of a code leave no room for all its symbols"
        case .incompleteCode: "the lengths of a code leave some bits without a symbol"
        case .noEndOfBlock: "a block has no code for its end"
        case .invalidRepeat: "a code length is repeated where none precedes it, or beyond the last"
        case .invalidSymbol: "bits that are no symbol's code"
        case .distanceBeyondWindow: "a distance is longer than the window that was agreed"
        case .distanceBeyondOutput: "a distance reaches to before the first byte that the window holds"
        default: "the data is not DEFLATE"
        }
    }
}
