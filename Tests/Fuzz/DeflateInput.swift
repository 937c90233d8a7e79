import PerMessageDeflate

/// How the fuzzer's bytes are interpreted for compressed messages:
///
///     byte 0    bits 0…2 window bits minus 8, bit 3 takeover, bit 4 a limit, bit 5 the rest is text to be compressed
///     byte 1…2  the seed of the cuts
///     rest      messages, each after a byte with its length in units of eight bytes
struct DeflateInput {
    let context: DeflateContext
    let limit: UInt64
    let isText: Bool
    let random: SplitMix64
    private(set) var messages: [[UInt8]] = []

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 3 else { return nil }
        context = DeflateContext(windowBits: 8 + Int(bytes[0] & 7), takesOver: bytes[0] & 8 != 0)
        isText = bytes[0] & 32 != 0
        limit = bytes[0] & 16 != 0 && !isText ? 1_000 : 1 << 20
        random = SplitMix64(seed: UInt64(bytes[1]) << 8 | UInt64(bytes[2]))
        var index = 3
        while index < bytes.count, messages.count < 20 {
            let end = min(index + 1 + Int(bytes[index]) * 8, bytes.count)
            messages.append(Array(bytes[(index + 1)..<end]))
            index = end
        }
    }
}

/// Ends the run unless the condition is true, which the fuzzer reports.
func check(_ isRight: Bool, _ what: String) {
    if !isRight { fatalError(what) }
}
