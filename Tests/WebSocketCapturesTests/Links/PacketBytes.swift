import WebSocketCaptures

/// Builds packets header by header, each around the next, in big-endian order.
enum PacketBytes {
    static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    // MARK: Links

    static func ethernet(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
        Array(repeating: 0xEE, count: 12) + number(type, 2) + payload
    }

    static func tag(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
        [0x20, 0x07] + number(type, 2) + payload
    }

    static func cooked(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
        Array(repeating: 0xEE, count: 14) + number(type, 2) + payload
    }

    static func cooked2(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
        number(type, 2) + Array(repeating: 0xEE, count: 18) + payload
    }

    // MARK: IP

    /// - Parameter total: the total length field; nil for the correct one.
    static func ipv4(
        _ payload: [UInt8], protocolNumber: Int = 6, options: Int = 0, total: Int? = nil, fragment: Int = 0x4000
    ) -> [UInt8] {
        let count = 20 + options
        return [UInt8(0x40 + count / 4), 0] + number(total ?? count + payload.count, 2) + [0xAB, 0xCD]
            + number(fragment, 2) + [64, UInt8(protocolNumber), 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
            + Array(repeating: 1, count: options) + payload
    }

    static func ipv6(_ payload: [UInt8], next: Int = 6, length: Int? = nil) -> [UInt8] {
        [0x60, 0, 0, 0] + number(length ?? payload.count, 2) + [UInt8(next), 64]
            + number(0x2001_0DB8_0000_0000, 8) + number(1, 8) + number(0x2001_0DB8_0000_0000, 8) + number(2, 8)
            + payload
    }

    // MARK: TCP

    static let payload: [UInt8] = [0x81, 0x03, 0x61, 0x62, 0x63]

    static func tcp(_ payload: [UInt8] = payload, options: Int = 12, dataOffset: Int? = nil) -> [UInt8] {
        number(54321, 2) + number(80, 2) + number(0x0102_0304, 4) + number(0x8070_6050, 4)
            + [UInt8((dataOffset ?? (20 + options) / 4) << 4), 0x18, 0xFF, 0xFF, 0, 0, 0, 0]
            + Array(repeating: 1, count: options) + payload
    }

    static let v4 = (IPAddress.v4(0x0A00_0001), IPAddress.v4(0x0A00_0002))
    static let v6 = (
        IPAddress.v6(high: 0x2001_0DB8_0000_0000, low: 1), IPAddress.v6(high: 0x2001_0DB8_0000_0000, low: 2)
    )

    /// The segment that ``tcp`` writes, with its payload at `payload`.
    static func segment(
        _ addresses: (IPAddress, IPAddress) = v4, payload: Range<Int>, missing: UInt32 = 0
    ) -> PacketContent {
        .segment(
            TCPSegment(
                source: SocketAddress(address: addresses.0, port: 54321),
                destination: SocketAddress(address: addresses.1, port: 80),
                sequence: 0x0102_0304, acknowledgment: 0x8070_6050, flags: [.ack, TCPSegment.Flags(rawValue: 8)],
                payload: payload, missing: missing))
    }

    // MARK: Reading

    /// - Parameter original: the packet's length on the wire; nil if nothing was cut off.
    static func content(_ link: UInt16, _ bytes: [UInt8], original: Int? = nil) -> PacketContent {
        PacketContent(
            of: PacketRecord(
                packetPosition: PacketPosition(packet: 1, time: nil), link: LinkType(rawValue: link),
                originalLength: UInt64(original ?? bytes.count)),
            bytes.span)
    }
}
