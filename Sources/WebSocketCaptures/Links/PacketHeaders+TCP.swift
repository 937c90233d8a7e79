extension PacketHeaders {
    /// Returns the TCP segment at ``position`` (RFC 9293 §3.1); nil if there is none.
    ///
    /// After the flags there is little of interest before the payload: where the snap length cut the header there,
    /// the segment is known, and all of its payload is missing.
    @inline(__always)
    func segment(_ bytes: Span<UInt8>) -> TCPSegment? {
        guard has(14) else { return nil }
        let headerLength = Int(bytes[position &+ 12] >> 4) &* 4
        guard headerLength >= 20, headerLength <= wireEnd &- position else { return nil }
        let start = min(position &+ headerLength, end)
        let flags = TCPSegment.Flags(rawValue: bytes[position &+ 13])
        let missing = wireEnd &- max(position &+ headerLength, end)
        return TCPSegment(
            source: SocketAddress(address: source, port: bytes.uint16(at: position)),
            destination: SocketAddress(address: destination, port: bytes.uint16(at: position &+ 2)),
            sequence: bytes.uint32(at: position &+ 4),
            acknowledgment: bytes.uint32(at: position &+ 8),
            flags: flags,
            window: has(16) ? bytes.uint16(at: position &+ 14) : .max,
            windowScale: flags.contains(.syn) ? windowScale(bytes, upTo: start) : nil,
            payload: start..<end,
            missing: UInt32(clamping: missing),
            sumBeforePayload: missing == 0 ? sumBeforePayload(bytes, payloadFrom: start) : nil
        )
    }

    /// Returns the window scale option before `end` (RFC 7323 §2.2); nil if there is none. Options have a kind, a
    /// length and a value, except kinds 0 (the end) and 1 (nothing).
    private func windowScale(_ bytes: Span<UInt8>, upTo end: Int) -> UInt8? {
        var index = position &+ 20
        while index < end, bytes[index] != 0 {
            if bytes[index] == 1 {
                index &+= 1
                continue
            }
            guard end &- index >= 2, bytes[index &+ 1] >= 2 else { return nil }
            if bytes[index] == 3, bytes[index &+ 1] == 3, end &- index >= 3 { return min(bytes[index &+ 2], 14) }
            index &+= Int(bytes[index &+ 1])
        }
        return nil
    }
}
