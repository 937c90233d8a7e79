import SeededRandom
import Testing
import WebSocketFrames

/// All 65,536 values of a frame's first two bytes, in every state, against handwritten tables.
@Suite struct HeaderTableTests {
    /// The state of the stream before the two bytes.
    enum Before: String, CaseIterable {
        case nothing, message, text, binary, compressedText, compressedBinary, close, closeInsideText

        /// The frames that lead there, as a server sends them; `bytes` masks them for a client.
        var frames: [[UInt8]] {
            switch self {
            case .nothing: []
            case .message: [[0x81, 0x01, 0x61]]
            case .text: [[0x01, 0x01, 0x61]]
            case .binary: [[0x02, 0x01, 0xFF], [0x00, 0x00]]
            case .compressedText: [[0x41, 0x01, 0xFF]]
            case .compressedBinary: [[0x42, 0x01, 0xFF], [0x89, 0x00]]
            case .close: [[0x88, 0x00]]
            case .closeInsideText: [[0x01, 0x01, 0x61], [0x88, 0x02, 0x03, 0xE8]]
            }
        }

        var needsDeflate: Bool { self == .compressedText || self == .compressedBinary }

        func bytes(_ sender: Endpoint) -> [UInt8] {
            frames.flatMap { frame in
                sender == .server ? frame : [frame[0], frame[1] | 0x80, 0, 0, 0, 0] + frame.dropFirst(2)
            }
        }
    }

    // One letter per opcode, from 0 to F:
    //   .  legal                     r  reserved-bits               m  misplaced-rsv1      o  reserved-opcode
    //   f  fragmented-control        d  data-after-close            u  unexpected-continuation
    //   i  interleaved-message
    struct Row {
        let nibble: UInt8
        let idle: String
        let open: String
        let closed: String
    }

    static let plain = [
        //                FIN, RSV1…3          opcode 0123456789ABCDEF
        Row(nibble: 0x0, idle: "u..ooooofffooooo", open: ".iiooooofffooooo", closed: "dddooooofffooooo"),
        Row(nibble: 0x1, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0x2, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0x3, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0x4, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0x5, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0x6, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0x7, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0x8, idle: "u..ooooo...ooooo", open: ".iiooooo...ooooo", closed: "dddooooo...ooooo"),
        Row(nibble: 0x9, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0xA, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0xB, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0xC, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0xD, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0xE, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
        Row(nibble: 0xF, idle: "rrrrrrrrrrrrrrrr", open: "rrrrrrrrrrrrrrrr", closed: "rrrrrrrrrrrrrrrr"),
    ]

    /// The rows that differ when permessage-deflate is agreed: those with RSV1 alone.
    static let deflate = [
        Row(nibble: 0x4, idle: "m..ooooommmooooo", open: "miiooooommmooooo", closed: "mddooooommmooooo"),
        Row(nibble: 0xC, idle: "m..ooooommmooooo", open: "miiooooommmooooo", closed: "mddooooommmooooo"),
    ]

    /// Two readings differ: the validator's, with and without kernels, or the one above and below.
    private static let whatToDo =
        "A rule about these bytes belongs into `expectedRule` too; if only the whole frame is legal, a kernel skips what breaks it."

    /// The rule that byte 0 breaks, if any.
    private func expectedRule(byte0: UInt8, before: Before, deflate: Bool) -> Rule? {
        let rows = (deflate ? Self.deflate : []) + Self.plain
        guard let row = rows.first(where: { $0.nibble == byte0 >> 4 }) else { return nil }
        let letters =
            switch before {
            case .nothing, .message: row.idle
            case .text, .binary, .compressedText, .compressedBinary: row.open
            case .close, .closeInsideText: row.closed
            }
        switch Array(letters)[Int(byte0 % 16)] {
        case "r": return .reservedBits
        case "m": return .misplacedRSV1
        case "o": return .reservedOpcode
        case "f": return .fragmentedControl
        case "d": return .dataAfterClose
        case "u": return .unexpectedContinuation
        case "i": return .interleavedMessage
        default: return nil
        }
    }

    /// The rule that byte 1 breaks after a legal byte 0, if any.
    private func expectedRule(byte1: UInt8, opcode: UInt8, sender: Endpoint?) -> Rule? {
        switch (sender, opcode, byte1) {
        case (.client, _, 0x00...0x7F): .unmaskedClientFrame
        case (.server, _, 0x80...0xFF): .maskedServerFrame
        case (_, 0x8...0xF, 0x7E), (_, 0x8...0xF, 0x7F), (_, 0x8...0xF, 0xFE), (_, 0x8...0xF, 0xFF): .oversizedControl
        case (_, 0x8, 0x01), (_, 0x8, 0x81): .truncatedCloseCode
        default: nil
        }
    }

    struct Setting: CustomTestStringConvertible {
        let before: Before
        let sender: Endpoint
        /// Whether the validator is given the sender.
        let reported: Bool
        let deflate: Bool

        var testDescription: String {
            "\(before), \(sender)\(reported ? "" : " (not reported)")\(deflate ? ", deflate" : "")"
        }

        static let all = Before.allCases.flatMap { before in
            [true, false].filter { $0 || !before.needsDeflate }.flatMap { deflate in
                senders(before).map { Setting(before: before, sender: $0, reported: $1, deflate: deflate) }
            }
        }

        /// Without a given sender, only streams with at most one earlier frame are a different case.
        private static func senders(_ before: Before) -> [(Endpoint, reported: Bool)] {
            switch before {
            case .nothing: [(.client, true), (.server, true), (.server, false)]
            case .message: [(.client, true), (.server, true), (.client, false), (.server, false)]
            default: [(.client, true), (.server, true)]
            }
        }
    }

    @Test(arguments: Setting.all) func everyPairOfBytes(setting: Setting) {
        let beginning = setting.before.bytes(setting.sender)
        let start = UInt64(beginning.count)
        let frames = UInt64(setting.before.frames.count)
        var validator = FrameValidator(
            sender: setting.reported ? setting.sender : nil,
            extensions: setting.deflate ? .permessageDeflate : .none
        )
        #expect(validator.feed(beginning) == nil)
        #expect(validator.frameCount == frames)
        // The sender is known if it was given, or from an earlier frame.
        let sender = setting.reported || frames > 0 ? setting.sender : nil

        // If byte 0 breaks a rule, byte 1 must not matter.
        var sample = Sample(oneIn: 16)
        for byte0 in UInt8.min...UInt8.max {
            let rule0 = expectedRule(byte0: byte0, before: setting.before, deflate: setting.deflate)
            var first = validator
            let thrown0 = first.feed(Self.pairs, Int(byte0) * 512..<Int(byte0) * 512 + 1)
            guard thrown0?.rule == rule0 else {
                Issue.record("\([byte0].hex): \(name(thrown0?.rule)), expected \(name(rule0)). \(Self.whatToDo)")
                continue
            }
            for byte1 in UInt8.min...UInt8.max where rule0 == nil || sample.takes() {
                let rule1 = rule0 == nil ? expectedRule(byte1: byte1, opcode: byte0 & 0x0F, sender: sender) : nil
                let pair = (Int(byte0) * 256 + Int(byte1)) * 2
                var whole = validator
                let thrown = whole.feed(Self.pairs, pair..<(pair + 2))
                var second = first
                let thrownLater = rule0 == nil ? second.feed(Self.pairs, (pair + 1)..<(pair + 2)) : thrown0
                guard thrown?.rule == rule0 ?? rule1, thrown == thrownLater else {
                    Issue.record(
                        """
                        \([byte0, byte1].hex): \(name(thrown?.rule)), byte by byte \(name(thrownLater?.rule)), expected \
                        \(name(rule0 ?? rule1)). \(Self.whatToDo)
                        """)
                    continue
                }
                guard let thrown else { continue }
                guard thrown.offset == start + (rule0 == nil ? 1 : 0), thrown.length == 1, thrown.frame == frames,
                    thrown.frameOffset == start, thrown.header.count == (rule0 == nil ? 2 : 1),
                    thrown.header[0] == byte0, rule0 != nil || thrown.header[1] == byte1, thrown.value == 0,
                    thrown.closeCode == .protocolError
                else {
                    Issue.record("\([byte0, byte1].hex): \(thrown)")
                    continue
                }
            }
        }
    }

    /// 0000 0001 … ffff
    private static let pairs = (UInt16.min...UInt16.max).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }

    private func name(_ rule: Rule?) -> String {
        rule?.name ?? "legal"
    }
}
