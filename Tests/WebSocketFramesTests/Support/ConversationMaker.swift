import SeededRandom
import WebSocketFrames

/// What one endpoint sends in one generated conversation, frame by frame, and how to judge it.
struct Conversation {
    var sender: Endpoint
    /// The sender that the validator is given.
    var reported: Endpoint?
    var extensions: AgreedExtensions
    var limits: Limits
    var frames: [[UInt8]] = []
}

/// Generates conversations that break no rule, unless a limit or an odd close code happens to.
struct ConversationMaker {
    var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func make() -> Conversation {
        let sender: Endpoint = random.oneIn(2) ? .client : .server
        var conversation = Conversation(
            sender: sender,
            reported: random.oneIn(4) ? nil : sender,
            extensions: extensions(),
            limits: limits()
        )
        for _ in 0..<random.below(5) { message(&conversation) }
        if random.oneIn(3) {
            close(&conversation)
            while random.oneIn(2) { control(&conversation) }
            if random.oneIn(4) { close(&conversation) }
        }
        return conversation
    }

    private mutating func extensions() -> AgreedExtensions {
        switch random.below(10) {
        case 0...4: .none
        case 5...7: .permessageDeflate
        case 8: .none.claiming(random.pick([.rsv1, .rsv2, .rsv3, [.rsv2, .rsv3]]))
        default: .permessageDeflate.claiming(random.pick([.rsv2, .rsv3]))
        }
    }

    private mutating func limits() -> Limits {
        switch random.below(8) {
        case 0: Limits(frame: UInt64(random.below(200)))
        case 1: Limits(message: UInt64(random.below(400)))
        case 2: Limits(frame: UInt64(random.below(200)), message: UInt64(random.below(400)))
        default: .none
        }
    }

    private mutating func message(_ conversation: inout Conversation) {
        let isText = !random.oneIn(3)
        var flags: ReservedBits = []
        for bit in [ReservedBits.rsv1, .rsv2, .rsv3] where conversation.extensions.claimedBits.contains(bit) {
            if random.oneIn(2) { flags.insert(bit) }
        }
        var rest = (isText && flags.isEmpty ? text() : random.bytes(size()))[...]
        var opcode: UInt8 = isText ? 1 : 2
        var fragments = random.oneIn(2) ? 1 : random.within(2...5)
        while fragments > 0 {
            while random.oneIn(5) { control(&conversation) }
            let count = fragments == 1 ? rest.count : random.below(rest.count + 1)
            let fin: UInt8 = fragments == 1 ? 0x80 : 0
            append(fin | flags.rawValue | opcode, Array(rest.prefix(count)), &conversation)
            rest = rest.dropFirst(count)
            flags.remove(.rsv1)
            if random.oneIn(2) { flags = [] }
            opcode = 0
            fragments -= 1
        }
        while random.oneIn(5) { control(&conversation) }
    }

    private mutating func size() -> Int {
        switch random.below(40) {
        case 0...29: random.below(40)
        case 30...38: random.within(110...300)
        default: random.pick([65_534, 65_535, 65_536, 65_537])
        }
    }

    /// Text with characters of every length, including the first and last of each length.
    private mutating func text() -> [UInt8] {
        let alphabets: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x20...0x7E, 0x00...0x7F, 0x80...0x7FF, 0x370...0x3FF, 0x800...0xFFF, 0x4E00...0x9FFF,
            0xD000...0xD7FF, 0xE000...0xFFFF, 0x1F600...0x1F64F, 0x1_0000...0x10_FFFF, 0x7F...0x80, 0x7FF...0x800,
            0xFFFF...0x1_0000, 0x10_FFFE...0x10_FFFF, 0xD7FF...0xD7FF, 0xE000...0xE000,
        ]
        var text = ""
        let count = random.oneIn(8) ? random.below(200) : random.below(20)
        while text.unicodeScalars.count < count {
            let alphabet = random.pick(alphabets)
            for _ in 0...random.below(12) {
                let value = alphabet.lowerBound + UInt32(random.below(alphabet.count))
                Unicode.Scalar(value).map { text.unicodeScalars.append($0) }
            }
        }
        return Array(text.utf8)
    }

    private mutating func control(_ conversation: inout Conversation) {
        let payload = random.bytes(random.oneIn(8) ? 125 : random.below(12))
        append(0x80 | (random.oneIn(2) ? 9 : 10) | claimedByOthers(conversation), payload, &conversation)
    }

    private mutating func close(_ conversation: inout Conversation) {
        var payload: [UInt8] = []
        if !random.oneIn(5) {
            let legal = random.pick([1000...1003, 1007...1014, 3000...4999])
            var code = random.within(legal)
            if random.oneIn(6) { code = random.pick([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535]) }
            payload = [UInt8(code / 256), UInt8(code % 256)]
            let reason = text()
            if reason.count <= 123 { payload += reason }
        }
        append(0x88 | claimedByOthers(conversation), payload, &conversation)
    }

    /// Reserved bits claimed by an extension other than permessage-deflate, set now and then.
    private mutating func claimedByOthers(_ conversation: Conversation) -> UInt8 {
        var bits = conversation.extensions.claimedBits
        if conversation.extensions.includesPermessageDeflate { bits.remove(.rsv1) }
        return random.oneIn(3) ? bits.rawValue : 0
    }

    private mutating func append(_ byte0: UInt8, _ payload: [UInt8], _ conversation: inout Conversation) {
        let key: [UInt8]? =
            conversation.sender == .client ? (random.oneIn(6) ? [0, 0, 0, 0] : random.bytes(4)) : nil
        conversation.frames.append(Self.frame(byte0, payload, key: key))
    }

    /// One frame, with its length in the shortest form.
    static func frame(_ byte0: UInt8, _ payload: [UInt8], key: [UInt8]? = nil) -> [UInt8] {
        let mask: UInt8 = key == nil ? 0 : 0x80
        var frame = [byte0]
        switch payload.count {
        case ...125: frame.append(mask | UInt8(payload.count))
        case ...65_535: frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: frame += [mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        guard let key else { return frame + payload }
        return frame + key + zip(0..., payload).map { $1 ^ key[$0 % 4] }
    }
}
