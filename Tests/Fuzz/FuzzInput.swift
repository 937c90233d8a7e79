@testable import WebSocketFrames

/// How the fuzzer's bytes are interpreted: how to judge the stream, where it is cut, and the stream itself.
///
///     byte 0   0x03 the sender (client, server, client, not given), 0x04 permessage-deflate, 0x08 another extension,
///              0x10 limit of a frame, 0x20 limit of a message, 0x40 the rest is a recipe of frames, where there are recipes
///     byte 1   which limits
///     byte 2…3 the seed of the cuts
///     rest     the stream, or the recipe
struct FuzzInput {
    let reported: Endpoint?
    let extensions: AgreedExtensions
    let limits: Limits
    var random: SplitMix64
    let stream: [UInt8]

    static let headCount = 4

    init?(_ bytes: [UInt8], withRecipes: Bool = true) {
        guard bytes.count >= Self.headCount else { return nil }
        let how = bytes[0]
        switch how & 0x03 {
        case 0, 2: reported = .client
        case 1: reported = .server
        default: reported = nil
        }
        var extensions = how & 0x04 != 0 ? AgreedExtensions.permessageDeflate : .none
        if how & 0x08 != 0 { extensions = extensions.claiming(ReservedBits(rawValue: 0x20)) }
        self.extensions = extensions
        let sizes: [UInt64] = [0, 1, 2, 16, 64, 100, 124, 125, 126, 127, 128, 200, 300, 1000, 65_535, 65_536]
        limits = Limits(
            frame: how & 0x10 != 0 ? sizes[Int(bytes[1] & 0x0F)] : .max,
            message: how & 0x20 != 0 ? sizes[Int(bytes[1] >> 4)] : .max)
        random = SplitMix64(seed: UInt64(bytes[2]) << 8 | UInt64(bytes[3]))
        let rest = bytes[Self.headCount...]
        stream = withRecipes && how & 0x40 != 0 ? FrameRecipe.stream(rest, masked: reported != .server) : Array(rest)
    }
}

/// Builds frames from few bytes: masking keys and matching lengths are hard to hit by chance.
///
/// A frame takes four bytes: byte 0 of the frame; its payload's length (up to 200, or steps of 16 above); the kind of
/// payload; and how it is damaged.
enum FrameRecipe {
    private static let pieces = ["a", "plain ASCII ", "é", "€", "😀", "\u{D7FF}\u{E000}", "aé€😀", "\u{10FFFF}\0"]

    static func stream(_ recipe: ArraySlice<UInt8>, masked: Bool) -> [UInt8] {
        var stream: [UInt8] = []
        var start = recipe.startIndex
        while recipe.endIndex - start >= 4 {
            let step = Array(recipe[start..<(start + 4)])
            start += 4
            let length = step[1] <= 200 ? Int(step[1]) : (Int(step[1]) - 200) * 16
            var payload: [UInt8] = []
            var number = Int(step[2])
            while payload.count < length {
                payload += Array(pieces[number % pieces.count].utf8)
                number += step[2] < 128 ? 0 : 3
            }
            // Half of the texts end with a complete character.
            if step[3] & 0x01 == 0 {
                payload.removeSubrange(length...)
                while let last = payload.last, last >= 0x80 { payload.removeLast() }
                payload += Array(repeating: 0x7A, count: length - payload.count)
            } else {
                payload.removeSubrange(length...)
            }
            if step[3] >= 0xC0, length > 0 { payload[Int(step[3]) * 7 % length] = step[2] }
            let isMasked = masked != (step[3] & 0x3E == 0x3E)
            let key = isMasked ? [step[2], step[3], step[1] ^ 0xA5, 0x37] : nil
            stream += frame(step[0], payload, key: key)
        }
        return stream + recipe[start...]
    }

    private static func frame(_ byte0: UInt8, _ payload: [UInt8], key: [UInt8]?) -> [UInt8] {
        let mask: UInt8 = key == nil ? 0 : 0x80
        var frame = [byte0]
        if payload.count < 126 {
            frame.append(mask | UInt8(payload.count))
        } else {
            frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        guard let key else { return frame + payload }
        return frame + key + payload.indices.map { payload[$0] ^ key[$0 % 4] }
    }
}
