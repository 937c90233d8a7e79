public import WebSocketFrames

/// The frames that a probe sends, including ones that no correct endpoint writes, and that the writer therefore
/// cannot make.
public enum ProbeFrames {
    /// The masking key of every frame that a case sends as a client: fixed, to make what was sent comparable.
    static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    /// Returns the bytes of one frame.
    ///
    /// - Parameters:
    ///   - opcode: any of the 16.
    ///   - payload: below 2⁶³ bytes.
    ///   - sender: a client's frame is masked, a server's is not, unless `isMasked` says otherwise.
    ///   - isFinal: FIN.
    ///   - reservedBits: RSV1, RSV2 and RSV3 as bits 2, 1 and 0.
    public static func frame(
        _ opcode: Opcode, _ payload: [UInt8], from sender: Endpoint, isFinal: Bool = true, reservedBits: UInt8 = 0,
        isMasked: Bool? = nil
    ) -> [UInt8] {
        let isMasked = isMasked ?? (sender == .client)
        let mask: UInt8 = isMasked ? 0x80 : 0
        var bytes = [(isFinal ? 0x80 : 0) | (reservedBits & 7) << 4 | opcode.rawValue]
        switch payload.count {
        case ...125: bytes.append(mask | UInt8(truncatingIfNeeded: payload.count))
        case ...0xFFFF:
            bytes.append(mask | 126)
            bytes += bigEndian(payload.count, 2)
        default:
            bytes.append(mask | 127)
            bytes += bigEndian(payload.count, 8)
        }
        guard isMasked else { return bytes + payload }
        bytes += key
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ key[index & 3]) }
        return bytes
    }

    private static func bigEndian(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
