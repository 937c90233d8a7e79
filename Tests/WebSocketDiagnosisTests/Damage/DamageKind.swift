import SeededRandom
import WebSocketFrames

/// A way in which a sender loses the framing, with the diagnoses that it must get.
enum DamageKind: CaseIterable {
    case littleEndian, thirtyTwoBits, sixteenAfter127, wordsRepeated, oneByteEarly, inOneByte
    case characters, payloadCut, payloadMissing, extraHeader, headersFirst, frameInside, overwritten, writtenTwice
    case inserted, lostAcross, maskBitForgotten, none
    case unannounced, lowestSixteen, outOfPhase, anotherKey, payloadAgain, nulAfter

    /// The correct diagnoses. Inserted bytes, or a lost header, cannot be told from other bytes like them.
    var right: Set<String> {
        switch self {
        case .littleEndian: ["little-endian-length"]
        case .thirtyTwoBits: ["32-bit-length"]
        case .sixteenAfter127: ["16-bit-length-behind-127"]
        case .wordsRepeated: ["length-words-repeated"]
        case .oneByteEarly: ["length-one-byte-early"]
        case .inOneByte: ["length-in-one-byte"]
        case .characters: ["length-counts-characters"]
        case .payloadCut, .payloadMissing: ["bytes-lost"]
        case .extraHeader: ["oversized-header"]
        case .headersFirst, .frameInside: ["concurrent-writers"]
        case .overwritten: ["buffer-overwritten"]
        case .writtenTwice: ["bytes-written-twice"]
        case .inserted: ["lost-step"]
        case .lostAcross: ["bytes-lost", "lost-step"]
        case .maskBitForgotten: ["mask-bit-forgotten"]
        case .none: []
        case .unannounced: ["wrong-length-form"]
        case .lowestSixteen: ["length-cut-to-16-bits"]
        case .outOfPhase: ["mask-out-of-phase"]
        case .anotherKey: ["mask-of-another-key"]
        case .payloadAgain: ["bytes-written-twice"]
        case .nulAfter: ["bytes-behind-payloads"]
        }
    }

    /// A diagnosis that is too general, but not false: the next frame begins further on.
    static let general: Set<String> = ["lost-step"]
}

/// A stream with one damage in its middle.
struct DamagedStream {
    let kind: DamageKind
    let sender: Endpoint
    private(set) var bytes: [UInt8] = []

    /// - Parameter scale: the size of the damaged frame's payload: 0 for small, 1 for above 65,536 bytes, 2 for above 1 MiB.
    init(_ kind: DamageKind, scale: Int, random: inout SplitMix64) {
        self.kind = kind
        let isAboutKeys = [.maskBitForgotten, .outOfPhase, .anotherKey].contains(kind)
        sender = isAboutKeys || random.oneIn(2) ? .client : .server
        for _ in 0...random.below(4) { bytes += frame(&random) }
        damage(scale, &random)
        for _ in 0...random.within(2...8) { bytes += frame(&random) }
    }

    // MARK: Legal frames

    private func key(_ random: inout SplitMix64) -> [UInt8]? {
        sender == .client ? (0..<4).map { _ in random.byte() } : nil
    }

    private func frame(_ random: inout SplitMix64) -> [UInt8] {
        switch random.below(8) {
        case 0: return MadeFrame.bytes(0x89, random.bytes(random.below(20)), key: key(&random))
        case 1...2: return MadeFrame.bytes(0x82, random.bytes(random.within(1...300)), key: key(&random))
        default: return MadeFrame.bytes(0x81, Self.text(random.within(6...300), &random), key: key(&random))
        }
    }

    /// JSON of about `count` bytes.
    private static func text(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        var text = Array("{\"n\":\(random.below(1_000))".utf8)
        while text.count < count - 1 {
            text += Array(",\"\(words[random.below(words.count)])\":\(random.below(9_999))".utf8)
        }
        // A large one repeats the same members.
        let members = text.dropFirst(text.firstIndex(of: 0x2C) ?? text.count)
        while text.count < count - 1, !members.isEmpty { text += members }
        return text + Array("}".utf8)
    }

    /// Random bytes; a large payload repeats part of them, never at the same place in a block.
    private static func noise(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        let tile = random.bytes(min(count, 8_191))
        var noise: [UInt8] = []
        while noise.count < count { noise += tile.prefix(count - noise.count) }
        return noise
    }

    private static let words = ["name", "value", "type", "city", "Zürich", "price", "Ελλάδα", "status", "room", "消息"]

    // MARK: The damage

    private mutating func damage(_ scale: Int, _ random: inout SplitMix64) {
        let isText = kind != .characters && random.oneIn(2)
        let least = [126, 65_536, 1 << 20][scale]
        let size = least + random.below([2_000, 30_000, 50_000][scale])
        var payload = isText ? Self.text(size, &random) : Self.noise(size, &random)
        let opcode: UInt8 = isText ? 0x81 : 0x82
        let key = key(&random)
        let mask: UInt8 = key == nil ? 0 : 0x80
        let count = payload.count
        func masked(_ payload: [UInt8]) -> [UInt8] {
            guard let key else { return payload }
            return MadeFrame.masked(payload, key)
        }
        func bigEndian(_ number: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * (width - 1 - $0))) }
        }
        let body = (key ?? []) + masked(payload)
        let whole = MadeFrame.bytes(opcode, payload, key: key)
        let header = whole.count - payload.count
        switch kind {
        case .littleEndian:
            bytes += [opcode, mask | (count < 65_536 ? 126 : 127)]
            bytes += bigEndian(count, count < 65_536 ? 2 : 8).reversed() + body
        case .thirtyTwoBits: bytes += [opcode, mask | (random.oneIn(3) ? 126 : 127)] + bigEndian(count, 4) + body
        case .sixteenAfter127:
            payload = Array(payload.prefix(65_535))
            bytes += [0x82, mask | 127] + bigEndian(payload.count, 2) + (key ?? []) + masked(payload)
        case .wordsRepeated: bytes += [opcode, mask | 127] + bigEndian(count, 4) + bigEndian(count, 4) + body
        case .oneByteEarly: bytes += [opcode] + bigEndian(count, 8) + [0] + body
        case .inOneByte:
            // The whole length if it fits into byte 1, otherwise its lowest bits.
            payload = random.bytes(random.within(126...2_000))
            bytes += [0x82, mask | UInt8(truncatingIfNeeded: payload.count)] + (key ?? []) + masked(payload)
        case .characters:
            payload = Self.text(count, &random)
            while payload.count(where: { $0 >= 0xC0 }) < 4 { payload = Self.text(count, &random) }
            let units = payload.count { $0 & 0xC0 != 0x80 }
            bytes += [0x81] + Self.length(units, mask) + (key ?? []) + masked(payload)
        case .payloadCut:
            let lost = random.within(1...(count - 1))
            let at = random.within(0...(count - lost))
            bytes += whole[..<(header + at)] + whole[(header + at + lost)...]
        case .payloadMissing: bytes += whole[..<header]
        case .extraHeader:
            bytes += whole[..<header] + [UInt8](repeating: 0, count: random.within(2...8)) + whole[header...]
        case .headersFirst:
            let other = frame(&random)
            let otherHeader = Self.headerCount(of: other)
            bytes += whole[..<header] + other[..<otherHeader] + whole[header...] + other[otherHeader...]
        case .frameInside:
            let at = header + random.within(1...(count - 1))
            bytes += whole[..<at] + frame(&random) + whole[at...]
        case .overwritten:
            let next = MadeFrame.bytes(0x81, Self.text(60, &random), key: self.key(&random))
            payload = Self.text(count + next.count, &random)
            var spoilt = MadeFrame.bytes(0x81, payload, key: key)
            let start = spoilt.count - payload.count
            let at = random.within(start...(spoilt.count - next.count))
            spoilt.replaceSubrange(at..<(at + next.count), with: next)
            bytes += spoilt + next
        case .writtenTwice:
            let again = random.within(8...min(100, count))
            let at = random.within(again...whole.count)
            bytes += whole[..<at] + whole[(at - again)..<at] + whole[at...]
        case .inserted: bytes += whole + random.bytes(random.within(1...200))
        case .lostAcross:
            let next = frame(&random)
            bytes += whole[..<(whole.count - random.within(1...count))] + next[random.within(1...(next.count - 1))...]
        case .maskBitForgotten:
            let text = Self.text(min(count, 120), &random)
            let key = key ?? [1, 2, 3, 4]
            bytes += [0x81, UInt8(min(text.count, 125))] + key + zip(0..., text.prefix(125)).map { $1 ^ key[$0 % 4] }
        case .none: bytes += whole
        case .unannounced:
            let isWide = count > 65_535 || random.oneIn(2)
            bytes += [opcode, mask] + bigEndian(count, isWide ? 8 : 2) + body
        case .lowestSixteen:
            if count < 65_536 { payload = Self.noise(65_536 + random.below(900), &random) }
            bytes += [payload.count == count ? opcode : 0x82, mask | 126] + bigEndian(payload.count & 0xFFFF, 2)
            bytes += (key ?? []) + masked(payload)
        case .outOfPhase, .anotherKey:
            let text = Self.text(count, &random)
            let own: [UInt8] = [0x3A, 0xC1, 0x05, 0x96]
            let piece = 1 + 2 * random.within(20...60)
            let used = kind == .anotherKey ? [0x5C, 0x21, 0xE8, 0x77] : own
            let spoilt = text.enumerated().map { index, byte in
                byte ^ used[(kind == .anotherKey ? index : index % piece) % 4]
            }
            bytes += [0x81] + Self.length(text.count, mask) + own + spoilt
        case .payloadAgain:
            bytes += whole
            for _ in 0...random.below(3) { bytes += whole[header...] }
        case .nulAfter:
            for _ in 0..<random.within(4...8) { bytes += frame(&random) + [0] }
        }
    }

    private static func length(_ count: Int, _ mask: UInt8) -> [UInt8] {
        let header = MadeFrame.bytes(0x82, [UInt8](repeating: 0, count: count))
        return [header[1] | mask] + header[2..<(header.count - count)]
    }

    private static func headerCount(of frame: [UInt8]) -> Int {
        let form = frame[1] & 0x7F
        return 2 + (form == 126 ? 2 : form == 127 ? 8 : 0) + (frame[1] & 0x80 != 0 ? 4 : 0)
    }
}
