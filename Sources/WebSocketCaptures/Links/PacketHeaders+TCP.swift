extension PacketHeaders {
    /// RFC 9293 §3.1. After the flags there is nothing of interest before the payload: where the snap length cut
    /// the header there, the segment is known, and all of its payload is missing.
    @inline(__always)
    func tcp(_ bytes: Span<UInt8>) -> Step {
        guard has(14) else { return short }
        let headerLength = Int(bytes[position &+ 12] >> 4) &* 4
        guard headerLength >= 20, headerLength <= wireEnd &- position else { return .found(.other) }
        let start = min(position &+ headerLength, end)
        let missing = wireEnd &- max(position &+ headerLength, end)
        return .found(
            .segment(
                TCPSegment(
                    source: SocketAddress(address: source, port: bytes.uint16(at: position)),
                    destination: SocketAddress(address: destination, port: bytes.uint16(at: position &+ 2)),
                    sequence: bytes.uint32(at: position &+ 4),
                    acknowledgment: bytes.uint32(at: position &+ 8),
                    flags: TCPSegment.Flags(rawValue: bytes[position &+ 13]),
                    payload: start..<end,
                    missing: UInt32(clamping: missing)
                )))
    }
}
