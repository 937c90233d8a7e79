import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// One frame on a time line.
struct FrameBox {
    let record: FrameRecord
    let sender: Endpoint?
    let isBroken: Bool
    let isWhole: Bool
    let hover: String

    func write(to page: inout Markup, anchor: Anchor) {
        let header = record.header
        var kinds = ["f", Self.lane(of: sender), Self.kind(of: header.opcode)]
        if !header.isFinal { kinds.append("more") }
        if !isWhole { kinds.append("cut") }
        if isBroken { kinds.append("bad") }
        page.element(
            "a", .kinds(kinds), .width(pixels: Self.width(of: header.payloadLength)), .link(anchor), .passedOver,
            .hover(hover)
        ) { $0.text(Self.letter(of: header.opcode)) }
    }

    /// Returns the width of a box in pixels: 10 for an empty frame, and 3 more with each doubling of the length: 14
    /// for 2 bytes, 70 for 1 MiB, and never more than 200.
    static func width(of length: UInt64) -> Int {
        // log₂(length + 1) in sixteenths: the position of the highest bit, and the next four bits after it.
        let number = length.addingClamped(1)
        let exponent = 63 - number.leadingZeroBitCount
        let fraction = Int((number << UInt64(63 - exponent)) >> 59) & 0xF
        return min(10 + (exponent * 16 + fraction) * 3 / 16, 200)
    }

    static func lane(of sender: Endpoint?) -> StaticString { sender == .server ? "s" : "c" }

    /// `frame 3: text, FIN, masked, 1,024 bytes at offset 4,096`
    static func facts(of record: FrameRecord) -> String {
        let header = record.header
        let facts = [header.opcode.name] + flags(of: header) + [header.isMasked ? "masked" : "not masked"]
        return "frame \(Numbers.grouped(record.index)): \(facts.joined(separator: ", ")), "
            + "\(Numbers.count(header.payloadLength, "byte")) at offset \(Numbers.grouped(record.offset))"
    }

    /// The bits of byte 0 that are set.
    static func flags(of header: EncodedFrameHeader) -> [String] {
        let reserved = [(ReservedBits.rsv1, "RSV1"), (.rsv2, "RSV2"), (.rsv3, "RSV3")]
        return (header.isFinal ? ["FIN"] : []) + reserved.filter { header.reservedBits.contains($0.0) }.map(\.1)
    }

    // MARK: - Colours and letters

    private static let opcodes: [Opcode] = [.text, .binary, .continuation, .ping, .pong, .close]

    static func kind(of opcode: Opcode) -> StaticString {
        switch opcode {
        case .text: "text"
        case .binary: "binary"
        case .continuation: "continuation"
        case .ping: "ping"
        case .pong: "pong"
        case .close: "close"
        default: "reserved"
        }
    }

    static func letter(of opcode: Opcode) -> String {
        switch opcode {
        case .text: "T"
        case .binary: "B"
        case .continuation: "+"
        case .ping: "›"
        case .pong: "‹"
        case .close: "×"
        default: "?"
        }
    }

    static func writeLegend(hasTwoLines: Bool, to page: inout Markup) {
        page.element("p", .kind("legend"), .decoration) { legend in
            for opcode in opcodes {
                legend.element("span") { entry in
                    swatch(kind(of: opcode), width: 16, letter(of: opcode), &entry)
                    entry.text(" " + opcode.name)
                }
                legend.literal(" ")
            }
            legend.element("span", .kind("scale")) { entry in
                for (length, name) in [(2, "2 bytes"), (1024, "1 KiB"), (1_048_576, "1 MiB")] as [(UInt64, String)] {
                    swatch("reserved", width: width(of: length), "", &entry)
                    entry.text(" " + name + " ")
                }
            }
        }
        let order = hasTwoLines ? "the client’s above, the server’s below" : "one box each"
        page.element(
            "p", .kind("key"),
            text: "Frames in order of time: \(order), the wider the longer. A dotted edge: FIN is not set.")
        page.literal("\n")
    }

    private static func swatch(_ kind: StaticString, width: Int, _ letter: String, _ page: inout Markup) {
        page.element("i", .kinds(["f", kind]), .width(pixels: width), text: letter)
    }
}
