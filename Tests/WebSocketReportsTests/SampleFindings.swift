import PerMessageDeflate
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

/// Streams that break one rule each, and the findings that an API makes of them.
enum Sample {
    static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    /// Legal bytes, followed by bytes that break a rule.
    struct Stream {
        let bytes: [UInt8]
        var sender: Endpoint? = .client
        var extensions = AgreedExtensions.none
        var limits = Limits.none
    }

    /// A frame as a client sends it.
    static func masked(_ byte0: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [byte0, 0x80 | UInt8(payload.count)] + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    static func text(_ text: String) -> [UInt8] { masked(0x81, Array(text.utf8)) }

    static func stream(breaking rule: Rule) -> Stream {
        switch rule {
        case .reservedBits: Stream(bytes: text("hi") + [0xC1])
        case .misplacedRSV1: Stream(bytes: [0xC9], extensions: .permessageDeflate)
        case .reservedOpcode: Stream(bytes: [0x83])
        case .fragmentedControl: Stream(bytes: [0x09], sender: nil)
        case .dataAfterClose: Stream(bytes: masked(0x88, []) + [0x82])
        case .unexpectedContinuation: Stream(bytes: [0x80, 0x00], sender: .server)
        case .interleavedMessage: Stream(bytes: [0x01, 0x01, 0x41, 0x81, 0x00], sender: .server)
        case .unmaskedClientFrame: Stream(bytes: [0x81, 0x05] + Array("Hello".utf8))
        case .maskedServerFrame: Stream(bytes: [0x81, 0x85], sender: .server)
        case .oversizedControl: Stream(bytes: [0x89, 0x7E, 0x00, 0x80], sender: .server)
        case .truncatedCloseCode: Stream(bytes: [0x88, 0x01, 0x03], sender: .server)
        case .lengthOverflow: Stream(bytes: [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0xC8])
        case .nonMinimalLength: Stream(bytes: [0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0xC8], sender: .server)
        case .frameTooBig: Stream(bytes: [0x82, 0xFE, 0x10, 0x00], limits: Limits(frame: 1000))
        case .messageTooBig:
            Stream(bytes: masked(0x02, [1, 2, 3]) + [0x80, 0x83], limits: Limits(message: 5))
        case .invalidCloseCode: Stream(bytes: masked(0x88, [0x03, 0xED]))
        case .invalidDeflate:
            Stream(bytes: text("hi") + masked(0xC1, [0x07, 0x00]), extensions: .permessageDeflate(.standard))
        case .closeReasonNotUTF8: Stream(bytes: masked(0x88, [0x03, 0xE8] + Array("ab".utf8) + [0xFF]))
        case .textNotUTF8: Stream(bytes: text("hi") + masked(0x81, Array("Grüße ".utf8) + [0xC0, 0xAF, 0x21]))
        }
    }

    /// The finding for the first rule that a stream breaks, if any.
    static func finding(
        in stream: Stream, source: String = "dump.bin", connection: Int = 0, streamStart: UInt64 = 0
    ) -> ViolationFinding? {
        var validator = InflatingValidator(sender: stream.sender, extensions: stream.extensions, limits: stream.limits)
        var lastGoodFrame: FrameRecord?
        var index = 0
        while index < stream.bytes.count {
            var header = EncodedFrameHeader()
            for byte in stream.bytes[index...] where !header.isComplete { header.append(byte) }
            let record = FrameRecord(index: validator.frameCount, offset: UInt64(index), header: header)
            do {
                index += try validator.consumeFrame(Array(stream.bytes[index...]).span)
                lastGoodFrame = record
            } catch {
                return ViolationFinding(
                    origin: StreamOrigin(source: source, connection: connection, sender: validator.sender),
                    violation: error, streamStart: streamStart, context: stream.bytes, contextOffset: 0,
                    lastGoodFrame: lastGoodFrame)
            }
        }
        return nil
    }

    static func findings(breaking rule: Rule, source: String = "dump.bin") -> [ViolationFinding] {
        [finding(in: stream(breaking: rule), source: source)].compactMap(\.self)
    }

    static func summary(
        _ state: StreamState, frames: UInt64 = 12, messages: UInt64 = 5, bytes: UInt64 = 64_000, isClosed: Bool = false,
        closeCode: CloseCode? = nil, sentCloseCode: CloseCode? = nil
    ) -> StreamSummary {
        StreamSummary(
            origin: StreamOrigin(source: "a.bin", connection: 0, sender: .client), state: state, frames: frames,
            messages: messages, bytes: bytes, isClosed: isClosed, closeCode: closeCode, sentCloseCode: sentCloseCode)
    }
}

/// A fresh report each time.
struct OneFinding<Reported: Report> {
    let make: () -> Reported

    func text(for finding: Finding) -> String {
        var report = make()
        return report.text(for: finding)
    }

    func closing(_ totals: Totals) -> String {
        var report = make()
        return report.closing(totals)
    }
}

extension String {
    /// The text without colour sequences.
    var withoutColor: String {
        var text = ""
        var isInSequence = false
        for character in self {
            if character == "\u{1B}" { isInSequence = true }
            if !isInSequence { text.append(character) }
            if isInSequence, character == "m" { isInSequence = false }
        }
        return text
    }

    var lines: [String] {
        split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
