import SeededRandom

/// Writes consecutive frames (RFC 6455 §5.2), and keeps the account that the parser's answer must agree with.
///
/// It shares no code with the parser: a mistake in both would never be noticed.
struct StreamWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var account = Account()
    private var keys: SplitMix64
    private let isMasked: Bool

    init(isMasked: Bool, seed: UInt64, capacity: Int) {
        self.isMasked = isMasked
        keys = SplitMix64(seed: ~seed)
        bytes.reserveCapacity(capacity)
    }

    /// Opcodes by their number in the RFC.
    enum Opcode: UInt8 {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case ping = 0x9
        case pong = 0xA
    }

    /// - Parameters:
    ///   - isCompressed: whether RSV1 is set (RFC 7692 §6); the payload is written as it is passed.
    ///   - handsOver: whether the parser hands over this payload, which is then counted; otherwise ``count(_:)`` gets
    ///     what it does.
    mutating func writeFrame(
        _ opcode: Opcode, isFinal: Bool = true, isCompressed: Bool = false, handsOver: Bool = true,
        _ payload: ArraySlice<UInt8>
    ) {
        bytes.append((isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode.rawValue)
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case 0..<126: bytes.append(mask | UInt8(payload.count))
        case 126..<65_536:
            bytes.append(mask | 126)
            appendBigEndian(UInt64(payload.count), bytes: 2)
        default:
            bytes.append(mask | 127)
            appendBigEndian(UInt64(payload.count), bytes: 8)
        }
        let key = isMasked ? UInt32(truncatingIfNeeded: keys.next()) : 0
        if isMasked { appendBigEndian(UInt64(key.byteSwapped), bytes: 4) }
        appendMasked(payload, key: key)
        if handsOver { count(payload) }

        account.frames += 1
        if isFinal && opcode.rawValue < 8 { account.messages += 1 }
        if opcode.rawValue >= 8 { account.controlPayloadCount += UInt64(payload.count) }
    }

    private mutating func appendBigEndian(_ value: UInt64, bytes count: Int) {
        for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> (place * 8))) }
    }

    private mutating func appendMasked(_ payload: ArraySlice<UInt8>, key: UInt32) {
        var key = key
        for byte in payload {
            bytes.append(byte ^ UInt8(truncatingIfNeeded: key))
            key = key >> 8 | key << 24
        }
    }

    /// Counts what the parser hands over.
    mutating func count(_ payload: ArraySlice<UInt8>) {
        var sums = account.payload
        for byte in payload { sums.add(byte) }
        account.payload = sums
    }
}
